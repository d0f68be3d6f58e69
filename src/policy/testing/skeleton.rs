//! An empty environment, and resources of which only the id is known. Imports `model`, `kinds`.

use serde_json::{Map, Value as Json, json};

use super::super::input::{VERSION, plan};
use super::super::paper;
use crate::kinds;
use crate::model::plan::{Digests, PLAN_VERSION, Summary};
use crate::model::{Environment, PlanBody, Region, ResourceId};

/// A complete input of an empty plan.
pub(in crate::policy) fn skeleton() -> Json {
    let kinds: Map<String, Json> = kinds::planned().map(|kind| (kind.schema.kind.to_owned(), Json::Array(Vec::new()))).collect();
    let body = empty();
    json!({
        "schema_version": VERSION,
        "environment": body.environment,
        "account": body.account,
        "regions": body.regions,
        "tool_version": body.digests.tool_version,
        "promises": paper::days(),
        "plan": plan(&body),
        "live": kinds,
        "planned": kinds,
        "unknown": {},
    })
}

fn empty() -> PlanBody {
    PlanBody {
        schema_version: PLAN_VERSION,
        environment: Environment::Production,
        account: "111111111111".to_owned(),
        regions: vec![Region::Tokyo, Region::Osaka],
        release: None,
        digests: Digests {
            configuration: String::new(),
            promises: String::new(),
            roles: String::new(),
            policies: String::new(),
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        summary: Summary::default(),
        changes: Vec::new(),
        steps: Vec::new(),
        drifted: Vec::new(),
        pending: Vec::new(),
        service_managed: Vec::new(),
        orphans: Vec::new(),
        foreign: Vec::new(),
        copies: Vec::new(),
        unreadable: Vec::new(),
        blocked: Vec::new(),
        unconfirmed: Vec::new(),
        spent_tombstones: Vec::new(),
        divergences: Vec::new(),
        way_back: None,
        promises: Vec::new(),
        new_paths: Vec::new(),
        policies: Vec::new(),
    }
}

/// Merges what a case gives into the empty environment, and fills in what a case may leave out of a resource.
pub(super) fn complete(given: Json, environment: Environment) -> Json {
    let mut input = skeleton();
    lay_over(&mut input, given);
    for at in [&["environment"][..], &["plan", "environment"]] {
        let place = at.iter().fold(&mut input, |place, name| &mut place[*name]);
        *place = json!(environment);
    }
    for state in ["live", "planned"] {
        for list in input[state].as_object_mut().into_iter().flat_map(Map::values_mut) {
            list.as_array_mut().into_iter().flatten().for_each(fill);
        }
    }
    input
}

fn lay_over(under: &mut Json, over: Json) {
    match (under, over) {
        (Json::Object(under), Json::Object(over)) => {
            for (key, value) in over {
                match under.get_mut(&key) {
                    Some(place) => lay_over(place, value),
                    None => _ = under.insert(key, value),
                }
            }
        }
        (under, over) => *under = over,
    }
}

fn fill(resource: &mut Json) {
    let id: Option<ResourceId> = resource["id"].as_str().and_then(|id| id.parse().ok());
    let name = id.as_ref().map_or_else(String::new, |id| id.name.to_string());
    let region = id.as_ref().map_or(Region::Tokyo, |id| id.region).as_str();
    let absent = [
        ("name", json!(name)),
        ("region", json!(region)),
        ("standing", json!("ours")),
        ("physical", json!(name)),
        ("tenant", Json::Null),
        ("attributes", json!({})),
        ("pending", json!({})),
        ("tags", json!({})),
    ];
    if let Some(resource) = resource.as_object_mut() {
        for (key, value) in absent {
            resource.entry(key).or_insert(value);
        }
    }
}
