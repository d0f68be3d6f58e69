//! Whom a policy judges.

use std::collections::BTreeSet;
use std::fmt;

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

/// In words, for a message.
impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changes => f.write_str("the changes of the plan"),
            Self::Kinds(kinds) => f.write_str(&kinds.iter().map(String::as_str).collect::<Vec<_>>().join(", ")),
        }
    }
}
