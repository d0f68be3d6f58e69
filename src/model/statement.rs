//! Policy documents as statements in canonical form, so that two spellings of one document are equal.

use std::collections::{BTreeMap, BTreeSet};

use super::value::{Map, Value};

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
        let tests = tests.as_map().map(|tests| {
            let tests = tests.iter().map(|(key, value)| {
                let items = value.as_list().map_or_else(|| vec![value.clone()], <[_]>::to_vec);
                // Condition keys are case-insensitive in IAM.
                (key.to_ascii_lowercase(), sorted(&Value::List(items.iter().map(text).collect())))
            });
            Value::map(tests)
        });
        (operator.clone(), tests.unwrap_or(Value::Null))
    });
    Value::map(canonical)
}
