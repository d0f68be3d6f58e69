//! Tombstones: ids that exist, of kinds that a plan may delete.

use crate::desired::decode::nearest;
use crate::desired::said::{Right, RuleFault};
use crate::desired::spec::EnvironmentDraft;
use crate::kinds;
use crate::model::Finding;
use crate::yaml::shown;

pub(super) fn check(draft: &EnvironmentDraft, findings: &mut Vec<Finding>) {
    let entries = draft.retire();
    for (index, entry) in entries.iter().enumerate() {
        let (id, source) = (&entry.id.value.0, &entry.id.source);
        if let Some(first) = entries[..index].iter().find(|earlier| earlier.id.value == entry.id.value) {
            let finding = Finding::error("duplicate-name", Some(source), RuleFault::RetiredTwice { id: shown(&id.to_string()) });
            findings.push(finding.expected(Right::IdOnce).related(crate::yaml::YamlPlace::First, &first.id.source));
        }
        let Some(kind) = kinds::find(&id.kind) else {
            let known: Vec<_> = kinds::declared().map(|kind| kind.schema.kind).collect();
            let right =
                nearest(&id.kind, &known).map_or_else(|| known.join(", "), |near| format!("`{near}.{}@{}`", id.name, id.region));
            findings.push(
                Finding::error("unknown-kind", Some(source), RuleFault::NoKind { kind: shown(&id.kind) })
                    .expected(Right::typed(right)),
            );
            continue;
        };
        if kind.schema.observed {
            let message = RuleFault::Observed { title: kind.schema.titled() };
            findings.push(Finding::error("bad-id", Some(source), message).expected(Right::OnlyRead));
            continue;
        }
        if !kind.regions.contains(&id.region) {
            let regions = kind.regions.iter().map(|region| format!("`{}.{}@{region}`", id.kind, id.name)).collect::<Vec<_>>();
            let message = RuleFault::NeverThere { title: kind.schema.titled(), region: id.region };
            findings.push(
                Finding::error("bad-id", Some(source), message).expected(Right::either(regions.iter().map(String::as_str))),
            );
        }
        if kind.schema.stateful {
            let message = RuleFault::Stateful { id: id.to_string(), title: kind.schema.titled() };
            let finding = Finding::error("retire-stateful", Some(source), message);
            findings.push(finding.expected(Right::NoTombstone));
        }
    }
}
