//! Decides whether a release may go to an environment: in one of four ways, or not, with every reason.
//!
//! The promotion path is dev → staging → production. What counts is the content (the digest) and never the name. Only the records
//! of an environment count: that the release was applied there, was seen with nothing left to do and every promise kept, for long
//! enough, and is still there. See docs/releases.md and ADR 0011.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::history::{Held, History, Stay};
use super::parts::{FirstOf, Short, Told};
use super::refusal::{self, NextStep, Why};
use super::watch::Last;
use crate::model::moment::{Lasting, Moment};
use crate::model::{Environment, ReleaseRef, Said};

/// The environment before this one on the promotion path; `None` for dev.
#[must_use]
pub const fn before(environment: Environment) -> Option<Environment> {
    match environment {
        Environment::Dev => None,
        Environment::Staging => Some(Environment::Dev),
        Environment::Production => Some(Environment::Staging),
    }
}

/// The environment after this one on the promotion path; `None` for production.
#[must_use]
pub const fn after(environment: Environment) -> Option<Environment> {
    match environment {
        Environment::Dev => Some(Environment::Staging),
        Environment::Staging => Some(Environment::Production),
        Environment::Production => None,
    }
}

/// What the operator asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To promote a release.
    Forward,
    /// To go back to a release that was in the environment earlier.
    Back,
    /// To promote a release that was left by going back, and to lift its hold.
    LiftHold,
}

/// The newest sighting that watchers recorded of the environment before.
#[derive(Debug, Clone, Copy)]
pub enum WatchedState<'a> {
    /// No watcher ever recorded one there, or there is no environment before.
    Never,
    /// The newest sighting.
    Last(&'a Last),
    /// The sightings cannot be read. The text says why.
    Unknown(&'a Said),
}

impl<'a> WatchedState<'a> {
    /// The state from what the store found. `Err` is why the sightings cannot be read.
    #[must_use]
    pub fn of(found: &'a Result<Option<Last>, Said>) -> Self {
        match found {
            Ok(None) => Self::Never,
            Ok(Some(last)) => Self::Last(last),
            Err(why) => Self::Unknown(why),
        }
    }
}

/// Everything that decides about a promotion.
#[derive(Debug, Clone, Copy)]
pub struct PromotionInput<'a> {
    /// The release that is to be promoted.
    pub release: &'a ReleaseRef,
    /// Version of the tokaido that cut the release.
    pub cut_with: &'a str,
    /// Version of the tokaido that runs.
    pub tool_version: &'a str,
    /// The environment that the release is to go to.
    pub to: Environment,
    /// What happened in that environment.
    pub own: &'a History,
    /// What happened in the environment before it; `None` for dev.
    pub before: Option<&'a History>,
    /// What watchers saw in the environment before it.
    pub sight: WatchedState<'a>,
    /// How long the release must have been proven in the environment before (`change.soak`).
    pub soak: SignedDuration,
    /// The time at which the decision is made, on the world's clock.
    pub now: Timestamp,
    /// What the operator asks for.
    pub way: Way,
}

/// The way in which a release may go to an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "way", rename_all = "kebab-case")]
pub enum Allowed {
    /// It is promoted.
    Forward,
    /// It is what was applied last: a promotion of another release, which was not applied, is taken back.
    Withdrawal,
    /// The environment goes back to it.
    Back {
        /// The release that is left and held. Absent in dev where the working tree is left, and then nothing is held.
        leaves: Option<ReleaseRef>,
    },
    /// It is promoted and its hold is lifted.
    HoldLifted,
}

