//! What happened in one environment, as far as releases are concerned.

use jiff::Timestamp;

use crate::model::ReleaseRef;

/// One fact from the records of an environment. `release` is absent where the working tree was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// An apply began.
    Begun {
        /// When it began.
        at: Timestamp,
        /// The id of its plan, 64 hex digits.
        plan: String,
        /// The ARN that ran it, as STS answered.
        by: String,
        /// The release of the plan; absent as well when the release did not come by promotion.
        release: Option<ReleaseRef>,
        /// Whether it ran without an emergency override.
        agreed: bool,
    },
    /// A look after an apply found nothing left to do.
    Proven {
        /// When it looked.
        at: Timestamp,
        /// The id of the plan after which it looked.
        plan: String,
        /// The release that the environment is on.
        release: Option<ReleaseRef>,
        /// What the look found not kept: slugs of promises that are broken, pending or unknown (not those that nobody asks for), and `policy CODE` for each policy
        /// that refuses.
        violations: Vec<String>,
    },
    /// The environment went back from a release, which may not come again while it is held.
    Held {
        /// When it went back.
        at: Timestamp,
        /// The release, by name and digest.
        release: ReleaseRef,
        /// The ARN of the operator who went back, as STS answered.
        by: String,
        /// Why, as that person wrote it.
        reason: String,
    },
    /// A person lifted the hold on a release.
    Lifted {
        /// When the hold was lifted.
        at: Timestamp,
        /// The release, by name and digest.
        release: ReleaseRef,
        /// The ARN of the operator who lifted it, as STS answered.
        by: String,
        /// Why, as that person wrote it.
        reason: String,
    },
}

/// The facts of one environment that concern releases.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// The facts, oldest first.
    pub events: Vec<Event>,
}

/// The time during which an environment stayed on one content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// The release; absent for the working tree.
    pub release: Option<ReleaseRef>,
    /// Whether the content came by promotion with the approvals that it needed, or was confirmed so later.
    pub agreed: bool,
    /// When it came.
    pub begun: Timestamp,
    /// When the last fact about it happened.
    pub last: Timestamp,
    /// Since when every look found nothing left to do and every promise kept. `None` when the last look did not, or there was
    /// none.
    pub kept_since: Option<Timestamp>,
    /// The newest look that found nothing left to do.
    pub proven: Option<Timestamp>,
    /// What the newest look found not kept, as [`Event::Proven`] has it.
    pub violations: Vec<String>,
    /// When an apply began after the newest look: it still runs, or it left something to do.
    pub open: Option<Timestamp>,
}

/// A release that may not come again until a person lifts the hold.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Held {
    /// The release, by name and digest.
    pub release: ReleaseRef,
    /// When the environment went back from it.
    pub at: Timestamp,
    /// The ARN of the operator who went back, as STS answered.
    pub by: String,
    /// Why, as that person wrote it.
    pub reason: String,
}

impl History {
    /// The stays, oldest first. A stay ends when an apply of other content begins, or when a look finds other content.
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
                    // A plan that changes nothing, which needs no approval either, is seen by a look and begins no apply.
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
                    // A promise that was broken meanwhile begins the count anew.
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

    /// The content that the environment is on now. `None` when nothing was ever applied.
    #[must_use]
    pub fn current(&self) -> Option<Stay> {
        self.stays().pop()
    }

    /// The release whose roles decide in this environment: the newest one that came by promotion with its approvals. It also
    /// decides while content that came another way stands in its place. An emergency override changes what runs. It does not
    /// change who may approve.
    #[must_use]
    pub fn governing(&self) -> Option<ReleaseRef> {
        self.stays().into_iter().rev().filter(|stay| stay.agreed).find_map(|stay| stay.release)
    }

    /// The releases that are held now, oldest first.
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

    /// When a hold on the content with this digest was last lifted.
    #[must_use]
    pub fn lifted(&self, digest: &str) -> Option<Timestamp> {
        self.events.iter().rev().find_map(|event| match event {
            Event::Lifted { at, release, .. } if release.digest == digest => Some(*at),
            _ => None,
        })
    }

    /// The newest apply: when it began, the id of its plan, and the ARN that ran it.
    #[must_use]
    pub fn last_apply(&self) -> Option<(Timestamp, &str, &str)> {
        self.events.iter().rev().find_map(|event| match event {
            Event::Begun { at, plan, by, .. } => Some((*at, plan.as_str(), by.as_str())),
            _ => None,
        })
    }

    /// The newest look that found nothing left to do: when, the release, and what it found not kept.
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
