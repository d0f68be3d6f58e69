//! One change by hand, anywhere: every mutable attribute, element and tag of every resource of a world.

use tokaido::kinds;
use tokaido::model::schema::{Comparison, Mutability};
use tokaido::model::{AttributeSchema, ObservedState, ResourceId, Value, tags};
use tokaido::plan::compare::{element_key, named_statements, statements};

use super::Lab;

#[derive(Debug, Clone)]
pub struct Touch {
    pub id: ResourceId,
    pub path: String,
    /// `Null` removes.
    pub value: Value,
}

/// Everything a person could change, one difference each. The simulated AWS may refuse some of it.
pub fn touches(lab: &Lab, observed: &ObservedState) -> Vec<Touch> {
    let mut found = Vec::new();
    for (id, live) in &observed.owned {
        let Some(kind) = kinds::find(&id.kind) else { continue };
        let mut touch = |path: String, value: Value| found.push(Touch { id: id.clone(), path, value });
        touch(format!("tags[{}]", tags::TENANT), Value::from("somebody"));
        touch(format!("tags[{}]", tags::CLASSIFICATION), Value::Null);
        touch("tags[tokaido:more]".to_owned(), Value::from("of it"));
        for attribute in
            kind.schema.attributes.iter().filter(|attribute| !matches!(attribute.mutability, Mutability::Forbidden(_)))
        {
            let Some(live) = live.attributes.bare().get(attribute.name) else { continue };
            // Only what is declared is owned.
            if lab.desired.resources[id].attributes.contains(attribute.name) {
                of_attribute(attribute, live, &mut touch);
            }
        }
    }
    found
}

fn of_attribute(attribute: &AttributeSchema, live: &Value, touch: &mut impl FnMut(String, Value)) {
    let name = attribute.name.as_str();
    match (attribute.comparison, live) {
        (Comparison::Tags | Comparison::WriteOnly | Comparison::ReadOnly | Comparison::AtLeast, _) => {}
        (Comparison::Version { .. }, _) => touch(name.to_owned(), Value::from("99.1")),
        (Comparison::Keyed(fields), Value::List(elements)) => {
            for element in elements.iter() {
                let key = element_key(fields, element);
                touch(format!("{name}[{key}]"), Value::Null);
                for (field, value) in element.as_map().into_iter().flatten().filter(|(field, _)| !fields.contains(&&***field)) {
                    scalar(&format!("{name}[{key}].{field}"), value, touch);
                }
            }
            if fields.contains(&"direction") {
                touch(
                    format!("{name}[+]"),
                    serde_json::from_str(r#"{"direction":"ingress","protocol":"all","peer":"0.0.0.0/0"}"#).expect("a rule"),
                );
            }
        }
        (Comparison::Set, Value::List(items)) => {
            for item in items.iter() {
                touch(format!("{name}[{item}]"), Value::Null);
            }
            touch(format!("{name}[+]"), Value::from("sg-of-somebody"));
        }
        (Comparison::Map, Value::Map(map)) => {
            for (key, value) in map.iter() {
                touch(format!("{name}[{key}]"), Value::Null);
                scalar(&format!("{name}[{key}]"), value, touch);
            }
            touch(format!("{name}[by.hand]"), Value::from("1"));
        }
        (Comparison::Policy, document) => {
            for key in statements(document).keys().filter(|key| &***key != "Version") {
                touch(format!("{name}[{key}]"), Value::Null);
            }
            let open = r#"{"Sid":"Open","Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}"#;
            touch(format!("{name}[Open]"), serde_json::from_str(open).expect("a statement"));
        }
        (Comparison::Policies, documents) => {
            for key in named_statements(documents).keys().filter(|key| !key.ends_with(" Version")) {
                touch(format!("{name}[{key}]"), Value::Null);
            }
            let open = r#"{"Sid":"Open","Effect":"Allow","Action":"*","Resource":"*"}"#;
            touch(format!("{name}[by-hand Open]"), serde_json::from_str(open).expect("a statement"));
        }
        _ => scalar(name, live, touch),
    }
}

fn scalar(path: &str, value: &Value, touch: &mut impl FnMut(String, Value)) {
    match value {
        Value::Bool(value) => touch(path.to_owned(), Value::Bool(!value)),
        Value::Int(number) => {
            touch(path.to_owned(), Value::Int(number + 1));
            touch(path.to_owned(), Value::Int(number - 1));
        }
        Value::Text(text) => touch(path.to_owned(), Value::from(format!("{text}x"))),
        Value::Ref(_) => touch(path.to_owned(), Value::from("default")),
        _ => {}
    }
}
