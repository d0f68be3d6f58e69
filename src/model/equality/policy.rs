//! Policy documents: their statements, and when two statements or documents mean the same.
//!
//! [`statements`] is the form in which plans show and send a document: lists instead of single items, sorted, account ids as
//! ARNs. Case is left as it was written. [`meaning`] goes on from there, and is only compared.
//!
//! Sources, all below `IAM/latest/UserGuide/`:
//! - `reference_policies_elements_action.html`: prefix and name of an action are case-insensitive.
//! - `reference_policies_elements_condition.html`: names of condition keys are case-insensitive; values are not.
//! - `reference_policies_elements_principal.html`: `"*"` and `{"AWS": "*"}` are equivalent, an account id is its root's ARN.
//! - `reference_policies_elements_version.html`: a document without a version has 2008-10-17.
//! - `reference_policies_elements_effect.html`: `Effect` is case-sensitive. Resources, operators and service principals are left
//!   as they are written as well: no page says that AWS folds them.

use std::collections::{BTreeMap, BTreeSet};

use super::wildcard;
use crate::model::value::{Map, Value};

/// The version of a document that names none.
const FIRST_VERSION: &str = "2008-10-17";

/// The statements of a policy document in canonical form, by `Sid`, and the other fields of the document except `Id`. A statement
/// without a `Sid` has its content as its key. A document may use one `Sid` several times; then the content follows the `Sid` in
/// the key of each, so that their order does not matter.
#[must_use]
pub fn statements(document: &Value) -> Map {
    let Some(map) = document.as_map() else { return Map::new() };
    let list =
        map.get("Statement").map(|value| value.as_list().map_or_else(|| vec![value.clone()], <[_]>::to_vec)).unwrap_or_default();
    let canonical: BTreeSet<Value> = list.iter().map(canonical_statement).collect();
    let sid = |statement: &Value| {
        statement
            .as_map()
            .and_then(|map| map.get("Sid"))
            .and_then(Value::as_text)
            .filter(|sid| !sid.is_empty())
            .map(str::to_owned)
    };
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for sid in canonical.iter().filter_map(sid) {
        *uses.entry(sid).or_default() += 1;
    }
    let mut found: Map = map
        .iter()
        .filter(|(key, _)| !["Statement", "Id"].contains(&&***key))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    for statement in canonical {
        let key = match sid(&statement) {
            Some(sid) if uses[&sid] == 1 => sid,
            Some(sid) => format!("{sid} {statement}"),
            None => statement.to_string(),
        };
        found.insert(key.into(), statement);
    }
    found
}

/// The [`statements`] of several documents. Each key begins with the name of its document, which has no spaces: `tokaido Reads`.
#[must_use]
pub fn named_statements(documents: &Value) -> Map {
    let mut found = Map::new();
    for (name, document) in documents.as_map().into_iter().flatten() {
        found.extend(statements(document).into_iter().map(|(key, value)| (format!("{name} {key}").into(), value)));
    }
    found
}

/// A statement of [`statements`] as it is compared: actions in lower case, and no empty `Sid`.
#[must_use]
pub fn meaning(statement: &Value) -> Value {
    let Some(map) = statement.as_map() else { return statement.clone() };
    let folded = |value: &Value| value.as_text().map_or_else(|| value.clone(), |text| Value::from(action(text)));
    let parts = map.iter().filter(|(key, value)| &***key != "Sid" || value.as_text() != Some(""));
    Value::map(parts.map(|(key, value)| {
        let value = match (&**key, value.as_list()) {
            ("Action" | "NotAction", Some(items)) => sorted(&Value::list(items.iter().map(folded))),
            _ => value.clone(),
        };
        (key.clone(), value)
    }))
}

/// Whether two statements of [`statements`] mean the same.
#[must_use]
pub fn same_statement(one: &Value, other: &Value) -> bool {
    one == other || (one.as_map().is_some() && other.as_map().is_some() && meaning(one) == meaning(other))
}

/// An action of a statement, or a pattern of actions, in one form.
#[must_use]
pub fn action(written: &str) -> String {
    written.to_ascii_lowercase()
}

/// Whether an action of a statement may be this one: it has a wildcard, or is the same but for case. A doubt counts as yes, so that
/// a policy which may work is not called broken.
#[must_use]
pub fn may_be(written: &str, meant: &str) -> bool {
    written.contains('*') || written.eq_ignore_ascii_case(meant)
}

/// Whether an action of a statement is this one, or a pattern that has it.
#[must_use]
pub fn fits(written: &str, action: &str) -> bool {
    wildcard::fits(&written.to_ascii_lowercase(), &action.to_ascii_lowercase())
}

/// Whether two documents mean the same.
#[must_use]
pub fn same(one: &Value, other: &Value) -> bool {
    one == other || unlike(&statements(one), &statements(other), false).is_empty()
}

