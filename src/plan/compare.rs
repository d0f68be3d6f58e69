//! Whether a live value is the desired one, and where it differs. Planner, verdicts, pages and apply use this one equality.

use std::collections::{BTreeMap, BTreeSet};

pub use crate::model::equality::policy::{named_statements, statements};
use crate::model::equality::{self, Spelled, Spelling, policy};
use crate::model::schema::{self, AttributeSchema, Comparison};
use crate::model::tags::{self, Tags};
use crate::model::value::Map;
use crate::model::{Attributes, KindSchema, Live, Name, Shared, Status, Unread, Value, engine_version};

/// A difference before it has a class: `path` as in [`crate::model::Diff`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Delta {
    /// Where: `attribute`, `attribute[element]` or `attribute[element].field`.
    pub path: String,
    /// The value now; `Null` when absent.
    pub before: Value,
    /// The value that is compared with it; `Null` when absent.
    pub after: Value,
}

/// Attributes and tags as one map, the tags under `tags`.
#[must_use]
pub fn with_tags(attributes: &Attributes, tags: &Tags) -> Attributes {
    let mut whole = attributes.clone();
    whole.set(tags::ATTRIBUTE, tags::as_value(tags));
    whole
}

/// The attributes and tags of a live resource as one map. What was not read is missing here: see [`unread`].
#[must_use]
pub fn actual(live: &Live) -> Attributes {
    with_tags(live.attributes.bare(), &live.tags)
}

/// Whether a live resource has nothing that differs from the wanted attributes and tags, and no value that AWS moved within what
/// is declared. It is so for nearly all resources, and found without a copy of either side.
#[must_use]
pub fn undiffering(schema: &KindSchema, live: &Live, wanted: &Attributes, tags: &Tags) -> bool {
    let values = live.attributes.bare();
    let mut actual = values.iter().peekable();
    // Both are in the order of their names.
    let mut same = wanted.iter().map(|(name, value)| {
        while actual.next_if(|(next, _)| *next < name).is_some() {}
        let Some(found) = actual.next_if(|(next, _)| *next == name).map_or_else(|| absent(live, name), |(_, found)| Some(found))
        else {
            return schema.attribute(name).is_some_and(|attribute| !attribute.comparison.compares());
        };
        found == value
            || schema.attribute(name).is_some_and(|attribute| {
                attribute_differences(attribute, wanted, found, value).is_empty()
                    && !moved_within(attribute, wanted, found, value)
            })
    });
    (values.is_shared_with(wanted) || same.all(|same| same)) && same_tags(&live.tags, tags)
}

/// `Null` where AWS was asked and has no value.
fn absent(live: &Live, name: Name) -> Option<&'static Value> {
    live.attributes.reading(name).asked().is_ok().then_some(&Value::Null)
}

/// The wanted attributes that were not read, with the reason. Whether they differ is unknown.
#[must_use]
pub fn unread(schema: &KindSchema, live: &Live, wanted: &Attributes) -> Vec<(Name, Unread)> {
    let returned = |name: &Name| {
        let attribute = schema.attribute(name);
        attribute.is_some_and(|row| row.comparison.compares() && row.comparison != Comparison::Tags)
    };
    live.attributes.of(wanted.names().filter(returned)).err().unwrap_or_default()
}

/// The wanted attributes that the answer should have told: of a resource that is not ready AWS does not tell everything, and its
/// state says so already. A call that failed is told whatever the state is.
#[must_use]
pub fn untold(schema: &KindSchema, live: &Live, wanted: &Attributes) -> Vec<(Name, Unread)> {
    let mut unread = unread(schema, live, wanted);
    unread.retain(|(_, why)| live.status == Status::Ready || matches!(why, Unread::Failed(_)));
    unread
}

fn same_tags(before: &Tags, after: &Tags) -> bool {
    let namespace = |(key, _): &(&Shared, &Shared)| tags::compared(key);
    before.iter().filter(namespace).eq(after.iter().filter(namespace))
}

/// Every difference between `before` and `after` in the attributes that `after` has. Sorted by path.
#[must_use]
pub fn differences(schema: &KindSchema, before: &Attributes, after: &Attributes) -> Vec<Delta> {
    let mut found: Vec<Delta> = after
        .iter()
        .filter_map(|(name, value)| schema.attribute(name).map(|attribute| (attribute, value)))
        .flat_map(|(attribute, value)| {
            attribute_differences(attribute, after, before.get(attribute.name).unwrap_or(&Value::Null), value)
        })
        .collect();
    found.sort();
    found
}

/// How many attributes of `after` are compared at all.
#[must_use]
pub fn compared(schema: &KindSchema, after: &Attributes) -> usize {
    after.names().filter(|name| schema.attribute(name).is_some_and(|attribute| attribute.comparison.compares())).count()
}

