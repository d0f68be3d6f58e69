//! The policy without one of its conditions, for every one of them. What no case notices is either superfluous or untested.

use std::collections::BTreeMap;

use regorus::unstable::{AssignOp, Expr, Literal, Query};

use super::{Case, Condition, Outcomes, Policy, Untested, outcomes};
use crate::ask::{Answer, Prepared};
use crate::document::Document;
use crate::finding::Complaint;
use crate::judged::Judged;
use crate::{check, engine};

/// Where each condition stands, in bytes, with its quotes.
fn conditions(query: &Query, text: &str, found: &mut BTreeMap<(usize, usize), Condition>) {
    for statement in &query.stmts {
        let condition = match &statement.literal {
            // `:=` always binds. `=` compares what is known; where it binds, nothing can be asked without it.
            Literal::Expr { expr, .. } => !matches!(**expr, Expr::AssignExpr { op: AssignOp::ColEq, .. }),
            // `some` with a new name likewise; with a known one, or a value, it is a condition.
            Literal::NotExpr { .. } | Literal::Every { .. } | Literal::SomeIn { .. } => true,
            Literal::SomeVars { .. } => false,
        };
        if !condition {
            continue;
        }
        let (mut start, mut end) = (statement.span.start as usize, statement.span.end as usize);
        let mut place = check::place_of(&statement.span);
        // The place of a text is between its quotes.
        if text.get(..start).is_some_and(|before| before.ends_with(['"', '`'])) {
            (start, place.column) = (start - 1, place.column - 1);
        }
        if text.get(end..).is_some_and(|behind| behind.starts_with(['"', '`'])) {
            end += 1;
        }
        let text = text.get(start..end).unwrap_or_default().to_owned();
        found.insert((start, end), Condition { place, text });
    }
}

/// Conditions that no case needs, and those that could not be taken out. Every case was asked, and passed; `before` is what
/// it came to.
pub(super) fn unneeded(
    policy: &Policy<'_>,
    cases: &[(&Case<'_>, Document)],
    before: &[Outcomes],
) -> (Vec<Condition>, Vec<Untested>) {
    let (mut unneeded, mut untested) = (Vec::new(), Vec::new());
    let module = match engine::parse(policy.file, policy.text) {
        Ok(module) => module,
        Err(finding) => return (unneeded, vec![Untested { condition: None, why: finding.message.en }]),
    };
    let mut found = BTreeMap::new();
    for rule in &module.policy {
        check::visit_queries(rule, &mut |query| conditions(query, policy.text, &mut found));
    }
    for ((start, end), condition) in found {
        let parts = policy.text.get(..start).zip(policy.text.get(end..));
        let text = parts.map(|(head, tail)| format!("{head}true{tail}"));
        let mutant = text
            .ok_or_else(|| "it has no place in the file".to_owned())
            .and_then(|text| Prepared::here(policy.file, &text).map_err(|complaint| complaint.reason));
        match mutant {
            // Not to be read is not to be noticed.
            Err(why) => untested.push(Untested { condition: Some(condition), why }),
            Ok(mutant) if !noticed(policy, &mutant, cases, before) => unneeded.push(condition),
            Ok(_) => {}
        }
    }
    (unneeded, untested)
}

/// An error counts: a variable that only this condition bound, or what it kept from failing, is needed.
fn noticed(policy: &Policy<'_>, mutant: &Prepared, cases: &[(&Case<'_>, Document)], before: &[Outcomes]) -> bool {
    cases.iter().zip(before).any(|((case, input), before)| match judged(policy, mutant, case, input) {
        Ok(now) => now != *before,
        Err(_) => true,
    })
}

fn judged(policy: &Policy<'_>, mutant: &Prepared, case: &Case<'_>, input: &Document) -> Result<Outcomes, Complaint> {
    let answer: Answer = mutant.ask(input, false)?;
    let judged = Judged::of(&answer, &case.members, policy.about);
    judged.map(|judged| outcomes(&case.members, &judged)).map_err(|reason| Complaint { place: mutant.broken(), reason })
}
