//! `docs/promises.md`: which clause is judged by what, generated from the checks.

use std::fmt::Write as _;

use crate::model::PromiseKind;
use crate::promises::judge::check_of;
use crate::promises::{PAPER, Promises};

const HEAD: &str = "# Promises: what each clause is judged by

Generated from `policies/promises.yaml` and the checks in `src/promises/judge` by `make bless`; a test compares. A failed read
of what a check looks at makes exactly that verdict `unknown` (exit 8), unless something that could be read is broken. So does an
attribute in brackets that no call asked for. Where nothing is there that a promise is about, it is not applicable.
";

/// Every promise of the white paper with its check, or why it has none.
#[must_use]
pub fn checks(promises: &Promises) -> String {
    let mut text = String::from(HEAD);
    text.push_str("\n| clause | promise | kind | what is looked at | what must hold | not looked at yet |\n");
    text.push_str("|--:|---|---|---|---|---|\n");
    for entry in &PAPER {
        let title = promises.get(entry.slug).map_or("", |promise| promise.title.en.as_str());
        let name = format!("`{}`: {title}", entry.slug);
        let kind = entry.kind.as_str();
        let _ = match check_of(entry.slug) {
            Some(check) => writeln!(
                text,
                "| {} | {name} | {kind} | {} | {} | {} |",
                entry.clause,
                check.looks().en,
                check.demands.en,
                check.missing.en
            ),
            None if entry.kind == PromiseKind::Info => {
                writeln!(text, "| {} | {name} | {kind} | outside infrastructure | – | – |", entry.clause)
            }
            None => writeln!(text, "| {} | {name} | {kind} | no check yet | – | – |", entry.clause),
        };
    }
    text
}