/// Every difference of one attribute, by its rule of comparison. `Null` stands for an absent value. `beside` are the attributes of
/// the same resource: the rule for a version depends on the engine.
#[must_use]
pub fn attribute_differences(attribute: &AttributeSchema, beside: &Attributes, before: &Value, after: &Value) -> Vec<Delta> {
    let name = attribute.name.as_str();
    // Nearly all values are equal; the rest of this function makes canonical copies of both sides.
    if before == after {
        return Vec::new();
    }
    match attribute.comparison {
        Comparison::WriteOnly | Comparison::ReadOnly => Vec::new(),
        Comparison::Exact | Comparison::CaseFolded => {
            whole(name, before, after, equality::same_at(attribute, None, None, beside, before, after))
        }
        Comparison::AtLeast => {
            whole(name, before, after, matches!((before, after), (Value::Int(live), Value::Int(floor)) if live >= floor))
        }
        Comparison::Version { engine: named } => {
            whole(name, before, after, version_accepts(engine(named, beside), after, before))
        }
        Comparison::Set => set(name, attribute.spelled, before, after),
        Comparison::Keyed(fields) => keyed(name, fields, attribute.spelled, before, after),
        Comparison::Map => match attribute.spelled {
            [("", Spelling::Parameters(family))] => {
                parameters(name, equality::family(*family, beside), &map_of(before), &map_of(after))
            }
            _ => entries(name, &map_of(before), &map_of(after)),
        },
        Comparison::Tags => entries(name, &namespace(before), &namespace(after)),
        Comparison::Policy => documents(name, &statements(before), &statements(after), false),
        Comparison::Policies => documents(name, &named_statements(before), &named_statements(after), true),
    }
}

/// Whether two values at the path of a difference of this resource mean the same.
#[must_use]
pub fn same_at(schema: &KindSchema, live: Option<&Live>, path: &str, one: &Value, other: &Value) -> bool {
    if one == other {
        return true;
    }
    let path = schema::parts(path, Some(schema));
    let row = schema.attribute(path.attribute);
    let none = Attributes::default();
    let beside = live.map_or(&none, |live| live.attributes.bare());
    row.is_some_and(|row| equality::same_at(row, path.element, path.field, beside, one, other))
}

/// Whether AWS moved the value by itself within what is declared: storage that grew, a newer minor version. `beside` as in
/// [`attribute_differences`].
#[must_use]
pub fn moved_within(attribute: &AttributeSchema, beside: &Attributes, actual: &Value, desired: &Value) -> bool {
    match attribute.comparison {
        Comparison::AtLeast => matches!((actual, desired), (Value::Int(live), Value::Int(floor)) if live > floor),
        Comparison::Version { engine: named } => match (actual.as_text(), desired.as_text()) {
            (Some(live), Some(wanted)) => engine_version::moved_within(engine(named, beside), wanted, live),
            _ => false,
        },
        _ => false,
    }
}

fn whole(name: &str, before: &Value, after: &Value, equal: bool) -> Vec<Delta> {
    if equal { Vec::new() } else { vec![Delta { path: name.to_owned(), before: before.clone(), after: after.clone() }] }
}

/// The engine that the attributes of a database name; empty when they name none.
pub(super) fn engine(name: Name, attributes: &Attributes) -> &str {
    attributes.get(name).and_then(Value::as_text).unwrap_or_default()
}

fn version_accepts(engine: &str, wanted: &Value, live: &Value) -> bool {
    match (wanted.as_text(), live.as_text()) {
        (Some(wanted), Some(live)) => engine_version::accepts(engine, wanted, live),
        _ => wanted == live,
    }
}

/// Each item by its one form.
fn items(spelled: Spelled, value: &Value) -> BTreeMap<Value, &Value> {
    let items = value.as_list().unwrap_or_default().iter().rev();
    items.map(|item| (equality::form(spelled, item), item)).collect()
}

fn set(name: &str, spelled: Spelled, before: &Value, after: &Value) -> Vec<Delta> {
    let (live, wanted) = (items(spelled, before), items(spelled, after));
    let gone = live.iter().filter(|(form, _)| !wanted.contains_key(form)).map(|(_, item)| Delta {
        path: format!("{name}[{item}]"),
        before: (*item).clone(),
        after: Value::Null,
    });
    let added = wanted.iter().filter(|(form, _)| !live.contains_key(form)).map(|(_, item)| Delta {
        path: format!("{name}[{item}]"),
        before: Value::Null,
        after: (*item).clone(),
    });
    gone.chain(added).collect()
}

/// The identity of one element, in words: `ingress tcp 443 203.0.113.0/24`. Equal ports are written once.
#[must_use]
pub fn element_key(fields: &[&str], element: &Value) -> String {
    let Some(map) = element.as_map() else { return element.to_string() };
    let mut words: Vec<String> = Vec::new();
    for field in fields {
        let Some(value) = map.get(field).filter(|value| !value.is_null()) else { continue };
        match (*field, map.get("from")) {
            ("to", Some(from)) if from == value => {}
            ("to", Some(_)) => {
                if let Some(last) = words.last_mut() {
                    *last = format!("{last}-{value}");
                }
            }
            _ => words.push(value.to_string()),
        }
    }
    words.join(" ")
}

