//! What the organisation's own policies say of a plan, asked once, when it is made.

use crate::model::{PlanBody, PolicyVerdict};
use crate::plan::{self, PlanningInput};
use crate::policy::{self, PolicyInput};

use super::error::PipelineError;

/// By code. The mistakes of the files were found when they were loaded; nothing is checked again.
pub(super) fn judge(input: &PlanningInput<'_>, body: &PlanBody) -> Result<Vec<PolicyVerdict>, PipelineError> {
    if input.desired.policies.files.is_empty() {
        return Ok(Vec::new());
    }
    let planned = plan::after(input, &body.changes);
    let question = PolicyInput { body, desired: input.desired, live: input.observed, planned: &planned };
    Ok(policy::judge(&question)?)
}
