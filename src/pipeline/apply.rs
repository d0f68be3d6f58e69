//! Apply: gates, execution, the closing look, and its record.

use std::collections::BTreeSet;

use tokio::sync::watch;

use crate::apply::{Execution, execute};
use crate::govern::permit::{self, Permit};
use crate::model::plan::SCHEMA_VERSION;
use crate::model::{
    ApplyEvent, ApplyReport, AuthorizationBasis, Environment, Language, ObservedState, Outcome, Plan, PlanBody, PolicyVerdict,
    PromiseMove, RecordedState, ReleaseRef, Remaining, ResourceId, Said, Sentence, StepReport,
};
use crate::plan::{self, Moved};
use crate::store::lease::{self, Ask, Unheld};
use crate::store::{Entry, Lease, LeaseRecord, Record};
use crate::world::Caller;

use super::judge::judge;
use super::seen::seen;
use super::violations::violations;
use super::{Gate, GateInput, PipelineError, Planned, Session, gate};

pub(super) type OnEvent<'e> = &'e mut (dyn FnMut(ApplyEvent) + Send);

/// The authorization that a plan needs.
pub(super) enum ApplyKind<'a> {
    /// Release and approvals, or an emergency override.
    Ordinary(&'a GateInput<'a>),
    /// A bootstrap: only these resources, and only what is missing of them.
    Founding(BTreeSet<ResourceId>),
}

impl ApplyKind<'_> {
    /// Whether the run is about this resource: a subset says nothing of the others.
    fn about(&self, id: &ResourceId) -> bool {
        match self {
            Self::Ordinary(_) => true,
            Self::Founding(part) => part.contains(id),
        }
    }

    const fn whole(&self) -> bool {
        matches!(self, Self::Ordinary(_))
    }
}

impl Session {
    /// The entry for every plan but that of a bootstrap. The plan is gated, the world is read again, and exactly the plan, or the
    /// part that is still to be done, is executed. The operator may answer the question much later, so the permit is asked for
    /// twice: before the question, and with the lease held, when nothing is left to wait for.
    pub async fn apply(
        &self,
        plan: &Plan,
        gate_input: &GateInput<'_>,
        stop: watch::Receiver<bool>,
        on_event: OnEvent<'_>,
    ) -> Result<ApplyReport, PipelineError> {
        self.passes(plan).await?;
        self.permit(plan, gate_input, "").await?;
        self.carry_out(plan, &ApplyKind::Ordinary(gate_input), stop, on_event).await
    }

    /// Both entries lead here. The caller has asked for the permit already; here it is asked for again.
    pub(super) async fn carry_out(
        &self,
        plan: &Plan,
        kind: &ApplyKind<'_>,
        stop: watch::Receiver<bool>,
        on_event: OnEvent<'_>,
    ) -> Result<ApplyReport, PipelineError> {
        let caller = self.guard().await?;
        let lease = self.hold(plan, &caller, &stop, on_event).await?;
        let report = lease.during(self.held(plan, kind, caller, &lease, stop, on_event)).await;
        lease.release().await;
        report
    }

    /// The part that only the holder of the lease executes.
    async fn held(
        &self,
        plan: &Plan,
        kind: &ApplyKind<'_>,
        caller: Caller,
        lease: &Lease,
        stop: watch::Receiver<bool>,
        on_event: OnEvent<'_>,
    ) -> Result<ApplyReport, PipelineError> {
        // Another apply may have used the plan while this one waited for the lease or for AWS.
        self.passes(plan).await?;
        let observed = if plan.body.is_empty() {
            ObservedState::default()
        } else {
            self.await_sight(&stop, on_event).await?;
            // What AWS offers is asked again, as for a plan: it may have taken back what a saved plan makes.
            let (recorded, indeterminate) = self.remembered().await?;
            self.confirmed(&indeterminate, recorded.as_ref()).await
        };
        gate::readable(plan, &observed)?;
        self.replan_checked(plan, kind, &observed).await?;
        let permit = match kind {
            ApplyKind::Ordinary(gate_input) => self.permit(plan, gate_input, &caller.arn).await?,
            ApplyKind::Founding(_) => permit::founding(plan, &self.desired, &observed)
                .map_err(|beyond| Gate::beyond(self.desired.environment, beyond))?,
        };
        let planned = Planned { plan: plan.clone(), observed, caller };
        let report = self.run(&planned, kind, &permit, lease, stop, on_event).await?;
        refuse_if_nothing_ran(report, lease.lost())
    }

