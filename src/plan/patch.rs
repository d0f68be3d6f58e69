//! Applies planned differences to a live value. A step sends the live value with exactly the approved elements changed, so a
//! plan never removes an element that appeared later and that it never showed.

use std::collections::BTreeMap;

use crate::model::equality::{self, policy};
use crate::model::path::Path;
use crate::model::schema::{self, AttributeSchema, Comparison};
use crate::model::value::Map;
use crate::model::{Attributes, Diff, KindSchema, Name, Value};

use super::compare::{self, element_key};

/// Live attributes (with tags under `tags`) after exactly these differences.
#[must_use]
pub fn apply(schema: &KindSchema, live: &Attributes, diffs: &[Diff]) -> Attributes {
    let mut target = live.clone();
    // A document is taken apart once: the key of a statement may depend on the other statements.
    let mut documents: BTreeMap<Name, Map> = BTreeMap::new();
    for diff in diffs {
        let path = schema::parts(&diff.path, Some(schema));
        let Some(attribute) = schema.attribute(path.attribute) else { continue };
        let current = target.get(attribute.name).cloned().unwrap_or(Value::Null);
        if let (Some(taken_apart), Some(key)) = (apart(attribute.comparison), path.element) {
            let parts = documents.entry(attribute.name).or_insert_with(|| taken_apart(&current));
            let key = statement_key(parts, key, &diff.before, attribute).unwrap_or_else(|| key.to_owned());
            *parts = patched_map(std::mem::take(parts), &key, &diff.after);
        } else {
            let written = written(attribute, &current, &path, &diff.before);
            let path = Path { element: written.as_deref().or(path.element), ..path };
            target.set(attribute.name, patched(attribute, &current, &path, &diff.after));
        }
    }
    for (attribute, parts) in documents {
        let several = schema.row(attribute).is_some_and(|attribute| attribute.comparison == Comparison::Policies);
        target.set(attribute, if several { named_documents(parts) } else { document(parts) });
    }
    target.retain(|_, value| !value.is_null());
    target
}

type TakeApart = fn(&Value) -> Map;

/// The function that takes a policy document apart, for an attribute that holds documents.
fn apart(comparison: Comparison) -> Option<TakeApart> {
    match comparison {
        Comparison::Policy => Some(compare::statements),
        Comparison::Policies => Some(compare::named_statements),
        _ => None,
    }
}

/// The live value at a difference's path; `Null` when there is none.
#[must_use]
pub fn value_at(schema: &KindSchema, live: &Attributes, path: &str) -> Value {
    let path = schema::parts(path, Some(schema));
    let Some(attribute) = schema.attribute(path.attribute) else { return Value::Null };
    let Some(current) = live.get(attribute.name) else { return Value::Null };
    let Some(key) = path.element else { return current.clone() };
    let element = match attribute.comparison {
        Comparison::Keyed(fields) => list(current).into_iter().find(|element| element_key(fields, element) == key),
        Comparison::Set => list(current).into_iter().find(|element| element.to_string() == key),
        Comparison::Policy => compare::statements(current).get(key).cloned(),
        Comparison::Policies => compare::named_statements(current).get(key).cloned(),
        _ => current.as_map().and_then(|map| map.get(key)).cloned(),
    };
    let Some(element) = element else { return Value::Null };
    let Some(field) = path.field else { return element };
    let value = element.as_map().and_then(|map| map.get(field)).cloned().unwrap_or(Value::Null);
    match path.item {
        Some(item) => list(&value).into_iter().find(|element| element.to_string() == item).unwrap_or(Value::Null),
        None => value,
    }
}

/// The element in which a difference lies, when the live value does not have it any more. Such a difference is neither open nor
/// reached: there is nothing in which it could be either.
#[must_use]
pub fn gone_element<'a>(schema: &KindSchema, live: &Attributes, diff: &'a Diff) -> Option<&'a str> {
    let path = schema::parts(&diff.path, Some(schema));
    let (key, _) = path.element.zip(path.field)?;
    let attribute = schema.attribute(path.attribute)?;
    let Comparison::Keyed(fields) = attribute.comparison else { return None };
    let elements = live.get(attribute.name).map(list).unwrap_or_default();
    let whole = path.attribute.len() + key.len() + 2;
    elements.iter().all(|element| element_key(fields, element) != key).then(|| diff.path.get(..whole)).flatten()
}

