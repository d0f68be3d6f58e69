//! The input of a policy as one JSON document. It has no time, caller or nonce, so the same plan gives the same bytes. Imports
//! `model`, `kinds`.

use serde_json::{Map, Value as Json, json};

use crate::kinds;
use crate::model::observed::{Other, OtherStanding};
use crate::model::{Live, ObservedState, PlanBody, Region, tags};

#[cfg(feature = "policy")]
use super::about::About;
use super::question::PolicyInput;

/// Version of the document. Raised when a field changes its meaning or disappears.
pub const VERSION: u32 = 2;

/// `schemas/policy-input.schema.json` describes it completely.
#[must_use]
pub fn input(question: &PolicyInput<'_>) -> Json {
    let PolicyInput { body, live, planned, .. } = question;
    json!({
        "schema_version": VERSION,
        "environment": body.environment,
        "account": body.account,
        "regions": body.regions,
        "tool_version": body.digests.tool_version,
        "promises": promises(question),
        "plan": plan(body),
        "live": resources(live, PendingView::Now),
        "planned": resources(planned, PendingView::Done),
        "unknown": Json::Object(unknown(live)),
    })
}

/// The body that is approved, without the answers of policies.
pub(super) fn plan(body: &PlanBody) -> Json {
    let mut plan = serde_json::to_value(body).unwrap_or_default();
    if let Some(plan) = plan.as_object_mut() {
        plan.remove("policies");
    }
    plan
}

/// The least days of each promise, by slug.
pub(super) fn promises(question: &PolicyInput<'_>) -> Map<String, Json> {
    question.desired.promised_days.iter().map(|(slug, days)| (slug.clone(), json!({ "at_least_days": days }))).collect()
}

/// Whether values that AWS has queued count already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PendingView {
    Now,
    /// Queued values count: a class that waits for the maintenance window is the new class here.
    Done,
}

/// Takes a resource's kind, id, name, region, standing, and its reading.
type Each<'a> = &'a mut dyn FnMut(&str, String, &str, Region, &'static str, &Live);

/// Every resource of a state, as a policy sees it.
pub(super) fn each(state: &ObservedState, f: Each<'_>) {
    for (id, live) in &state.owned {
        f(&id.kind, id.to_string(), &id.name, id.region, "ours", live);
    }
    for other in &state.others {
        let (standing, name) = match &other.standing {
            OtherStanding::Foreign => ("foreign", other.live.physical.as_str()),
            OtherStanding::CopyOf(of) => ("copy", of.name.as_str()),
            OtherStanding::Claims(id) => ("claim", id.name.as_str()),
        };
        f(&other.kind, id_of(other), name, other.region, standing, &other.live);
    }
}

fn resources(state: &ObservedState, sight: PendingView) -> Json {
    let mut found: Map<String, Json> =
        kinds::planned().map(|kind| (kind.schema.kind.to_owned(), Json::Array(Vec::new()))).collect();
    each(state, &mut |kind, id, name, region, standing, live| {
        if let Some(list) = found.get_mut(kind).and_then(Json::as_array_mut) {
            list.push(resource(&id, name, region, standing, live, sight));
        }
    });
    for list in found.values_mut().filter_map(Json::as_array_mut) {
        list.sort_by(|a, b| a["id"].as_str().cmp(&b["id"].as_str()));
    }
    Json::Object(found)
}

/// The slash distinguishes it from an id of tokaido's.
fn id_of(other: &Other) -> String {
    format!("{}/{}@{}", other.kind, other.live.physical, other.region)
}

fn resource(id: &str, name: &str, region: Region, standing: &str, live: &Live, sight: PendingView) -> Json {
    let mut attributes = live.attributes.bare().clone();
    let pending: Map<String, Json> = live
        .pending
        .iter()
        .map(|pending| (pending.attribute.to_string(), serde_json::to_value(&pending.value).unwrap_or_default()))
        .collect();
    if sight == PendingView::Done {
        for pending in &live.pending {
            attributes.set(pending.attribute, pending.value.clone());
        }
    }
    json!({
        "id": id,
        "name": name,
        "region": region.as_str(),
        "standing": standing,
        "physical": live.physical,
        "tenant": live.tags.get(tags::TENANT),
        "attributes": attributes,
        "pending": pending,
        "tags": live.tags,
    })
}

/// Reads that failed: kind@region, and why.
pub(super) fn unknown(live: &ObservedState) -> Map<String, Json> {
    let mut found = Map::new();
    for failed in &live.unreadable {
        let which = failed.physical.as_ref().map(|physical| format!(" of {physical}")).unwrap_or_default();
        let reason = format!("{}{which}: {}", failed.operation, failed.error);
        let entry = found.entry(format!("{}@{}", failed.kind, failed.region)).or_insert_with(|| Json::from(""));
        *entry = match entry.as_str() {
            None | Some("") => Json::from(reason),
            Some(first) => Json::from(format!("{first}; {reason}")),
        };
    }
    found
}

/// The ids of the population, sorted.
#[cfg(feature = "policy")]
pub(super) fn population(about: &About, input: &Json) -> Vec<String> {
    let ids = |list: &Json| -> Vec<String> {
        list.as_array().into_iter().flatten().filter_map(|item| item["id"].as_str().map(str::to_owned)).collect()
    };
    let mut found: Vec<String> = match about {
        About::Changes => ids(&input["plan"]["changes"]),
        About::Kinds(kinds) => kinds.iter().flat_map(|kind| ids(&input["planned"][kind])).collect(),
    };
    found.sort();
    found.dedup();
    found
}

/// The same for one question.
#[cfg(feature = "policy")]
pub(super) fn members(about: &About, question: &PolicyInput<'_>) -> Vec<String> {
    let mut found: Vec<String> = match about {
        About::Changes => question.body.changes.iter().map(|change| change.id.to_string()).collect(),
        About::Kinds(kinds) => {
            let owned = question.planned.owned.keys().filter(|id| kinds.contains(id.kind.as_str())).map(ToString::to_string);
            let others = question.planned.others.iter().filter(|other| kinds.contains(other.kind.as_str())).map(id_of);
            owned.chain(others).collect()
        }
    };
    found.sort();
    found.dedup();
    found
}
