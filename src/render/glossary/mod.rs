//! The terms of the project in English and Japanese: the only table of them. `explain` answers from it, and
//! `docs/glossary.md` is generated from it.
//!
//! In: nothing. Out: terms, and the page as Markdown.
//! Must not import: anything but `model`.
//!
//! Guarantees (tests hold them): a name is unique in its language, no text is empty, related terms exist, and each term is used
//! in README.md, `docs/` or a message.

mod assurance;
mod governance;
mod planning;
mod states;
mod term;

use std::fmt::Write as _;

use crate::model::Explained;

pub use term::Term;

/// The parts of the page, each with its heading.
const PARTS: [(Explained, &[Term]); 4] = [
    (Explained::new("Resources and states", "リソースと状態"), states::TERMS),
    (Explained::new("Plans", "計画"), planning::TERMS),
    (Explained::new("Promises, policies, watching", "約束、ポリシー、監視"), assurance::TERMS),
    (Explained::new("Releases, approvals, applying", "リリース、承認、適用"), governance::TERMS),
];

/// Every term, in the order of the page.
pub fn all() -> impl Iterator<Item = &'static Term> {
    PARTS.into_iter().flat_map(|(_, terms)| terms)
}

/// The terms that `word` names: by English or Japanese name, in any case, with hyphens or spaces.
pub fn find(word: &str) -> impl Iterator<Item = &'static Term> {
    all().filter(move |term| term.is_called(word))
}

/// The term with this English name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Term> {
    all().find(|term| term.name.en == name)
}

/// All terms as the committed page `docs/glossary.md`.
#[must_use]
pub fn page() -> String {
    let mut text = String::from(HEAD);
    for (heading, terms) in PARTS {
        let _ = writeln!(text, "\n## {} · {}", heading.en, heading.ja);
        for term in terms {
            let related: Vec<_> = term.related.iter().map(|name| format!("[{name}](#{})", name.replace(' ', "-"))).collect();
            let (name, meaning) = (term.name, term.meaning);
            let _ = writeln!(text, "\n### {}\n\n{}\n\n**{}**: {}", name.en, meaning.en, name.ja, meaning.ja);
            let _ = writeln!(text, "\nRelated · 関連: {}", related.join(" · "));
        }
    }
    text
}

const HEAD: &str = "# Glossary · 用語集

Generated from `src/render/glossary` by `make bless`; a test compares. `tokaido explain TERM` shows one term, and
`--lang ja` shows it in Japanese; the English or the Japanese name finds it.

`src/render/glossary` から `make bless` で生成します。`tokaido explain 用語 --lang ja` で一つの用語を表示します。
";
