//! Judges every promise of the paper by what AWS shows (ADR 0008).
//!
//! In: [`JudgeInput`]: the desired, the observed and the recorded state; for an audit also facts, accounts and the time.
//!
//! Out: a [`Verdict`] for each promise, with every member of its population, in the order of the paper.
//!
//! Must not import: anything but `model` and `kinds`; no plan, no record and no world.
//!
//! Guarantees: no clock, no call, no file. A verdict names its whole population: our resources, and foreign ones where the
//! promise is about all data. A failed read makes exactly the promises that need it unknown, unless a readable member breaks
//! them already.

mod check;
mod checks;
mod clusters;
mod data;
mod index;
mod input;
mod key_use;
mod keys;
mod prerequisites;
mod network;
mod parts;
mod paths;
mod plans;
mod population;
mod records;
mod recovery;
mod service;
mod stores;
mod mislabelled;
mod subject;
mod universe;
mod vault_policy;
mod view;
mod why;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::verdict::PromiseMove;
use crate::model::{
    CallRecord, Examined, Explained, Explanation, Fact, PromiseKind, Standing, UnknownCause, Unreadable, Verdict, VerdictState,
};

use super::PAPER;

use universe::Universe;
use view::{View, failure};

pub use check::Check;
pub use checks::{CHECKS, check_of};
pub use input::{Accounts, JudgeInput};
pub use parts::{Asked, Carried, Gibibytes, Lifetime, OfOther, Refused, Schedule, SharedWith, Span, Unclear, Undeclared};
pub use paths::{Names, Place, Proved, Step, Unknown, Unknowns, Way, new_paths};
use population::{Judged, Outline, Population, overall};
pub use universe::Looked;
pub use why::VerdictReason;

/// The verdict on every promise of the paper, in the order of the paper.
#[must_use]
pub fn judge(input: &JudgeInput<'_>) -> Vec<Verdict> {
    let view = View::of(*input, true);
    let whole = |population: Population| {
        if let Population::Whole(mut members) = population {
            members.sort();
            members
        } else {
            Vec::new()
        }
    };
    let mut found: BTreeMap<&str, _> =
        direct(&view).map(|(check, population)| (check.slug, (check, whole(population)))).collect();
    for check in CHECKS.iter().filter(|check| !check.repeats.is_empty()) {
        let members = merged(check.repeats.iter().flat_map(|slug| &found[slug].1));
        found.insert(check.slug, (check, members));
    }
    PAPER.iter().map(|entry| verdict(input, entry, found.remove(entry.slug))).collect()
}

/// Which tenants are isolated, and what the Internet can send.
#[must_use]
pub fn proved(input: &JudgeInput<'_>) -> Proved {
    let view = View::of(*input, true);
    let proved = paths::proved(&view);
    drop(view);
    std::sync::Arc::unwrap_or_clone(proved)
}

/// The state of one promise that has a check, without facts and reasons. A plan compares these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    entry: super::Clause,
    judged: Judged,
    /// The members that are broken, unknown or pending, by subject.
    uneasy: BTreeMap<String, VerdictState>,
}

/// How every promise that has a check stands, and which tenants are isolated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlooks {
    /// In the order of the paper.
    pub promises: Vec<Outlook>,
    /// What clauses 16 and 30 rest on.
    pub proved: std::sync::Arc<Proved>,
}

/// The states alone of what [`judge`] finds, for every promise that has a check.
#[must_use]
pub fn outlook(input: &JudgeInput<'_>) -> Outlooks {
    let view = View::of(*input, false);
    let outline =
        |population: Population| if let Population::Outline(outline) = population { outline } else { Outline::default() };
    let direct: BTreeMap<&str, Outline> = direct(&view).map(|(check, population)| (check.slug, outline(population))).collect();
    let of = |entry: &super::Clause| {
        let check = check_of(entry.slug)?;
        let mut outline = Outline::default();
        check.sources().for_each(|source| outline.join(&direct[source.slug]));
        Some(Outlook { entry: *entry, judged: outline.overall(), uneasy: outline.uneasy() })
    };
    Outlooks { promises: PAPER.iter().filter_map(of).collect(), proved: paths::proved(&view) }
}

/// The checks that have a population of their own, with it.
fn direct(view: &View<'_>) -> impl Iterator<Item = (&'static Check, Population)> {
    CHECKS.iter().filter(|check| check.repeats.is_empty()).map(|check| {
        view.look_at(Universe { slug: check.slug, parts: check.universe });
        let failed = unread(view, check);
        let mut population = if view.told {
            Population::Whole(Vec::new())
        } else {
            Population::Outline(Outline::watching(failed.iter().map(|examined| examined.subject.clone()).collect()))
        };
        (check.run)(view, &mut population);
        population.unread(failed);
        (check, population)
    })
}

