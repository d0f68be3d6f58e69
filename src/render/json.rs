//! The documents as JSON, for programs. Fields stand in the order of the structs, maps are sorted: same value, same bytes.

use serde::Serialize;

use crate::model::plan::SCHEMA_VERSION;
use crate::model::{ApplyReport, AuditReport, DriftReport, Finding, Plan, Severity, visible_json};

use super::findings;

/// The saved artefact.
#[must_use]
pub fn plan(plan: &Plan) -> String {
    pretty(plan)
}

#[must_use]
pub fn drift(report: &DriftReport) -> String {
    pretty(report)
}

#[must_use]
pub fn apply(report: &ApplyReport) -> String {
    pretty(report)
}

#[must_use]
pub fn audit(report: &AuditReport) -> String {
    pretty(report)
}

#[derive(Serialize)]
struct Findings<'a> {
    schema_version: u32,
    errors: usize,
    warnings: usize,
    #[serde(rename = "findings")]
    list: Vec<&'a Finding>,
}

/// Sorted as in the text.
#[must_use]
pub fn findings(findings: &[Finding]) -> String {
    let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    pretty(&Findings {
        schema_version: SCHEMA_VERSION,
        errors: of(Severity::Error),
        warnings: of(Severity::Warning),
        list: findings::sorted(findings),
    })
}

/// One line, for programs that read line by line.
///
/// # Panics
/// Never: the documents are plain data with text keys.
pub fn line(value: &impl Serialize) -> String {
    visible_json(serde_json::to_string(value).expect("a document is plain data"))
}

/// # Panics
/// Never: the documents are plain data with text keys.
pub fn pretty(value: &impl Serialize) -> String {
    let mut text = visible_json(serde_json::to_string_pretty(value).expect("a document is plain data"));
    text.push('\n');
    text
}
