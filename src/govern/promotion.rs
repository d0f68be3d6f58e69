//! May this release go to that environment? Yes, in one of four ways, or every reason why not.
//!
//! The promotion path is dev → staging → production. What counts is the content (the digest), never the name, and only what the
//! records of an environment say: applied, seen clean with every promise kept, for long enough, and still there.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::history::{Held, History, Stay};
use super::parts::{FirstOf, Short};
use super::refusal::{self, NextStep, Why};
use super::watch::Last;
use crate::model::moment::{Lasting, Moment};
use crate::model::{Environment, Open, ReleaseRef};

/// The environment that a release comes from.
#[must_use]
pub const fn before(environment: Environment) -> Option<Environment> {
    match environment {
        Environment::Dev => None,
        Environment::Staging => Some(Environment::Dev),
        Environment::Production => Some(Environment::Staging),
    }
}

/// The environment that a release goes to.
#[must_use]
pub const fn after(environment: Environment) -> Option<Environment> {
    match environment {
        Environment::Dev => Some(Environment::Staging),
        Environment::Staging => Some(Environment::Production),
        Environment::Production => None,
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Forward,
    /// To a release that was here earlier.
    Back,
    /// Forward, to a release that was left by going back.
    LiftHold,
}

/// What watchers wrote down last of the environment before.
#[derive(Debug, Clone, Copy)]
pub enum WatchedState<'a> {
    /// Nobody ever watched there, or there is no environment before.
    Never,
    Last(&'a Last),
    /// Why it cannot be read.
    Unknown(&'a str),
}

impl<'a> WatchedState<'a> {
    /// `Err`: in words, why nobody knows.
    #[must_use]
    pub fn of(found: &'a Result<Option<Last>, String>) -> Self {
        match found {
            Ok(None) => Self::Never,
            Ok(Some(last)) => Self::Last(last),
            Err(why) => Self::Unknown(why),
        }
    }
}

/// Everything that decides.
#[derive(Debug, Clone, Copy)]
pub struct PromotionInput<'a> {
    pub release: &'a ReleaseRef,
    /// The tokaido that cut the release, and this one.
    pub cut_with: &'a str,
    pub tool_version: &'a str,
    pub to: Environment,
    /// What happened there.
    pub own: &'a History,
    /// What happened in the environment before; `None` for the first one.
    pub before: Option<&'a History>,
    /// What was seen there since.
    pub sight: WatchedState<'a>,
    pub soak: SignedDuration,
    pub now: Timestamp,
    pub way: Way,
}

/// How a release may go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "way", rename_all = "kebab-case")]
pub enum Allowed {
    Forward,
    /// It is what was applied last: an unapplied promotion to another one is taken back.
    Withdrawal,
    /// Nothing is held when the tree was left, in dev.
    Back {
        leaves: Option<ReleaseRef>,
    },
    HoldLifted,
}

/// One reason against it, as data. [`Refusal::told`] has the words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "refusal", rename_all = "kebab-case")]
pub enum Refusal {
    /// Another tool may compile the same files otherwise.
    OtherTool { cut_with: String, now: String },
    /// It was never applied in the environment before.
    NotApplied { environment: Environment },
    /// A release of this name was, with other content.
    OtherContent { environment: Environment, there: String },
    /// Its last apply there runs, or did not end with nothing left to do.
    NotProven { environment: Environment, begun: Timestamp },
    /// The environment before has moved on; `on` is absent when the tree was applied there.
    MovedOn { environment: Environment, on: Option<ReleaseRef>, at: Timestamp },
    /// Promises were not kept when it was last looked at.
    Unkept { environment: Environment, at: Timestamp, promises: Vec<String> },
    /// After that a watcher saw that something is not as declared, or a promise not kept.
    SeenOpen { environment: Environment, at: Timestamp, open: Vec<String> },
    /// After that a watcher saw nothing, or nobody can read what watchers saw; `at` is absent then.
    Unseen { environment: Environment, at: Option<Timestamp>, why: String },
    /// Not for long enough.
    Soaking { environment: Environment, since: Timestamp, ends: Timestamp, left_seconds: i64 },
    /// The environment before went back from it.
    HeldBefore { environment: Environment, at: Timestamp, by: String, reason: String },
    /// It was left by going back.
    Held { at: Timestamp, by: String, reason: String },
    /// It was here before: this would be going back.
    IsBack { left: Timestamp },
    /// Going back to what was never here.
    NeverHere,
    /// Going back to what never worked here.
    NeverProvenHere,
    /// There is no hold to lift.
    NotHeld,
}

/// What a refusal is about.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// `tokaido --world sandbox`
    pub command: &'a str,
    pub release: &'a ReleaseRef,
    pub to: Environment,
}

impl Refusal {
    /// Why, and what to do, in words that name the release and the command.
    #[must_use]
    pub fn told(&self, asked: &Asked<'_>) -> refusal::Refusal {
        refusal::Refusal::new(self.why(asked), self.next(asked))
    }

