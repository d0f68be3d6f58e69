//! A wish that the plan refuses, and the stable words for why.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::diff::Diff;
use super::finding::Source;
use super::id::ResourceId;
use super::reason::Stated;
use super::reason::plan::{BlockedReason, NextStep};

/// The only list of them: a word never changes its meaning, and `explain` knows each. Sorted by the word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BlockedCode {
    /// More than one live resource claims the id.
    Ambiguous,
    /// The name is unique in all of AWS, and somebody else has it.
    AnotherAccount,
    /// It needs something that is refused.
    DependsOnBlocked,
    /// AWS reports a state in which nothing can be changed.
    FailedState,
    /// AWS cannot change this on a live resource.
    Forbidden,
    /// Another part of the same tenant's change is refused.
    Half,
    /// It may have been made a moment ago, and AWS does not show it yet.
    InDoubt,
    /// It held data and is gone, or it is gone and may be there under another label.
    Lost,
    /// Something without our tags holds a name, an alias or an address block.
    NameTaken,
    /// `physical_name:` names nothing.
    NothingToAdopt,
    /// Its address block does not lie in the network that is there.
    OutsideItsPlace,
    /// It carries tags of tokaido for another owner.
    OwnedElsewhere,
    /// It protects data that is not declared any more.
    ProtectsData,
    /// A tombstone names something that holds data.
    StatefulDelete,
    /// Something else that carries our tags holds the name, the alias or the address block.
    StillHeld,
    /// It could not be read.
    Unreadable,
}

impl BlockedCode {
    pub const ALL: [Self; 16] = [
        Self::Ambiguous,
        Self::AnotherAccount,
        Self::DependsOnBlocked,
        Self::FailedState,
        Self::Forbidden,
        Self::Half,
        Self::InDoubt,
        Self::Lost,
        Self::NameTaken,
        Self::NothingToAdopt,
        Self::OutsideItsPlace,
        Self::OwnedElsewhere,
        Self::ProtectsData,
        Self::StatefulDelete,
        Self::StillHeld,
        Self::Unreadable,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ambiguous => "ambiguous",
            Self::AnotherAccount => "another-account",
            Self::DependsOnBlocked => "depends-on-blocked",
            Self::FailedState => "failed-state",
            Self::Forbidden => "forbidden",
            Self::Half => "half",
            Self::InDoubt => "in-doubt",
            Self::Lost => "lost",
            Self::NameTaken => "name-taken",
            Self::NothingToAdopt => "nothing-to-adopt",
            Self::OutsideItsPlace => "outside-its-place",
            Self::OwnedElsewhere => "owned-elsewhere",
            Self::ProtectsData => "protects-data",
            Self::StatefulDelete => "stateful-delete",
            Self::StillHeld => "still-held",
            Self::Unreadable => "unreadable",
        }
    }
}

impl fmt::Display for BlockedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// With the reason and what to do instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Blocked {
    pub id: ResourceId,
    pub code: BlockedCode,
    pub reason: Stated<BlockedReason>,
    pub next: Stated<NextStep>,
    pub diffs: Vec<Diff>,
    pub source: Option<Source>,
}
