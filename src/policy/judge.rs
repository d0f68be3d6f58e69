//! Policies over a plan → verdicts. Silence is not an answer: whatever the policy neither checked nor found broken is
//! unjudged. Imports `model`.

#[cfg(feature = "policy")]
use std::collections::{BTreeMap, BTreeSet};

#[cfg(feature = "policy")]
use serde_json::Value as Json;

#[cfg(feature = "policy")]
use super::engine::{self, Answer};
#[cfg(feature = "policy")]
use super::input::{input, population};
#[cfg(feature = "policy")]
use super::{About, Policy};
use super::{Policies, PolicyError, Question};
use crate::model::PolicyVerdict;
#[cfg(feature = "policy")]
use crate::model::{Effect, PolicyBreak, Said};

/// What every policy that is not off here says, by code.
///
/// # Errors
/// The first policy that cannot be evaluated.
#[cfg(feature = "policy")]
pub fn judge(policies: &Policies, question: &Question<'_>) -> Result<Vec<PolicyVerdict>, PolicyError> {
    if policies.is_empty() {
        return Ok(Vec::new());
    }
    let input = input(question);
    let mut verdicts = Vec::new();
    for policy in policies.iter() {
        let Some(effect) = policy.effects.get(&question.body.environment) else { continue };
        verdicts.push(verdict(policy, *effect, &input)?);
    }
    Ok(verdicts)
}

/// Nothing compiles without an engine, so nothing is asked.
///
/// # Errors
/// None.
#[cfg(not(feature = "policy"))]
pub fn judge(_: &Policies, _: &Question<'_>) -> Result<Vec<PolicyVerdict>, PolicyError> {
    Ok(Vec::new())
}

#[cfg(feature = "policy")]
pub(super) fn verdict(policy: &Policy, effect: Effect, input: &Json) -> Result<PolicyVerdict, PolicyError> {
    let members = population(&policy.about, input);
    let mut verdict = PolicyVerdict {
        policy: policy.code.clone(),
        title: policy.title.clone(),
        effect,
        source: policy.source.clone(),
        checked: 0,
        broken: Vec::new(),
        unjudged: Vec::new(),
        unread: unread(policy, input),
    };
    if !verdict.unread.is_empty() {
        return Ok(verdict);
    }
    let answer = engine::ask(&policy.source.file, &policy.text, input, false).map_err(|complaint| PolicyError {
        source: complaint.source,
        code: policy.code.clone(),
        reason: complaint.reason,
    })?;
    answered(policy, &members, &answer, &mut verdict)?;
    Ok(verdict)
}

/// Failed reads that the policy needs.
#[cfg(feature = "policy")]
pub(super) fn unread(policy: &Policy, input: &Json) -> Vec<String> {
    let failed = input["unknown"].as_object().into_iter().flatten();
    let needed = failed.filter(|(place, _)| place.split('@').next().is_some_and(|kind| policy.reads.contains(kind)));
    needed.map(|(place, reason)| format!("{place}: {}", reason.as_str().unwrap_or_default())).collect()
}

/// Holds what the policy answered against its population.
#[cfg(feature = "policy")]
pub(super) fn answered(
    policy: &Policy,
    members: &[String],
    answer: &Answer,
    verdict: &mut PolicyVerdict,
) -> Result<(), PolicyError> {
    let population = match &policy.about {
        About::Changes => "the changes of the plan".to_owned(),
        About::Kinds(kinds) => kinds.iter().map(String::as_str).collect::<Vec<_>>().join(", "),
    };
    let mistake = |reason: String| PolicyError { source: policy.source.clone(), code: policy.code.clone(), reason };
    let member = |id: &Json, set: &str| -> Result<String, PolicyError> {
        let known = id.as_str().and_then(|id| members.binary_search_by(|member| member.as_str().cmp(id)).ok());
        known.map(|index| members[index].clone()).ok_or_else(|| {
            mistake(format!("`{set}` has {id}, which is not the `id` of anything that the policy is about ({population})"))
        })
    };
    let mut judged = BTreeSet::new();
    for id in &answer.checked {
        judged.insert(member(id, "checked")?);
    }
    verdict.checked = judged.len();
    let mut broken: BTreeMap<String, Said> = BTreeMap::new();
    for found in &answer.broken {
        let fields = found.as_object().filter(|fields| fields.len() == 3);
        let text = |name: &str| fields?.get(name)?.as_str().map(str::trim).filter(|text| !text.is_empty());
        let (Some(en), Some(ja), Some(_)) = (text("en"), text("ja"), text("id")) else {
            return Err(mistake(format!("`broken` has {found}, which is not an object with exactly the texts id, en and ja")));
        };
        let said = Said::new(en, ja);
        let id = member(&found["id"], "broken")?;
        let said = match broken.remove(&id) {
            Some(first) => first.and(&said),
            None => said,
        };
        broken.insert(id, said);
    }
    verdict.unjudged = members.iter().filter(|id| !judged.contains(*id) && !broken.contains_key(*id)).cloned().collect();
    verdict.broken = broken.into_iter().map(|(id, said)| PolicyBreak { id, said }).collect();
    Ok(())
}
