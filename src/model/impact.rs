//! What a change means to the people who use a resource.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a change means to somebody, most serious first: the order in which a plan shows its changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Impact {
    /// Something disappears.
    Destructive,
    /// Users may notice: a restart, a failover.
    Interruption,
    /// Somebody may reach more than before.
    Exposure,
    /// There is no way back.
    Irreversible,
    InPlace,
    Create,
    Adopt,
    TagsOnly,
}

impl Impact {
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
