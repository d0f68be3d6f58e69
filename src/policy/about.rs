//! Whom a policy judges.

use std::collections::BTreeSet;

/// The population of a policy: every member of it gets an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// Every resource of these kinds, as it will be when the plan is done.
    Kinds(BTreeSet<String>),
    /// Every change of the plan.
    Changes,
}

/// How the metadata says [`About::Changes`].
#[cfg(feature = "policy")]
pub(super) const CHANGES: &str = "changes";
