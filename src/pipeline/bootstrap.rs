//! The first step of an environment: the bucket of its records and its two roles, made before anything else can be asked
//! for a release or an approval. Because it asks for neither, it makes what is missing and nothing else.

use std::collections::BTreeSet;

use tokio::sync::watch;

use crate::desired::bootstrap_set;
use crate::model::{ApplyReport, ResourceId};
use crate::plan;

use super::apply::OnEvent;
use super::{PipelineError, Planned, Session, gate};

impl Session {
    /// The resources that a bootstrap is about. Empty when the environment keeps its records in a folder.
    #[must_use]
    pub fn bootstrap_set(&self) -> BTreeSet<ResourceId> {
        bootstrap_set(&self.desired)
    }

    /// The ordinary plan, and of it the part that a bootstrap is about. Never mutates.
    pub async fn plan_bootstrap(&self) -> Result<Planned, PipelineError> {
        let mut planned = self.plan().await?;
        let body = plan::part(&planned.plan.body, &self.bootstrap_set(), &self.schemas);
        let distrust = plan::lint(&body, &self.desired, &planned.observed, &self.schemas);
        if !distrust.is_empty() {
            return Err(PipelineError::Distrusted(distrust));
        }
        planned.plan.id = body.digest();
        planned.plan.body = body;
        planned.plan.seal = planned.plan.sealed();
        Ok(planned)
    }

    /// Whether this part of a plan only makes what is missing.
    pub fn bootstrap_gate(&self, planned: &Planned) -> Result<(), PipelineError> {
        Ok(gate::only_makes(&planned.plan.body, &planned.observed, &self.bootstrap_set())?)
    }

    /// Makes what is missing.
    pub async fn bootstrap(
        &self,
        planned: &Planned,
        stop: watch::Receiver<bool>,
        on_event: OnEvent<'_>,
    ) -> Result<ApplyReport, PipelineError> {
        self.bootstrap_gate(planned)?;
        self.carry_out(&planned.plan, Some(&self.bootstrap_set()), stop, on_event).await
    }
}
