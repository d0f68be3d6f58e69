//! What the files of a project say, as values.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::desired::Override;
use crate::model::{DesiredState, Environment, Finding, PolicyFiles};
use crate::promises::Promises;

/// What the files of a project say, as values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Only environments without an error.
    pub states: BTreeMap<Environment, Arc<DesiredState>>,
    /// The account of each environment, as far as its file could be read; environments with mistakes are included.
    pub accounts: BTreeMap<Environment, String>,
    /// Sorted by place; errors and warnings.
    pub findings: Vec<Finding>,
    /// The promises of the tree where an environment uses it, else those of the first environment's release. Empty when the file
    /// could not be read; then there are no states either.
    pub promises: Promises,
    /// The promises of each environment: those of its release, or of the tree.
    pub promises_of: BTreeMap<Environment, Promises>,
    /// The organisation's policies: those of the tree where an environment uses it, else those of the first environment's
    /// release.
    pub rules: PolicyFiles,
    /// The overrides of each environment.
    pub overrides: BTreeMap<Environment, Vec<Override>>,
    /// Read with [`Reading::tree_only`](super::Reading::tree_only): every file that a release freezes, by path.
    pub content: BTreeMap<String, Vec<u8>>,
}
