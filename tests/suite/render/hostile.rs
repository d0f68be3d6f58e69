//! A value never becomes markup: not in a browser, not under a pull request.

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};
use tokaido::model::desired::Divergence;
use tokaido::model::reason::Stated;
use tokaido::model::{Change, Impact, Language, Plan};

use super::fixtures;
use super::pages::{html, markdown};
use crate::support::soak;

const TAGS: &[&str] = &[
    "!DOCTYPE", "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "h1", "h2", "h3", "p", "span",
    "bdi", "dl", "div", "dt", "dd", "section", "ul", "li", "a", "b", "article", "table", "thead", "tbody", "tr", "th", "td",
    "del", "ins", "time", "details", "summary", "pre", "code",
];
const ATTRIBUTES: &[&str] = &[
    "html",
    "lang",
    "dir",
    "charset",
    "http-equiv",
    "content",
    "name",
    "id",
    "class",
    "href",
    "aria-hidden",
    "datetime",
    "scope",
];

/// Reads the page as strictly as it is written: every tag known, every attribute known and quoted, every tag closed.
fn assert_well_formed(page: &str) {
    let (mut open, mut rest): (Vec<&str>, &str) = (Vec::new(), page);
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, after) = after.split_once('>').expect("a tag ends");
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "closed in order");
            continue;
        }
        let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(TAGS.contains(&name), "a tag of nobody: <{tag}>");
        while !attributes.is_empty() {
            let Some((attribute, value)) = attributes.split_once("=\"") else {
                assert_eq!(attributes, "html", "<{tag}>");
                break;
            };
            assert!(ATTRIBUTES.contains(&attribute), "an attribute of nobody: <{tag}>");
            let (value, more) = value.split_once('"').expect("a quoted value");
            assert!(attribute != "href" || value.starts_with('#'), "<{tag}> leads away");
            attributes = more.trim_start();
        }
        if !["meta", "!DOCTYPE"].contains(&name) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "not closed: {open:?}");
}

/// The text of a comment as GitHub would read it, after checking that everything else in it is ours.
fn text_of(comment: &str) -> String {
    const OURS: &[&str] =
        &["<code>", "</code>", "<b>", "</b>", "<br>", "</details>", "</summary>", "<details>", "<summary>", "<details><summary>"];
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM;
    let (mut text, mut code) = (String::new(), 0_usize);
    let ours = |raw: &str, code: &mut usize, text: &mut String| {
        if raw.starts_with("<!-- tokaido: ") {
            return;
        }
        for piece in raw.split_inclusive('>').map(str::trim).filter(|piece| !piece.is_empty()) {
            // The summary of a fold is HTML as a whole; its text stands between its tags.
            let (before, tag) = piece.split_at(piece.find('<').unwrap_or(piece.len()));
            assert!(!before.contains('>') && !before.contains('\\'), "what is HTML as a whole knows no backslash: {before}");
            text.push_str(&before.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&"));
            assert!(tag.is_empty() || OURS.contains(&tag), "HTML of nobody: {piece}");
            *code = (*code + usize::from(tag == "<code>")).saturating_sub(usize::from(tag == "</code>"));
        }
    };
    for event in Parser::new_ext(comment, options) {
        match event {
            Event::Html(raw) | Event::InlineHtml(raw) => ours(&raw, &mut code, &mut text),
            Event::Text(said) => {
                if code == 0 {
                    let called = said.char_indices().filter(|(_, c)| *c == '@' || *c == '#').any(|(at, _)| {
                        let next = said[at + 1..].chars().next();
                        next.is_some_and(|next| next.is_ascii_digit() || (said[at..].starts_with('@') && next.is_alphanumeric()))
                    });
                    assert!(!called, "somebody is called: {said}");
                }
                text.push_str(&said);
            }
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::Start(
                tag @ (Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::Emphasis
                | Tag::Strong
                | Tag::Strikethrough
                | Tag::CodeBlock(_)
                | Tag::FootnoteDefinition(_)),
            ) => panic!("markup of nobody: {tag:?}"),
            Event::Start(_) | Event::End(_) => {}
            other => panic!("markup of nobody: {other:?}"),
        }
    }
    text.replace('\u{200b}', "")
}

fn words() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "</details>",
        "</style>",
        "<!--",
        "-->",
        "]]>",
        "&lt;",
        "&#60;b&#62;",
        "| a | b |",
        "`code`",
        "``",
        "**b**",
        "_i_",
        "[x](http://e.invalid)",
        "![x](y)",
        "@alice",
        "@org/team",
        "#12",
        "~~s~~",
        "$x$",
        "<https://e.invalid>",
        "www.e.invalid",
        "https://e.invalid",
        "a@b.invalid",
        "- [ ] t",
        "# h",
        "1. l",
        "> q",
        "\\",
        "\\|",
        ":smile:",
        "[^1]",
        "{{ 7 }}",
        "お客様の値",
        "'",
        "\"",
        "plain",
        "^x^",
        "<b>",
        "x|",
        "|",
        "*",
        "!",
        "[",
        "](",
    ]);
    prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.join(" "))
}