/// One reason against a promotion, as data. [`Refusal::told`] puts it into words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "refusal", rename_all = "kebab-case")]
pub enum Refusal {
    /// Another version of tokaido cut the release and may compile its files otherwise.
    OtherTool {
        /// Version of the tokaido that cut the release.
        cut_with: String,
        /// Version of the tokaido that runs.
        now: String,
    },
    /// The release was never applied in the environment before.
    NotApplied {
        /// The environment before this one on the promotion path.
        environment: Environment,
    },
    /// A release of this name with other content was applied in the environment before.
    OtherContent {
        /// The environment before this one on the promotion path.
        environment: Environment,
        /// The digest of the content that was applied there, hex.
        there: String,
    },
    /// The last apply of the release there still runs, or it left something to do.
    NotProven {
        /// The environment before this one on the promotion path.
        environment: Environment,
        /// When that apply began.
        begun: Timestamp,
    },
    /// The environment before is on other content now.
    MovedOn {
        /// The environment before this one on the promotion path.
        environment: Environment,
        /// The release that it is on; absent when the working tree was applied.
        on: Option<ReleaseRef>,
        /// Since when.
        at: Timestamp,
    },
    /// The last look after an apply there found promises that are not kept, or a policy that refuses.
    Unkept {
        /// The environment before this one on the promotion path.
        environment: Environment,
        /// When it looked.
        at: Timestamp,
        /// The slugs of the promises, and `policy CODE` for each policy.
        promises: Vec<String>,
    },
    /// After that look a watcher saw a value that is not as declared, or a promise that is not kept.
    SeenOpen {
        /// The environment before this one on the promotion path.
        environment: Environment,
        /// When the watcher looked.
        at: Timestamp,
        /// What it saw, one sentence for each thing; in a document in English.
        open: Vec<Told>,
    },
    /// After that look a watcher saw nothing, or its sightings cannot be read.
    Unseen {
        /// The environment before this one on the promotion path.
        environment: Environment,
        /// When the watcher looked; absent when the sightings cannot be read.
        at: Option<Timestamp>,
        /// Why; in a document in English.
        why: Told,
    },
    /// The release was not proven for long enough.
    Soaking {
        /// The environment before this one on the promotion path.
        environment: Environment,
        /// Since when it is proven there.
        since: Timestamp,
        /// When its soak ends.
        ends: Timestamp,
        /// Seconds until then, at least 1.
        left_seconds: i64,
    },
    /// The environment before went back from the release.
    HeldBefore {
        /// The environment before this one on the promotion path.
        environment: Environment,
        /// When it went back.
        at: Timestamp,
        /// The ARN of the operator who went back, as STS answered.
        by: String,
        /// Why, as that person wrote it.
        reason: String,
    },
    /// This environment went back from the release.
    Held {
        /// When it went back.
        at: Timestamp,
        /// The ARN of the operator who went back, as STS answered.
        by: String,
        /// Why, as that person wrote it.
        reason: String,
    },
    /// The release was in this environment before, so this would be going back.
    IsBack {
        /// When the environment left it.
        left: Timestamp,
    },
    /// The operator asks to go back to a release that was never in this environment.
    NeverHere,
    /// The operator asks to go back to a release that was never proven in this environment.
    NeverProvenHere,
    /// The operator asks to lift a hold, and there is none.
    NotHeld,
}

/// What a refusal is about, for its words.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The command as the operator called it: `tokaido --world sandbox`.
    pub command: &'a str,
    /// The release that the operator asks to promote.
    pub release: &'a ReleaseRef,
    /// The environment that it is to go to.
    pub to: Environment,
}

impl Refusal {
    /// The refusal as sentences that name the release and the command.
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

/// Decides whether the pinned release may be applied: as a promotion, as what is there already, or as a return that was decided
/// and recorded. A pin that an operator writes by hand meets the same reasons as a promotion.
///
/// # Errors
/// Every reason against the promotion.
pub fn may_apply(question: &PromotionInput<'_>) -> Result<(), Vec<Refusal>> {
    let Err(refusals) = decide(&PromotionInput { way: Way::Forward, ..*question }) else { return Ok(()) };
    let held = |left: &ReleaseRef| question.own.held().iter().any(|held| held.release.digest == left.digest);
    match decide(&PromotionInput { way: Way::Back, ..*question }) {
        Ok(Allowed::Back { leaves }) if leaves.as_ref().is_none_or(held) => Ok(()),
        _ => Err(refusals),
    }
}

/// Decides whether the release may go to the environment.
///
/// # Errors
/// Every reason against it, at once.
pub fn decide(question: &PromotionInput<'_>) -> Result<Allowed, Vec<Refusal>> {
    let (digest, stays) = (&question.release.digest, question.own.stays());
    let of_this = |stay: &&Stay| stay.release.as_ref().is_some_and(|release| release.digest == *digest);
    // Only dev is compiled from the working tree in between. Elsewhere content that did not come by promotion does not make a
    // release leave.
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
            // A return may have been decided and never applied.
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

/// What the environment before has against the promotion.
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
    // However the release came back there, it is held until a person lifts the hold.
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
            // A rest of less than a second counts as one second.
            refusals.push(Refusal::Soaking { environment, since, ends, left_seconds: left_seconds.max(1) });
        }
    }
    refusals
}

/// What watchers saw after the last look of an apply that found nothing left to do. An unknown sighting counts against the
/// promotion.
fn seen_since(sight: WatchedState<'_>, environment: Environment, stay: &Stay) -> Vec<Refusal> {
    let last = match sight {
        WatchedState::Never => return Vec::new(),
        WatchedState::Unknown(why) => return vec![Refusal::Unseen { environment, at: None, why: Told(why.clone()) }],
        WatchedState::Last(last) => last,
    };
    let at = last.record.at;
    // A sighting of the same moment counts. A release that was never proven is refused for that.
    if stay.proven.is_none_or(|proven| at < proven) {
        return Vec::new();
    }
    let mut refusals = Vec::new();
    if let Some(blind) = &last.picture.blind {
        // The words of the record are English, and those of AWS or of the operating system.
        let (class, words) = (&blind.class, &blind.words);
        let why = Told(Said::new(format!("{class}: {words}"), format!("{class}（{words}）")));
        refusals.push(Refusal::Unseen { environment, at: Some(at), why });
    }
    let open: Vec<Told> = last.picture.all().filter(|open| open.holds()).map(|open| Told(open.said())).collect();
    if !open.is_empty() {
        refusals.push(Refusal::SeenOpen { environment, at, open });
    }
    refusals
}
