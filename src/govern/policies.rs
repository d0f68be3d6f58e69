//! What policies have against a plan, as refusals: the same words wherever somebody is refused.

use crate::model::{PlanBody, PolicyVerdict};

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
        let broken = verdict.broken.iter().map(|one| format!("{}: {}", one.id, plain(&one.said.en)));
        let next =
            format!("change what it names, then tokaido plan {environment}; only an emergency goes past it: --emergency REASON");
        found.push(Refusal::new(format!("{policy} refuses {}", named(broken)), next));
    }
    if !verdict.unjudged.is_empty() {
        let why = format!(
            "{policy} neither checked nor refused {}: its silence lets nothing pass",
            named(verdict.unjudged.iter().cloned())
        );
        found.push(Refusal::new(
            why,
            format!("let the policy name each of them in `checked` or in `broken` ({file}), and plan again"),
        ));
    }
    if !verdict.unread.is_empty() {
        let why = format!(
            "{policy} was not asked: what it judges could not be read: {}",
            named(verdict.unread.iter().map(|why| plain(why)))
        );
        found.push(Refusal::new(why, format!("make it readable (tokaido doctor {environment}), and plan again")));
    }
    found
}

fn named(mut items: impl Iterator<Item = String>) -> String {
    let first: Vec<String> = items.by_ref().take(NAMED).collect();
    let more = match items.count() {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    format!("{}{more}", first.join("; "))
}

/// On one line: a policy may quote what it found in AWS.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