    fn why(&self, asked: &Asked<'_>) -> Why {
        let release = asked.release.id.clone();
        let to = asked.to;
        match self.clone() {
            Self::OtherTool { cut_with, now } => Why::OtherTool { release, cut_with, now },
            Self::NotApplied { environment } => Why::NotApplied { release, environment },
            Self::OtherContent { environment, there } => {
                let here = Short(asked.release.digest.clone());
                Why::OtherContent { environment, release, there: Short(there), here }
            }
            Self::NotProven { environment, begun } => Why::NotProven { release, environment, begun: Moment(begun) },
            Self::MovedOn { environment, on: Some(on), at } => {
                Why::MovedOn { environment, on: on.id, since: Moment(at), release }
            }
            Self::MovedOn { environment, on: None, at } => Why::MovedToTree { environment, since: Moment(at), release },
            Self::Unkept { environment, at, promises } => Why::Unkept { environment, seen: Moment(at), promises },
            Self::SeenOpen { environment, at, open } => Why::SeenOpen { environment, seen: Moment(at), open: FirstOf(open) },
            Self::Unseen { environment, at: Some(at), why } => Why::Blind { environment, seen: Moment(at), problem: why },
            Self::Unseen { environment, at: None, why } => Why::SightUnknown { environment, problem: why },
            Self::Soaking { environment, since, ends, left_seconds } => {
                let (since, ends, left) = (Moment(since), Moment(ends), Lasting(left_seconds));
                Why::Soaking { release, environment, since, ends, left }
            }
            Self::HeldBefore { environment, at, by, reason } => {
                Why::HeldBefore { release, environment, since: Moment(at), reason, by }
            }
            Self::Held { at, by, reason } => Why::Held { environment: to, release, since: Moment(at), reason, by },
            Self::IsBack { left } => Why::IsBack { release, environment: to, left: Moment(left) },
            Self::NeverHere => Why::NeverHere { release, environment: to },
            Self::NeverProvenHere => Why::NeverProvenHere { release, environment: to },
            Self::NotHeld => Why::NotHeld { release, environment: to },
        }
    }

    fn next(&self, asked: &Asked<'_>) -> NextStep {
        let (release, tokaido, to) = (asked.release.id.clone(), asked.command.to_owned(), asked.to);
        match self {
            Self::OtherTool { cut_with, .. } => NextStep::UseTool { cut_with: cut_with.clone() },
            Self::NotApplied { environment } | Self::MovedOn { environment, on: None, .. } => {
                NextStep::PromoteAndApply { tokaido, release, environment: *environment }
            }
            Self::OtherContent { .. } => NextStep::TakeBack,
            Self::NotProven { environment, .. } => NextStep::ApplyUntilDone { tokaido, environment: *environment },
            Self::MovedOn { environment, on: Some(on), .. } => {
                NextStep::PromoteOther { on: on.id.clone(), release, tokaido, environment: *environment }
            }
            Self::Unkept { environment, .. } => NextStep::KeepAgain { tokaido, environment: *environment },
            Self::SeenOpen { environment, .. } => NextStep::ApplyOrWatch { tokaido, environment: *environment },
            Self::Unseen { environment, at: Some(_), .. } => NextStep::WatchOnce { tokaido, environment: *environment },
            Self::Unseen { at: None, .. } => NextStep::SameAgain,
            Self::Soaking { .. } => NextStep::AfterSoak { environment: to },
            Self::HeldBefore { environment, .. } => NextStep::LiftHold { tokaido, release, environment: *environment },
            Self::Held { .. } => NextStep::LiftHold { tokaido, release, environment: to },
            Self::IsBack { .. } => NextStep::GoBack { tokaido, release, environment: to },
            Self::NeverHere => NextStep::WithoutBack { tokaido, release, environment: to },
            Self::NeverProvenHere => NextStep::ChooseOther { tokaido },
            Self::NotHeld => NextStep::WithoutLift { tokaido, release, environment: to },
        }
    }
}

/// Whether what is pinned may be applied: a promotion forward, what is there already, or a return that was decided and
/// recorded. Whoever writes the pin by hand meets the same reasons as whoever promotes.
pub fn may_apply(question: &PromotionInput<'_>) -> Result<(), Vec<Refusal>> {
    let Err(refusals) = decide(&PromotionInput { way: Way::Forward, ..*question }) else { return Ok(()) };
    let held = |left: &ReleaseRef| question.own.held().iter().any(|held| held.release.digest == left.digest);
    match decide(&PromotionInput { way: Way::Back, ..*question }) {
        Ok(Allowed::Back { leaves }) if leaves.as_ref().is_none_or(held) => Ok(()),
        _ => Err(refusals),
    }
}

