//! The population of a policy.

use std::collections::BTreeSet;
use std::fmt;

/// The population of a policy: the policy must judge every member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// Every resource of these kinds, as it will be after the plan.
    Kinds(BTreeSet<String>),
    /// Every change of the plan.
    Changes,
}

/// The word for [`About::Changes`] in the metadata.
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
