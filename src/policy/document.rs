//! The input as the engine reads it, with only the fields that the policies name. Fields and values are those of
//! [`super::input()`]; texts are shared with the state. Imports `model`, `kinds`.

use std::collections::BTreeMap;
use std::sync::Arc;

use rego_check::{Document, Prepared};
use serde_json::Value as Json;

use crate::kinds;
use crate::model::{Live, ObservedState, Value, tags};

use super::input::{PendingView, VERSION, each, plan, promises, unknown};
use super::question::PolicyInput;

/// Kept once for all resources.
#[derive(Default)]
struct Names(BTreeMap<&'static str, Document>);

impl Names {
    fn of(&mut self, name: &'static str) -> Document {
        self.0.entry(name).or_insert_with(|| Document::from(name)).clone()
    }
}

/// [`super::input()`] as far as one of these policies names it. All kinds are there; the lists that no policy reads are empty.
pub(super) fn document(question: &PolicyInput<'_>, policies: &[&Prepared]) -> Document {
    let PolicyInput { body, live, planned, .. } = question;
    let named = |field: &str| policies.iter().any(|policy| policy.mentions().field(field));
    let inside = |field: &str, name: &str| policies.iter().any(|policy| policy.mentions().inside(field, name));
    let mut names = Names::default();
    let mut fields = vec![
        (names.of("schema_version"), Document::from(i64::from(VERSION))),
        (names.of("environment"), Document::from(body.environment.as_str())),
        (names.of("account"), Document::from(body.account.as_str())),
        (names.of("regions"), Document::list(body.regions.iter().map(|region| Document::from(region.code())))),
        (names.of("tool_version"), Document::from(body.digests.tool_version.as_str())),
        (names.of("promises"), Document::from(&Json::Object(promises(question)))),
        (names.of("unknown"), Document::from(&Json::Object(unknown(live)))),
    ];
    if named("plan") {
        fields.push((names.of("plan"), Document::from(&plan(body))));
    }
    for (field, state, sight) in [("live", live, PendingView::Now), ("planned", planned, PendingView::Done)] {
        if named(field) {
            let wanted = |kind: &str| inside(field, kind);
            fields.push((names.of(field), resources(state, sight, wanted, &mut names)));
        }
    }
    Document::object(fields)
}

fn resources(state: &ObservedState, sight: PendingView, wanted: impl Fn(&str) -> bool, names: &mut Names) -> Document {
    let mut found: BTreeMap<&str, Vec<(String, Document)>> = BTreeMap::new();
    for kind in kinds::planned() {
        found.insert(kind.schema.kind, Vec::new());
    }
    let chosen: Vec<&str> = found.keys().copied().filter(|kind| wanted(kind)).collect();
    each(state, &mut |kind, id, name, region, standing, live| {
        if let Ok(index) = chosen.binary_search(&kind)
            && let Some(list) = found.get_mut(chosen[index])
        {
            let resource = resource(&id, name, region.as_str(), standing, live, sight, names);
            list.push((id, resource));
        }
    });
    Document::object(found.into_iter().map(|(kind, mut list)| {
        list.sort_by(|a, b| a.0.cmp(&b.0));
        (names.of(kinds::find(kind).map_or("", |kind| kind.schema.kind)), Document::list(list.into_iter().map(|(_, one)| one)))
    }))
}

fn resource(
    id: &str,
    name: &str,
    region: &'static str,
    standing: &'static str,
    live: &Live,
    sight: PendingView,
    names: &mut Names,
) -> Document {
    let pending = live.pending.iter().map(|pending| (names.of(pending.attribute.as_str()), value(&pending.value)));
    let pending = Document::object(pending.collect::<Vec<_>>());
    let mut attributes = live.attributes.bare().clone();
    if sight == PendingView::Done {
        for pending in &live.pending {
            attributes.set(pending.attribute, pending.value.clone());
        }
    }
    let attributes: Vec<_> = attributes.iter().map(|(name, item)| (names.of(name.as_str()), value(item))).collect();
    let tags_of = live.tags.iter().map(|(key, value)| (Document::from(key.as_str()), Document::from(value.as_str())));
    Document::object([
        (names.of("id"), Document::from(id)),
        (names.of("name"), Document::from(name)),
        (names.of("region"), names.of(region)),
        (names.of("standing"), names.of(standing)),
        (names.of("physical"), Document::from(live.physical.as_str())),
        (names.of("tenant"), live.tags.get(tags::TENANT).map_or(Document::NULL, |tenant| Document::from(tenant.as_str()))),
        (names.of("attributes"), Document::object(attributes)),
        (names.of("pending"), pending),
        (names.of("tags"), Document::object(tags_of)),
    ])
}

/// As its JSON is.
fn value(of: &Value) -> Document {
    match of {
        Value::Null => Document::NULL,
        Value::Bool(value) => Document::from(*value),
        Value::Int(number) => Document::from(*number),
        Value::Text(text) => Document::from(Arc::clone(text)),
        Value::List(items) => Document::list(items.iter().map(value)),
        Value::Map(map) => Document::object(map.iter().map(|(key, item)| (Document::from(Arc::clone(key)), value(item)))),
        // A reference has a form of its own, that of its JSON.
        Value::Ref(_) => Document::from(&serde_json::to_value(of).unwrap_or_default()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what it expects")]
mod tests {
    use serde_json::json;

    use super::*;

    /// Every form of a value is the same in both.
    #[test]
    fn values_are_as_their_json_is() {
        for json in [
            json!(null),
            json!(true),
            json!(-7),
            json!("文"),
            json!(["a", ["b"]]),
            json!({ "a": { "b": [1] } }),
            json!({ "$ref": "kms-key.main@tokyo", "output": "arn" }),
        ] {
            let own: Value = serde_json::from_value(json.clone()).unwrap();
            assert_eq!(value(&own), Document::from(&json), "{json}");
        }
    }
}
