//! One difference: where, before, after, and which of section 2.5's words it is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::name::Name;
use super::path;
use super::value::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Desired differs from what was last applied.
    Change,
    /// Live differs from what was last applied.
    Drift,
    /// Live differs from desired and nothing was recorded to say who moved.
    Unknown,
    /// AWS holds the desired value and will apply it at a stated time.
    Pending,
    /// AWS moved it by itself within what was declared.
    ServiceManaged,
}

/// `path` is an attribute, or `attribute[element]`, or `attribute[element].field`. `null` means absent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Diff {
    pub path: String,
    pub before: Value,
    pub after: Value,
    pub class: Class,
}

impl Diff {
    /// The name of the attribute that this path lies in.
    #[must_use]
    pub fn name(&self) -> Name {
        path::name(&self.path)
    }

    /// Its text.
    #[must_use]
    pub fn attribute(&self) -> &str {
        path::attribute(&self.path)
    }
}
