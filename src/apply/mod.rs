//! The executor: the only module that changes a world. It decides nothing: steps and their order come from the plan.
//!
//! In: a plan, its permit, a world, a store, the lease, and the `ObservedState` that was read a moment ago.
//! Out: how each step ended. While it runs it reports by events, and it writes an intent and a record of each step to the store.
//!
//! Imports: `plan` (the patches that a step sends), `store` (intents, records, the lease), `govern` (the permit), `world` and
//! `kinds`.
//! Must not import: `desired`, `observe`, or anything below in `lib.rs`.
//!
//! Steps that wait for nothing run at the same time, a bounded number of them. A step starts when all steps that it names in
//! `after` have ended; it is skipped, with the reason, when one of them did not end well.
//! Each step: precheck → intent → is the lease still ours? → act → wait → record. A reply that was lost is read back, and what is
//! still open is sent again; a create is looked for and never sent again.
//!
//! Guarantees: a step whose live value already equals the target counts as done; any other mismatch stops it and the steps that
//! depend on it.

mod bindings;
mod create;
mod delete;
mod execution;
mod lost;
mod queue;
mod read_back;
mod reason;
mod replies;
mod settle;
mod step;
mod update;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use futures::stream::{FuturesUnordered, StreamExt as _};

use crate::model::recorded::RecordedResource;
use crate::model::{ApplyEvent, Change, Operation, Outcome, Plan, ResourceId, Sentence, Step, StepReport};
use crate::store::{Record, StoreError};

use bindings::Bindings;
use execution::Events;
use queue::{Queue, Room};
use reason::StepReason;
use step::End;

pub use execution::Execution;
pub use step::intent;

/// Steps at the same time. AWS limits calls for each operation and region; this number keeps waits overlapping and leaves half of
/// each limit free.
const AT_ONCE: usize = 8;

/// What the plan says of a resource: every step asks.
struct Lookup<'a> {
    changes: BTreeMap<&'a ResourceId, &'a Change>,
    blocked: BTreeSet<&'a ResourceId>,
}

impl<'a> Lookup<'a> {
    fn of(plan: &'a Plan) -> Self {
        let mut changes = BTreeMap::new();
        for change in &plan.body.changes {
            changes.entry(&change.id).or_insert(change);
        }
        Self { changes, blocked: plan.body.blocked.iter().map(|blocked| &blocked.id).collect() }
    }
}

/// How the steps ended.
#[derive(Debug)]
pub struct Executed {
    /// In the order of the plan.
    pub steps: Vec<StepReport>,
    pub interrupted: bool,
    /// The record that could not be written. No step began after it.
    pub unrecorded: Option<StoreError>,
}

/// Executes the plan's steps. In every case it brings each step that began to its end and reports it.
pub async fn execute(execution: &Execution<'_>, on_event: &mut (dyn FnMut(ApplyEvent) + Send)) -> Executed {
    let steps = &execution.plan.body.steps;
    let events = Events(Mutex::new(on_event));
    events.send(ApplyEvent::Started { steps: steps.len() });
    let bindings = Bindings::of(execution.desired, execution.observed, execution.schemas);
    let lookup = Lookup::of(execution.plan);
    let mut ended: BTreeMap<usize, StepReport> = BTreeMap::new();
    let mut queue = Queue::of(steps);
    let mut unrecorded = None;
    let barred = (!execution.permit.covers(execution.plan)).then(|| Sentence::from(StepReason::OtherPermit));
    let mut running = FuturesUnordered::new();
    loop {
        let mut from = 0;
        loop {
            let room = match halted(execution, unrecorded.as_ref()).or_else(|| barred.clone()) {
                Some(_) => Room::Halted,
                None if running.len() < AT_ONCE => Room::Free,
                None => Room::Full,
            };
            let Some(place) = queue.next(from, room) else { break };
            queue.leave(place);
            from = place + 1;
            let step = &steps[place];
            if let Some(because) = skip(execution, step, &ended, unrecorded.as_ref()).or_else(|| barred.clone()) {
                let report = report_of(step, 0, Outcome::Skipped { because });
                announce(&events, steps.len(), &report);
                queue.end(step.number, false);
                ended.insert(report.number, report);
            } else {
                running.push(one(execution, step, &lookup, &bindings, &events));
            }
        }
        let Some((report, failed)) = running.next().await else {
            // No step runs: the remaining ones wait for a step that was skipped in this round, or none remains.
            if queue.moves() {
                continue;
            }
            break;
        };
        unrecorded = unrecorded.or(failed);
        queue.end(report.number, matches!(report.outcome, Outcome::Done | Outcome::AlreadyDone));
        ended.insert(report.number, report);
    }
    debug_assert!(!queue.waits(), "steps that wait for each other have no place in a plan");
    let interrupted = *execution.stop.borrow();
    if interrupted {
        events.send(ApplyEvent::Interrupted);
    }
    Executed { steps: ended.into_values().collect(), interrupted, unrecorded }
}

