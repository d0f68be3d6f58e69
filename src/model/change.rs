//! What a plan changes, as values.

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

/// What a plan does with one resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Makes a resource that is not there.
    Create,
    /// Changes attributes of a live resource in place.
    Update,
    /// Deletes the resource and makes it anew. The planner never plans it.
    Replace,
    /// Deletes a resource that a tombstone names.
    Delete,
    /// Takes over an existing resource that `physical_name:` names: gives it our tags and the declared values.
    Adopt,
}

impl Action {
    /// The word in JSON: `create`.
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

/// What must still be true when a step begins. It covers only what the plan touches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Precondition {
    /// No live resource carries this id or its physical name.
    Absent,
    /// The live resource of this id has this identifier.
    Exists {
        /// AWS's identifier of the object: `vpc-0a1b…`, an ARN or a name.
        physical: String,
    },
    /// An attribute, or a part of one, still has this value.
    Equals {
        /// The path of a difference: `rules[ingress tcp 443 203.0.113.0/24]`.
        path: String,
        /// The value, `null` where there must be none.
        value: Value,
    },
    /// AWS reports this failed state, in which it takes this change and applies it at once.
    Failed {
        /// AWS's word for the state: `storage-full`.
        state: String,
    },
}

/// Everything that a plan does with one resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// The id of the resource, `kind.name@region`.
    pub id: ResourceId,
    /// The kind of the resource, the same as in the id.
    pub kind: String,
    /// The region of the resource, the same as in the id.
    pub region: Region,
    /// What the plan does with the resource.
    pub action: Action,
    /// Why the plan changes the resource.
    pub reason: Stated<ChangeReason>,
    /// The most serious consequence for the people who use the resource.
    pub impact: Impact,
    /// Stable codes of what the change can do to others, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub risks: Vec<Risk>,
    /// When the change takes effect. Several entries where attributes differ in this.
    pub when: Vec<Stated<Timing>>,
    /// Every difference, with what is live before and what the plan reaches.
    pub diffs: Vec<Diff>,
    /// What must still be true when a step of this change begins.
    pub preconditions: Vec<Precondition>,
    /// The resources that the new values refer to, sorted.
    pub depends_on: Vec<ResourceId>,
    /// Where the change is written; for a deletion, where the tombstone is.
    pub source: Option<Source>,
    /// How many compared attributes stay as they are.
    pub unchanged: usize,
}

impl Change {
    /// What a create sends: the attributes and tags that the differences reach.
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
    /// Creates the resource.
    Create,
    /// Changes the live resource.
    Update,
    /// Deletes the live resource.
    Delete,
}

impl Operation {
    /// The word of it in documents: `create`, `update` or `delete`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

/// One call of a driver. The executor begins a step when all steps in its `after` have succeeded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// The number of the step, from 1.
    pub number: usize,
    /// The id of the resource that the step changes, `kind.name@region`.
    pub id: ResourceId,
    /// What the driver does.
    pub operation: Operation,
    /// The numbers of the steps that must have succeeded before.
    pub after: Vec<usize>,
}
