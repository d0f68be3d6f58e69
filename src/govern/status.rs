//! Where every environment is, from records alone, and which release may move.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::model::{DriftReport, Emergency, Environment, ReleaseRef, Sentence};

use super::history::{Held, History};
use super::promotion::{self, PromotionInput, Refusal, WatchedState, Way};
use super::watch::Watched;

/// What is known of one environment.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The environment that these facts are about.
    pub environment: Environment,
    /// The account in the environment file, twelve digits. Absent where `problem` says why it is unknown.
    pub account: Option<&'a str>,
    /// The release that its file pins. Absent where the working tree is used, and where `problem` says why the pin is unknown.
    pub pinned: Option<&'a ReleaseRef>,
    /// Why the files of the environment cannot be used. Documents have the English sentence.
    pub problem: Option<&'a Sentence>,
    /// What happened there.
    pub history: &'a History,
    /// The report of a live read; absent when none was asked for.
    pub drift: Option<&'a DriftReport>,
    /// What a promotion of its release to the next environment depends on; absent when there is none.
    pub onward: Option<&'a Onward<'a>>,
    /// Its saved plans that can still be applied.
    pub waiting: &'a [Waiting],
    /// Its emergency overrides that no second person has reviewed.
    pub emergencies: &'a [&'a Emergency],
    /// What watchers recorded. Absent where none ever watched, and where `watch_problem` says why it is unknown.
    pub watch: Option<&'a Watched>,
    /// Why the sightings cannot be used. Documents have the English sentence.
    pub watch_problem: Option<&'a Sentence>,
}

/// What a promotion of the release of an environment to the next one depends on.
#[derive(Debug, Clone, Copy)]
pub struct Onward<'a> {
    /// Version of the tokaido that cut the release.
    pub cut_with: &'a str,
    /// Version of the tokaido that runs.
    pub tool_version: &'a str,
    /// What happened in the next environment.
    pub there: &'a History,
    /// What watchers saw last in this environment.
    pub sight: WatchedState<'a>,
    /// How long the release must have been proven here (`change.soak` of the next environment).
    pub soak: SignedDuration,
    /// The time at which the decision is made, on the world's clock.
    pub now: Timestamp,
}

/// The newest apply that changed something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LastApply {
    /// When it began.
    pub at: Timestamp,
    /// The id of its plan, 64 hex digits.
    pub plan: String,
    /// The ARN that ran it, as STS answered.
    pub by: String,
}

/// The newest look that found nothing left to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LastProven {
    /// When it looked.
    pub at: Timestamp,
    /// The release that it found. Absent where the working tree was applied.
    pub release: Option<ReleaseRef>,
    /// What it found not kept: slugs of promises, and `policy CODE` for each policy that refuses.
    #[serde(rename = "unkept")]
    pub violations: Vec<String>,
}

/// What a live read found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "drift", rename_all = "kebab-case")]
pub enum Drift {
    /// No live read was asked for, so drift is unknown.
    NotRead,
    /// A live read was made.
    Read {
        /// When the read ended, RFC 3339 in UTC.
        observed_at: String,
        /// How many resources drifted.
        drifted: usize,
        /// How many resources are missing.
        missing: usize,
        /// How many reads failed.
        unreadable: usize,
    },
}

/// Where the release of an environment goes next on the promotion path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Next {
    /// The release, by name and digest.
    pub release: ReleaseRef,
    /// The environment that it goes to.
    pub to: Environment,
    /// Why it may not go now. Empty when it may.
    pub refusals: Vec<Refusal>,
}

/// The line of one environment in `tokaido status`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EnvironmentStatus {
    /// The environment of this line.
    pub environment: Environment,
    /// Absent where `problem` says why nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The release that its file pins.
    pub pinned: Option<ReleaseRef>,
    /// The release that was applied last. Absent when nothing was applied, or the working tree.
    pub applied: Option<ReleaseRef>,
    /// Whether the environment is compiled from the working tree.
    pub tree: bool,
    /// Why its files cannot be used. Documents have the English sentence.
    pub problem: Option<Sentence>,
    /// The newest apply that changed something.
    pub last_apply: Option<LastApply>,
    /// The newest look that found nothing left to do.
    pub last_proven: Option<LastProven>,
    /// When an apply began after the newest such look: it still runs, or it left something to do.
    pub open_since: Option<Timestamp>,
    /// What a live read found.
    pub drift: Drift,
    /// The releases that are held there.
    pub holds: Vec<Held>,
    /// Where its release goes next; absent in production and when the next environment has it.
    pub next: Option<Next>,
    /// The saved plans that wait for approvals, or that have them and wait to be applied.
    pub waiting: Vec<Waiting>,
    /// The emergency overrides that no second person has reviewed, however old they are.
    pub emergencies: Vec<OpenEmergency>,
    /// What watchers recorded. `null` when no watcher ever watched, and when `watch_problem` is there.
    pub watch: Option<Watched>,
    /// Why the sightings are unknown: one is damaged, or they cannot be read.
    pub watch_problem: Option<Sentence>,
}

/// A saved plan and its approvals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// The id of the plan, 64 hex digits.
    pub plan: String,
    /// The author of the plan.
    pub author: String,
    /// When it expires, RFC 3339 in UTC.
    pub expires_at: String,
    /// How many approvals it needs.
    pub required: usize,
    /// The people whose approvals count.
    pub approved: Vec<String>,
    /// The people who may still approve.
    pub able: Vec<String>,
    /// Whether nothing is missing.
    pub complete: bool,
}

/// An emergency override that no second person has reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenEmergency {
    /// Its id, twelve hex digits.
    pub id: String,
    /// When the apply was permitted.
    pub at: Timestamp,
    /// Who ran the apply.
    pub by: String,
    /// Why it could not wait, as the operator wrote it.
    pub reason: String,
    /// Every reason that would have refused the apply.
    pub missing: Vec<String>,
}

/// The document of `tokaido status`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Version of this document (`SCHEMA_VERSION`).
    pub schema_version: u32,
    /// The time by which soaks are counted.
    pub now: Timestamp,
    /// Whose records these are, as in a plan: `aws`, or `sandbox` and its name.
    pub world: String,
    /// The environments that were asked for, in the order of promotion.
    pub environments: Vec<EnvironmentStatus>,
}

/// The line of one environment in `tokaido status`.
#[must_use]
pub fn summary(facts: &Facts<'_>) -> EnvironmentStatus {
    let (history, current) = (facts.history, facts.history.current());
    let applied = current.as_ref().and_then(|stay| stay.release.clone());
    EnvironmentStatus {
        environment: facts.environment,
        account: facts.account.map(str::to_owned),
        pinned: facts.pinned.cloned(),
        tree: facts.pinned.is_none() && facts.problem.is_none(),
        problem: facts.problem.cloned(),
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
        watch_problem: facts.watch_problem.cloned(),
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
    // The release is there already, so it does not wait to go there.
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
