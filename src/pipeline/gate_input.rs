//! From a plan to its permit: collects what the decision needs, anew for each question.

use async_trait::async_trait;

use crate::govern::permit::{self, EmergencyOverride, Permit, Promotion};
use crate::govern::refusal::{NextStep, Refusal, Why};
use crate::govern::roles::roles_in_force;
use crate::govern::statement::Signed;
use crate::govern::{Short, policies};
use crate::model::{Plan, Roles};
use crate::store::{last_begun, relied_on};

use super::{Gate, PipelineError, Refusals, Session};

/// Evidence about a plan that is neither in the records nor in the world.
#[derive(Debug, Clone, Default)]
pub struct ApprovalEvidence {
    pub statements: Vec<Signed>,
    /// What promotion says of the plan's release; `None` when no release is pinned.
    pub promotion: Promotion,
    /// The roles of the release that is applied now; `None` when the roles of the project hold.
    pub applied_roles: Option<Roles>,
}

/// The source of the approval evidence of a plan.
#[async_trait]
pub trait EvidenceSource: Send + Sync {
    /// The evidence at this moment.
    ///
    /// # Errors
    /// In words, when it cannot be read.
    async fn evidence(&self, plan: &Plan) -> Result<ApprovalEvidence, String>;
}

#[async_trait]
impl<F: Fn(&Plan) -> Result<ApprovalEvidence, String> + Send + Sync> EvidenceSource for F {
    async fn evidence(&self, plan: &Plan) -> Result<ApprovalEvidence, String> {
        self(plan)
    }
}

/// What an apply gives to its gates.
#[derive(Clone, Copy)]
pub struct GateInput<'a> {
    /// Read before anything else, and again when the lease is held: an approval may have been withdrawn meanwhile, a release
    /// held, and another apply may have changed the roles in force.
    pub evidence: &'a dyn EvidenceSource,
    pub emergency: Option<&'a EmergencyOverride>,
    /// The plan is in a file, so approvals are possible.
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
            // Saving the plan helps when approvals are missing, not against a policy.
            let approvable = refusals != policies::refusals(&plan.body);
            if approvable && !gate_input.saved {
                refusals.push(Refusal::new(Why::NotSaved, NextStep::SaveIt { environment }));
            }
            Gate::NotPermitted { environment, plan: Short(plan.id.clone()), refusals: Refusals(refusals) }.into()
        })
    }
}