/// The elements by the identity of their one form, each as that form and as it is written.
type Elements<'a> = BTreeMap<String, (Value, &'a Value)>;

fn keyed(name: &str, fields: &[&str], spelled: Spelled, before: &Value, after: &Value) -> Vec<Delta> {
    // Two different elements have the same key: a path cannot name one of them, so the whole list is the difference.
    let (Some(live), Some(wanted)) = (by_key(fields, spelled, before), by_key(fields, spelled, after)) else {
        return whole(name, before, after, equality::same_list(spelled, before, after));
    };
    let mut found = Vec::new();
    for key in live.keys().chain(wanted.keys()).collect::<BTreeSet<_>>() {
        match (live.get(key), wanted.get(key)) {
            (Some((one, _)), Some((other, _))) if one == other => {}
            (Some((_, written @ Value::Map(old))), Some((_, Value::Map(new)))) => {
                let key = element_key(fields, written);
                for field in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
                    let path = format!("{name}[{key}].{field}");
                    let (old, new) = (old.get(field).unwrap_or(&Value::Null), new.get(field).unwrap_or(&Value::Null));
                    let spelling = spelled.iter().find(|(name, _)| *name == &**field).map(|(_, spelling)| *spelling);
                    match (old, new, spelling) {
                        (Value::List(_), Value::List(_), _) => found.extend(set(&path, &[], old, new)),
                        (Value::Text(one), Value::Text(other), Some(spelling)) => {
                            found.extend(whole(&path, old, new, spelling.same(one, other)));
                        }
                        _ => found.extend(whole(&path, old, new, old == new)),
                    }
                }
            }
            (old, new) => {
                let (old, new) = (old.map(|(_, written)| *written), new.map(|(_, written)| *written));
                let key = element_key(fields, old.or(new).unwrap_or(&Value::Null));
                found.push(Delta {
                    path: format!("{name}[{key}]"),
                    before: old.cloned().unwrap_or(Value::Null),
                    after: new.cloned().unwrap_or(Value::Null),
                });
            }
        }
    }
    found
}

/// `None` where two elements that mean different things have one identity.
fn by_key<'a>(fields: &[&str], spelled: Spelled, value: &'a Value) -> Option<Elements<'a>> {
    let mut found = Elements::new();
    for element in value.as_list().unwrap_or_default() {
        let form = equality::form(spelled, element);
        let known = found.entry(element_key(fields, &form)).or_insert_with(|| (form.clone(), element));
        if known.0 != form {
            return None;
        }
    }
    Some(found)
}

fn map_of(value: &Value) -> Map {
    value.as_map().cloned().unwrap_or_default()
}

fn namespace(value: &Value) -> Map {
    map_of(value).into_iter().filter(|(key, _)| tags::compared(key)).collect()
}

/// The entries whose names or values differ in more than their spelling.
fn parameters(name: &str, family: &str, live: &Map, wanted: &Map) -> Vec<Delta> {
    let (now, then) = (equality::parameters(family, live), equality::parameters(family, wanted));
    let written = |map: &Map, form: &str| {
        let entry = map.iter().find(|(name, _)| equality::parameter::name(name) == form);
        entry.map(|(name, value)| (name.to_string(), value.clone()))
    };
    let names = now.keys().chain(then.keys()).collect::<BTreeSet<_>>().into_iter();
    let differing = names.filter(|form| now.get(form) != then.get(form));
    differing
        .map(|form| {
            let (old, new) = (written(live, form), written(wanted, form));
            let key = old.as_ref().or(new.as_ref()).map(|(name, _)| name.clone()).unwrap_or_default();
            let value = |entry: Option<(String, Value)>| entry.map_or(Value::Null, |(_, value)| value);
            Delta { path: format!("{name}[{key}]"), before: value(old), after: value(new) }
        })
        .collect()
}

/// The statements that one side has and the other has not in the same meaning.
fn documents(name: &str, live: &Map, wanted: &Map, named: bool) -> Vec<Delta> {
    let of = |map: &Map, key: &str| map.get(key).cloned().unwrap_or(Value::Null);
    let unlike = policy::unlike(live, wanted, named).into_iter();
    unlike.map(|key| Delta { path: format!("{name}[{key}]"), before: of(live, key), after: of(wanted, key) }).collect()
}

fn entries(name: &str, live: &Map, wanted: &Map) -> Vec<Delta> {
    live.keys()
        .chain(wanted.keys())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .filter_map(|key| {
            let (old, new) = (live.get(key).unwrap_or(&Value::Null), wanted.get(key).unwrap_or(&Value::Null));
            (old != new).then(|| Delta { path: format!("{name}[{key}]"), before: old.clone(), after: new.clone() })
        })
        .collect()
}