/// The verdict on a promise, with its check and the members that the check has examined; `None` without a check.
fn verdict(input: &JudgeInput<'_>, entry: &super::Clause, found: Option<(&'static Check, Vec<Examined>)>) -> Verdict {
    let check = found.as_ref().map(|(check, _)| *check);
    let (judged, population, not_judged) = match found {
        Some((check, members)) => (worst(&members), members, check.missing.into()),
        None if entry.kind == PromiseKind::Info => (VerdictState::OutsideInfrastructure.into(), Vec::new(), OUTSIDE.into()),
        None => (VerdictState::NoCheckYet.into(), Vec::new(), NO_CHECK.into()),
    };
    let Judged { state, unknown } = judged;
    let divergence = input.desired.divergences.iter().find(|divergence| divergence.promise == entry.slug);
    Verdict {
        promise: entry.slug.to_owned(),
        clause: entry.clause.to_owned(),
        kind: entry.kind,
        state,
        unknown,
        universe: check.map(Check::parts).unwrap_or_default(),
        level: population
            .iter()
            .filter(|examined| good(examined.state) && good(state))
            .filter_map(|examined| examined.level)
            .min(),
        population,
        divergence: divergence.cloned(),
        looks: check.map(Check::looks),
        not_judged,
    }
}

const OUTSIDE: Explained = Explained::new(
    "No infrastructure decides this; it is listed so that no clause is missing.",
    "インフラストラクチャでは判定できません。条項の漏れがないよう掲載しています。",
);

const NO_CHECK: Explained = Explained::new("tokaido has no check for this yet.", "この約束を判定する機能はまだありません。");

const fn good(state: VerdictState) -> bool {
    matches!(state, VerdictState::Kept | VerdictState::Pending)
}

fn worst(population: &[Examined]) -> Judged {
    let about = population.iter().filter(|examined| !examined.beside).map(Judged::of).min();
    overall(population.iter().map(Judged::of).min(), about)
}

/// Merges the populations of several promises: a subject that was examined twice is one member, with the worse state and all
/// facts.
fn merged<'a>(all: impl Iterator<Item = &'a Examined>) -> Vec<Examined> {
    let mut found: BTreeMap<&str, Examined> = BTreeMap::new();
    for examined in all {
        let Some(known) = found.get_mut(examined.subject.as_str()) else {
            found.insert(&examined.subject, examined.clone());
            continue;
        };
        known.reason = match (known.reason.take(), &examined.reason) {
            (Some(first), Some(second)) if first != *second => Some(first.and(second)),
            (first, second) => first.or_else(|| second.clone()),
        };
        let worse = Judged::of(known).min(Judged::of(examined));
        (known.state, known.unknown, known.beside) = (worse.state, worse.unknown, known.beside && examined.beside);
        known.level = if good(known.state) { known.level.min(examined.level) } else { None };
        let new: Vec<_> = examined.facts.iter().filter(|fact| !known.facts.contains(fact)).cloned().collect();
        known.facts.extend(new);
    }
    found.into_values().collect()
}

/// Adds each failed read that this check needs as an unknown member. A declared resource that a failed read hides is a member
/// already.
fn unread(view: &View<'_>, check: &'static Check) -> Vec<Examined> {
    let input = view.input;
    let resources = input.observed.unreadable.iter().filter(|failed| check.needs(&failed.kind, failed.region));
    let evidence = input.observed.evidence.iter().flat_map(|evidence| &evidence.unreadable);
    let facts = evidence.filter(|failed| check.facts.contains(&(failed.kind.as_str(), failed.region)));
    let of = |reads: &'_ [CallRecord], failed: &Unreadable, source: fn(&CallRecord) -> String| {
        let read = reads.iter().find(|read| read.kind == failed.kind && read.region == failed.region);
        read.map(|read| view::read_failed(source(read), read))
    };
    let asked = input.observed.evidence.as_ref().map(|evidence| &*evidence.reads).unwrap_or_default();
    let resources = resources.map(|failed| unreadable(failed, of(&input.observed.reads, failed, CallRecord::listing)));
    resources.chain(facts.map(|failed| unreadable(failed, of(asked, failed, CallRecord::facts)))).collect()
}

fn unreadable(failed: &Unreadable, read: Option<Fact>) -> Examined {
    let place = format!("{}@{}", failed.kind, failed.region);
    let subject = match (&failed.id, &failed.physical) {
        (Some(id), _) => id.to_string(),
        (None, Some(name)) => format!("{name} ({place})"),
        (None, None) => format!("every {place}"),
    };
    Examined {
        subject,
        kind: failed.kind.clone(),
        standing: Standing::Unread,
        state: VerdictState::Unknown,
        unknown: Some(UnknownCause::ReadFailed),
        beside: false,
        level: None,
        reason: Some(Explanation::of(&failure(failed))),
        facts: read.into_iter().collect(),
    }
}

/// The states before and after of every promise that has a check, with the members whose state changes.
#[must_use]
pub fn moves(before: &[Outlook], after: &[Outlook]) -> Vec<PromiseMove> {
    let judged = before.iter().zip(after);
    judged
        .map(|(before, after)| PromiseMove {
            promise: before.entry.slug.to_owned(),
            clause: before.entry.clause.to_owned(),
            before: before.judged.state,
            unknown: before.judged.unknown,
            pending: before.judged.state == VerdictState::Unknown
                && before.uneasy.values().any(|state| *state == VerdictState::Pending),
            after: after.judged.state,
            resources: moved(&before.uneasy, &after.uneasy),
        })
        .collect()
}

/// The members whose state differs between the two sides and is not kept on at least one of them.
fn moved(before: &BTreeMap<String, VerdictState>, after: &BTreeMap<String, VerdictState>) -> Vec<String> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    names.into_iter().filter(|name| before.get(*name) != after.get(*name)).cloned().collect()
}