    /// A plan file is not believed: each thing that it does must be in a fresh plan, or be done already.
    async fn replan_checked(&self, plan: &Plan, kind: &ApplyKind<'_>, observed: &ObservedState) -> Result<(), PipelineError> {
        if plan.body.is_empty() {
            return Ok(());
        }
        let part = match kind {
            ApplyKind::Ordinary(_) => None,
            ApplyKind::Founding(part) => Some(part),
        };
        gate::demand(plan::undeclared(&plan.body, &self.desired, &self.schemas, part))?;
        let (recorded, _) = self.remembered().await?;
        let input = self.input(observed, recorded.as_ref());
        let whole = plan::plan(&input);
        let now = match part {
            Some(part) => plan::subset(&whole, part, &self.schemas),
            None => whole,
        };
        plan::replan_check(&plan.body, &now, &input).map_err(Gate::from)?;
        // The policies judge what the plan does to the world as it is now. Earlier refusals are in the plan, and the permit has
        // dealt with them.
        let judged = if part.is_none() { judge(&input, &plan.body)? } else { Vec::new() };
        let known = |new: &PolicyVerdict| plan.body.policies.iter().any(|old| old.policy == new.policy && old.refuses());
        match judged.iter().find(|new| new.refuses() && !known(new)) {
            Some(new) => Err(Gate::PolicyRefuses { policy: new.policy.clone(), place: new.source.to_string() }.into()),
            None => Ok(()),
        }
    }

    /// Whether the plan is for this account, and the caller is in it: checked before the records are read, because they are in
    /// that account too.
    pub async fn belongs(&self, plan: &Plan) -> Result<(), PipelineError> {
        gate::target(plan, &self.desired)?;
        self.guard().await?;
        Ok(())
    }

    /// Whether the plan itself may still be used: unaltered, unused, not expired, of these files and this world.
    pub async fn passes(&self, plan: &Plan) -> Result<(), PipelineError> {
        let records = self.store.records(self.desired.environment).await?;
        let now = self.world.clock().now();
        Ok(gate::saved_plan(plan, &self.desired, &records, self.tool_version, now, Some(&self.world.identity()))?)
    }

    async fn hold(
        &self,
        plan: &Plan,
        caller: &Caller,
        stop: &watch::Receiver<bool>,
        on_event: OnEvent<'_>,
    ) -> Result<Lease, PipelineError> {
        let environment = self.desired.environment;
        let ask = Ask {
            store: &self.store,
            environment,
            caller: &caller.arn,
            plan: &plan.id,
            floor: self.store.highest_fence(environment).await?,
            terms: &self.lease,
            write_fence: self.world.write_fence(),
            stop: stop.clone(),
        };
        let mut waits = |holder: &LeaseRecord| {
            on_event(ApplyEvent::AwaitingLease { holder: Awaited::Holder { holder: holder.clone() }.into() });
        };
        lease::acquire(&ask, &mut waits).await.map_err(|unheld| match unheld {
            Unheld::Held(holder) => Gate::held(environment, *holder).into(),
            Unheld::Store(error) => error.into(),
        })
    }

    async fn run(
        &self,
        planned: &Planned,
        kind: &ApplyKind<'_>,
        permit: &Permit,
        lease: &Lease,
        stop: watch::Receiver<bool>,
        on_event: OnEvent<'_>,
    ) -> Result<ApplyReport, PipelineError> {
        let begun = self.world.clock().now();
        let mutating = self.world.calls().mutating();
        let plan = &planned.plan;
        // A release that changes nothing but people is approved, or overridden, like any other change.
        let agreed = matches!(permit.basis(), AuthorizationBasis::Approved { .. } | AuthorizationBasis::Emergency { .. });
        if !plan.body.is_empty() || agreed {
            lease.confirm().await.map_err(|reason| Gate::Fenced { reason })?;
            if let Some(emergency) = permit.emergency() {
                self.remember(lease, Record::Emergency(emergency.clone())).await?;
            }
            let record = Record::Begun {
                at: begun,
                plan: plan.id.clone(),
                nonce: plan.nonce.clone(),
                caller: planned.caller.arn.clone(),
                release: self.desired.release.clone().filter(|_| permit.promoted()),
                basis: Some(permit.basis().clone()),
            };
            self.remember(lease, record).await?;
        }
        let execution = Execution {
            world: &*self.world,
            store: &*self.store,
            lease,
            schemas: &self.schemas,
            desired: &self.desired,
            observed: &planned.observed,
            plan,
            permit,
            stop,
        };
        let executed = execute(&execution, on_event).await;
        on_event(ApplyEvent::Replanning);
        // What was done is reported even when it cannot be recorded.
        let release = self.desired.release.clone().filter(|_| permit.promoted());
        // In dev a release that was not promoted counts as the tree; a pin that may not be there is not looked at.
        let tree = self.desired.environment == Environment::Dev && !(plan.body.is_empty() && self.desired.release.is_some());
        let counts = (permit.promoted() || tree) && executed.unrecorded.is_none();
        let look = self.look_again(plan, kind, lease, release, counts);
        let ((remaining, blocked, now), unrecorded) = match look.await {
            Ok(left) => (left, executed.unrecorded.map(Sentence::from)),
            Err(error) => ((None, plan.body.blocked.len(), Vec::new()), Some(error.sentence())),
        };
        let elapsed = self.world.clock().now().duration_since(begun).as_secs();
        Ok(ApplyReport {
            schema_version: SCHEMA_VERSION,
            environment: self.desired.environment,
            account: self.desired.account.clone(),
            world: self.world.identity(),
            plan: plan.id.clone(),
            steps: executed.steps,
            blocked,
            interrupted: executed.interrupted,
            remaining,
            promises: since(&plan.body.promises, &now),
            unrecorded,
            mutating_calls: self.world.calls().mutating() - mutating,
            elapsed: u64::try_from(elapsed).unwrap_or(0),
        })
    }

