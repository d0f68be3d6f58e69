//! One difference: where it is, before, after, and its class.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::name::Name;
use super::path;
use super::value::Value;

/// Why two states differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// The declaration changed since the last apply.
    Change,
    /// The live value changed since the last apply.
    Drift,
    /// Live differs from desired, and no record says which of the two changed.
    Unknown,
    /// AWS has accepted the desired value and applies it later.
    Pending,
    /// AWS changed the value within what the declaration accepts.
    ServiceManaged,
}

/// One difference of a resource. `null` means absent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Diff {
    /// Where the difference lies: `attribute`, `attribute[element]`, `attribute[element].field` or
    /// `attribute[element].field[item]`.
    pub path: String,
    /// The value before, usually the live one. The list that holds the difference says what it is.
    pub before: Value,
    /// The value after, usually the desired one.
    pub after: Value,
    /// Why the two differ.
    pub class: Class,
}

impl Diff {
    /// The name of the attribute in which the path lies.
    #[must_use]
    pub fn name(&self) -> Name {
        path::name(&self.path)
    }

    /// The text of the name of the attribute in which the path lies.
    #[must_use]
    pub fn attribute(&self) -> &str {
        path::attribute(&self.path)
    }
}