/// Whether the live value is the one before this difference, in whatever spelling.
#[must_use]
pub fn is_before(schema: &KindSchema, live: &Attributes, diff: &Diff) -> bool {
    if gone_element(schema, live, diff).is_some() {
        return false;
    }
    if value_at(schema, live, &diff.path) == diff.before {
        return true;
    }
    let path = schema::parts(&diff.path, Some(schema));
    let Some(attribute) = schema.attribute(path.attribute) else { return false };
    let null = Value::Null;
    let current = live.get(attribute.name).unwrap_or(&null);
    let written = match apart(attribute.comparison) {
        Some(apart) => path.element.and_then(|key| statement_key(&apart(current), key, &diff.before, attribute)),
        None => written(attribute, current, &path, &diff.before),
    };
    let now = match written {
        Some(key) if Some(key.as_str()) != path.element => {
            let rest = diff.path.get(path.attribute.len() + 1 + path.element.map_or(0, str::len)..).unwrap_or_default();
            value_at(schema, live, &format!("{}[{key}{rest}", path.attribute))
        }
        _ => value_at(schema, live, &diff.path),
    };
    equality::same_at(attribute, path.element, path.field, live, &now, &diff.before)
}

/// The key under which a document has the statement of a difference: its own, or that of a statement which means the same.
fn statement_key(parts: &Map, key: &str, before: &Value, attribute: &AttributeSchema) -> Option<String> {
    if before.is_null() || parts.contains_key(key) {
        return None;
    }
    let document = |key: &str| {
        let named = attribute.comparison == Comparison::Policies;
        key.split_once(' ').filter(|_| named).map(|(name, _)| name.to_owned())
    };
    let same = |known: &&std::sync::Arc<str>| document(known) == document(key) && policy::same_statement(&parts[*known], before);
    parts.keys().find(same).map(ToString::to_string)
}

/// The element of a difference as the live value writes it, where that is another spelling.
fn written(attribute: &AttributeSchema, current: &Value, path: &Path<'_>, before: &Value) -> Option<String> {
    let key = path.element?;
    let names = |element: &Value| match attribute.comparison {
        Comparison::Keyed(fields) => element_key(fields, element),
        _ => element.to_string(),
    };
    match attribute.comparison {
        Comparison::Keyed(_) | Comparison::Set if path.field.is_none() && !before.is_null() && !attribute.spelled.is_empty() => {
            let items = current.as_list().unwrap_or_default();
            if items.iter().any(|item| names(item) == key) {
                return None;
            }
            items.iter().find(|item| equality::same_part(attribute.spelled, item, before)).map(names)
        }
        Comparison::Map if !attribute.spelled.is_empty() => {
            let mut names = current.as_map()?.keys();
            names.find(|name| equality::parameter::name(name) == equality::parameter::name(key)).map(ToString::to_string)
        }
        _ => None,
    }
}

/// Whether both have the same value at this path.
pub(super) fn same_at(schema: &KindSchema, one: &Attributes, other: &Attributes, path: &str) -> bool {
    value_at(schema, one, path) == value_at(schema, other, path)
}

/// Whether the live value is already what this difference asks for.
#[must_use]
pub fn reached(schema: &KindSchema, live: &Attributes, diff: &Diff) -> bool {
    if gone_element(schema, live, diff).is_some() {
        return false;
    }
    let target = apply(schema, live, std::slice::from_ref(diff));
    let Some(attribute) = schema.attribute(diff.attribute()) else { return true };
    let null = Value::Null;
    compare::attribute_differences(
        attribute,
        live,
        live.get(attribute.name).unwrap_or(&null),
        target.get(attribute.name).unwrap_or(&null),
    )
    .is_empty()
}

fn list(value: &Value) -> Vec<Value> {
    value.as_list().unwrap_or_default().to_vec()
}

fn patched(attribute: &AttributeSchema, current: &Value, path: &Path<'_>, after: &Value) -> Value {
    let Some(key) = path.element else { return after.clone() };
    match attribute.comparison {
        Comparison::Keyed(fields) => Value::from(patched_elements(list(current), fields, key, path, after)),
        Comparison::Set => Value::from(patched_set(list(current), key, after)),
        _ => Value::from(patched_map(current.as_map().cloned().unwrap_or_default(), key, after)),
    }
}

fn patched_set(mut items: Vec<Value>, key: &str, after: &Value) -> Vec<Value> {
    items.retain(|item| item.to_string() != key);
    if !after.is_null() {
        items.push(after.clone());
    }
    items.sort();
    items
}

fn patched_map(mut map: Map, key: &str, after: &Value) -> Map {
    if after.is_null() {
        map.remove(key);
    } else {
        map.insert(key.into(), after.clone());
    }
    map
}

