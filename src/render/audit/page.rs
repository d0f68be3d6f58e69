//! `docs/promises.md`: which clause is judged by what, generated from the checks.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::kinds;
use crate::model::{PromiseKind, Region};
use crate::promises::judge::{Check, check_of};
use crate::promises::{PAPER, Promises};

const HEAD: &str = "# Promises: what each clause is judged by

Generated from `policies/promises.yaml` and the checks in `src/promises/judge` by `make bless`; a test compares. A failed read
of any kind under \"reads\" makes exactly that verdict `unknown` (exit 8), unless something that could be read is broken.
";

/// Every promise of the white paper with its check, or why it has none.
#[must_use]
pub fn checks(promises: &Promises) -> String {
    let mut text = String::from(HEAD);
    text.push_str("\n| clause | promise | kind | what is looked at | reads | facts of an audit | not looked at yet |\n");
    text.push_str("|--:|---|---|---|---|---|---|\n");
    for entry in &PAPER {
        let title = promises.get(entry.slug).map_or("", |promise| promise.title.en.as_str());
        let name = format!("`{}`: {title}", entry.slug);
        let kind = entry.kind.as_str();
        let _ = match check_of(entry.slug) {
            Some(check) => writeln!(
                text,
                "| {} | {name} | {kind} | {} | {} | {} | {} |",
                entry.clause,
                check.looks.en,
                reads(check),
                facts(check),
                check.missing.en
            ),
            None if entry.kind == PromiseKind::Info => {
                writeln!(text, "| {} | {name} | {kind} | outside infrastructure | – | – | – |", entry.clause)
            }
            None => writeln!(text, "| {} | {name} | {kind} | no check yet | – | – | – |", entry.clause),
        };
    }
    text
}

fn reads(check: &Check) -> String {
    if check.needs.is_empty() && check.repeats.is_empty() {
        return "every kind".to_owned();
    }
    let read = |kind: &kinds::Kind| {
        let regions: Vec<&str> =
            Region::ALL.into_iter().filter(|region| check.needs(kind.schema.kind, *region)).map(Region::as_str).collect();
        (!regions.is_empty()).then(|| format!("{}@{}", kind.schema.kind, regions.join("+")))
    };
    kinds::ALL.into_iter().filter_map(read).collect::<Vec<_>>().join(", ")
}

fn facts(check: &Check) -> String {
    let kinds: BTreeSet<&str> = check.facts.iter().map(|(kind, _)| *kind).collect();
    if kinds.is_empty() { "–".to_owned() } else { kinds.into_iter().collect::<Vec<_>>().join(", ") }
}
