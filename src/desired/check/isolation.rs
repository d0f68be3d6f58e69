//! What a proof of isolation is told: forwarders that tenants share, and roles by which other accounts are read.

use crate::desired::said::{Right, RuleFault};
use crate::desired::spec::EnvironmentDraft;
use crate::model::Finding;
use crate::promises::slug;
use crate::yaml::YamlPlace;

pub(super) fn check(draft: &EnvironmentDraft, findings: &mut Vec<Finding>) {
    let forwarders = draft.shared_forwarders();
    for (index, entry) in forwarders.iter().enumerate() {
        let id = entry.id.as_str();
        if let Some(first) = forwarders[..index].iter().find(|earlier| earlier.id.as_str() == id) {
            let message = RuleFault::DeclaredTwice { what: id.to_owned() };
            let finding = Finding::error("duplicate-forwarder", Some(&entry.id.source), message).expected(Right::OneException);
            findings.push(finding.related(YamlPlace::First, &first.id.source).promise(slug::TENANT_ISOLATION));
        }
    }
    let readers = draft.readers();
    for (index, entry) in readers.iter().enumerate() {
        let account = entry.role.account();
        if let Some(first) = readers[..index].iter().find(|earlier| earlier.role.account() == account) {
            let message = RuleFault::DeclaredTwice { what: account.to_owned() };
            let finding = Finding::error("duplicate-reader", Some(&entry.role.source), message).expected(Right::OneReader);
            findings.push(finding.related(YamlPlace::First, &first.role.source).promise(slug::TENANT_ISOLATION));
        }
        if draft.account.as_ref().is_some_and(|own| own.as_str() == account) {
            let message = RuleFault::ReadsItself { account: account.to_owned() };
            let finding = Finding::error("reader-of-own-account", Some(&entry.role.source), message);
            findings.push(finding.expected(Right::OtherReader).promise(slug::TENANT_ISOLATION));
        }
    }
}
