//! What a change can do to others, as stable codes, and which differences of an attribute bring a risk.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::path::Path;
use super::value::Value;

/// A risk of a change. The order is that of the codes, in which a change lists them. A code never changes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Risk {
    /// A restart, a reboot, a failover, or a service that stops answering.
    #[serde(rename = "AV201")]
    Interrupts,
    /// AWS applies the change in the maintenance window.
    #[serde(rename = "AV202")]
    Waits,
    /// Puts back a value that was changed outside tokaido.
    #[serde(rename = "DR901")]
    Repairs,
    /// Destroys data, keys or evidence. The linter refuses a plan with this risk.
    #[serde(rename = "DS101")]
    Destroys,
    /// Deletes a resource that holds no data.
    #[serde(rename = "DS102")]
    Deletes,
    /// The change cannot be taken back.
    #[serde(rename = "IR401")]
    Irreversible,
    /// Changes logging or audit.
    #[serde(rename = "LG801")]
    Logging,
    /// Moves data between regions, or changes what decides where data goes.
    #[serde(rename = "RG701")]
    Residency,
    /// A person or a system may reach more than before.
    #[serde(rename = "SE301")]
    Exposes,
    /// Weakens encryption, or changes who may use its keys.
    #[serde(rename = "SE302")]
    Encryption,
    /// Lowers the protection against deletion, or the backups.
    #[serde(rename = "SE303")]
    Protection,
    /// Changes what keeps tenants apart.
    #[serde(rename = "TN601")]
    Tenants,
}

impl Risk {
    /// Every risk, in the order of the codes.
    pub const ALL: [Self; 12] = [
        Self::Interrupts,
        Self::Waits,
        Self::Repairs,
        Self::Destroys,
        Self::Deletes,
        Self::Irreversible,
        Self::Logging,
        Self::Residency,
        Self::Exposes,
        Self::Encryption,
        Self::Protection,
        Self::Tenants,
    ];

    /// The code in plans and pages: two letters of the group and three digits, `AV201`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Interrupts => "AV201",
            Self::Waits => "AV202",
            Self::Repairs => "DR901",
            Self::Destroys => "DS101",
            Self::Deletes => "DS102",
            Self::Irreversible => "IR401",
            Self::Logging => "LG801",
            Self::Residency => "RG701",
            Self::Exposes => "SE301",
            Self::Encryption => "SE302",
            Self::Protection => "SE303",
            Self::Tenants => "TN601",
        }
    }
}

/// Which differences of an attribute bring a risk. `Gains` and `Where` judge a create too; the others compare with a live value.
#[derive(Debug, Clone, Copy)]
pub enum Trigger {
    /// Any difference.
    Changed,
    /// The value, or one element of it, goes away.
    Removed,
    /// `true` becomes anything else.
    TurnedOff,
    /// The number becomes smaller, or the value goes away.
    Lowered,
    /// The number becomes larger, or the value goes away.
    Raised,
    /// The number in this field of an element becomes smaller, or is set where it was `null`, which means for ever.
    Shortened(&'static str),
    /// The words for tables, and keys of a map: the entry of one of them.
    Keys(&'static str, &'static [&'static str]),
    /// The words for tables, and a field and its word: the value is an element with it, or has such an element.
    Gains(&'static str, &'static str, &'static str),
    /// The words for tables, and a predicate over path, before and after. A path is the whole attribute, or one element.
    Where(&'static str, fn(&str, &Value, &Value) -> bool),
}

impl Trigger {
    /// Whether this difference brings the risk. `created` says that the resource does not exist yet.
    #[must_use]
    pub fn fires(self, created: bool, path: &str, before: &Value, after: &Value) -> bool {
        match self {
            Self::Where(_, holds) => return holds(path, before, after),
            Self::Gains(_, field, word) => return elements(after).any(|element| has(element, field, word)),
            _ => {}
        }
        let less = |a: &Value, b: &Value| matches!((a.as_int(), b.as_int()), (Some(a), Some(b)) if a < b);
        let gone = !before.is_null() && after.is_null();
        let fired = match self {
            Self::Changed | Self::Gains(..) | Self::Where(..) => true,
            Self::Keys(_, keys) => Path::read(path, |_| false).element.is_some_and(|key| keys.contains(&key)),
            Self::Removed => gone,
            Self::TurnedOff => *before == Value::Bool(true) && *after != Value::Bool(true),
            Self::Lowered => gone || less(after, before),
            Self::Raised => gone || less(before, after),
            Self::Shortened(field) => {
                let named = path.strip_suffix(field).is_some_and(|rest| rest.ends_with("]."));
                named && (less(after, before) || (before.is_null() && !after.is_null()))
            }
        };
        fired && !created
    }

    /// The words for tables: `lowered`.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Changed => "changed".to_owned(),
            Self::Removed => "removed".to_owned(),
            Self::TurnedOff => "turned off".to_owned(),
            Self::Lowered => "lowered".to_owned(),
            Self::Raised => "raised".to_owned(),
            Self::Shortened(field) => format!("{field} lowered"),
            Self::Gains(words, ..) | Self::Keys(words, _) | Self::Where(words, _) => words.to_owned(),
        }
    }
}

/// The elements of a difference: of a new resource all of the list, else the one that differs.
pub fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_list().unwrap_or(std::slice::from_ref(value)).iter()
}

/// Whether an element has this word in this field.
#[must_use]
pub fn has(element: &Value, field: &str, word: &str) -> bool {
    element.as_map().and_then(|map| map.get(field)).and_then(Value::as_text) == Some(word)
}

/// Whether this field of an element leads to another resource: a reference, or an identifier that begins so.
#[must_use]
pub fn leads(element: &Value, field: &str, beginning: &str) -> bool {
    match element.as_map().and_then(|map| map.get(field)) {
        Some(Value::Ref(_)) => true,
        other => other.and_then(Value::as_text).is_some_and(|text| text.starts_with(beginning)),
    }
}

/// A risk of one attribute.
#[derive(Debug, Clone, Copy)]
pub struct Hazard {
    /// The risk that a matching difference brings.
    pub risk: Risk,
    /// The differences that bring it.
    pub on: Trigger,
}

impl Hazard {
    /// A risk and the differences that bring it.
    #[must_use]
    pub const fn new(risk: Risk, on: Trigger) -> Self {
        Self { risk, on }
    }
}
