//! Everyone a check has examined: whole, as an audit shows them, or how they stand alone, which is all that a plan keeps.
//! Of a large estate the facts of its members are the greater part of what judging costs.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Examined, VerdictState};

pub(super) enum Population {
    Whole(Vec<Examined>),
    Outline(Outline),
}

/// How a population stands, without its facts and without those who keep the promise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Outline {
    /// Of all members the worst; `None` without any.
    worst: Option<VerdictState>,
    /// By subject: whoever is broken, unknown or pending.
    uneasy: BTreeMap<String, VerdictState>,
    /// Subjects that failed reads name: whether one of them was examined already must be told, however it stands.
    watched: BTreeSet<String>,
    met: BTreeSet<String>,
}

impl Outline {
    pub(super) fn watching(watched: BTreeSet<String>) -> Self {
        Self { watched, ..Self::default() }
    }

    /// With nobody to speak of, not applicable.
    pub(super) fn state(&self) -> VerdictState {
        self.worst.unwrap_or(VerdictState::NotApplicable)
    }

    pub(super) fn uneasy(self) -> BTreeMap<String, VerdictState> {
        self.uneasy
    }

    fn add(&mut self, state: VerdictState, subject: impl FnOnce() -> String) {
        self.worst = Some(self.worst.map_or(state, |worst| worst.min(state)));
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

    /// Both as one: of somebody in both the worse state counts.
    pub(super) fn join(&mut self, other: &Self) {
        self.worst = self.worst.into_iter().chain(other.worst).min();
        for (subject, state) in &other.uneasy {
            self.insert(subject.clone(), *state);
        }
    }
}

impl Population {
    /// One member. Its name and all that is known of it are made only where they are kept.
    pub(super) fn add(&mut self, state: VerdictState, subject: impl FnOnce() -> String, whole: impl FnOnce() -> Examined) {
        match self {
            Self::Whole(members) => members.push(whole()),
            Self::Outline(outline) => outline.add(state, subject),
        }
    }

    pub(super) fn push(&mut self, examined: Examined) {
        match self {
            Self::Whole(members) => members.push(examined),
            Self::Outline(outline) => outline.add(examined.state, || examined.subject),
        }
    }

    /// What could not be read says itself only where nobody examined spoke of it.
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
