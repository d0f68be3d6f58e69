//! Promotion writes one value into a file that belongs to people: every other byte stays.

use proptest::prelude::*;
use tokaido::desired::pin::{pin, pinned};

use super::for_each;

const FILE: &str = "environments/production.yaml";

/// An environment file as people write them: comments, blanks, either line ending, keys in any place.
fn file() -> impl Strategy<Value = (String, Option<String>)> {
    let comment = prop::sample::select(vec!["", "# set by promotion\n", "\n\n# 約束 (clause 12)\n", "# release: 2020.01.0\n"]);
    let tail = prop::sample::select(vec!["", "   # why", "\t# 理由", "  "]);
    let form = prop::sample::select(vec!["{}", "\"{}\"", "'{}'"]);
    let present = prop::option::of(("20[0-9]{2}\\.[01][0-9]\\.[0-9]{1,3}", form));
    let end = prop::sample::select(vec![
        "tenants: []\n",
        "tenants:\n  - id: acme\n    note: \"release: no\"",
        "account: \"333333333333\"\n\n\n",
    ]);
    let bits = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (comment.clone(), comment.clone(), comment, tail, present, end, bits).prop_map(
        |(first, second, third, tail, present, end, (crlf, bom, early, extends))| {
            let was = present.as_ref().map(|(id, _)| id.clone());
            let line = present.map_or_else(String::new, |(id, form)| format!("release: {}{tail}\n", form.replace("{}", &id)));
            let (above, below) = if early { (line.as_str(), "") } else { ("", line.as_str()) };
            let base = if extends { format!("extends: base.yaml{tail}\n") } else { String::new() };
            let text =
                format!("{first}schema: tokaido/v1\n{above}environment: production{tail}\n{second}{base}{third}{below}{end}");
            let text = if crlf { text.replace('\n', "\r\n") } else { text };
            (if bom { format!("\u{feff}{text}") } else { text }, was)
        },
    )
}

#[test]
fn a_pin_touches_nothing_else() {
    for_each(600, 47, &(file(), "20[0-9]{2}\\.[01][0-9]\\.[0-9]{1,4}"), |((text, was), id)| {
        let edited = pin(FILE, &text, &id).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(pinned(FILE, &text), was);
        assert_eq!(pinned(FILE, &edited).as_deref(), Some(id.as_str()), "{edited}");
        assert_eq!(pin(FILE, &edited, &id).as_ref(), Ok(&edited), "once is enough");
        if let Some(was) = was {
            assert_eq!(pin(FILE, &edited, &was).map(|back| back.len()), Ok(back_length(&text)), "{text}");
            let lines = |text: &str| text.split('\n').map(str::to_owned).collect::<Vec<_>>();
            let (old, new) = (lines(&text), lines(&edited));
            let differ: Vec<_> = old.iter().zip(&new).filter(|(old, new)| old != new).collect();
            assert!(old.len() == new.len() && differ.len() <= 1, "{differ:?}");
            for (old, new) in differ {
                let bare = |line: &str, id: &str| {
                    line.replacen(&format!("\"{id}\""), id, 1).replacen(&format!("'{id}'"), id, 1).replacen(id, "", 1)
                };
                assert_eq!(bare(old, &was), bare(new, &id));
            }
        } else {
            let line = format!("release: {id}");
            let at = edited.find(&line).expect("a line of its own");
            let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
            let (above, below) = (&edited[..at], &edited[at + line.len()..]);
            let without = below
                .strip_prefix(ending)
                .map_or_else(|| above.trim_end_matches(ending).to_owned(), |below| [above, below].concat());
            assert_eq!(without, text);
        }
    });
}

/// Quotes go with the first pin, so going back may be two bytes shorter.
fn back_length(text: &str) -> usize {
    let line = text.lines().find(|line| line.trim_start_matches('\u{feff}').starts_with("release: ")).expect("a line");
    let value = line.split_whitespace().nth(1).expect("a value");
    text.len() - if value.starts_with(['"', '\'']) { 2 } else { 0 }
}

#[test]
fn forms_that_people_also_write() {
    let good = [
        ("environment: dev\nrelease:\naccount: \"1\"\n", "environment: dev\nrelease: 2026.11.0\naccount: \"1\"\n"),
        ("environment: dev\nrelease:   # none yet\n", "environment: dev\nrelease: 2026.11.0   # none yet\n"),
        ("environment: dev\nrelease: ~\n", "environment: dev\nrelease: 2026.11.0\n"),
        ("{ environment: dev, release: 2026.10.0 }\n", "{ environment: dev, release: 2026.11.0 }\n"),
        ("environment: dev", "environment: dev\nrelease: 2026.11.0"),
        ("  environment: dev\n  extends: base.yaml\n", "  environment: dev\n  extends: base.yaml\n  release: 2026.11.0\n"),
    ];
    for (text, expected) in good {
        assert_eq!(pin(FILE, text, "2026.11.0").as_deref(), Ok(expected), "{text}");
    }
    for text in
        ["{ environment: dev }\n", "release: [a]\nenvironment: dev\n", "release: >\n  2026.10.0\n", "schema: x\n", ": :\n- b", ""]
    {
        let error = pin(FILE, text, "2026.11.0").expect_err(text);
        assert!(error.to_string().starts_with(FILE) && error.to_string().contains("by hand"), "{error}");
    }
}