/// One step from its first event to its record.
async fn one(
    execution: &Execution<'_>,
    step: &Step,
    lookup: &Lookup<'_>,
    bindings: &Bindings,
    events: &Events<'_>,
) -> (StepReport, Option<StoreError>) {
    let (begun, of) = (execution.world.clock().now(), execution.plan.body.steps.len());
    // Several steps become ready together, and the stop may arrive while the first of them begins.
    if *execution.stop.borrow() {
        let report = report_of(step, 0, Outcome::Skipped { because: StepReason::Stopped.into() });
        announce(events, of, &report);
        return (report, None);
    }
    events.send(ApplyEvent::StepStarted { step: step.number, of, id: step.id.clone(), operation: step.operation });
    let end = step::run(execution, step, lookup.changes.get(&step.id).copied(), bindings, events).await;
    let failed = record(execution, step, lookup, &end.outcome).await.err();
    let report = report_of(step, settle::seconds_since(execution.world, begun), end);
    announce(events, of, &report);
    (report, failed)
}

fn report_of(step: &Step, elapsed: u64, end: impl Into<End>) -> StepReport {
    let End { outcome, read_back } = end.into();
    StepReport { number: step.number, id: step.id.clone(), operation: step.operation, elapsed, outcome, read_back }
}

fn announce(events: &Events<'_>, of: usize, report: &StepReport) {
    events.send(ApplyEvent::StepEnded {
        step: report.number,
        of,
        id: report.id.clone(),
        operation: report.operation,
        elapsed: report.elapsed,
        outcome: report.outcome.clone(),
        read_back: report.read_back.clone(),
    });
}

/// Why a step is skipped: a step that it needs did not end well, or no new step may begin.
fn skip(
    execution: &Execution<'_>,
    step: &Step,
    ended: &BTreeMap<usize, StepReport>,
    unrecorded: Option<&StoreError>,
) -> Option<Sentence> {
    let failed = step.after.iter().find_map(|number| {
        let report = ended.get(number)?;
        let id = report.id.clone();
        match &report.outcome {
            Outcome::Done | Outcome::AlreadyDone => None,
            Outcome::Failed { .. } => Some(StepReason::NeededFailed { id }.into()),
            Outcome::Skipped { .. } => Some(StepReason::NeededSkipped { id }.into()),
            Outcome::Unknown { .. } => Some(StepReason::NeededUnknown { id }.into()),
        }
    });
    failed.or_else(|| halted(execution, unrecorded))
}

/// Why no new step may begin.
fn halted(execution: &Execution<'_>, unrecorded: Option<&StoreError>) -> Option<Sentence> {
    let stopped = execution.stop.borrow().then_some(StepReason::Stopped);
    let fenced = || execution.lease.lost().map(|reason| StepReason::Fenced { reason });
    stopped.or_else(fenced).or_else(|| unrecorded.map(|_| StepReason::Unrecorded)).map(Sentence::from)
}

async fn record(execution: &Execution<'_>, step: &Step, lookup: &Lookup<'_>, outcome: &Outcome) -> Result<(), StoreError> {
    if matches!(outcome, Outcome::Skipped { .. }) {
        return Ok(());
    }
    let done = matches!(outcome, Outcome::Done | Outcome::AlreadyDone);
    let desired = execution.desired.resources.get(&step.id).filter(|_| done && step.operation != Operation::Delete);
    let blocked = lookup.blocked.contains(&step.id);
    // A resource with a blocked difference is not as declared: the closing look says what it is.
    let applied = desired
        .filter(|_| !blocked)
        .map(|resource| RecordedResource { attributes: resource.attributes.clone(), tags: resource.tags.clone() });
    let change = lookup.changes.get(&step.id);
    let record = Record::Ended {
        at: execution.world.clock().now(),
        plan: execution.plan.id.clone(),
        step: step.number,
        id: step.id.clone(),
        operation: step.operation,
        outcome: outcome.as_str().to_owned(),
        applied,
        diffs: change.map(|change| change.diffs.clone()).unwrap_or_default(),
        refused: matches!(outcome, Outcome::Failed { refused: true, .. }),
    };
    execution.remember(record).await
}
