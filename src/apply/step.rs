//! One step: precheck → intent → act → wait. Create, update and delete have a file each.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::kinds::{self, Kind, Wait};
use crate::model::digest::hex;
use crate::model::tags;
use crate::model::{
    Change, KindSchema, Live, Operation, Outcome, Plan, Precondition, Reason as _, Reference, Said, Sentence, Step,
};
use crate::store::{Record, SHOWN_WITHIN};
use crate::world::{Changed, Driver, ProviderError};

use super::bindings::Bindings;
use super::execution::{Events, Execution};
use super::reason::{Advised, StepReason};
use super::settle::{Settled, WaitProgress, Waiting, settle};

/// How a step ended well; `Err` is every other end.
pub(super) type Ended = Result<End, Outcome>;

/// The end of a step.
pub(super) struct End {
    pub(super) outcome: Outcome,
    /// What a reading told after a lost reply.
    pub(super) read_back: Option<Sentence>,
}

impl From<Outcome> for End {
    fn from(outcome: Outcome) -> Self {
        Self { outcome, read_back: None }
    }
}

/// The value of the intent tag of a step's create.
#[must_use]
pub fn intent(plan: &Plan, step: usize) -> String {
    hex(&Sha256::digest(format!("{}/{}/{step}", plan.id, plan.nonce)))[..32].to_owned()
}

pub(super) struct Job<'a> {
    pub(super) execution: &'a Execution<'a>,
    pub(super) step: &'a Step,
    pub(super) change: &'a Change,
    pub(super) kind: &'static Kind,
    pub(super) driver: &'a dyn Driver,
    pub(super) begun: Timestamp,
}

pub(super) async fn run(
    execution: &Execution<'_>,
    step: &Step,
    change: Option<&Change>,
    bindings: &Bindings,
    events: &Events<'_>,
) -> End {
    let (Some(change), Some(kind)) = (change, kinds::find(&step.id.kind)) else {
        return failed(StepReason::NoChange { id: step.id.clone() }).into();
    };
    let Some(driver) = execution.world.driver(&step.id.kind, step.id.region) else {
        return failed(StepReason::NoDriver { kind: step.id.kind.to_string() }).into();
    };
    let begun = execution.world.clock().now();
    let job = Job { execution, step, change, kind, driver: &*driver, begun };
    let ended = match step.operation {
        Operation::Create => job.create(bindings, events).await,
        Operation::Update => job.update(bindings, events).await,
        Operation::Delete => job.delete(events).await,
    };
    ended.unwrap_or_else(End::from)
}

pub(super) fn failed(reason: StepReason) -> Outcome {
    let (moved, refused) = (reason.is_moved(), reason.is_refused());
    Outcome::Failed { error: reason.into(), moved, refused }
}

pub(super) fn unknown(reason: StepReason) -> Outcome {
    Outcome::Unknown { error: reason.into() }
}

/// The outcome of an error after a call: failed when AWS refused, unknown when no answer came.
pub(super) fn ended(error: &ProviderError) -> Outcome {
    let reason = StepReason::Call { error: Advised(error.clone()) };
    if error.changed == Changed::Maybe { unknown(reason) } else { failed(reason) }
}

pub(super) fn unresolved(reference: &Reference) -> Outcome {
    failed(StepReason::NoOutput { id: reference.to.clone(), output: reference.output.to_string() })
}

impl Job<'_> {
    pub(super) fn schema(&self) -> &'static KindSchema {
        self.kind.schema
    }

    /// Written before the call: after a crash it says which call may have been sent. Without it no call is made.
    pub(super) async fn remember_intent(&self) -> Result<String, Outcome> {
        let intent = intent(self.execution.plan, self.step.number);
        let record = Record::Intent {
            at: self.execution.world.clock().now(),
            plan: self.execution.plan.id.clone(),
            step: self.step.number,
            id: self.step.id.clone(),
            operation: self.step.operation,
            intent: intent.clone(),
            diffs: if self.step.operation == Operation::Delete { Vec::new() } else { self.change.diffs.clone() },
        };
        let written = self.execution.remember(record).await;
        written.map_err(|error| failed(StepReason::NotCalled { reason: error.said() }))?;
        self.may_call().await.map_err(|reason| failed(StepReason::NotCalled { reason }))?;
        Ok(intent)
    }

    /// The last check before a call: another apply may have taken over the lease while this one waited.
    pub(super) async fn may_call(&self) -> Result<(), Said> {
        self.execution.lease.confirm().await
    }

    /// Nothing without tokaido's tags is changed or deleted, and the tags may have been removed since the plan was made.
    pub(super) fn is_ours(&self, live: &Live) -> bool {
        tags::owner(&live.tags, self.execution.desired.environment).as_ref() == Some(&self.step.id)
    }

    /// The live resource that the plan names.
    pub(super) fn planned_physical(&self) -> Result<String, Outcome> {
        let physical = self.change.preconditions.iter().find_map(|precondition| match precondition {
            Precondition::Exists { physical } => Some(physical.clone()),
            _ => None,
        });
        physical.ok_or_else(|| failed(StepReason::NoPhysical))
    }

    pub(super) async fn wait(
        &self,
        physical: &str,
        events: &Events<'_>,
        predicate: &(dyn Fn(Option<&Live>) -> WaitProgress + Sync),
    ) -> Settled {
        settle(self.execution, &self.waiting(physical), events, predicate).await
    }

    /// At least as long as AWS may take to show the result.
    pub(super) fn waiting<'a>(&'a self, physical: &'a str) -> Waiting<'a> {
        let limit = self.kind.wait.limit.max(SHOWN_WITHIN.as_secs().unsigned_abs());
        Waiting {
            driver: self.driver,
            physical,
            wait: Wait { limit, ..self.kind.wait },
            step: self.step.number,
            of: self.execution.plan.body.steps.len(),
            id: &self.step.id,
        }
    }
}
