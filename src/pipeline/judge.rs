//! What the organisation's own policies say of a plan, asked once, when it is made.

use crate::model::{PlanBody, PolicyVerdict};
use crate::plan::{self, PlanningInput};
use crate::policy::{self, Question};

use super::{PipelineError, Session};

/// By code. The mistakes of the files were found when they were loaded; nothing is checked again.
pub(super) fn judge(input: &PlanningInput<'_>, body: &PlanBody) -> Result<Vec<PolicyVerdict>, PipelineError> {
    if input.desired.policies.files.is_empty() {
        return Ok(Vec::new());
    }
    let planned = plan::after(input, &body.changes);
    let question = Question { body, desired: input.desired, live: input.observed, planned: &planned };
    Ok(policy::judge(&question)?)
}

impl Session {
    /// What policies are asked about a plan made now, without asking them. Never mutates.
    pub async fn policy_input(&self) -> Result<serde_json::Value, PipelineError> {
        self.guard().await?;
        let (recorded, doubts) = self.remembered().await?;
        let observed = self.observed(&doubts).await;
        let input = self.input(&observed, recorded.as_ref());
        let body = plan::plan(&input);
        let planned = plan::after(&input, &body.changes);
        Ok(policy::input(&Question { body: &body, desired: input.desired, live: input.observed, planned: &planned }))
    }
}
