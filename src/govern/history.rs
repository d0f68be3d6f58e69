//! What happened in one environment, as far as releases are concerned.

use jiff::Timestamp;

use crate::model::ReleaseRef;

/// One fact. `release` is absent where the tree was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// `agreed`: not by an emergency.
    Begun {
        at: Timestamp,
        plan: String,
        by: String,
        release: Option<ReleaseRef>,
        agreed: bool,
    },
    Proven {
        at: Timestamp,
        plan: String,
        release: Option<ReleaseRef>,
        violations: Vec<String>,
    },
    Held {
        at: Timestamp,
        release: ReleaseRef,
        by: String,
        reason: String,
    },
    Lifted {
        at: Timestamp,
        release: ReleaseRef,
        by: String,
        reason: String,
    },
}

/// Oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    pub events: Vec<Event>,
}

/// The time during which an environment stayed on one content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    pub release: Option<ReleaseRef>,
    /// Whether it came, or was confirmed later, by the ordinary road: promotion, and the word of those who had to agree.
    pub agreed: bool,
    pub begun: Timestamp,
    /// The last event of it.
    pub last: Timestamp,
    /// Since when every look was clean and kept all promises; `None` when the last one was not, or there was none.
    pub kept_since: Option<Timestamp>,
    /// The newest look that left nothing to do.
    pub proven: Option<Timestamp>,
    /// Promises that the newest look found unkept.
    pub violations: Vec<String>,
    /// An apply that began after the newest look: it runs, or it did not end clean.
    pub open: Option<Timestamp>,
}

/// A release that may not come again.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Held {
    pub release: ReleaseRef,
    pub at: Timestamp,
    pub by: String,
    pub reason: String,
}

impl History {
    /// Oldest first. A stay ends when an apply of other content begins, or other content is seen to be there.
    #[must_use]
    pub fn stays(&self) -> Vec<Stay> {
        let mut stays: Vec<Stay> = Vec::new();
        for event in &self.events {
            let (at, release) = match event {
                Event::Begun { at, release, .. } | Event::Proven { at, release, .. } => (*at, release),
                Event::Held { .. } | Event::Lifted { .. } => continue,
            };
            let same = |stay: &Stay| digest(stay.release.as_ref()) == digest(release.as_ref());
            if !stays.last().is_some_and(same) {
                stays.push(Stay {
                    release: release.clone(),
                    // What changes nothing, nobody approvers among it, is seen and not begun.
                    agreed: matches!(event, Event::Proven { .. }),
                    begun: at,
                    last: at,
                    kept_since: None,
                    proven: None,
                    violations: Vec::new(),
                    open: None,
                });
            }
            let Some(stay) = stays.last_mut() else { continue };
            stay.last = at;
            match event {
                Event::Proven { violations, .. } => {
                    stay.proven = Some(at);
                    stay.open = None;
                    stay.violations.clone_from(violations);
                    // A promise that was broken meanwhile starts the count anew.
                    stay.kept_since = if violations.is_empty() { stay.kept_since.or(Some(at)) } else { None };
                }
                Event::Begun { agreed, .. } => {
                    stay.agreed |= agreed;
                    stay.open = Some(at);
                }
                Event::Held { .. } | Event::Lifted { .. } => {}
            }
        }
        stays
    }

    /// Where the environment is now; `None` when nothing was ever applied.
    #[must_use]
    pub fn current(&self) -> Option<Stay> {
        self.stays().pop()
    }

    /// The release whose roles decide here: the newest that came by promotion and was agreed to, also while something that
    /// came another way stands in its place. An emergency changes what runs, and not who may say that it was right.
    #[must_use]
    pub fn governing(&self) -> Option<ReleaseRef> {
        self.stays().into_iter().rev().filter(|stay| stay.agreed).find_map(|stay| stay.release)
    }

    /// Releases that are held now, oldest first.
    #[must_use]
    pub fn held(&self) -> Vec<Held> {
        let mut held: Vec<Held> = Vec::new();
        for event in &self.events {
            match event {
                Event::Held { at, release, by, reason } => {
                    held.retain(|held| held.release.digest != release.digest);
                    held.push(Held { release: release.clone(), at: *at, by: by.clone(), reason: reason.clone() });
                }
                Event::Lifted { release, .. } => held.retain(|held| held.release.digest != release.digest),
                Event::Begun { .. } | Event::Proven { .. } => {}
            }
        }
        held
    }

    /// When a hold on this content was last lifted.
    #[must_use]
    pub fn lifted(&self, digest: &str) -> Option<Timestamp> {
        self.events.iter().rev().find_map(|event| match event {
            Event::Lifted { at, release, .. } if release.digest == digest => Some(*at),
            _ => None,
        })
    }

    /// The newest apply that changed something: when, which plan, by whom.
    #[must_use]
    pub fn last_apply(&self) -> Option<(Timestamp, &str, &str)> {
        self.events.iter().rev().find_map(|event| match event {
            Event::Begun { at, plan, by, .. } => Some((*at, plan.as_str(), by.as_str())),
            _ => None,
        })
    }

    /// The newest look that left nothing to do.
    #[must_use]
    pub fn last_proven(&self) -> Option<(Timestamp, Option<&ReleaseRef>, &[String])> {
        self.events.iter().rev().find_map(|event| match event {
            Event::Proven { at, release, violations, .. } => Some((*at, release.as_ref(), violations.as_slice())),
            _ => None,
        })
    }
}

fn digest(release: Option<&ReleaseRef>) -> Option<&str> {
    release.map(|release| release.digest.as_str())
}
