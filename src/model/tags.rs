//! The tags that prove ownership. Keys that begin with `tokaido:` are ours. Every other key belongs to another owner, and tokaido
//! leaves it as it is.

use std::sync::Arc;

use super::id::{Environment, ResourceId};
use super::name::Name;
use super::pairs::Pairs;
use super::value::Value;

/// The attribute under which the planner compares tags like any other attribute.
pub const ATTRIBUTE: Name = Name::row(&"tags");

/// The beginning of every key that is ours.
pub const NAMESPACE: &str = "tokaido:";
/// The environment of the resource: `production`.
pub const ENVIRONMENT: &str = "tokaido:environment";
/// The id of the resource: `db-instance.catalog@tokyo`.
pub const ID: &str = "tokaido:id";
/// The tenant that the resource belongs to, or `shared`.
pub const TENANT: &str = "tokaido:tenant";
/// The tenant of what belongs to no tenant alone.
pub const SHARED: &str = "shared";
/// The class of what the resource holds: `customer-data` or `internal`.
pub const CLASSIFICATION: &str = "tokaido:classification";
/// Written when the resource is created and never compared. With it the executor finds a create whose answer was lost.
pub const INTENT: &str = "tokaido:intent";

/// All tags of one resource, by key.
pub type Tags = Pairs;

/// The id that these tags name, if they name one of `environment`.
#[must_use]
pub fn owner(tags: &Tags, environment: Environment) -> Option<ResourceId> {
    (tags.get(ENVIRONMENT)? == environment.as_str()).then_some(())?;
    tags.get(ID)?.parse().ok()
}

/// Whether what carries these tags can be a resource of `environment`: they name it, or they are tags of ours and none of them
/// names an environment.
#[must_use]
pub fn may_be_of(tags: &Tags, environment: Environment) -> bool {
    match tags.get(ENVIRONMENT) {
        Some(named) => named == environment.as_str(),
        None => tags.keys().any(|key| key.starts_with(NAMESPACE)),
    }
}

/// Whether these tags name another environment or another resource than `environment` and `id`.
#[must_use]
pub fn of_another(tags: &Tags, environment: Environment, id: &ResourceId) -> bool {
    let other = |key: &str, ours: &str| tags.get(key).is_some_and(|found| found != ours);
    other(ENVIRONMENT, environment.as_str()) || other(ID, &id.to_string())
}

/// Whether the planner compares the tag of this key: it is ours and not the intent.
#[must_use]
pub fn compared(key: &str) -> bool {
    key.starts_with(NAMESPACE) && key != INTENT
}

/// Tags as the value of the planner's attribute `tags`.
#[must_use]
pub fn as_value(tags: &Tags) -> Value {
    Value::map(tags.iter().map(|(key, value)| (key.clone(), Value::from(value.clone()))))
}

/// The tags in a value of the attribute `tags`. Entries that are no text are left out.
#[must_use]
pub fn of(value: &Value) -> Tags {
    let entries = value.as_map().into_iter().flatten();
    entries
        .filter_map(|(key, value)| if let Value::Text(text) = value { Some((Arc::clone(key), Arc::clone(text))) } else { None })
        .collect()
}
