//! Apply: gates, execution, a fresh look, and the record of it.

use std::collections::BTreeMap;

use tokio::sync::watch;

use crate::apply::{Execution, execute};
use crate::model::plan::SCHEMA_VERSION;
use crate::model::recorded::RecordedResource;
use crate::model::{ApplyEvent, ApplyReport, Outcome, Plan, PlanBody, RecordedState, Remaining, ResourceId, StepReport};
use crate::observe::observe;
use crate::plan;
use crate::store::{Record, recorded_state};

use super::{Gate, PipelineError, Planned, Session, gate};

type OnEvent<'e> = &'e mut (dyn FnMut(ApplyEvent) + Send);

impl Session {
    /// Applies a saved plan, or refuses: exactly what it says, or the part of it that still has to be done.
    pub async fn apply_saved(
        &self,
        plan: &Plan,
        stop: watch::Receiver<bool>,
        on_event: OnEvent<'_>,
    ) -> Result<ApplyReport, PipelineError> {
        let records = self.store.records(self.desired.environment)?;
        gate::saved_plan(plan, &self.desired, &records, self.tool_version, self.world.clock().now())?;
        let caller = self.guard().await?;
        let observed = observe(&*self.world, &self.desired, &self.schemas).await;
        if let Some(first) = observed.unreadable.first() {
            return Err(Gate::Stale {
                reason: format!("{} in {} cannot be read now: {}", first.kind, first.region, first.error),
            }
            .into());
        }
        let planned = Planned { plan: plan.clone(), observed, caller };
        let report = self.apply_planned(&planned, stop, on_event).await?;
        refuse_if_nothing_ran(report)
    }

    /// Applies a plan that was made in this process a moment ago.
    pub async fn apply_planned(
        &self,
        planned: &Planned,
        stop: watch::Receiver<bool>,
        on_event: OnEvent<'_>,
    ) -> Result<ApplyReport, PipelineError> {
        let begun = self.world.clock().now();
        let mutating = self.world.calls().mutating();
        let plan = &planned.plan;
        if !plan.body.is_empty() {
            self.remember(&Record::Begun {
                at: begun,
                plan: plan.id.clone(),
                nonce: plan.nonce.clone(),
                caller: planned.caller.arn.clone(),
            })?;
        }
        let execution = Execution {
            world: &*self.world,
            store: &*self.store,
            schemas: &self.schemas,
            desired: &self.desired,
            observed: &planned.observed,
            plan,
            stop,
        };
        let executed = execute(&execution, on_event).await;
        on_event(ApplyEvent::Replanning);
        // What was done is reported even when it cannot be recorded.
        let (remaining, unrecorded) = match self.look_again(&plan.id).await {
            Ok(remaining) => (remaining, executed.unrecorded.map(|error| error.to_string())),
            Err(error) => (None, Some(error.to_string())),
        };
        let elapsed = self.world.clock().now().duration_since(begun).as_secs();
        Ok(ApplyReport {
            schema_version: SCHEMA_VERSION,
            environment: self.desired.environment,
            plan: plan.id.clone(),
            steps: executed.steps,
            blocked: plan.body.blocked.len(),
            interrupted: executed.interrupted,
            remaining,
            unrecorded,
            mutating_calls: self.world.calls().mutating() - mutating,
            elapsed: u64::try_from(elapsed).unwrap_or(0),
        })
    }

    /// A fresh plan, and a baseline of everything that is as declared. `None` when something could not be read.
    async fn look_again(&self, plan: &str) -> Result<Option<Vec<Remaining>>, PipelineError> {
        let recorded = recorded_state(&self.store.records(self.desired.environment)?);
        let observed = observe(&*self.world, &self.desired, &self.schemas).await;
        let body = plan::plan(&self.input(&observed, recorded.as_ref()));
        if !observed.unreadable.is_empty() {
            return Ok(None);
        }
        let present = |id: &ResourceId| observed.owned.contains_key(id);
        let baseline = baseline(self, &body, recorded.as_ref(), &present);
        if recorded.as_ref().map(|state| &state.resources) != Some(&baseline) {
            self.remember(&Record::Baseline { at: self.world.clock().now(), plan: plan.to_owned(), resources: baseline })?;
        }
        Ok(Some(remaining(&body)))
    }
}

/// What is as declared is recorded as declared; what is not keeps what was recorded of it, as long as it exists.
fn baseline(
    session: &Session,
    body: &PlanBody,
    recorded: Option<&RecordedState>,
    present: &dyn Fn(&ResourceId) -> bool,
) -> BTreeMap<ResourceId, RecordedResource> {
    let unsettled = |id: &ResourceId| {
        body.changes.iter().any(|change| &change.id == id) || body.blocked.iter().any(|blocked| &blocked.id == id)
    };
    let mut resources = BTreeMap::new();
    for (id, resource) in session.desired.resources.iter().filter(|(id, _)| !unsettled(id) && present(id)) {
        resources.insert(id.clone(), RecordedResource { attributes: resource.attributes.clone(), tags: resource.tags.clone() });
    }
    for (id, resource) in recorded.into_iter().flat_map(|state| &state.resources) {
        if session.desired.resources.contains_key(id) || present(id) {
            resources.entry(id.clone()).or_insert_with(|| resource.clone());
        }
    }
    resources
}

fn remaining(body: &PlanBody) -> Vec<Remaining> {
    body.changes
        .iter()
        .map(|change| Remaining { id: change.id.clone(), paths: change.diffs.iter().map(|diff| diff.path.clone()).collect() })
        .collect()
}

/// A saved plan none of whose steps could begin because the world moved is refused, not incomplete.
fn refuse_if_nothing_ran(report: ApplyReport) -> Result<ApplyReport, PipelineError> {
    let touched = |step: &StepReport| matches!(step.outcome, Outcome::Done | Outcome::Unknown { .. });
    if report.mutating_calls > 0 || report.interrupted || report.steps.iter().any(touched) {
        return Ok(report);
    }
    let reason = report.steps.iter().find_map(|step| match &step.outcome {
        Outcome::Failed { error } => Some(format!("{}: {error}", step.id)),
        _ => None,
    });
    match reason {
        Some(reason) => Err(Gate::Stale { reason }.into()),
        None => Ok(report),
    }
}
