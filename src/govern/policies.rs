//! What policies have against a plan, as refusals: the same words wherever somebody is refused.

use crate::model::{PlanBody, PolicyBreak, PolicyVerdict};

use super::approval::Refusal;

/// More names than this are counted: the plan itself shows all of them.
const NAMED: usize = 5;

/// One for each policy and each reason. Empty for a plan that changes nothing.
#[must_use]
pub fn refusals(body: &PlanBody) -> Vec<Refusal> {
    body.denials().flat_map(|verdict| of(body, verdict)).collect()
}

fn of(body: &PlanBody, verdict: &PolicyVerdict) -> Vec<Refusal> {
    let environment = body.environment;
    let file = &verdict.source.file;
    let policy = format!("policy {} ({file}:{})", verdict.policy, verdict.source.line);
    let mut found = Vec::new();
    if !verdict.broken.is_empty() {
        let next =
            format!("change what it names, then tokaido plan {environment}; only an emergency goes past it: --emergency REASON");
        found.push(Refusal::new(plain(&format!("{policy} refuses {}", refused(&verdict.broken))), next));
    }
    if !verdict.unjudged.is_empty() {
        let why = format!("{policy} neither checked nor refused {}: its silence lets nothing pass", named(&verdict.unjudged));
        found.push(Refusal::new(
            plain(&why),
            format!("let the policy name each of them in `checked` or in `broken` ({file}), and plan again"),
        ));
    }
    if !verdict.unread.is_empty() {
        let why = format!("{policy} was not asked: what it judges could not be read: {}", named(&verdict.unread));
        found.push(Refusal::new(plain(&why), format!("make it readable (tokaido doctor {environment}), and plan again")));
    }
    found
}

/// What several have in common is said once.
fn refused(broken: &[PolicyBreak]) -> String {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for one in broken.iter().take(NAMED) {
        let words = one.said.en.as_str();
        match groups.iter_mut().find(|(said, _)| *said == words) {
            Some((_, names)) => names.push(&one.id),
            None => groups.push((words, vec![&one.id])),
        }
    }
    let groups: Vec<String> = groups.into_iter().map(|(words, names)| format!("{}: {words}", names.join(", "))).collect();
    format!("{}{}", groups.join("; "), more(broken.len()))
}

fn named(items: &[String]) -> String {
    let first: Vec<&str> = items.iter().take(NAMED).map(String::as_str).collect();
    format!("{}{}", first.join("; "), more(items.len()))
}

fn more(count: usize) -> String {
    if count > NAMED { format!("; and {} more", count - NAMED) } else { String::new() }
}

/// On one line: a policy may quote what it found in AWS.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
