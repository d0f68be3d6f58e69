//! Level 8: the executor. It makes no choices: steps and their order come from the plan.
//!
//! Per step: precheck → intent → act → wait → record. A step whose live value already equals the target is done
//! already; any other mismatch stops it and what depends on it. The event is the only way out.

mod settle;
mod step;

use std::collections::BTreeMap;

use tokio::sync::watch;

use crate::model::plan::SCHEMA_VERSION;
use crate::model::recorded::RecordedResource;
use crate::model::{ApplyEvent, DesiredState, ObservedState, Operation, Outcome, Plan, ResourceId, Schemas, Step, StepReport};
use crate::plan::links::Index;
use crate::store::{Record, Store, StoreError};
use crate::world::World;

pub use step::intent;

/// What an execution works with.
pub struct Execution<'a> {
    pub world: &'a dyn World,
    pub store: &'a dyn Store,
    pub schemas: &'a Schemas,
    pub desired: &'a DesiredState,
    /// Read a moment ago, in this process.
    pub observed: &'a ObservedState,
    pub plan: &'a Plan,
    /// Becomes true when the user wants to stop.
    pub stop: watch::Receiver<bool>,
}

/// How the steps ended.
#[derive(Debug)]
pub struct Executed {
    pub steps: Vec<StepReport>,
    pub interrupted: bool,
}

/// What the executor knows of the live world while it works.
#[derive(Debug, Default)]
struct Bindings {
    outputs: BTreeMap<ResourceId, BTreeMap<String, String>>,
    index: Index,
}

/// Executes the plan's steps in their order.
pub async fn execute(execution: &Execution<'_>, on_event: &mut (dyn FnMut(ApplyEvent) + Send)) -> Result<Executed, StoreError> {
    let of = execution.plan.body.steps.len();
    on_event(ApplyEvent::Started { steps: of });
    let mut bindings = Bindings {
        outputs: execution.observed.owned.iter().map(|(id, live)| (id.clone(), live.outputs.clone())).collect(),
        index: Index::of(&execution.observed.owned),
    };
    let mut steps: Vec<StepReport> = Vec::new();
    for step in &execution.plan.body.steps {
        let begun = execution.world.clock().now();
        let outcome = if let Some(because) = skip(execution, step, &steps) {
            Outcome::Skipped { because }
        } else {
            on_event(ApplyEvent::StepStarted { step: step.number, of, id: step.id.clone(), operation: step.operation });
            step::run(execution, step, &mut bindings, on_event).await?
        };
        let elapsed = settle::seconds_since(execution.world, begun);
        record(execution, step, &outcome)?;
        on_event(ApplyEvent::StepEnded {
            step: step.number,
            of,
            id: step.id.clone(),
            operation: step.operation,
            elapsed,
            outcome: outcome.clone(),
        });
        steps.push(StepReport { number: step.number, id: step.id.clone(), operation: step.operation, elapsed, outcome });
    }
    let interrupted = *execution.stop.borrow();
    if interrupted {
        on_event(ApplyEvent::Interrupted);
    }
    Ok(Executed { steps, interrupted })
}

fn skip(execution: &Execution<'_>, step: &Step, earlier: &[StepReport]) -> Option<String> {
    let failed = step.after.iter().find_map(|number| {
        let report = earlier.iter().find(|report| report.number == *number)?;
        let word = match &report.outcome {
            Outcome::Done | Outcome::AlreadyDone => return None,
            Outcome::Failed { .. } => "failed",
            Outcome::Skipped { .. } => "was skipped",
            Outcome::Unknown { .. } => "ended unknown",
        };
        Some(format!("{} {word}", report.id))
    });
    failed.or_else(|| execution.stop.borrow().then(|| "you stopped the apply".to_owned()))
}

fn record(execution: &Execution<'_>, step: &Step, outcome: &Outcome) -> Result<(), StoreError> {
    let word = match outcome {
        Outcome::Done => "done",
        Outcome::AlreadyDone => "already-done",
        Outcome::Failed { .. } => "failed",
        Outcome::Skipped { .. } => return Ok(()),
        Outcome::Unknown { .. } => "unknown",
    };
    let done = matches!(outcome, Outcome::Done | Outcome::AlreadyDone);
    let desired = execution.desired.resources.get(&step.id).filter(|_| done && step.operation != Operation::Delete);
    let blocked = execution.plan.body.blocked.iter().any(|blocked| blocked.id == step.id);
    // A resource with a refused difference is not as declared: the fresh look at the end says what it is.
    let applied = desired
        .filter(|_| !blocked)
        .map(|resource| RecordedResource { attributes: resource.attributes.clone(), tags: resource.tags.clone() });
    let record = Record::Ended {
        at: execution.world.clock().now(),
        plan: execution.plan.id.clone(),
        step: step.number,
        id: step.id.clone(),
        operation: step.operation,
        outcome: word.to_owned(),
        applied,
    };
    execution.store.append(execution.desired.environment, &record)
}

/// Version of the apply report's JSON.
pub const REPORT_VERSION: u32 = SCHEMA_VERSION;
