//! The planner decides what has to be done so that AWS is as the files declare it, and in which order.
//!
//! ```text
//! listings ─ Listed ─ classify ─► ObservedState ┐
//! DesiredState, RecordedState ──────────────────┴─ decide ─► changes ─ order ─► steps ─► PlanBody ─ lint ─► trusted
//! ```
//!
//! In: [`PlanningInput`]: the desired, the observed and the recorded state, and the schemas. For [`classify()`]: what the
//! drivers listed.
//!
//! Out: a [`PlanBody`] with changes, steps, refusals, drift and the verdicts before and after; a [`DriftReport`]. For a plan
//! that is handed in: what in it does not follow ([`contradictions`], [`undeclared`], [`lint()`], [`replan_check`]).
//!
//! Must not import: anything but `model` and `promises`, and no kind by its name.
//!
//! Guarantees:
//! - The planner is pure and synchronous: it reads no file, no clock and no network.
//! - The same input gives the same bytes.
//! - No plan changes a resource without our tag, but for an adoption that a file asks for.
//! - No plan deletes or replaces a resource that holds data.
//! - A delete needs our tag and a tombstone in a file.

#![deny(missing_docs)]

mod applied;
pub mod blocked;
mod cause;
pub mod classify;
pub mod compare;
mod decide;
mod decided;
mod dependents;
mod derived;
mod drift;
mod effect;
mod entries;
mod failed;
mod replan;
mod guard;
mod uniqueness;
mod input;
mod leftovers;
pub mod links;
mod listed;
pub mod lint;
mod lookup;
mod unresolved;
mod used;
mod offers;
mod order;
mod outcome;
mod subset;
pub mod patch;
mod refused;
mod stays;
pub mod remedy;
pub mod risk;
mod consistency;
pub mod way_back;
mod whole;

use std::collections::BTreeSet;

use crate::model::observed::ForeignEntry;
use crate::model::plan::{Digests, PLAN_VERSION};
use crate::model::{
    Action, Change, DriftReport, NewPath, ObservedState, OfferQuestion, PlanBody, Precondition, PromiseMove, Region, ResourceId,
    Roles, Unreadable,
};
use crate::promises::JudgeInput;
use crate::promises::judge::{self, Outlooks};

pub use applied::{Look, look};
pub use cause::STATE;
pub use classify::classify;
pub use consistency::{contradictions, undeclared};
pub use input::PlanningInput;
pub use lint::lint;
pub use listed::Listed;
pub use outcome::after;
pub use replan::{Altered, Cause, Moved, ReplanMismatch, replan_check};
pub use subset::subset;

/// Makes the plan: decides about each resource, orders the steps, and puts the body together.
#[must_use]
pub fn plan(input: &PlanningInput<'_>) -> PlanBody {
    let decided = decide::decide(input);
    let steps = order::steps(&decided.changes, input.observed);
    let (desired, observed) = (input.desired, input.observed);
    let (promises, new_paths) = promise_moves(input, &decided.changes);
    let way_back = way_back::of(input.schemas, &decided.changes);
    // A resource that the plan adopts is no longer listed as foreign.
    let adopts = decided.changes.iter().filter(|change| change.action == Action::Adopt);
    let adopts: BTreeSet<(&str, Region, &str)> = adopts
        .flat_map(|change| change.preconditions.iter().map(move |precondition| (change, precondition)))
        .filter_map(|(change, precondition)| match precondition {
            Precondition::Exists { physical } => Some((change.kind.as_str(), change.region, physical.as_str())),
            _ => None,
        })
        .collect();
    let adopted = |entry: &ForeignEntry| adopts.contains(&(entry.kind.as_str(), entry.region, entry.physical.as_str()));
    let foreign = observed.foreign.iter().filter(|entry| !adopted(entry)).cloned().collect();
    PlanBody {
        schema_version: PLAN_VERSION,
        environment: desired.environment,
        account: desired.account.clone(),
        regions: vec![desired.primary, desired.recovery],
        release: desired.release.clone(),
        digests: Digests {
            configuration: desired.digest.clone(),
            promises: desired.promises_digest.clone(),
            roles: desired.roles.as_ref().map(Roles::digest).unwrap_or_default(),
            policies: desired.policies.digest.clone(),
            tool_version: input.tool_version.to_owned(),
        },
        summary: decided.summary,
        changes: decided.changes,
        steps,
        drifted: decided.drifted,
        pending: decided.pending,
        service_managed: decided.service_managed,
        orphans: decided.orphans,
        foreign,
        copies: observed.copies.clone(),
        // A plan does not depend on the caller, whom `told` names.
        unreadable: observed
            .unread(input.recorded)
            .into_iter()
            .map(|unread| Unreadable { told: String::new(), ..unread })
            .collect(),
        blocked: decided.blocked,
        unconfirmed: decided.unconfirmed,
        spent_tombstones: decided.spent_tombstones,
        divergences: desired.divergences.clone(),
        way_back,
        promises,
        new_paths,
        policies: Vec::new(),
    }
}

/// What AWS has to be asked before a plan: whether it offers what the plan would make and change. Without such changes nothing.
#[must_use]
pub fn questions(input: &PlanningInput<'_>) -> BTreeSet<OfferQuestion> {
    let changes = decide::changes(input, |schema| schema.offered.is_some());
    offers::questions(input, &changes)
}

/// The state of every promise that has a check, before and after these changes, judged by settings alone.
/// And the paths between tenants that they open.
fn promise_moves(input: &PlanningInput<'_>, changes: &[Change]) -> (Vec<PromiseMove>, Vec<NewPath>) {
    let before = outlook(input, input.observed);
    if changes.is_empty() {
        return (judge::moves(&before.promises, &before.promises), Vec::new());
    }
    let after = outlook(input, &outcome::after(input, changes));
    (judge::moves(&before.promises, &after.promises), judge::new_paths(&before.proved, &after.proved))
}

/// The states that a plan told when it was made, before and after, as far as the world of today shows it. `then` is the world
/// without what came up later.
fn told_moves(input: &PlanningInput<'_>, told: &PlanBody, then: ObservedState) -> Vec<PromiseMove> {
    let before = outlook(input, &then);
    judge::moves(&before.promises, &outlook(input, &outcome::done(input, then, &told.changes, true)).promises)
}

/// The verdict on every promise, in the order of the paper, judged by settings alone: without facts, accounts or a clock.
fn outlook(input: &PlanningInput<'_>, observed: &ObservedState) -> Outlooks {
    judge::outlook(&JudgeInput {
        desired: input.desired,
        observed,
        recorded: input.recorded,
        schemas: input.schemas,
        accounts: None,
        now: None,
    })
}

/// What differs from the last apply. `observed_at`: when the last live read ended, RFC 3339. `founding`: what a bootstrap makes, so
/// that with nothing else the first apply is still to come.
#[must_use]
pub fn drift(input: &PlanningInput<'_>, observed_at: &str, founding: &BTreeSet<ResourceId>) -> DriftReport {
    drift::report(input, observed_at, founding)
}
