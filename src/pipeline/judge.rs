//! What the organisation's own policies say of a plan, asked once, when it is made.

use crate::model::{PlanBody, PolicyVerdict, Severity, Source};
use crate::plan::{self, PlanningInput};
use crate::policy::{self, PolicyError, Question};

use super::{PipelineError, Session};

/// By code. The files were compiled when they were loaded, so that a mistake is met here only by who loads them otherwise.
pub(super) fn judge(input: &PlanningInput<'_>, body: &PlanBody) -> Result<Vec<PolicyVerdict>, PipelineError> {
    let files = &input.desired.policies;
    if files.files.is_empty() {
        return Ok(Vec::new());
    }
    let (policies, findings) = policy::compile(files);
    if let Some(finding) = findings.into_iter().find(|finding| finding.severity == Severity::Error) {
        let source = finding.source.unwrap_or_else(|| Source { file: "policies".into(), line: 1, column: 1 });
        return Err(PolicyError { source, code: finding.code.to_owned(), reason: finding.message }.into());
    }
    let planned = plan::after(input, &body.changes);
    let question = Question { body, desired: input.desired, live: input.observed, planned: &planned };
    Ok(policy::judge(&policies, &question)?)
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
