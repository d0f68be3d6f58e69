//! Exceptions: what nobody may look at is accepted once, and for a while.

use crate::desired::said::{Right, RuleFault};
use crate::desired::spec::EnvironmentDraft;
use crate::model::Finding;
use crate::promises::slug;

use super::context::Context;

/// An exception that has ended is a warning: the files stay valid, and what it accepted is unknown again.
pub(super) fn check(context: &Context<'_>, draft: &EnvironmentDraft, findings: &mut Vec<Finding>) {
    let entries = draft.exceptions();
    for (index, entry) in entries.iter().enumerate() {
        let what = entry.what.as_str();
        if let Some(first) = entries[..index].iter().find(|earlier| earlier.what.as_str() == what) {
            let message = RuleFault::AcceptedTwice { what: what.to_owned() };
            let finding = Finding::error("duplicate-exception", Some(&entry.what.source), message);
            findings.push(finding.expected(Right::OneException).related(crate::yaml::YamlPlace::First, &first.what.source));
        }
        if entry.until.0 < context.today {
            let until = &entry.until;
            let message = RuleFault::ExceptionEnded { until: until.0.to_string(), today: context.today.to_string() };
            let finding = Finding::warning("exception-ended", Some(&until.source), message);
            findings.push(finding.expected(Right::OpenOrAgree).promise(slug::DATA_RESIDENCY));
        }
    }
}
