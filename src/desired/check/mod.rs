//! Rules across values. Each value by itself was accepted already.
//!
//! In: the draft of a specification, or its resources. Out: findings, each with the value as written, what would be right, and
//! the promise.
//! Must not import: anything but `model`, `yaml`, `kinds`, `promises` and `desired`'s types.
//!
//! `check` sees the draft, so that a file with other mistakes is still checked as far as it could be read; `compiled` sees the
//! resources. Pure.

mod addresses;
mod context;
mod databases;
mod exceptions;
mod isolation;
mod protection;
mod retire;

use crate::model::{Environment, Finding, Source};
use crate::promises::slug;

use super::said::{Place, Right, RuleFault};
use super::spec::EnvironmentDraft;

pub use self::context::Context;

pub fn check(context: &Context<'_>, draft: &EnvironmentDraft, findings: &mut Vec<Finding>) {
    identity(context, draft, findings);
    addresses::check(context, draft, findings);
    databases::check(context, draft, findings);
    protection::check(context, draft, findings);
    exceptions::check(context, draft, findings);
    isolation::check(draft, findings);
    retire::check(draft, findings);
    access(draft, findings);
}

/// A role that no principal may assume is useless, and IAM refuses such a trust policy.
fn access(draft: &EnvironmentDraft, findings: &mut Vec<Finding>) {
    let Some(access) = draft.store().and_then(|store| store.access.as_ref()) else { return };
    // A list whose entries could not be read is not empty.
    if findings.iter().any(|finding| finding.code == "bad-principal") {
        return;
    }
    for (name, trusted) in [("reader", &access.reader), ("applier", &access.applier)] {
        if trusted.as_ref().is_some_and(Vec::is_empty) {
            let message = RuleFault::NamesNobody { key: name };
            let finding = Finding::error("empty-access", Some(&access.source), message);
            findings.push(finding.expected(Right::PrincipalOrNone));
        }
    }
}

fn identity(context: &Context<'_>, draft: &EnvironmentDraft, findings: &mut Vec<Finding>) {
    if let Some(written) = &draft.environment
        && written.0 != context.environment
    {
        let message = RuleFault::OtherEnvironment { written: written.0, environment: context.environment };
        let finding = Finding::error("wrong-environment", Some(&written.source), message);
        findings.push(finding.expected(Right::typed(format!("`{}`", context.environment))).promise(slug::THREE_ENVIRONMENTS));
    }
    if let (Some(account), Some(Some(role))) = (&draft.account, &draft.assume_role)
        && role.account() != account.as_str()
    {
        let message = RuleFault::OtherAccount { role: role.account().to_owned(), account: account.as_str().to_owned() };
        let finding = Finding::error("wrong-account", Some(&role.source), message);
        let finding =
            finding.expected(Right::RoleIn { account: account.as_str().to_owned() }).related(Place::Account, &account.source);
        findings.push(finding.promise(slug::THREE_ENVIRONMENTS));
    }
}

/// Environments share no bucket: each keeps its own records.
pub fn buckets(buckets: &[(Environment, (String, Source))]) -> (Vec<Environment>, Vec<Finding>) {
    let (mut sharing, mut findings) = (Vec::new(), Vec::new());
    for (index, (environment, (bucket, source))) in buckets.iter().enumerate() {
        let Some((other, (_, first))) = buckets[..index].iter().find(|(_, (earlier, _))| earlier == bucket) else { continue };
        let message = RuleFault::SameBucket { bucket: bucket.clone(), other: *other };
        let finding = Finding::error("same-bucket", Some(source), message).expected(Right::BucketEach);
        findings.push(finding.related(crate::yaml::YamlPlace::First, first).promise(slug::THREE_ENVIRONMENTS));
        sharing.extend([*environment, *other]);
    }
    (sharing, findings)
}

/// Environments share no account. Returns those that do, and the message.
pub fn accounts(accounts: &[(Environment, (String, Source))]) -> (Vec<Environment>, Vec<Finding>) {
    let (mut clashing, mut findings) = (Vec::new(), Vec::new());
    for (index, (environment, (account, source))) in accounts.iter().enumerate() {
        let Some((other, (_, first))) = accounts[..index].iter().find(|(_, (earlier, _))| earlier == account) else { continue };
        let message = RuleFault::SameAccount { account: account.clone(), other: *other };
        let finding = Finding::error("same-account", Some(source), message).expected(Right::AccountEach);
        findings.push(finding.related(crate::yaml::YamlPlace::First, first).promise(slug::THREE_ENVIRONMENTS));
        clashing.extend([*environment, *other]);
    }
    (clashing, findings)
}
