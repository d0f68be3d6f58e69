//! The report of `drift`: the environment, seven lists that a plan has as well, and the resources that are missing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::diff::Class;
use super::id::{Environment, ResourceId};
use super::observed::{CopyEntry, ForeignEntry, Unreadable};
use super::plan::{Note, Orphan};
use super::reason::plan::Label;

/// A resource that was applied and is not there any more, or that an apply began to make and did not. Without a record: a
/// resource that is declared and not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Missing {
    /// The id of the resource, `kind.name@region`.
    pub id: ResourceId,
    /// `drift` when a record says that it was applied, `change` when an apply began to make it, `unknown` without a record.
    pub class: Class,
    /// The live resource that may be it, mislabelled: it holds the unique value, or tags of ours are left on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mislabelled: Option<Mislabelled>,
}

/// A live resource that may be one of ours which is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Mislabelled {
    /// AWS's identifier of it.
    pub physical: String,
    /// The tags of tokaido that it carries and lacks. Absent where it carries none.
    pub label: Option<Label>,
    /// The command that puts its tags back, for a POSIX shell.
    pub command: String,
}

/// A live resource that a file names by `physical_name:` and that no apply has adopted yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unadopted {
    /// The id that the file gives it, `kind.name@region`.
    pub id: ResourceId,
    /// AWS's identifier of it.
    pub physical: String,
}

/// What differs from the last apply. In `drifted`, `before` is what was last applied (without a record: what is declared) and
/// `after` is live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DriftReport {
    /// Version of this document (`PLAN_VERSION`).
    pub schema_version: u32,
    /// The environment that was read.
    pub environment: Environment,
    /// The AWS account, twelve digits.
    pub account: String,
    /// Which world was read, as in a plan: `aws`, or `sandbox` and its name. Absent in reports of versions before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub world: Option<String>,
    /// When the last live read ended, RFC 3339 in UTC.
    pub observed_at: String,
    /// Whether the store holds a record of the last apply. Without one, causes are unknown.
    pub recorded: bool,
    /// Whether nothing that the environment declares is there beside what a bootstrap makes, and no record says that it ever was:
    /// `missing` then lists all of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nothing_applied: bool,
    /// Resources that are not there.
    pub missing: Vec<Missing>,
    /// Resources that are there, as a file names them, and that the next apply adopts. They are no drift.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unadopted: Vec<Unadopted>,
    /// Resources that differ from what was last applied.
    pub drifted: Vec<Note>,
    /// Resources with values that AWS has accepted and not applied yet.
    pub pending: Vec<Note>,
    /// Resources whose live values exceed the declared ones in a way that is accepted.
    pub service_managed: Vec<Note>,
    /// Live resources with our tags that the environment does not declare.
    pub orphans: Vec<Orphan>,
    /// Live resources without our tags.
    pub foreign: Vec<ForeignEntry>,
    /// Live resources that carry the tags of another resource of ours.
    pub copies: Vec<CopyEntry>,
    /// Reads that failed.
    pub unreadable: Vec<Unreadable>,
}

impl DriftReport {
    /// Whether a resource of ours differs from what was applied, or a pending value leaves a promise broken.
    #[must_use]
    pub fn has_drift(&self) -> bool {
        !self.missing.is_empty() || !self.drifted.is_empty() || self.violations() > 0
    }

    /// How many resources have a pending value that leaves a promise broken until AWS applies it.
    #[must_use]
    pub fn violations(&self) -> usize {
        self.pending.iter().filter(|note| !note.violations.is_empty()).count()
    }
}
