//! Policies over a plan → verdicts. A member that a policy neither checked nor called broken is unjudged. This module checks no
//! text. Imports `model`.

#[cfg(feature = "policy")]
use std::collections::BTreeMap;

#[cfg(feature = "policy")]
use rego_check::{Answer, Judged, Prepared};
#[cfg(feature = "policy")]
use serde_json::Value as Json;

use crate::model::PolicyVerdict;
#[cfg(feature = "policy")]
use crate::model::{Effect, PolicyBreak, Said};

#[cfg(feature = "policy")]
use super::document::document;
use super::error::PolicyError;
#[cfg(feature = "policy")]
use super::policies::Policy;
use super::question::PolicyInput;
#[cfg(feature = "policy")]
use super::{compile, input};

/// The verdict of every policy that is on here, by code. The files are those of `desired`; loading found their mistakes.
///
/// # Errors
/// The first policy that cannot be read or evaluated.
#[cfg(feature = "policy")]
pub fn judge(question: &PolicyInput<'_>) -> Result<Vec<PolicyVerdict>, PolicyError> {
    let environment = question.body.environment;
    let policies = compile::of_plan(&question.desired.policies, environment)?;
    if policies.is_empty() {
        return Ok(Vec::new());
    }
    let failed = input::unknown(question.live);
    let mut verdicts = Vec::new();
    for policy in policies.iter() {
        let Some(effect) = policy.effects.get(&environment) else { continue };
        let unread = if failed.is_empty() { Vec::new() } else { unread(policy, &Json::Object(failed.clone())) };
        verdicts.push((policy, verdict(policy, *effect, unread)));
    }
    let asked: Vec<&Prepared> =
        verdicts.iter().filter(|(_, verdict)| verdict.unread.is_empty()).map(|(of, _)| &of.prepared).collect();
    let document = document(question, &asked);
    let (answers, complaint) = rego_check::ask(&asked, &document, false);
    let mut answers = answers.into_iter();
    for (policy, verdict) in verdicts.iter_mut().filter(|(_, verdict)| verdict.unread.is_empty()) {
        let Some(answer) = answers.next() else {
            let complaint = complaint.unwrap_or_else(|| unreachable!("who gives no answer says why"));
            return Err(PolicyError::of(&policy.code, &policy.source.file, complaint));
        };
        answered(policy, &input::members(&policy.about, question), &answer, verdict)?;
    }
    Ok(verdicts.into_iter().map(|(_, verdict)| verdict).collect())
}

/// Without an engine no policy compiles, so there is none to evaluate.
///
/// # Errors
/// None.
#[cfg(not(feature = "policy"))]
pub fn judge(_: &PolicyInput<'_>) -> Result<Vec<PolicyVerdict>, PolicyError> {
    Ok(Vec::new())
}

#[cfg(feature = "policy")]
fn verdict(policy: &Policy, effect: Effect, unread: Vec<String>) -> PolicyVerdict {
    PolicyVerdict {
        policy: policy.code.clone(),
        title: policy.title.clone(),
        effect,
        source: policy.source.clone(),
        checked: 0,
        broken: Vec::new(),
        unjudged: Vec::new(),
        unread,
    }
}

/// Failed reads that the policy needs, of `unknown` of an input.
#[cfg(feature = "policy")]
pub(super) fn unread(policy: &Policy, unknown: &Json) -> Vec<String> {
    let failed = unknown.as_object().into_iter().flatten();
    let needed = failed.filter(|(place, _)| place.split('@').next().is_some_and(|kind| policy.reads().contains(kind)));
    needed.map(|(place, reason)| format!("{place}: {}", reason.as_str().unwrap_or_default())).collect()
}

/// Compares the answer of a policy with its population.
#[cfg(feature = "policy")]
fn answered(policy: &Policy, members: &[String], answer: &Answer, verdict: &mut PolicyVerdict) -> Result<(), PolicyError> {
    let judged = Judged::of(answer, members, &policy.about.to_string());
    let judged = judged.map_err(|reason| PolicyError::new(&policy.code, policy.source.clone(), reason))?;
    let mut broken: BTreeMap<String, Said> = BTreeMap::new();
    for one in judged.broken {
        let said = Said::new(one.en, one.ja);
        let said = match broken.remove(&one.id) {
            Some(first) => first.and(&said),
            None => said,
        };
        broken.insert(one.id, said);
    }
    verdict.checked = judged.checked;
    verdict.unjudged = judged.unjudged;
    verdict.broken = broken.into_iter().map(|(id, said)| PolicyBreak { id, said }).collect();
    Ok(())
}
