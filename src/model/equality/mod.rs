//! When two values mean the same to AWS. The planner, drift, the judges, the drivers and the preconditions of apply ask here,
//! and nowhere else (docs/adr/0028-one-equality.md).
//!
//! A [`Spelling`] brings a text into one form; two texts mean the same when their forms are equal. So sameness is an equivalence,
//! and a value that is equal already is compared without any form. What a plan shows and sends is never the form: it is what was
//! declared, or what AWS holds.
//!
//! Each rule stands where AWS itself takes both spellings for one value, with its source. A rule too few shows a difference that is
//! none; a rule too many hides one, which is worse.

pub mod comparison;
pub mod parameter;
pub mod policy;
pub mod schedule;
pub mod spelling;
pub mod wildcard;
pub mod zone;

pub use comparison::Comparison;
pub use spelling::{Spelled, Spelling, TIME_SYNC};

use super::attributes::Attributes;
use super::name::Name;
use super::schema::AttributeSchema;
use super::value::{Map, Value};

/// The characters of a UUID.
const UUID: usize = 36;

/// Whether these are time servers of Amazon Time Sync, and no others.
#[must_use]
pub fn is_time_sync(servers: &[Value]) -> bool {
    let is = |server: &Value| server.as_text().is_some_and(|text| Spelling::Clock.same(text, TIME_SYNC[0]));
    !servers.is_empty() && servers.iter().all(is)
}

/// The alias of a key, as its ARN ends. AWS takes a key's id, its ARN or the ARN of its alias for the key
/// (`kms/latest/developerguide/concepts.html`, key identifiers).
#[must_use]
pub fn alias(text: &str) -> Option<&str> {
    text.starts_with("alias/").then_some(text)
}

/// Whether a text may be an ARN or a UUID, by its first characters or its length.
#[must_use]
pub fn is_identifier(text: &str) -> bool {
    text.starts_with("arn:") || text.len() == UUID
}

/// The name of a resource, in one form. Two resources cannot have names that differ in case alone: RDS folds names, S3 has no
/// capitals, IAM refuses the second (`IAM/latest/UserGuide/reference_iam-quotas.html`). Elsewhere the stricter rule does no harm:
/// the plan refuses a create that a person has to look at.
#[must_use]
pub fn name(text: &str) -> String {
    text.to_ascii_lowercase()
}

/// Whether two names of a resource, or two words for a state, are the same.
#[must_use]
pub fn same_name(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// A part of a value in one form: a text, or the fields of an element. A field without a value is as one that is not there.
#[must_use]
pub fn form(spelled: Spelled, value: &Value) -> Value {
    let of = |field: &str| spelled.iter().find(|(name, _)| *name == field).map(|(_, spelling)| *spelling);
    let text = |spelling: Option<Spelling>, value: &Value| match (spelling, value) {
        (Some(spelling), Value::Text(text)) => Value::from(&*spelling.form(text)),
        _ => value.clone(),
    };
    match value {
        Value::Map(map) => Value::map(
            map.iter().filter(|(_, value)| !value.is_null()).map(|(field, value)| (field.clone(), text(of(field), value))),
        ),
        other => text(of(""), other),
    }
}

/// Whether two items or elements of an attribute mean the same.
#[must_use]
pub fn same_part(spelled: Spelled, one: &Value, other: &Value) -> bool {
    one == other || (!spelled.is_empty() && form(spelled, one) == form(spelled, other))
}

/// The entries of a map of parameters, each with its name and value in one form.
#[must_use]
pub fn parameters(family: &str, map: &Map) -> Map {
    let form = |name: &str, value: &Value| match value {
        Value::Text(text) => Value::from(parameter::canonical(family, name, text)),
        other => other.clone(),
    };
    map.iter().map(|(name, value)| (parameter::name(name).into(), form(name, value))).collect()
}

/// The family that the attributes beside a map of parameters name.
#[must_use]
pub fn family(named: Name, beside: &Attributes) -> &str {
    beside.get(named).and_then(Value::as_text).unwrap_or_default()
}

/// Whether two values at the path of a difference mean the same: of the attribute, of one element (`element`), or of one field of
/// it. This is no acceptance: of a version and of a size only the equal value is the same.
#[must_use]
pub fn same_at(
    row: &AttributeSchema,
    element: Option<&str>,
    field: Option<&str>,
    beside: &Attributes,
    one: &Value,
    other: &Value,
) -> bool {
    if one == other {
        return true;
    }
    let spelling = |field: &str| row.spelled.iter().find(|(name, _)| *name == field).map(|(_, spelling)| *spelling);
    let texts = one.as_text().zip(other.as_text());
    match (row.comparison, element, field) {
        (Comparison::Policy, None, _) => policy::same(one, other),
        (Comparison::Policies, None, _) => policy::same_named(one, other),
        (Comparison::Policy | Comparison::Policies, Some(_), _) => policy::same_statement(one, other),
        (Comparison::CaseFolded, ..) => texts.is_some_and(|(one, other)| Spelling::Case.same(one, other)),
        (Comparison::Set | Comparison::Keyed(_), None, _) => same_list(row.spelled, one, other),
        (Comparison::Map, Some(name), _) => match spelling("") {
            Some(Spelling::Parameters(named)) => {
                texts.is_some_and(|(one, other)| parameter::same(family(named, beside), name, one, other))
            }
            _ => false,
        },
        (_, _, Some(field)) => {
            let texts = spelling(field).zip(texts);
            texts.is_some_and(|(spelling, (one, other))| spelling.same(one, other))
        }
        _ => same_part(row.spelled, one, other),
    }
}

/// Whether two lists without order hold the same.
#[must_use]
pub fn same_list(spelled: Spelled, one: &Value, other: &Value) -> bool {
    let items = |value: &Value| {
        value.as_list().map(|items| items.iter().map(|item| form(spelled, item)).collect::<std::collections::BTreeSet<_>>())
    };
    one == other || items(one).is_some_and(|one| items(other) == Some(one))
}

#[cfg(test)]
mod tests;
