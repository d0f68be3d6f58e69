//! What `drift` says: the environment and the plan's seven lists, plus what is missing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::diff::Class;
use super::id::{Environment, ResourceId};
use super::observed::{CopyEntry, ForeignEntry, Unreadable};
use super::plan::{Note, Orphan};

/// Applied (or, without a record, declared) and not there any more; or begun by an apply and never there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Missing {
    pub id: ResourceId,
    /// `drift` when a record says that it was applied, `change` when an apply began to make it and did not, `unknown` without
    /// a record.
    pub class: Class,
}

/// In `drifted`, `before` is what was last applied (without a record: what is declared) and `after` is live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DriftReport {
    pub schema_version: u32,
    pub environment: Environment,
    pub account: String,
    /// Which world was read, as in a plan: `aws`, or `sandbox` and its name. Absent in reports of versions before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub world: Option<String>,
    /// RFC 3339, when the last live read ended.
    pub observed_at: String,
    /// Whether a record of the last apply was found; without one, causes are unknown.
    pub recorded: bool,
    pub missing: Vec<Missing>,
    pub drifted: Vec<Note>,
    pub pending: Vec<Note>,
    pub service_managed: Vec<Note>,
    pub orphans: Vec<Orphan>,
    pub foreign: Vec<ForeignEntry>,
    pub copies: Vec<CopyEntry>,
    pub unreadable: Vec<Unreadable>,
}

impl DriftReport {
    /// Something of ours is not as it was applied, or a promise waits for a value that AWS only holds.
    #[must_use]
    pub fn has_drift(&self) -> bool {
        !self.missing.is_empty() || !self.drifted.is_empty() || self.violations() > 0
    }

    /// Resources whose pending values leave a promise unkept until they land.
    #[must_use]
    pub fn violations(&self) -> usize {
        self.pending.iter().filter(|note| !note.violations.is_empty()).count()
    }
}
