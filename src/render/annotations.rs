//! Annotations of a plan: the upstream comparison, the approvals, notice, window. None of them is part of the plan. An absent
//! annotation leaves no line and no heading.

use std::collections::BTreeMap;

use crate::model::{Language, ResourceId};

use super::rows::{Line, Mark, Role};
use super::words;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Annotations {
    /// The file was altered after tokaido wrote it.
    pub altered: bool,
    /// The command that shows all of it, for outputs that show less. `None`: the plan was not saved, so plan again.
    pub whole: Option<String>,
    /// For each changed resource; one that is not named was never executed in staging. `None`: no comparison was made.
    pub staging: Option<BTreeMap<ResourceId, UpstreamStanding>>,
    pub approvals: Option<Approvals>,
    /// Overrides of the environment's own file about promotion: they are in no release, so no environment before has tried them.
    pub promotion_path: Option<Line>,
    /// Whether the notice reached the customers in time.
    pub notice: Option<Line>,
    /// Whether the time is allowed: the window, a freeze.
    pub window: Option<Line>,
}

/// What staging did with the same change. The first is shown first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum UpstreamStanding {
    Never,
    OtherOperation,
    OtherValues,
    Same,
}

impl UpstreamStanding {
    pub const ALL: [Self; 4] = [Self::Never, Self::OtherOperation, Self::OtherValues, Self::Same];

    pub fn mark(self, language: Language) -> Mark {
        let (role, glyph, word) = match self {
            Self::Never => (Role::Error, "▲", words::TWIN_NEVER),
            Self::OtherOperation => (Role::Warn, "≠", words::TWIN_OTHERWISE),
            Self::OtherValues => (Role::Warn, "≠", words::TWIN_OTHER),
            Self::Same => (Role::Ok, "✓", words::TWIN_SAME),
        };
        Mark { role, glyph, word: word.say(language).to_owned() }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Approvals {
    pub approved: Vec<Approval>,
    /// Who still has to approve, in words.
    pub missing: Vec<String>,
    /// Why these people are asked, in the language of the page.
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    pub by: String,
    /// RFC 3339.
    pub at: String,
}

impl Annotations {
    /// `None` when no comparison was made.
    pub fn upstream(&self, id: &ResourceId) -> Option<UpstreamStanding> {
        self.staging.as_ref().map(|upstreams| upstreams.get(id).copied().unwrap_or(UpstreamStanding::Never))
    }
}