    /// A fresh plan, and a baseline of everything that is as declared. Returns what the plan still changes (`None` when something
    /// could not be read), how much it blocks, and the verdicts. When nothing is left of either, that is recorded as proven, from
    /// which promotion counts. A subset proves nothing of the rest. A release that was not promoted, or an apply whose steps were
    /// not all recorded, proves nothing of a release.
    async fn look_again(
        &self,
        plan: &Plan,
        kind: &ApplyKind<'_>,
        lease: &Lease,
        release: Option<ReleaseRef>,
        counts: bool,
    ) -> Result<(Option<Vec<Remaining>>, usize, Vec<PromiseMove>), PipelineError> {
        let (recorded, indeterminate) = self.store.remembered(self.desired.environment).await?.parts();
        let looked = self.world.clock().now();
        let observed = self.confirmed(&indeterminate, recorded.as_ref()).await;
        let body = plan::plan(&self.input(&observed, recorded.as_ref()));
        let blocked = body.blocked.iter().filter(|blocked| kind.about(&blocked.id)).count();
        if !observed.unreadable.is_empty() {
            return Ok((None, blocked, body.promises));
        }
        let seen = seen(self, &|id| kind.about(id), &body, recorded.as_ref(), &observed, looked);
        // What is written now counts for every later reader, so only the holder of the lease writes it. It is confirmed right
        // before each record, because the process may have been stopped while it looked.
        if recorded.as_ref() != Some(&seen) && lease.confirm().await.is_ok() {
            let RecordedState { resources, sent, deleting, .. } = seen;
            let record = Record::Baseline { at: self.world.clock().now(), plan: plan.id.clone(), resources, sent, deleting };
            self.remember(lease, record).await?;
        }
        if kind.whole() && body.is_empty() && body.blocked.is_empty() && counts && lease.confirm().await.is_ok() {
            let violations = violations(&body, &plan.body.policies);
            let record = Record::Proven { at: self.world.clock().now(), plan: plan.id.clone(), release, violations };
            self.remember(lease, record).await?;
        }
        Ok((Some(remaining(&body, kind)), blocked, body.promises))
    }

    async fn remember(&self, lease: &Lease, record: Record) -> Result<(), PipelineError> {
        let entry = Entry { fence: Some(lease.fence()), record };
        Ok(self.store.append_entry(self.desired.environment, &entry).await?)
    }
}

/// The verdicts when the plan was made, and those of the closing look.
fn since(planned: &[PromiseMove], now: &[PromiseMove]) -> Vec<PromiseMove> {
    let ended = |before: &PromiseMove| {
        let after = now.iter().find(|now| now.promise == before.promise)?.before;
        let resources = if before.before == after { Vec::new() } else { before.resources.clone() };
        Some(PromiseMove { after, resources, ..before.clone() })
    };
    planned.iter().filter_map(ended).collect()
}

fn remaining(body: &PlanBody, kind: &ApplyKind<'_>) -> Vec<Remaining> {
    body.changes
        .iter()
        .filter(|change| kind.about(&change.id))
        .map(|change| Remaining { id: change.id.clone(), paths: change.diffs.iter().map(|diff| diff.path.clone()).collect() })
        .collect()
}

/// Whom an apply waits for.
#[derive(tokaido_derive::Reason)]
enum Awaited {
    #[en("{holder}")]
    #[ja("{holder}")]
    Holder { holder: LeaseRecord },
}

/// A plan of which no step could begin, because the world moved or the lease was lost, is refused, not incomplete. A step that
/// failed for another reason, such as a state that could not be read, is told in the report.
fn refuse_if_nothing_ran(report: ApplyReport, lost: Option<Said>) -> Result<ApplyReport, PipelineError> {
    let touched = |step: &StepReport| matches!(step.outcome, Outcome::Done | Outcome::Unknown { .. });
    if report.mutating_calls > 0 || report.interrupted || report.unrecorded.is_some() || report.steps.iter().any(touched) {
        return Ok(report);
    }
    if let Some(reason) = lost {
        return Err(Gate::Fenced { reason }.into());
    }
    let reason = report.steps.iter().find_map(|step| match &step.outcome {
        // The gate says that nothing was changed and what to do next; the record of the beginning stays.
        Outcome::Failed { error, moved: true, .. } => {
            let (en, ja) = (error.say(Language::En), error.say(Language::Ja));
            let problem = Said::new(en.trim_end_matches("; plan again"), ja.trim_end_matches("。計画し直してください"));
            Some(Moved::AtTheStep { id: step.id.clone(), problem })
        }
        _ => None,
    });
    match reason {
        Some(moved) => Err(Gate::Stale { reason: moved.into() }.into()),
        None => Ok(report),
    }
}
