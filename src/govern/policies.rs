//! What policies have against a plan, as refusals with the same words for every gate.

use crate::model::{Environment, PlanBody, PolicyVerdict};

use super::parts::{Breaks, FirstOf};
use super::refusal::{NextStep, Refusal, Why};

/// One refusal for each policy and each reason. Empty for a plan that changes nothing.
#[must_use]
pub fn refusals(body: &PlanBody) -> Vec<Refusal> {
    body.denials().flat_map(|verdict| of(body.environment, verdict)).collect()
}

fn of(environment: Environment, verdict: &PolicyVerdict) -> Vec<Refusal> {
    let file = &verdict.source.file;
    let (policy, place) = (verdict.policy.clone(), format!("{file}:{}", verdict.source.line));
    let mut found = Vec::new();
    if !verdict.broken.is_empty() {
        let why = Why::PolicyRefuses { policy: policy.clone(), place: place.clone(), broken: Breaks(verdict.broken.clone()) };
        found.push(Refusal::new(why, NextStep::ChangeIt { environment }));
    }
    if !verdict.unjudged.is_empty() {
        let members = FirstOf(verdict.unjudged.clone());
        let why = Why::PolicySilent { policy: policy.clone(), place: place.clone(), members };
        found.push(Refusal::new(why, NextStep::NameEach { file: file.to_string() }));
    }
    if !verdict.unread.is_empty() {
        let why = Why::PolicyNotAsked { policy, place, reads: FirstOf(verdict.unread.clone()) };
        found.push(Refusal::new(why, NextStep::MakeReadable { environment }));
    }
    found
}
