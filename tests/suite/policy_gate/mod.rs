//! What an organisation's own rules do to a plan on its way: shown, refused, gone past in an emergency; never let pass by.

mod apply;
#[cfg(feature = "policy")]
mod command;
mod permit;
#[cfg(feature = "policy")]
mod plans;
#[cfg(feature = "policy")]
mod rego;
#[cfg(feature = "policy")]
mod release;

use tokaido::model::{Effect, Plan, PolicyBreak, PolicyVerdict, Said, Source};

/// A policy that looked at three things and found nothing.
fn verdict(code: &str, effect: Effect) -> PolicyVerdict {
    PolicyVerdict {
        policy: code.to_owned(),
        title: Said::new("Buckets stay small", "バケットを小さく保つ"),
        effect,
        source: Source { file: format!("policies/{code}.rego").into(), line: 14, column: 3 },
        checked: 3,
        broken: Vec::new(),
        unjudged: Vec::new(),
        unread: Vec::new(),
    }
}

/// The same, with something that it does not accept.
fn broken(effect: Effect) -> PolicyVerdict {
    let said = Said::new("it has no\nexpiry", "有効期限がありません");
    PolicyVerdict { broken: vec![PolicyBreak { id: "bucket.logs@tokyo".to_owned(), said }], ..verdict("bounded-logs", effect) }
}

/// A plan with these answers, and the id that goes with them.
fn judged(mut plan: Plan, policies: Vec<PolicyVerdict>) -> Plan {
    plan.body.policies = policies;
    plan.id = plan.body.digest();
    plan.seal = plan.sealed();
    plan
}
