//! Where every environment is, from records alone, and what may move.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::model::{DriftReport, Emergency, Environment, ReleaseRef};

use super::history::{Held, History};
use super::promotion::{self, PromotionInput, Refusal, WatchedState, Way};
use super::watch::Watched;

/// What is known of one environment.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    pub environment: Environment,
    pub account: Option<&'a str>,
    /// What the file pins; absent where the tree is used, or where `problem` says why nobody knows.
    pub pinned: Option<&'a ReleaseRef>,
    /// Why the environment's files cannot be used.
    pub problem: Option<&'a str>,
    pub history: &'a History,
    /// A live read, when one was asked for.
    pub drift: Option<&'a DriftReport>,
    /// The release that is there, on its way to the next environment.
    pub onward: Option<&'a Onward<'a>>,
    /// Saved plans that could still be applied.
    pub waiting: &'a [Waiting],
    /// Emergencies that nobody has reviewed.
    pub emergencies: &'a [&'a Emergency],
    /// What watchers wrote down; absent where nobody ever watched, or where `watch_problem` says why nobody knows.
    pub watch: Option<&'a Watched>,
    /// Why what they wrote down cannot be used.
    pub watch_problem: Option<&'a str>,
}

/// What a promotion of the release that is there would be judged by.
#[derive(Debug, Clone, Copy)]
pub struct Onward<'a> {
    pub cut_with: &'a str,
    pub tool_version: &'a str,
    /// What happened where it would go.
    pub there: &'a History,
    /// What watchers saw last where it is.
    pub sight: WatchedState<'a>,
    pub soak: SignedDuration,
    pub now: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LastApply {
    pub at: Timestamp,
    pub plan: String,
    pub by: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LastProven {
    pub at: Timestamp,
    /// Absent where the tree was applied.
    pub release: Option<ReleaseRef>,
    /// Promises that were not kept at that moment.
    #[serde(rename = "unkept")]
    pub violations: Vec<String>,
}

/// What a live read found; without one nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "drift", rename_all = "kebab-case")]
pub enum Drift {
    NotRead,
    Read { observed_at: String, drifted: usize, missing: usize, unreadable: usize },
}

/// The next station of the release that is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Next {
    pub release: ReleaseRef,
    pub to: Environment,
    /// Empty: it may go now.
    pub refusals: Vec<Refusal>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EnvironmentStatus {
    pub environment: Environment,
    /// Absent where `problem` says why nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    pub pinned: Option<ReleaseRef>,
    /// What was applied last; absent when nothing was, or the tree.
    pub applied: Option<ReleaseRef>,
    /// The environment is compiled from the tree.
    pub tree: bool,
    pub problem: Option<String>,
    pub last_apply: Option<LastApply>,
    pub last_proven: Option<LastProven>,
    /// An apply began after the last clean look: it runs, or it left something to do.
    pub open_since: Option<Timestamp>,
    pub drift: Drift,
    pub holds: Vec<Held>,
    pub next: Option<Next>,
    /// Plans that wait for approvals, or, when they have them, for being applied.
    pub waiting: Vec<Waiting>,
    /// Open until a second person has reviewed them, however long ago they were.
    pub emergencies: Vec<OpenEmergency>,
    /// `null`: never watched, when there is no problem.
    pub watch: Option<Watched>,
    /// Why nobody knows what watchers saw: a sighting is damaged, or could not be read.
    pub watch_problem: Option<String>,
}

/// A saved plan that needs people's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    pub plan: String,
    pub author: String,
    /// RFC 3339.
    pub expires_at: String,
    pub required: usize,
    /// People whose approvals count.
    pub approved: Vec<String>,
    /// People who could still approve.
    pub able: Vec<String>,
    /// Nothing is missing any more.
    pub complete: bool,
}

/// Somebody went past promotion, policies or approvals, and nobody has reviewed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenEmergency {
    pub id: String,
    pub at: Timestamp,
    pub by: String,
    pub reason: String,
    /// What would have refused.
    pub missing: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    pub schema_version: u32,
    /// The clock that soaking is counted with.
    pub now: Timestamp,
    /// Whose records these are, as in a plan: `aws`, or `sandbox` and its name.
    pub world: String,
    pub environments: Vec<EnvironmentStatus>,
}

/// One environment's line of the board.
#[must_use]
pub fn summary(facts: &Facts<'_>) -> EnvironmentStatus {
    let (history, current) = (facts.history, facts.history.current());
    let applied = current.as_ref().and_then(|stay| stay.release.clone());
    EnvironmentStatus {
        environment: facts.environment,
        account: facts.account.map(str::to_owned),
        pinned: facts.pinned.cloned(),
        tree: facts.pinned.is_none() && facts.problem.is_none(),
        problem: facts.problem.map(str::to_owned),
        last_apply: history.last_apply().map(|(at, plan, by)| LastApply { at, plan: plan.to_owned(), by: by.to_owned() }),
        last_proven: history.last_proven().map(|(at, release, violations)| LastProven {
            at,
            release: release.cloned(),
            violations: violations.to_vec(),
        }),
        open_since: current.and_then(|stay| stay.open),
        drift: facts.drift.map_or(Drift::NotRead, |report| Drift::Read {
            observed_at: report.observed_at.clone(),
            drifted: report.drifted.len(),
            missing: report.missing.len(),
            unreadable: report.unreadable.len(),
        }),
        holds: history.held(),
        next: applied.as_ref().and_then(|release| next(facts, release)),
        waiting: facts.waiting.to_vec(),
        emergencies: facts.emergencies.iter().map(|emergency| open(emergency)).collect(),
        watch: facts.watch.cloned(),
        watch_problem: facts.watch_problem.map(str::to_owned),
        applied,
    }
}

fn open(emergency: &Emergency) -> OpenEmergency {
    OpenEmergency {
        id: emergency.id.clone(),
        at: emergency.at,
        by: emergency.by.clone(),
        reason: emergency.reason.clone(),
        missing: emergency.missing.clone(),
    }
}

fn next(facts: &Facts<'_>, release: &ReleaseRef) -> Option<Next> {
    let (to, onward) = (promotion::after(facts.environment)?, facts.onward?);
    // Already there: nothing is left to wait for.
    if onward.there.current().is_some_and(|stay| stay.release.as_ref().is_some_and(|there| there.digest == release.digest)) {
        return None;
    }
    let question = PromotionInput {
        release,
        cut_with: onward.cut_with,
        tool_version: onward.tool_version,
        to,
        own: onward.there,
        before: Some(facts.history),
        sight: onward.sight,
        soak: onward.soak,
        now: onward.now,
        way: Way::Forward,
    };
    let refusals = promotion::decide(&question).err().unwrap_or_default();
    Some(Next { release: release.clone(), to, refusals })
}
