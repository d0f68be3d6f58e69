//! What others know about a plan: the promises that it moves, its twin in staging, who has approved it. None of it is part
//! of the plan. What is absent leaves no line and no heading.

use std::collections::BTreeMap;

use crate::model::{Explained, Language, ResourceId};

use super::rows::{Block, Entry, Fold, Line, Mark, Role, Section, title};
use super::words;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beside {
    /// The file does not say what was made: somebody changed it.
    pub altered: bool,
    pub promises: Vec<PromiseMove>,
    /// Per changed resource; one that is not named was never executed in staging. `None`: staging was not asked.
    pub staging: Option<BTreeMap<ResourceId, Twin>>,
    pub approvals: Option<Approvals>,
    /// Whether customers were told, in time, and whether it arrived.
    pub notice: Option<Line>,
    /// Whether the time is allowed: the window, a freeze.
    pub window: Option<Line>,
}

/// A promise whose verdict is another one after the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromiseMove {
    pub slug: String,
    pub clause: String,
    /// In the language of the page.
    pub title: String,
    pub before: Standing,
    pub after: Standing,
    pub resources: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    Broken,
    Unknown,
    Kept,
}

impl Standing {
    const fn word(self) -> Explained {
        match self {
            Self::Kept => words::KEPT,
            Self::Broken => words::BROKEN,
            Self::Unknown => words::UNKNOWN,
        }
    }

    const fn role(self) -> Role {
        match self {
            Self::Kept => Role::Ok,
            Self::Broken => Role::Error,
            Self::Unknown => Role::Warn,
        }
    }
}

/// What staging did with the same change. The first is shown first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Twin {
    Never,
    OtherValues,
    Same,
}

impl Twin {
    pub const ALL: [Self; 3] = [Self::Never, Self::OtherValues, Self::Same];

    pub fn mark(self, language: Language) -> Mark {
        let (role, glyph, word) = match self {
            Self::Never => (Role::Error, "▲", words::TWIN_NEVER),
            Self::OtherValues => (Role::Warn, "≠", words::TWIN_OTHER),
            Self::Same => (Role::Ok, "✓", words::TWIN_SAME),
        };
        Mark { role, glyph, word: word.say(language).to_owned() }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Approvals {
    pub approved: Vec<Approval>,
    /// Who still has to, in words.
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

impl Beside {
    /// `None` when staging was not asked.
    pub fn twin(&self, id: &ResourceId) -> Option<Twin> {
        self.staging.as_ref().map(|twins| twins.get(id).copied().unwrap_or(Twin::Never))
    }

    /// The promises that move, what breaks first.
    pub fn promises(&self, language: Language) -> Section {
        let mut moves: Vec<&PromiseMove> = self.promises.iter().collect();
        moves.sort_by_key(|one| (one.after, &one.slug));
        let blocks = moves.iter().map(|one| {
            let said = |standing: Standing| standing.word().say(language);
            let head = Line::new().value(Role::Id, &one.slug).dot().prose(Role::Plain, &one.title);
            let clause = format!("{} {}", words::CLAUSE.say(language), one.clause);
            let moved = Line::new()
                .value(one.before.role(), said(one.before))
                .glued(Role::Plain, " →")
                .glued(one.after.role(), format!(" {}", said(one.after)));
            let resources = Line::listed(Role::Id, one.resources.iter().cloned());
            Block::Entry(Entry {
                mark: Some(Mark {
                    role: one.after.role(),
                    glyph: if one.after == Standing::Kept { "✓" } else { "!" },
                    word: said(one.after).to_owned(),
                }),
                head: head.dot().value(Role::Muted, clause),
                about: vec![Line::dotted([moved, resources])],
                ..Entry::default()
            })
        });
        Section {
            key: "promises",
            title: title(Role::Heading, words::PROMISES.say(language), self.promises.len(), words::PROMISES_MEANS.say(language)),
            fold: Fold::Never,
            blocks: blocks.collect(),
        }
    }
}
