//! Findings of several files, put in order.

use crate::model::{Finding, Severity};

/// By place, without repetitions: a mistake in `base.yaml` concerns three environments and is reported once, with their names.
#[must_use]
pub fn tidy(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| (&a.source, a.severity, a.code, &a.message).cmp(&(&b.source, b.severity, b.code, &b.message)));
    findings.dedup_by(|again, first| {
        let same = (&again.source, again.severity, again.code, &again.message)
            == (&first.source, first.severity, first.code, &first.message);
        if same {
            first.inherited_by.append(&mut again.inherited_by);
            first.inherited_by.sort_unstable();
            first.inherited_by.dedup();
            // Environments come in the order of the promotion path, so the last message is what production accepts.
            first.expected = again.expected.take().or_else(|| first.expected.take());
            for related in again.related.drain(..) {
                if !first.related.contains(&related) {
                    first.related.push(related);
                }
            }
        }
        same
    });
    findings
}

pub fn has_error(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}
