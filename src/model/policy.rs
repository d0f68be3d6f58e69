//! An organisation's own rules: their files, and what they say of a plan.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::finding::Source;
use super::text::Said;

/// The policies of a project or of a release, as they were read; by path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicyFiles {
    pub files: BTreeMap<String, String>,
    /// SHA-256 over paths and contents, hex; empty where there is no policy.
    pub digest: String,
    /// Every file was found without mistakes, by this run or by an earlier one of the same program. Otherwise whoever asks
    /// them checks them first.
    pub checked: bool,
}

/// What a broken policy does to a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    Deny,
    Warn,
}

/// One policy over one plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyVerdict {
    /// Its code.
    pub policy: String,
    pub title: Said,
    pub effect: Effect,
    /// Where the policy says what breaks it.
    pub source: Source,
    /// How many members of its population it looked at.
    pub checked: usize,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub broken: Vec<PolicyBreak>,
    /// Members of its population that it neither looked at nor found broken. Silence is not an answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unjudged: Vec<String>,
    /// Reads that failed and that it needs, with the reason; it was not asked then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<String>,
}

/// One thing that a policy does not accept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct PolicyBreak {
    /// A resource, or whatever else the policy judges.
    pub id: String,
    pub said: Said,
}

impl PolicyVerdict {
    /// Nothing is broken, and everything was judged.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.broken.is_empty() && self.unjudged.is_empty() && self.unread.is_empty()
    }

    /// Whether the plan may not pass because of it.
    #[must_use]
    pub fn refuses(&self) -> bool {
        self.effect == Effect::Deny && !self.is_kept()
    }
}
