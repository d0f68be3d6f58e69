//! The members that a check has examined: with facts and reasons for an audit, or with their states alone, which is all that a
//! plan keeps. In a large estate the facts of the members are the greater part of the cost of judging.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Examined, UnknownCause, VerdictState};

/// The state of a member or a promise, with the reason where it is unknown. The most serious comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Judged {
    pub(super) state: VerdictState,
    pub(super) unknown: Option<UnknownCause>,
}

impl Judged {
    pub(super) const fn unknown(cause: UnknownCause) -> Self {
        Self { state: VerdictState::Unknown, unknown: Some(cause) }
    }

    pub(super) const fn of(examined: &Examined) -> Self {
        Self { state: examined.state, unknown: examined.unknown }
    }
}

impl From<VerdictState> for Judged {
    /// A state other than unknown.
    fn from(state: VerdictState) -> Self {
        debug_assert!(state != VerdictState::Unknown, "an unknown state has a cause");
        Self { state, unknown: (state == VerdictState::Unknown).then_some(UnknownCause::NotUnderstood) }
    }
}

/// The state of a promise: the worst of its members. Members that the promise is not about can break it, and alone they do not
/// keep it.
pub(super) fn overall(worst: Option<Judged>, about: Option<Judged>) -> Judged {
    let nothing = Judged::from(VerdictState::NotApplicable);
    match (worst, about) {
        (Some(worst), _) if worst.state < VerdictState::Kept => worst,
        (_, about) => about.unwrap_or(nothing),
    }
}

pub(super) enum Population {
    Whole(Vec<Examined>),
    Outline(Outline),
}

/// The states of a population, without facts and without the members that keep the promise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Outline {
    /// The worst state of all members; `None` without members.
    worst: Option<Judged>,
    /// The worst state of the members that the promise is about.
    about: Option<Judged>,
    /// The members that are broken, unknown or pending, by subject.
    uneasy: BTreeMap<String, VerdictState>,
    /// The subjects that failed reads name. Whether one of them was examined must be known, whatever its state is.
    watched: BTreeSet<String>,
    met: BTreeSet<String>,
}

impl Outline {
    pub(super) fn watching(watched: BTreeSet<String>) -> Self {
        Self { watched, ..Self::default() }
    }

    pub(super) fn overall(&self) -> Judged {
        overall(self.worst, self.about)
    }

    pub(super) fn uneasy(self) -> BTreeMap<String, VerdictState> {
        self.uneasy
    }

    fn add(&mut self, judged: Judged, beside: bool, subject: impl FnOnce() -> String) {
        self.worst = Some(self.worst.map_or(judged, |worst| worst.min(judged)));
        if !beside {
            self.about = Some(self.about.map_or(judged, |worst| worst.min(judged)));
        }
        let state = judged.state;
        let uneasy = state <= VerdictState::Pending;
        if !uneasy && self.watched.is_empty() {
            return;
        }
        let subject = subject();
        if self.watched.contains(&subject) {
            self.met.insert(subject.clone());
        }
        if uneasy {
            self.insert(subject, state);
        }
    }

    fn insert(&mut self, subject: String, state: VerdictState) {
        self.uneasy.entry(subject).and_modify(|known| *known = state.min(*known)).or_insert(state);
    }

    /// Merges two populations. A member of both has the worse state.
    pub(super) fn join(&mut self, other: &Self) {
        self.worst = self.worst.into_iter().chain(other.worst).min();
        self.about = self.about.into_iter().chain(other.about).min();
        for (subject, state) in &other.uneasy {
            self.insert(subject.clone(), *state);
        }
    }
}

impl Population {
    /// Adds one member. Its name and its facts are made only where they are kept.
    pub(super) fn add(
        &mut self,
        judged: Judged,
        beside: bool,
        subject: impl FnOnce() -> String,
        whole: impl FnOnce() -> Examined,
    ) {
        match self {
            Self::Whole(members) => members.push(whole()),
            Self::Outline(outline) => outline.add(judged, beside, subject),
        }
    }

    pub(super) fn push(&mut self, examined: Examined) {
        match self {
            Self::Whole(members) => members.push(examined),
            Self::Outline(outline) => outline.add(Judged::of(&examined), examined.beside, || examined.subject),
        }
    }

    /// Adds the failed reads that no examined member names.
    pub(super) fn unread(&mut self, failed: Vec<Examined>) {
        if failed.is_empty() {
            return;
        }
        let mut known: BTreeSet<String> = match self {
            Self::Whole(members) => members.iter().map(|known| known.subject.clone()).collect(),
            Self::Outline(outline) => std::mem::take(&mut outline.met),
        };
        for examined in failed {
            if known.insert(examined.subject.clone()) {
                self.push(examined);
            }
        }
    }
}
