//! One difference model for verdict and repair: a live value with its differences applied is the desired value.

use std::sync::Arc;

use proptest::prelude::*;
use tokaido::kinds;
use tokaido::model::schema::Comparison;
use tokaido::model::value::Map;
use tokaido::model::{AttributeSchema, Attributes, Class, Diff, KindSchema, Value};
use tokaido::plan::{compare, patch};

use super::for_all;

fn word() -> impl Strategy<Value = Value> {
    prop_oneof![
        prop::sample::select(vec!["a", "b", "ingress", "*", "x].y[z]", "daily copy", "日本", "111111111111", "10.0.0.0/8", ""])
            .prop_map(Value::from),
        (-1..6_i64).prop_map(Value::Int),
        any::<bool>().prop_map(Value::Bool),
    ]
}

fn map_of(keys: Vec<&'static str>, values: impl Strategy<Value = Value> + 'static) -> BoxedStrategy<Value> {
    prop::collection::btree_map(prop::sample::select(keys).prop_map(Arc::from), values, 0..4)
        .prop_map(|entries| Value::from(entries.into_iter().collect::<Map>()))
        .boxed()
}

fn list_of(items: impl Strategy<Value = Value> + 'static) -> BoxedStrategy<Value> {
    prop::collection::vec(items, 0..4).prop_map(|items: Vec<Value>| Value::from(items)).boxed()
}

fn statement() -> BoxedStrategy<Value> {
    let scalar_or_list = || prop_oneof![word(), list_of(word())];
    let principal = prop_oneof![word(), map_of(vec!["AWS", "Service"], scalar_or_list())];
    let condition =
        map_of(vec!["StringEquals", "Bool"], map_of(vec!["aws:SourceAccount", "AWS:sourceaccount"], scalar_or_list()));
    (prop::option::of(prop::sample::select(vec!["One", "Two", ""])), principal, scalar_or_list(), condition)
        .prop_map(|(sid, principal, action, condition)| {
            let parts =
                [("Effect", Value::from("Allow")), ("Principal", principal), ("Action", action), ("Condition", condition)];
            Value::map(parts.into_iter().chain(sid.map(|sid| ("Sid", Value::from(sid)))))
        })
        .boxed()
}

/// Values of the form that the attribute takes, more of them than AWS would accept.
fn value(attribute: &AttributeSchema) -> BoxedStrategy<Value> {
    match attribute.comparison {
        Comparison::Exact | Comparison::WriteOnly | Comparison::ReadOnly => prop_oneof![word(), Just(Value::Null)].boxed(),
        Comparison::CaseFolded => prop::sample::select(vec!["Sun:19:13", "sun:19:13", "mon"]).prop_map(Value::from).boxed(),
        Comparison::AtLeast => (0..9_i64).prop_map(Value::Int).boxed(),
        Comparison::Version { .. } => {
            prop::sample::select(vec!["16", "16.4", "16.9", "16.10", "17.1", "8.0.39", "8.0", "3.9", "3.10", "x"])
                .prop_map(Value::from)
                .boxed()
        }
        Comparison::Set => list_of(word()),
        Comparison::Map => map_of(vec!["timezone", "rds.force_ssl", "x].y"], word()),
        Comparison::Tags => {
            map_of(vec!["tokaido:id", "tokaido:tenant", "tokaido:intent", "team", "aws:cloudformation:stack-name"], word())
        }
        Comparison::Keyed(fields) => {
            // What identifies an element is complete; only ports may be absent.
            let key = |field: &'static str| {
                let text =
                    prop::sample::select(vec!["a", "daily copy", "10.0.0.0/8", "日本"]).prop_map(|text| Some(Value::from(text)));
                let port = prop::option::of((-1..3_i64).prop_map(Value::Int));
                let value = if ["from", "to"].contains(&field) { port.boxed() } else { text.boxed() };
                value.prop_map(move |value| value.map(|value| (Arc::from(field), value)))
            };
            let keys = fields.iter().map(|field| key(field)).collect::<Vec<_>>();
            let keys = keys.prop_map(|pairs| {
                let mut map: Map = pairs.into_iter().flatten().collect();
                // A rule has both ports or none.
                if map.contains_key("from") != map.contains_key("to") {
                    map.retain(|field, _| !["from", "to"].contains(&&**field));
                }
                Value::from(map)
            });
            let others = map_of(vec!["delete_after_days", "resources"], prop_oneof![word(), list_of(word())]);
            let element = (keys, others).prop_map(|(keys, others)| {
                keys.as_map()
                    .into_iter()
                    .chain(others.as_map())
                    .flatten()
                    .map(|(key, value)| (key.clone(), value.clone()))
                    .collect::<Map>()
            });
            // AWS has no two elements of one key.
            let fields = fields.to_vec();
            prop::collection::vec(element.prop_map(Value::from), 0..4)
                .prop_map(move |mut elements: Vec<Value>| {
                    let mut seen = std::collections::BTreeSet::new();
                    elements.retain(|element| seen.insert(compare::element_key(&fields, element)));
                    Value::from(elements)
                })
                .boxed()
        }
        Comparison::Policy => document(),
        Comparison::Policies => map_of(vec!["tokaido", "by-hand", "x].y"], document()),
    }
}

fn document() -> BoxedStrategy<Value> {
    (list_of(statement()), prop::bool::ANY)
        .prop_map(|(statements, versioned)| {
            let version = versioned.then(|| ("Version", Value::from("2012-10-17")));
            Value::map([("Statement", statements)].into_iter().chain(version))
        })
        .boxed()
}

fn attributes(schema: &'static KindSchema) -> impl Strategy<Value = Attributes> {
    let each: Vec<_> =
        schema.attributes.iter().map(|attribute| value(attribute).prop_map(|value| (attribute.name, value))).collect();
    each.prop_map(|pairs| pairs.into_iter().filter(|(_, value)| !value.is_null()).collect())
}

#[test]
fn differences_applied_leave_no_difference() {
    for (number, kind) in kinds::ALL.into_iter().enumerate() {
        let schema = kind.schema;
        for_all(200, u8::try_from(number).unwrap_or(0), &(attributes(schema), attributes(schema)), |(live, desired)| {
            let deltas = compare::differences(schema, &live, &desired);
            let diffs: Vec<Diff> = deltas
                .into_iter()
                .map(|delta| Diff { path: delta.path, before: delta.before, after: delta.after, class: Class::Change })
                .collect();
            let target = patch::apply(schema, &live, &diffs);
            let left = compare::differences(schema, &target, &desired);
            assert!(left.is_empty(), "{}: {left:#?}\nafter {diffs:#?}\non {live:?}", schema.kind);
            for diff in &diffs {
                assert!(patch::reached(schema, &target, diff), "{}: {diff:?} is not reached", schema.kind);
                assert_ne!(diff.before, diff.after, "{}: a difference without one", schema.kind);
            }
            assert!(compare::differences(schema, &desired, &desired).is_empty(), "equal to itself");
        });
    }
}

/// What apply checks before it acts: the live value at a difference's path is the one that the plan shows.
#[test]
fn the_value_at_a_path_is_what_the_difference_says() {
    for (number, kind) in kinds::ALL.into_iter().enumerate() {
        let schema = kind.schema;
        for_all(100, u8::try_from(number).unwrap_or(0), &(attributes(schema), attributes(schema)), |(live, desired)| {
            for delta in compare::differences(schema, &live, &desired) {
                let found = patch::value_at(schema, &live, &delta.path);
                assert_eq!(found, delta.before, "{} {}", schema.kind, delta.path);
            }
        });
    }
}
