//! The first step of an environment: makes the bucket of its records and its two roles, before a release or an approval is
//! possible. Because it needs neither, it makes what is missing and nothing else.

use std::collections::BTreeSet;

use tokio::sync::watch;

use crate::compile::bootstrap_set;
use crate::govern::permit;
use crate::model::{ApplyReport, ResourceId};
use crate::plan;

use super::apply::{ApplyKind, OnEvent};
use super::{Distrusted, Findings, Gate, PipelineError, Planned, Session};

impl Session {
    /// The resources of a bootstrap. Empty when the environment keeps its records in a folder.
    #[must_use]
    pub fn bootstrap_set(&self) -> BTreeSet<ResourceId> {
        bootstrap_set(&self.desired)
    }

    /// The subset of the ordinary plan for a bootstrap, without the answers of policies. Never mutates.
    pub async fn plan_bootstrap(&self) -> Result<Planned, PipelineError> {
        let mut planned = self.planned(false).await?;
        let body = plan::subset(&planned.plan.body, &self.bootstrap_set(), &self.schemas);
        let mut distrust = plan::lint(&body, &self.desired, &planned.observed, &self.schemas);
        distrust.extend(plan::undeclared(&body, &self.desired, &self.schemas, Some(&self.bootstrap_set())));
        if !distrust.is_empty() {
            return Err(Distrusted::Contradiction { findings: Findings(distrust) }.into());
        }
        planned.plan.id = body.digest();
        planned.plan.body = body;
        planned.plan.seal = planned.plan.sealed();
        Ok(planned)
    }

    /// Whether this subset only makes what is missing.
    pub fn bootstrap_gate(&self, planned: &Planned) -> Result<(), PipelineError> {
        let founding = permit::founding(&planned.plan, &self.desired, &planned.observed);
        founding.map_err(|beyond| Gate::beyond(self.desired.environment, beyond))?;
        Ok(())
    }

    /// Makes what is missing. The second entry beside `apply`: lease, fresh look and records are the same, the permit is another
    /// one.
    pub async fn bootstrap(
        &self,
        planned: &Planned,
        stop: watch::Receiver<bool>,
        on_event: OnEvent<'_>,
    ) -> Result<ApplyReport, PipelineError> {
        self.passes(&planned.plan).await?;
        self.bootstrap_gate(planned)?;
        self.carry_out(&planned.plan, &ApplyKind::Founding(self.bootstrap_set()), stop, on_event).await
    }
}
