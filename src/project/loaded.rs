//! What the files of a project say.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::desired::Override;
use crate::model::{DesiredState, Environment, Finding, PolicyFiles};
use crate::promises::Promises;

/// What the files of a project say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Only environments without an error.
    pub states: BTreeMap<Environment, Arc<DesiredState>>,
    /// Whose account is whose, as far as it could be read: of environments with mistakes, too.
    pub accounts: BTreeMap<Environment, String>,
    /// Sorted by place; errors and warnings.
    pub findings: Vec<Finding>,
    /// Those of the tree where an environment uses it, else those of the first environment's release. Empty when the file
    /// could not be read; then there are no states either.
    pub promises: Promises,
    /// What each environment promises: its release's, or the tree's.
    pub promises_of: BTreeMap<Environment, Promises>,
    /// The rules of the organisation: of the tree where an environment uses it, else of the first environment's release.
    pub rules: PolicyFiles,
    /// What each environment says differently from the files it extends.
    pub overrides: BTreeMap<Environment, Vec<Override>>,
    /// Read with [`Reading::tree_only`](super::Reading::tree_only): every file that a release freezes, by path.
    pub content: BTreeMap<String, Vec<u8>>,
}
