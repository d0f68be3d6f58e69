//! Whatever an editor does to a valid file, the loader answers with findings that can be shown, and never panics.

use std::sync::Arc;

use proptest::prelude::*;
use tokaido::model::{Language, Severity};
use tokaido::render::{Lookup, Style, findings};
use tokaido::{policy, project};

use crate::project::{FILES, Project, today};
use crate::support::soak;

/// One thing that happens to a line while somebody edits.
#[derive(Debug, Clone)]
enum Slip {
    Delete,
    Double,
    Put(usize, char),
    Cut(usize),
}

fn slip() -> impl Strategy<Value = Slip> {
    let letters = prop::sample::select("abc019:-{}[]\"'&*!|>#%@`,. \t\n\u{3042}\u{0}".chars().collect::<Vec<_>>());
    prop_oneof![
        Just(Slip::Delete),
        Just(Slip::Double),
        (0..80usize, letters).prop_map(|(at, letter)| Slip::Put(at, letter)),
        (0..80usize).prop_map(Slip::Cut),
    ]
}

fn slipped(text: &str, line: usize, slip: &Slip) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let at = line % lines.len();
    let nearest =
        |line: &str, at: usize| line.char_indices().map(|(index, _)| index).nth(at % line.chars().count().max(1)).unwrap_or(0);
    match slip {
        Slip::Delete => drop(lines.remove(at)),
        Slip::Double => lines.insert(at, lines[at].clone()),
        Slip::Put(column, letter) => {
            let index = nearest(&lines[at], *column);
            lines[at].insert(index, *letter);
        }
        Slip::Cut(column) => {
            let index = nearest(&lines[at], *column);
            lines[at].truncate(index);
        }
    }
    format!("{}\n", lines.join("\n"))
}

proptest! {
    #![proptest_config(soak::seeded(soak::cases(400), 61))]

    /// Whatever an editor does to a valid file: findings with places, or a state; never a panic, never both.
    #[test]
    fn no_slip_of_the_pen_panics(file in 0..FILES.len(), slips in prop::collection::vec((0..200usize, slip()), 1..4)) {
        let mut project = Project::new();
        let mut text = project.read(FILES[file]);
        for (line, slip) in &slips {
            text = slipped(&text, *line, slip);
        }
        project.write(FILES[file], &text);
        let files = project::Project::open(project.root(), today(), Arc::new(policy::Nothing));
        let loaded = files.load(&[], false);
        for finding in &loaded.findings {
            let source = finding.source.as_ref().expect("every finding has a place");
            prop_assert!(source.line >= 1 && source.column >= 1);
        }
        let errors = loaded.findings.iter().any(|finding| finding.severity == Severity::Error);
        prop_assert_eq!(errors, loaded.states.len() < 3);
        let quotes = project::Quotes::of(&files);
        for (width, language) in [(0, Language::En), (40, Language::Ja), (100, Language::En)] {
            let style = Style { colour: false, width };
            let lookup = Lookup { promise: &|_| None, quote: &|place| quotes.quote(place), language };
            let shown = findings::text(&loaded.findings, &lookup, &style);
            prop_assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{}", shown);
            let carets = shown.lines().filter(|line| line.trim_start().starts_with('|') && line.contains('^')).count();
            let places = loaded.findings.iter().filter(|finding| finding.code != "empty-file").count();
            prop_assert!(carets >= places, "{} of {}: {}", carets, places, shown);
        }
    }
}
