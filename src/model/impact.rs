//! What a change means to the people who use a resource.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a change means to the people who use a resource, most serious first. A plan shows its changes in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Impact {
    /// A resource is deleted.
    Destructive,
    /// Users may notice a restart or a failover.
    Interruption,
    /// A person or a system may reach more than before.
    Exposure,
    /// The change cannot be taken back.
    Irreversible,
    /// A value changes, and users notice nothing.
    InPlace,
    /// A resource is made.
    Create,
    /// An existing resource is taken over.
    Adopt,
    /// Only tags change.
    TagsOnly,
}

impl Impact {
    /// The words for people: `in place`. JSON has the same in kebab-case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Destructive => "destructive",
            Self::Interruption => "interruption",
            Self::Exposure => "exposure",
            Self::Irreversible => "irreversible",
            Self::InPlace => "in place",
            Self::Create => "create",
            Self::Adopt => "adopt",
            Self::TagsOnly => "tags only",
        }
    }
}