/// Whether two lists of documents by name mean the same.
#[must_use]
pub fn same_named(one: &Value, other: &Value) -> bool {
    one == other || unlike(&named_statements(one), &named_statements(other), true).is_empty()
}

/// The keys of what one of the two has and the other does not have in the same meaning. Both are [`statements`] or, where
/// `named`, [`named_statements`].
#[must_use]
pub fn unlike<'a>(one: &'a Map, other: &'a Map, named: bool) -> BTreeSet<&'a str> {
    let keys = one.keys().chain(other.keys()).map(|key| &**key).collect::<BTreeSet<&str>>();
    let document = |key: &'a str| if named { key.split_once(' ').map_or("", |(name, _)| name) } else { "" };
    let mut meanings: [Option<Meanings<'a>>; 2] = [None, None];
    let differs = |key: &&'a str| {
        let key = *key;
        let (here, there) = (one.get(key), other.get(key));
        match (here, there) {
            (Some(here), Some(there)) => !same_statement(here, there),
            (Some(Value::Text(version)), None) => !defaulted(key, document(key), version, other, named),
            (None, Some(Value::Text(version))) => !defaulted(key, document(key), version, one, named),
            (Some(statement), None) | (None, Some(statement)) => {
                let (place, side) = if here.is_some() { (1, other) } else { (0, one) };
                let known = meanings[place].get_or_insert_with(|| {
                    side.iter()
                        .filter(|(_, value)| value.as_map().is_some())
                        .map(|(key, value)| (document(key), meaning(value)))
                        .collect()
                });
                !known.contains(&(document(key), meaning(statement)))
            }
            (None, None) => false,
        }
    };
    let mut differs = differs;
    keys.into_iter().filter(|key| one.get(key) != other.get(key) && differs(key)).collect()
}

/// What the statements of one side mean, with the names of their documents.
type Meanings<'a> = BTreeSet<(&'a str, Value)>;

/// Whether this is a version that a document of `other` has without naming it.
fn defaulted(key: &str, document: &str, version: &str, other: &Map, named: bool) -> bool {
    let (is_version, has_it) = if named {
        let begin = format!("{document} ");
        (key.strip_prefix(&begin) == Some("Version"), other.keys().any(|key| key.starts_with(&begin)))
    } else {
        (key == "Version", !other.is_empty())
    };
    is_version && version == FIRST_VERSION && has_it
}

/// The canonical form of a statement. A scalar becomes a list of one element, a list becomes a sorted set, the principal `"*"`
/// becomes `{AWS: ["*"]}`, and an account id becomes the ARN of its root.
fn canonical_statement(statement: &Value) -> Value {
    let Some(map) = statement.as_map() else { return statement.clone() };
    let canonical = map.iter().map(|(key, value)| {
        let value = match &**key {
            "Sid" | "Effect" => value.clone(),
            "Principal" | "NotPrincipal" => principal(value),
            "Condition" => conditions(value),
            _ => sorted(value),
        };
        (key.clone(), value)
    });
    Value::map(canonical)
}

fn sorted(value: &Value) -> Value {
    let items = value.as_list().map_or_else(|| vec![value.clone()], <[_]>::to_vec);
    Value::List(items.into_iter().collect::<BTreeSet<_>>().into_iter().collect())
}

fn principal(value: &Value) -> Value {
    let whole = || Map::from([("AWS".into(), value.clone())]);
    let map = value.as_map().cloned().unwrap_or_else(whole);
    let expand = |item: &Value| match item.as_text() {
        Some(account) if account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit()) => {
            Value::from(format!("arn:aws:iam::{account}:root"))
        }
        _ => item.clone(),
    };
    let canonical = map.iter().map(|(key, value)| {
        let Value::List(items) = sorted(value) else { return (key.clone(), value.clone()) };
        (key.clone(), sorted(&Value::List(items.iter().map(expand).collect())))
    });
    Value::map(canonical)
}

fn conditions(value: &Value) -> Value {
    let Some(operators) = value.as_map() else { return value.clone() };
    let text = |value: &Value| match value {
        Value::Bool(_) | Value::Int(_) => Value::from(value.to_string()),
        other => other.clone(),
    };
    let canonical = operators.iter().map(|(operator, tests)| {
        let Some(tests) = tests.as_map() else { return (operator.clone(), tests.clone()) };
        // Two tests whose keys differ in case alone are two tests: none may hide the other.
        let folded: BTreeSet<String> = tests.keys().map(|key| key.to_ascii_lowercase()).collect();
        let distinct = folded.len() == tests.len();
        let tests = tests.iter().map(|(key, value)| {
            let items = value.as_list().map_or_else(|| vec![value.clone()], <[_]>::to_vec);
            let key = if distinct { key.to_ascii_lowercase() } else { key.to_string() };
            (key, sorted(&Value::List(items.iter().map(text).collect())))
        });
        (operator.clone(), Value::map(tests))
    });
    Value::map(canonical)
}
