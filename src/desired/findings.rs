//! Findings of several files, put in order, and without the secrets of those files.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Finding, Severity, Source};
use crate::yaml::Redacted;

use super::files::Files;

/// As everybody but the reader of files may have them: no finding repeats what its files hide. By place, without repetitions: a
/// mistake in `base.yaml` concerns three environments and is reported once, with their names.
#[must_use]
pub fn tidy(mut findings: Vec<Finding>, files: &Files) -> Vec<Finding> {
    let mut texts: BTreeMap<String, Option<Arc<Redacted>>> = BTreeMap::new();
    hide(&mut findings, &mut |place| {
        let read = || Some(Arc::new(Redacted::of(&place.file, &String::from_utf8_lossy(&files.known(&place.file)?))));
        texts.entry(place.file.to_string()).or_insert_with(read).clone()
    });
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

/// Takes out of each finding what the files of its places hide. `text` knows a file by a place in it.
pub fn hide(findings: &mut [Finding], text: &mut dyn FnMut(&Source) -> Option<Arc<Redacted>>) {
    for finding in findings {
        let places = finding.source.iter().chain(finding.related.iter().map(|(_, place)| place));
        let files: BTreeMap<String, Source> = places.map(|place| (place.file.to_string(), place.clone())).collect();
        for lines in files.values().filter_map(&mut *text) {
            lines.hide(finding);
        }
    }
}

pub fn has_error(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}