fn patched_elements(mut elements: Vec<Value>, fields: &[&str], key: &str, path: &Path<'_>, after: &Value) -> Vec<Value> {
    if let Some(field) = path.field {
        for element in elements.iter_mut().filter(|element| element_key(fields, element) == key) {
            if let Some(map) = element.as_map() {
                let value = match path.item {
                    Some(item) => Value::from(patched_set(list(map.get(field).unwrap_or(&Value::Null)), item, after)),
                    None => after.clone(),
                };
                *element = Value::from(patched_map(map.clone(), field, &value));
            }
        }
        return elements;
    }
    elements.retain(|element| element_key(fields, element) != key);
    if !after.is_null() {
        elements.push(after.clone());
    }
    elements.sort_by_key(|element| element_key(fields, element));
    elements
}

/// Puts the document together from canonical statements. AWS compares documents by meaning, and so does tokaido.
fn document(parts: Map) -> Value {
    let mut document = Map::new();
    let mut statements = Vec::new();
    for (key, value) in parts {
        if &*key == "Version" {
            document.insert(key, value);
        } else {
            statements.push(value);
        }
    }
    document.insert("Statement".into(), Value::from(statements));
    Value::from(document)
}

/// Puts the named documents together. A document of which no part is left is removed.
fn named_documents(parts: Map) -> Value {
    let mut named: BTreeMap<String, Map> = BTreeMap::new();
    for (key, value) in parts {
        let (name, part) = key.split_once(' ').unwrap_or((&key, ""));
        named.entry(name.to_owned()).or_default().insert(part.into(), value);
    }
    Value::map(named.into_iter().map(|(name, parts)| (name, document(parts))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::{backup_plan, kms_key, security_group};
    use crate::model::path;

    /// A selection that somebody removed neither has what a difference inside it asks for, nor is it as before.
    #[test]
    fn nothing_is_reached_inside_an_element_that_is_gone() {
        let selection = |name: &str, resources: &[&str]| {
            Value::map([("name", Value::from(name)), ("resources", Value::list(resources.iter().copied()))])
        };
        let live =
            |selections: Vec<Value>| Attributes::from_iter([(backup_plan::at::selections.name(), Value::from(selections))]);
        let added = Diff {
            path: "selections[one].resources[b]".to_owned(),
            before: Value::Null,
            after: Value::from("b"),
            class: crate::model::Class::Change,
        };
        let removed = Diff { before: Value::from("b"), after: Value::Null, ..added.clone() };
        let says = |selections: Vec<Value>, diff: &Diff| {
            let live = live(selections);
            let gone = gone_element(&backup_plan::SCHEMA, &live, diff).map(str::to_owned);
            (reached(&backup_plan::SCHEMA, &live, diff), is_before(&backup_plan::SCHEMA, &live, diff), gone)
        };
        assert_eq!(says(vec![selection("one", &["a"])], &added), (false, true, None));
        assert_eq!(says(vec![selection("one", &["a", "b"])], &added), (true, false, None));
        assert_eq!(says(vec![selection("one", &["a"])], &removed), (true, false, None));
        for diff in [&added, &removed] {
            assert_eq!(says(vec![selection("two", &["b"])], diff), (false, false, Some("selections[one]".to_owned())));
            assert_eq!(says(Vec::new(), diff), (false, false, Some("selections[one]".to_owned())));
        }
        let whole = Diff { path: "selections[one]".to_owned(), before: selection("one", &["a"]), after: Value::Null, ..added };
        assert_eq!(says(Vec::new(), &whole), (true, false, None), "an element that was to go is gone");
    }

    #[test]
    fn paths_are_taken_apart() {
        let plain = schema::parts("enabled", Some(&kms_key::SCHEMA));
        assert_eq!(plain, Path { attribute: "enabled", element: None, field: None, item: None });
        let rule = schema::parts("rules[ingress tcp 443 203.0.113.0/24]", Some(&security_group::SCHEMA));
        assert_eq!((rule.attribute, rule.element), ("rules", Some("ingress tcp 443 203.0.113.0/24")));
        let text = "selections[databases-1].resources[db-instance.catalog@tokyo]";
        for schema in [Some(&backup_plan::SCHEMA), None] {
            let item = schema::parts(text, schema);
            assert_eq!(
                (item.attribute, item.element, item.field, item.item),
                ("selections", Some("databases-1"), Some("resources"), Some("db-instance.catalog@tokyo"))
            );
        }
        let statement = schema::parts("policy[Action [a].b, Effect Allow]", Some(&kms_key::SCHEMA));
        assert_eq!((statement.element, statement.field), (Some("Action [a].b, Effect Allow"), None));
        assert_eq!(path::attribute("policy[Action [a].b, Effect Allow]"), "policy");
    }
}
