//! What the organisation's own policies say of a plan, asked once, when it is made.

use crate::model::{PlanBody, PolicyVerdict, Severity, Source};
use crate::plan::{self, PlanningInput};
use crate::policy::{self, PolicyError, Question};

use super::PipelineError;

/// By code. The files were compiled when they were loaded, so that a mistake is met here only by who loads them otherwise.
pub(super) fn judge(input: &PlanningInput<'_>, body: &PlanBody) -> Result<Vec<PolicyVerdict>, PipelineError> {
    let files = &input.desired.policies;
    if files.files.is_empty() {
        return Ok(Vec::new());
    }
    let (policies, findings) = policy::compile(files);
    if let Some(finding) = findings.into_iter().find(|finding| finding.severity == Severity::Error) {
        let source = finding.source.unwrap_or_else(|| Source { file: "policies".to_owned(), line: 1, column: 1 });
        return Err(PolicyError { source, code: finding.code.to_owned(), reason: finding.message }.into());
    }
    let planned = plan::after(input, &body.changes);
    let question = Question { body, desired: input.desired, live: input.observed, planned: &planned };
    Ok(policy::judge(&policies, &question)?)
}
