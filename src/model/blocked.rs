//! A change that the plan refuses, and the stable codes of the reasons.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::diff::Diff;
use super::finding::Source;
use super::id::ResourceId;
use super::reason::Stated;
use super::reason::plan::{BlockedReason, NextStep};

/// The code of a refusal. This is the only list of codes. A code never changes its meaning, and `explain` knows each. Sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BlockedCode {
    /// More than one live resource carries the id.
    Ambiguous,
    /// The name is unique in all of AWS, and another account has it.
    AnotherAccount,
    /// The resource needs another one that the plan refuses.
    DependsOnBlocked,
    /// AWS reports a state in which it changes nothing.
    FailedState,
    /// AWS cannot change this on a live resource.
    Forbidden,
    /// Another part of the same tenant's change is refused.
    Half,
    /// An earlier apply may have made it, and AWS does not show it yet: an indeterminate create.
    InDoubt,
    /// It held data and is gone, or it is gone and a mislabelled resource may be it.
    Lost,
    /// A uniqueness conflict: a live resource without our tags holds a name, an alias or an address block.
    NameTaken,
    /// `physical_name:` names no live resource.
    NothingToAdopt,
    /// AWS does not offer the declared values there.
    NotOffered,
    /// Its address block does not lie in the block of its network.
    OutsideItsPlace,
    /// It carries tags of tokaido for another environment or resource.
    OwnedElsewhere,
    /// It protects data that the environment does not declare any more.
    ProtectsData,
    /// A tombstone names a resource that holds data.
    StatefulDelete,
    /// A uniqueness conflict: another resource with our tags holds the name, the alias or the address block.
    StillHeld,
    /// It could not be read.
    Unreadable,
}

impl BlockedCode {
    /// Every code, sorted.
    pub const ALL: [Self; 17] = [
        Self::Ambiguous,
        Self::AnotherAccount,
        Self::DependsOnBlocked,
        Self::FailedState,
        Self::Forbidden,
        Self::Half,
        Self::InDoubt,
        Self::Lost,
        Self::NameTaken,
        Self::NotOffered,
        Self::NothingToAdopt,
        Self::OutsideItsPlace,
        Self::OwnedElsewhere,
        Self::ProtectsData,
        Self::StatefulDelete,
        Self::StillHeld,
        Self::Unreadable,
    ];

    /// The code as the word in JSON: `depends-on-blocked`.
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
            Self::NotOffered => "not-offered",
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

/// A resource that the plan does not change as declared, with the reason and what to do instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Blocked {
    /// The id of the resource, `kind.name@region`.
    pub id: ResourceId,
    /// The stable code of the refusal.
    pub code: BlockedCode,
    /// Why the plan refuses.
    pub reason: Stated<BlockedReason>,
    /// What a person does about it.
    pub next: Stated<NextStep>,
    /// The differences that the plan leaves as they are.
    pub diffs: Vec<Diff>,
    /// Where the resource is declared, or where its tombstone is.
    pub source: Option<Source>,
}
