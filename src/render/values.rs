//! Values as people read them: numbers with a unit, list elements by their identity, policy statements in words.

use crate::model::value::Map;
use crate::model::{AttributeSchema, Comparison, Value};

use super::rows::{Line, Role};

/// One value on one line. Text with spaces is quoted, so that a reader sees where it ends.
pub fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) if text.is_empty() || text.contains(char::is_whitespace) || text.contains(", ") => {
            format!("\"{text}\"")
        }
        Value::List(items) if items.is_empty() => "[]".to_owned(),
        Value::List(items) => format!("[{}]", items.iter().map(plain).collect::<Vec<_>>().join(", ")),
        Value::Map(map) if map.is_empty() => "{}".to_owned(),
        Value::Map(map) => {
            let fields: Vec<_> = map.iter().map(|(key, value)| format!("{key}: {}", plain(value))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        other => other.to_string(),
    }
}

/// A scalar with its unit; lists item by item, so that they can wrap.
pub fn cells(value: &Value, role: Role, unit: Option<&str>) -> Line {
    match (value, unit) {
        (Value::Int(1), Some(unit)) => Line::new().value(role, format!("1 {}", unit.strip_suffix('s').unwrap_or(unit))),
        (Value::Int(number), Some(unit)) => Line::new().value(role, format!("{number} {unit}")),
        (Value::List(items), _) if !items.is_empty() => {
            let last = items.len() - 1;
            items.iter().enumerate().fold(Line::new(), |line, (index, item)| {
                let open = if index == 0 { "[" } else { "" };
                let close = if index == last { "]" } else { "," };
                line.value(role, format!("{open}{}{close}", plain(item)))
            })
        }
        (Value::Map(map), _) if !map.is_empty() => fields(map, &[], role),
        _ => Line::new().value(role, plain(value)),
    }
}

/// `delete_after_days 8 · continuous false`, without the fields that are the element's identity.
pub fn fields(map: &Map, key: &[&str], role: Role) -> Line {
    Line::dotted(
        map.iter()
            .filter(|(name, _)| !key.contains(&&***name))
            .map(|(name, value)| Line::new().value(Role::Plain, format!("{name}:")).join(cells(value, role, None).clinging())),
    )
}

/// The fields that make an element of this attribute the same one.
pub const fn key_of(attribute: Option<&AttributeSchema>) -> &'static [&'static str] {
    match attribute {
        Some(AttributeSchema { comparison: Comparison::Keyed(key), .. }) => key,
        _ => &[],
    }
}

/// An element by its identity, in the order of the key: `ingress tcp 443 203.0.113.0/24`.
pub fn identity(map: &Map, key: &[&str]) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut from: Option<String> = None;
    for name in key {
        let Some(value) = map.get(name).filter(|value| !value.is_null()) else { continue };
        let word = value.to_string();
        match *name {
            "from" => from = Some(word),
            "to" if from.as_ref() == Some(&word) => words.extend(from.take()),
            "to" => words.push(from.take().map_or_else(|| word.clone(), |from| format!("{from}-{word}"))),
            _ => words.push(word),
        }
    }
    words.extend(from);
    words.join(" ")
}

/// The statements of a policy document, each with its Sid or its number.
pub fn statements(policy: &Value) -> Vec<(String, &Map)> {
    let Some(statement) = policy.as_map().and_then(|map| map.get("Statement")) else { return Vec::new() };
    let items = match statement {
        Value::List(items) => &**items,
        single => std::slice::from_ref(single),
    };
    let maps = items.iter().filter_map(Value::as_map).enumerate();
    maps.map(|(index, map)| (map.get("Sid").map_or_else(|| format!("statement {}", index + 1), Value::to_string), map)).collect()
}

/// The same for several documents, each statement behind the name of its document.
pub fn named_statements(policies: &Value) -> Vec<(String, &Map)> {
    let documents = policies.as_map().into_iter().flatten();
    let named = documents.flat_map(|(name, document)| {
        statements(document).into_iter().map(move |(sid, statement)| (format!("{name} {sid}"), statement))
    });
    named.collect()
}

/// `Allow sts:AssumeRole to Service backup.amazonaws.com if StringEquals aws:SourceAccount 111111111111`.
pub fn statement(map: &Map, role: Role) -> Line {
    let mut line = Line::new();
    for (name, word) in STATEMENT {
        let Some(value) = map.get(name) else { continue };
        line = if word.is_empty() { line } else { line.value(Role::Plain, *word) };
        line = line.join(leaves(value, role));
    }
    let rest: Map = map.iter().filter(|(name, _)| !known(name)).map(|(name, value)| (name.clone(), value.clone())).collect();
    if rest.is_empty() { line } else { line.join(fields(&rest, &[], role)) }
}

const STATEMENT: &[(&str, &str)] = &[
    ("Effect", ""),
    ("Action", ""),
    ("NotAction", "everything but"),
    ("Resource", "on"),
    ("NotResource", "on everything but"),
    ("Principal", "to"),
    ("NotPrincipal", "to everybody but"),
    ("Condition", "if"),
];

fn known(name: &str) -> bool {
    name == "Sid" || STATEMENT.iter().any(|(known, _)| *known == name)
}

/// Names and values of a nested policy element, flat and in order.
fn leaves(value: &Value, role: Role) -> Line {
    match value {
        Value::Map(map) => map.iter().fold(Line::new(), |line, (name, value)| {
            let line = if line.is_empty() { line } else { line.glued(Role::Muted, ",") };
            line.value(role, &**name).join(leaves(value, role))
        }),
        Value::List(items) => Line::listed(role, items.iter().map(Value::to_string)),
        other => Line::new().value(role, other.to_string()),
    }
}
