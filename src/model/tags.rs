//! The tags that prove ownership. The namespace `tokaido:` is ours; every other key belongs to somebody else.

use std::sync::Arc;

use super::id::{Environment, ResourceId};
use super::name::Name;
use super::pairs::Pairs;
use super::value::Value;

/// The attribute under which the planner compares tags like any other.
pub const ATTRIBUTE: Name = Name::row("tags");

pub const NAMESPACE: &str = "tokaido:";
pub const ENVIRONMENT: &str = "tokaido:environment";
pub const ID: &str = "tokaido:id";
pub const TENANT: &str = "tokaido:tenant";
pub const CLASSIFICATION: &str = "tokaido:classification";
/// Written once at creation, never compared: finds a create whose reply was lost.
pub const INTENT: &str = "tokaido:intent";

pub type Tags = Pairs;

/// The resource these tags claim to be, if they claim to be one of `environment`.
#[must_use]
pub fn owner(tags: &Tags, environment: Environment) -> Option<ResourceId> {
    (tags.get(ENVIRONMENT)? == environment.as_str()).then_some(())?;
    tags.get(ID)?.parse().ok()
}

/// Whether these tags name another environment or another resource than this one.
#[must_use]
pub fn of_another(tags: &Tags, environment: Environment, id: &ResourceId) -> bool {
    let other = |key: &str, ours: &str| tags.get(key).is_some_and(|found| found != ours);
    other(ENVIRONMENT, environment.as_str()) || other(ID, &id.to_string())
}

/// Whether the planner compares this tag.
#[must_use]
pub fn compared(key: &str) -> bool {
    key.starts_with(NAMESPACE) && key != INTENT
}

/// Tags as a value, as plans and the planner's attribute `tags` have them.
#[must_use]
pub fn as_value(tags: &Tags) -> Value {
    Value::map(tags.iter().map(|(key, value)| (key.clone(), Value::from(value.clone()))))
}

/// The tags in such a value; whatever is no text is left out.
#[must_use]
pub fn of(value: &Value) -> Tags {
    let entries = value.as_map().into_iter().flatten();
    entries
        .filter_map(|(key, value)| if let Value::Text(text) = value { Some((Arc::clone(key), Arc::clone(text))) } else { None })
        .collect()
}
