//! The policy without one of its conditions, for every one of them. What no case notices is either superfluous or untested.
//! Imports `model`.

use std::collections::BTreeMap;

use regorus::unstable::{AssignOp, Expr, Literal, Query};

use super::super::{Policy, check, engine};
use super::{Case, Condition, Got, ask, outcomes};

/// Where each condition stands, in bytes, with its quotes.
fn conditions(query: &Query, text: &str, found: &mut BTreeMap<(usize, usize), Condition>, file: &str) {
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
        let mut source = check::source(file, &statement.span);
        // The place of a text is between its quotes.
        if text.get(..start).is_some_and(|before| before.ends_with(['"', '`'])) {
            (start, source.column) = (start - 1, source.column - 1);
        }
        if text.get(end..).is_some_and(|behind| behind.starts_with(['"', '`'])) {
            end += 1;
        }
        let text = text.get(start..end).unwrap_or_default().to_owned();
        found.insert((start, end), Condition { source, text });
    }
}

/// Conditions that no case needs, and those that could not be taken out.
pub(super) fn unneeded(policy: &Policy, cases: &[&Case], before: &[Got]) -> (Vec<Condition>, Vec<String>) {
    let (mut unneeded, mut internal) = (Vec::new(), Vec::new());
    let file = &policy.source.file;
    let module = match engine::parse(file, &policy.text) {
        Ok(module) => module,
        Err(finding) => return (unneeded, vec![format!("the policy cannot be read again: {}", finding.message)]),
    };
    let mut found = BTreeMap::new();
    for rule in &module.policy {
        check::visit_queries(rule, &mut |query| conditions(query, &policy.text, &mut found, file));
    }
    for ((start, end), condition) in found {
        let parts = policy.text.get(..start).zip(policy.text.get(end..));
        let text = parts.map(|(head, tail)| format!("{head}true{tail}"));
        let text = text.ok_or_else(|| "it has no place in the file".to_owned()).and_then(|text| {
            let parsed = engine::parse(file, &text);
            parsed.map(|_| text).map_err(|finding| finding.message)
        });
        match text {
            // Not to be read is not to be noticed.
            Err(why) => internal.push(format!(
                "{}: the condition `{}` could not be taken out, so nothing is known of it; this is a mistake of tokaido: {why}",
                condition.source, condition.text
            )),
            Ok(text) if !noticed(policy, &text, cases, before) => unneeded.push(condition),
            Ok(_) => {}
        }
    }
    (unneeded, internal)
}

fn noticed(policy: &Policy, text: &str, cases: &[&Case], before: &[Got]) -> bool {
    cases.iter().zip(before).any(|(case, before)| match (ask(policy, text, case, false), before) {
        (Ok((now, _)), Ok(before)) => outcomes(policy, case, &now) != outcomes(policy, case, before),
        // A variable that only this condition bound, or what it kept from failing: it is needed.
        _ => true,
    })
}