/// The value in every place where somebody from outside can write.
fn hostile(value: &str, path: &str) -> Plan {
    let diffs = vec![
        fixtures::diff(&format!("tags[{path}]"), value, path),
        fixtures::diff("policy", path, value),
        fixtures::diff(path, value, value),
    ];
    let change = |impact| Change {
        reason: Stated::sentence(value),
        when: vec![Stated::sentence(path)],
        source: Some(tokaido::model::Source { file: value.into(), line: 1, column: 1 }),
        ..fixtures::change("kms-key.main@tokyo", impact, diffs.clone())
    };
    let mut plan = fixtures::plan(
        [Impact::Destructive, Impact::InPlace, Impact::Create, Impact::Adopt, Impact::TagsOnly].map(change).to_vec(),
    );
    value.clone_into(&mut plan.caller);
    path.clone_into(&mut plan.world);
    value.clone_into(&mut plan.observed_at);
    value.clone_into(&mut plan.body.account);
    plan.body.foreign = fixtures::every_section().body.foreign;
    plan.body.foreign[0].hint = Some(value.to_owned());
    path.clone_into(&mut plan.body.foreign[0].physical);
    plan.body.divergences = vec![Divergence {
        promise: value.to_owned(),
        value: path.to_owned(),
        reason: value.to_owned(),
        owner: value.to_owned(),
        until: path.to_owned(),
        source: fixtures::source(1),
    }];
    plan
}

fn unescaped(html: &str) -> String {
    html.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#39;", "'").replace("&#38;", "&")
}

proptest! {
    #![proptest_config(soak::seeded(96, 71))]

    #[test]
    fn a_value_is_never_markup(value in words(), path in words(), japanese in any::<bool>()) {
        let language = if japanese { Language::Ja } else { Language::En };
        let plan = hostile(&value, &path);
        let page = html(&plan, language);
        assert_well_formed(&page);
        prop_assert!(unescaped(&page).contains(&value), "the value is shown as it is: {value}");
        let comment = markdown(&plan, language);
        let text = text_of(&comment);
        prop_assert!(text.contains(&value), "the value is shown as it is: {value}\n{comment}");
    }

    /// Text as it comes from anywhere: no letter of it leaves in a form that a screen would obey.
    #[test]
    fn no_control_character_leaves(value in "\\PC{0,20}[\u{0}-\u{1f}\u{7f}\u{61c}\u{202a}-\u{202e}\u{2066}-\u{2069}]{1,4}\\PC{0,20}") {
        let plan = hostile(&value, "plain");
        for text in [html(&plan, Language::Ja), markdown(&plan, Language::En)] {
            let bad = |c: char| (c.is_control() && c != '\n') || "\u{61c}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}".contains(c);
            prop_assert!(!text.contains(bad));
        }
    }
}

/// The scanner itself sees what it should see.
#[test]
fn the_checks_can_fail() {
    for bad in ["<script>x</script>", "<p onclick=\"x\">y</p>", "<a href=\"https://e.invalid\">x</a>", "<p>", "<b></p>"] {
        assert!(std::panic::catch_unwind(|| assert_well_formed(bad)).is_err(), "{bad}");
    }
    for bad in ["**b**", "[x](y)", "<i>x</i>", "hello @alice", "see #12", "`c`", "- x\n\n      code", "~~s~~"] {
        assert!(std::panic::catch_unwind(|| text_of(bad)).is_err(), "{bad}");
    }
}
