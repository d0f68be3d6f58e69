//! What a plan does, as values.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::attributes::Attributes;
use super::diff::Diff;
use super::finding::Source;
use super::id::{Region, ResourceId};
use super::impact::Impact;
use super::path;
use super::reason::Stated;
use super::reason::plan::{ChangeReason, Timing};
use super::risk::Risk;
use super::tags::{self, Tags};
use super::value::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    Create,
    Update,
    Replace,
    Delete,
    Adopt,
}

impl Action {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Replace => "replace",
            Self::Delete => "delete",
            Self::Adopt => "adopt",
        }
    }
}

/// What must still be true when a step begins. Only what the plan touches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Precondition {
    /// No live resource carries this id or its physical name.
    Absent,
    /// The live resource is this one.
    Exists {
        physical: String,
    },
    Equals {
        path: String,
        value: Value,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    pub id: ResourceId,
    pub kind: String,
    pub region: Region,
    pub action: Action,
    pub reason: Stated<ChangeReason>,
    pub impact: Impact,
    /// What it can do to somebody, as codes; sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub risks: Vec<Risk>,
    /// What takes effect when; several where attributes differ in this.
    pub when: Vec<Stated<Timing>>,
    pub diffs: Vec<Diff>,
    pub preconditions: Vec<Precondition>,
    pub depends_on: Vec<ResourceId>,
    /// The authored line; for a delete, the tombstone.
    pub source: Option<Source>,
    /// How many compared attributes stay as they are.
    pub unchanged: usize,
}

impl Change {
    /// What a create sends: the attributes and tags that its differences say, where before is nothing.
    #[must_use]
    pub fn created(&self) -> (Attributes, Tags) {
        let mut attributes: Attributes = self.diffs.iter().map(|diff| (path::name(&diff.path), diff.after.clone())).collect();
        let tags = attributes.remove(tags::ATTRIBUTE).map(|tags| tags::of(&tags)).unwrap_or_default();
        (attributes, tags)
    }
}

/// What one step asks of a driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    Create,
    Update,
    Delete,
}

/// Steps are executed in this order; `after` names the steps that must have succeeded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// From 1.
    pub number: usize,
    pub id: ResourceId,
    pub operation: Operation,
    pub after: Vec<usize>,
}
