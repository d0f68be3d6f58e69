//! The one sequence, top to bottom. Each verb of a [`Session`] runs a part of it: `plan`, `drift` and `audit` end before the
//! gates, `apply` runs all of it.
//!
//! In: one environment's desired state, a world, a store; for an apply the gate input. Out: plans, drift, audits, looks, and the
//! report of an apply.
//! Must not import: `cli`, a terminal, an argument or an environment variable. Only `cli` calls it.
//!
//! ```text
//! account check ─► observe ─► plan ─► lint ─► judge (policies) ─► Plan
//!   apply: ─► gates ─► permit ─► take the lease ─► permit and replan check again ─► execute
//!          ─► observe ─► plan again ─► record ─► give the lease back
//! ```

mod apply;
mod audit;
mod bootstrap;
mod doctor;
mod indeterminate;
mod error;
mod gate;
mod judge;
mod look;
mod parts;
mod gate_input;
mod seen;
mod violations;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::{SignedDuration, Timestamp};
use sha2::Sha256;

use crate::model::digest::hex;
use crate::model::{DesiredState, ObservedState, Plan, RecordedState, Schemas};
use crate::observe::{Depth, offers};
use crate::plan::{self, PlanningInput};
use crate::policy::{self, PolicyInput};
use crate::store::lease::Terms;
use crate::store::{IndeterminateCreates, Remembered, Store, StoreError};
use crate::world::{Caller, World};

pub use doctor::examine;
pub use error::{Distrusted, PipelineError};
pub use gate::{Gate, approvable, consistent, current, live};
pub use gate_input::{ApprovalEvidence, EvidenceSource, GateInput};
pub use look::Look;
pub use parts::{Content, Digest, Findings, Refusals};

/// How long a saved plan may be used.
pub const PLAN_LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// One environment, one world, one store.
#[derive(Clone)]
pub struct Session {
    pub world: Arc<dyn World>,
    pub store: Arc<dyn Store>,
    pub desired: Arc<DesiredState>,
    pub schemas: Schemas,
    pub tool_version: &'static str,
    /// The clock that keeps the lease, and how long an apply waits for it.
    pub lease: Terms,
}

/// A plan, and the states from which it was made.
#[derive(Debug, Clone)]
pub struct Planned {
    pub plan: Plan,
    pub observed: ObservedState,
    pub caller: Caller,
}

impl Session {
    /// Asks AWS for the caller, and refuses another account than the environment's before any other call.
    pub async fn guard(&self) -> Result<Caller, PipelineError> {
        guard(&*self.world, &self.desired).await
    }

    /// Reads the live world and plans. Never mutates.
    pub async fn plan(&self) -> Result<Planned, PipelineError> {
        self.planned(true).await
    }

    /// `judged`: policies are evaluated before the plan has an id, so that their answers are approved with it.
    async fn planned(&self, judged: bool) -> Result<Planned, PipelineError> {
        let caller = self.guard().await?;
        let (recorded, indeterminate) = self.remembered().await?;
        let observed = self.confirmed(&indeterminate, recorded.as_ref()).await;
        let input = self.input(&observed, recorded.as_ref());
        let mut body = plan::plan(&input);
        let mut distrust = plan::lint(&body, &self.desired, &observed, &self.schemas);
        distrust.extend(plan::undeclared(&body, &self.desired, &self.schemas, None));
        if !distrust.is_empty() {
            return Err(Distrusted::Contradiction { findings: Findings(distrust) }.into());
        }
        if judged {
            body.policies = judge::judge(&input, &body)?;
        }
        let now = self.world.clock().now();
        let id = body.digest();
        let mut plan = Plan {
            nonce: nonce(&id, now),
            id,
            created_at: now.to_string(),
            expires_at: now.saturating_add(PLAN_LIFETIME).unwrap_or(now).to_string(),
            observed_at: now.to_string(),
            caller: caller.arn.clone(),
            author: caller.arn.clone(),
            world: self.world.identity(),
            seal: String::new(),
            body,
            foreign: None,
        };
        plan.seal = plan.sealed();
        Ok(Planned { plan, observed, caller })
    }

    /// The input of the policies for a plan made now. Evaluates none of them. Never mutates.
    pub async fn policy_input(&self) -> Result<serde_json::Value, PipelineError> {
        self.guard().await?;
        let (recorded, indeterminate) = self.remembered().await?;
        let observed = self.confirmed(&indeterminate, recorded.as_ref()).await;
        let input = self.input(&observed, recorded.as_ref());
        let body = plan::plan(&input);
        let planned = plan::after(&input, &body.changes);
        Ok(policy::input(&PolicyInput { body: &body, desired: input.desired, live: input.observed, planned: &planned }))
    }

    /// Reads the live world, and asks AWS whether it offers what a plan would make or change.
    async fn confirmed(&self, indeterminate: &IndeterminateCreates, recorded: Option<&RecordedState>) -> ObservedState {
        let mut observed = self.observed(recorded, indeterminate, Depth::Plan).await;
        let input = self.input(&observed, recorded);
        let questions = plan::questions(&input);
        if !questions.is_empty() {
            observed.offers = offers(&*self.world, questions).await;
        }
        observed
    }

    fn input<'a>(&'a self, observed: &'a ObservedState, recorded: Option<&'a RecordedState>) -> PlanningInput<'a> {
        PlanningInput { desired: &self.desired, observed, recorded, schemas: &self.schemas, tool_version: self.tool_version }
    }

    /// A read needs no record: when the bucket does not exist yet, causes are unknown, and nothing else is missing.
    async fn remembered(&self) -> Result<(Option<RecordedState>, IndeterminateCreates), PipelineError> {
        match self.store.remembered(self.desired.environment).await {
            Err(StoreError::NoBucket { .. }) => Ok(Remembered::default().parts()),
            answer => Ok(answer?.parts()),
        }
    }
}

/// Asks AWS for the caller, and refuses another account than the environment's.
pub async fn guard(world: &dyn World, desired: &DesiredState) -> Result<Caller, PipelineError> {
    let caller = world.caller().await?;
    gate::account(desired, &caller)?;
    Ok(caller)
}

/// Distinguishes two plans of one body. Not a secret: time, process and a counter are enough.
fn nonce(id: &str, now: Timestamp) -> String {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    hex(&<Sha256 as sha2::Digest>::digest(format!("{id}/{}/{}/{count}", now.as_nanosecond(), std::process::id())))[..16]
        .to_owned()
}
