//! From a plan to its permit: what the decision needs is collected here, each time anew.

use async_trait::async_trait;

use crate::govern::permit::{self, Permit, Plea, Promotion};
use crate::govern::refusal::{NextStep, Refusal, Why};
use crate::govern::roles::roles_in_force;
use crate::govern::statement::Signed;
use crate::govern::{Short, policies};
use crate::model::{Plan, Roles};
use crate::store::{last_begun, relied_on};

use super::{Gate, PipelineError, Refusals, Session};

/// What lies beside a plan, outside of records and world.
#[derive(Debug, Clone, Default)]
pub struct Papers {
    pub statements: Vec<Signed>,
    /// What promotion says of the plan's release; `None` when no release is pinned.
    pub promotion: Promotion,
    /// The roles of the release that is applied now; `None` where the project's own hold.
    pub applied_roles: Option<Roles>,
}

/// Where the papers of a plan are.
#[async_trait]
pub trait Desk: Send + Sync {
    /// As they are at this moment.
    ///
    /// # Errors
    /// In words, when they cannot be read.
    async fn papers(&self, plan: &Plan) -> Result<Papers, String>;
}

#[async_trait]
impl<F: Fn(&Plan) -> Result<Papers, String> + Send + Sync> Desk for F {
    async fn papers(&self, plan: &Plan) -> Result<Papers, String> {
        self(plan)
    }
}

/// How an apply asks to be let pass.
#[derive(Clone, Copy)]
pub struct Passage<'a> {
    /// Asked before anything else, and again when the lease is held: an approval may have been withdrawn meanwhile, a
    /// release held, and somebody else's apply may have changed whose word counts.
    pub papers: &'a dyn Desk,
    pub emergency: Option<&'a Plea>,
    /// The plan is in a file: approvals can be given.
    pub saved: bool,
}

impl Session {
    /// Decides whether the plan may be executed now. Reads papers, records and the clock; calls nothing in AWS.
    pub async fn permit(&self, plan: &Plan, passage: &Passage<'_>, caller: &str) -> Result<Permit, PipelineError> {
        let records = self.store.records(self.desired.environment).await?;
        let papers = passage.papers.papers(plan).await.map_err(|problem| Gate::Papers { problem })?;
        let question = permit::Question {
            plan,
            roles: roles_in_force(papers.applied_roles.as_ref(), self.desired.roles.as_ref()),
            floor: self.desired.approvals,
            statements: &papers.statements,
            used: last_begun(&records, &plan.id),
            spent: &relied_on(&records),
            promotion: &papers.promotion,
            emergency: passage.emergency,
            caller,
            now: self.world.clock().now(),
        };
        let environment = self.desired.environment;
        permit::permit(&question).map_err(|mut refusals| {
            // To save the plan helps where approvals are missing, not against a policy.
            let approvable = refusals != policies::refusals(&plan.body);
            if approvable && !passage.saved {
                refusals.push(Refusal::new(Why::NotSaved, NextStep::SaveIt { environment }));
            }
            Gate::NotPermitted { environment, plan: Short(plan.id.clone()), refusals: Refusals(refusals) }.into()
        })
    }
}
