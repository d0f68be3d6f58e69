//! Evaluates the organisation's policies over a plan, once, when it is made.

use crate::model::{PlanBody, PolicyVerdict};
use crate::plan::{self, PlanningInput};
use crate::policy::{self, PolicyInput};

use super::error::PipelineError;

/// By code. Loading found the mistakes of the files; nothing is checked again.
pub(super) fn judge(input: &PlanningInput<'_>, body: &PlanBody) -> Result<Vec<PolicyVerdict>, PipelineError> {
    if input.desired.policies.files.is_empty() {
        return Ok(Vec::new());
    }
    let planned = plan::after(input, &body.changes);
    let question = PolicyInput { body, desired: input.desired, live: input.observed, planned: &planned };
    Ok(policy::judge(&question)?)
}