/// Every reason at once.
pub fn decide(question: &PromotionInput<'_>) -> Result<Allowed, Vec<Refusal>> {
    let (digest, stays) = (&question.release.digest, question.own.stays());
    let of_this = |stay: &&Stay| stay.release.as_ref().is_some_and(|release| release.digest == *digest);
    // Only dev is compiled from the tree in between; elsewhere what did not come by promotion does not make a release leave.
    let came = |stay: &&Stay| stay.release.is_some() || question.to == Environment::Dev;
    let current = stays.iter().rev().find(came);
    let is_current = current.as_ref().is_some_and(of_this);
    let held = question.own.held().into_iter().find(|held| held.release.digest == *digest);
    let mut refusals = Vec::new();
    if question.cut_with != question.tool_version {
        refusals.push(Refusal::OtherTool { cut_with: question.cut_with.to_owned(), now: question.tool_version.to_owned() });
    }
    let here_before = stays.iter().rev().find(of_this);
    let allowed = match question.way {
        Way::Forward | Way::Back if held.is_some() => {
            refusals.extend(held.map(|Held { at, by, reason, .. }| Refusal::Held { at, by, reason }));
            Allowed::Forward
        }
        Way::Forward | Way::Back if is_current => Allowed::Withdrawal,
        Way::Back => {
            match here_before {
                None => refusals.push(Refusal::NeverHere),
                Some(_) if !stays.iter().filter(of_this).any(|stay| stay.proven.is_some()) => {
                    refusals.push(Refusal::NeverProvenHere);
                }
                Some(_) => {}
            }
            Allowed::Back { leaves: current.and_then(|stay| stay.release.clone()) }
        }
        Way::LiftHold => {
            if held.is_none() {
                refusals.push(Refusal::NotHeld);
            }
            // Going back may have been decided and never applied.
            if !is_current {
                refusals.extend(promotion_path(question));
            }
            Allowed::HoldLifted
        }
        Way::Forward => {
            let lifted = |stay: &Stay| question.own.lifted(digest).is_some_and(|at| at >= stay.last);
            match here_before.filter(|stay| !lifted(stay)) {
                Some(stay) => refusals.push(Refusal::IsBack { left: stay.last }),
                None => refusals.extend(promotion_path(question)),
            }
            Allowed::Forward
        }
    };
    if refusals.is_empty() { Ok(allowed) } else { Err(refusals) }
}

/// What the environment before says.
fn promotion_path(question: &PromotionInput<'_>) -> Vec<Refusal> {
    let (Some(environment), Some(history)) = (before(question.to), question.before) else { return Vec::new() };
    let stays = history.stays();
    let of_this = |stay: &&Stay| stay.release.as_ref().is_some_and(|release| release.digest == question.release.digest);
    let Some(newest) = stays.iter().rev().find(of_this) else {
        let same_name = |stay: &Stay| stay.release.clone().filter(|release| release.id == question.release.id);
        return match stays.iter().rev().find_map(same_name) {
            Some(other) => vec![Refusal::OtherContent { environment, there: other.digest }],
            None => vec![Refusal::NotApplied { environment }],
        };
    };
    let mut refusals = Vec::new();
    if let Some(last) = stays.last().filter(|last| !of_this(last)) {
        refusals.push(Refusal::MovedOn { environment, on: last.release.clone(), at: last.begun });
    }
    // However it came back there, it is held until somebody says that the reason is gone.
    if let Some(Held { at, by, reason, .. }) =
        history.held().into_iter().find(|held| held.release.digest == question.release.digest)
    {
        refusals.push(Refusal::HeldBefore { environment, at, by, reason });
    }
    if let Some(begun) = newest.open.or_else(|| newest.proven.is_none().then_some(newest.begun)) {
        refusals.push(Refusal::NotProven { environment, begun });
    }
    if let (Some(at), false) = (newest.proven, newest.violations.is_empty()) {
        refusals.push(Refusal::Unkept { environment, at, promises: newest.violations.clone() });
    }
    refusals.extend(seen_since(question.sight, environment, newest));
    if let Some(since) = newest.kept_since {
        let ends = since.saturating_add(question.soak).unwrap_or(Timestamp::MAX);
        let left_seconds = ends.duration_since(question.now).as_secs();
        if ends > question.now {
            // Half a second left is not nothing.
            refusals.push(Refusal::Soaking { environment, since, ends, left_seconds: left_seconds.max(1) });
        }
    }
    refusals
}

/// What was seen after the last clean look of an apply. Unknown is not well.
fn seen_since(sight: WatchedState<'_>, environment: Environment, stay: &Stay) -> Vec<Refusal> {
    let last = match sight {
        WatchedState::Never => return Vec::new(),
        WatchedState::Unknown(why) => return vec![Refusal::Unseen { environment, at: None, why: why.to_owned() }],
        WatchedState::Last(last) => last,
    };
    let at = last.record.at;
    // Of the same moment is not before it; what was never proven is refused as such.
    if stay.proven.is_none_or(|proven| at < proven) {
        return Vec::new();
    }
    let mut refusals = Vec::new();
    if let Some(blind) = &last.picture.blind {
        let why = format!("{}: {}", blind.class, blind.words);
        refusals.push(Refusal::Unseen { environment, at: Some(at), why });
    }
    // What is there beside what is declared is no drift, here as elsewhere.
    let open: Vec<String> =
        last.picture.all().filter(|open| !matches!(open, Open::Orphaned { .. })).map(Open::to_string).collect();
    if !open.is_empty() {
        refusals.push(Refusal::SeenOpen { environment, at, open });
    }
    refusals
}
