//! The policies of an organisation: their files, and what they say of a plan.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::finding::Source;
use super::text::Said;

/// The policies of a project or of a release, as they were read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicyFiles {
    /// The text of each file, by its path.
    pub files: BTreeMap<String, String>,
    /// SHA-256 over paths and contents, hex. Empty where there is no policy.
    pub digest: String,
    /// Whether every file was found without mistakes, by this run or by an earlier run of the same program. Otherwise the
    /// policies are checked before they are asked.
    pub checked: bool,
}

/// What a broken policy does to a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// The plan may not be applied without an emergency override.
    Deny,
    /// The plan may be applied; the verdict is shown.
    Warn,
}

/// What one policy says of one plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyVerdict {
    /// The code of the policy.
    pub policy: String,
    /// The title of the policy, in both languages.
    pub title: Said,
    /// What it does to the plan when it is broken.
    pub effect: Effect,
    /// Where the policy says what breaks it.
    pub source: Source,
    /// How many members of its population it checked.
    pub checked: usize,
    /// What breaks the policy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub broken: Vec<PolicyBreak>,
    /// Members of its population that it neither checked nor found broken. The policy is then not kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unjudged: Vec<String>,
    /// Reads that the policy needs and that failed, with the reason. The policy was then not asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<String>,
}

/// One thing that a policy does not accept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct PolicyBreak {
    /// The id of a resource, or of what else the policy judges.
    pub id: String,
    /// What is wrong with it, in both languages, as the policy words it.
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
