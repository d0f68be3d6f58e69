//! From a plan to its permit: what the decision needs is collected here, each time anew.

use async_trait::async_trait;

use crate::govern::permit::{self, EmergencyOverride, Permit, Promotion};
use crate::govern::refusal::{NextStep, Refusal, Why};
use crate::govern::roles::roles_in_force;
use crate::govern::statement::Signed;
use crate::govern::{Short, policies};
use crate::model::{Plan, Roles};
use crate::store::{last_begun, relied_on};

use super::{Gate, PipelineError, Refusals, Session};

/// What lies beside a plan, outside of records and world.
#[derive(Debug, Clone, Default)]
pub struct ApprovalEvidence {
    pub statements: Vec<Signed>,
    /// What promotion says of the plan's release; `None` when no release is pinned.
    pub promotion: Promotion,
    /// The roles of the release that is applied now; `None` where the project's own hold.
    pub applied_roles: Option<Roles>,
}

/// Where the approval evidence of a plan is.
#[async_trait]
pub trait EvidenceSource: Send + Sync {
    /// As they are at this moment.
    ///
    /// # Errors
    /// In words, when they cannot be read.
    async fn evidence(&self, plan: &Plan) -> Result<ApprovalEvidence, String>;
}

#[async_trait]
impl<F: Fn(&Plan) -> Result<ApprovalEvidence, String> + Send + Sync> EvidenceSource for F {
    async fn evidence(&self, plan: &Plan) -> Result<ApprovalEvidence, String> {
        self(plan)
    }
}

/// How an apply asks to be let pass.
#[derive(Clone, Copy)]
pub struct GateInput<'a> {
    /// Asked before anything else, and again when the lease is held: an approval may have been withdrawn meanwhile, a
    /// release held, and somebody else's apply may have changed whose word counts.
    pub evidence: &'a dyn EvidenceSource,
    pub emergency: Option<&'a EmergencyOverride>,
    /// The plan is in a file: approvals can be given.
    pub saved: bool,
}

impl Session {
    /// Decides whether the plan may be executed now. Reads approval evidence, records and the clock; calls nothing in AWS.
    pub async fn permit(&self, plan: &Plan, gate_input: &GateInput<'_>, caller: &str) -> Result<Permit, PipelineError> {
        let records = self.store.records(self.desired.environment).await?;
        let evidence = gate_input.evidence.evidence(plan).await.map_err(|problem| Gate::Papers { problem })?;
        let question = permit::PermitInput {
            plan,
            roles: roles_in_force(evidence.applied_roles.as_ref(), self.desired.roles.as_ref()),
            floor: self.desired.approvals,
            statements: &evidence.statements,
            used: last_begun(&records, &plan.id),
            spent: &relied_on(&records),
            promotion: &evidence.promotion,
            emergency: gate_input.emergency,
            caller,
            now: self.world.clock().now(),
        };
        let environment = self.desired.environment;
        permit::permit(&question).map_err(|mut refusals| {
            // To save the plan helps where approvals are missing, not against a policy.
            let approvable = refusals != policies::refusals(&plan.body);
            if approvable && !gate_input.saved {
                refusals.push(Refusal::new(Why::NotSaved, NextStep::SaveIt { environment }));
            }
            Gate::NotPermitted { environment, plan: Short(plan.id.clone()), refusals: Refusals(refusals) }.into()
        })
    }
}
