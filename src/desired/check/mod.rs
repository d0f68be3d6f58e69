//! Rules across values, after each value by itself was accepted.
//!
//! `check` sees the draft, so that a file with other mistakes is still checked as far as it could be read; `compiled`
//! sees the resources. Each finding says the value as written, what would be right, and the promise. Pure. Imports
//! `model`, `kinds` and `promises`.

mod addresses;
mod databases;
mod protection;
mod resources;
mod retire;

pub(super) use self::resources::compiled;

use super::spec::EnvironmentDraft;
use super::yaml::Node;
use crate::model::{Environment, Finding, Source};
use crate::promises::{Promises, slug};

pub(super) struct Context<'a> {
    pub(super) environment: Environment,
    pub(super) today: jiff::civil::Date,
    pub(super) promises: &'a Promises,
    /// The merged tree: what was written even where it could not be read.
    pub(super) tree: &'a Node,
}

pub(super) fn check(context: &Context<'_>, draft: &EnvironmentDraft, findings: &mut Vec<Finding>) {
    identity(context, draft, findings);
    addresses::check(context, draft, findings);
    databases::check(context, draft, findings);
    protection::check(context, draft, findings);
    retire::check(draft, findings);
}

fn identity(context: &Context<'_>, draft: &EnvironmentDraft, findings: &mut Vec<Finding>) {
    if let Some(written) = &draft.environment
        && written.0 != context.environment
    {
        let message = format!("`{}` is written in the file of {}", written.0, context.environment);
        let finding = Finding::error("wrong-environment", Some(&written.source), message);
        findings.push(finding.expected(format!("`{}`", context.environment)).promise(slug::THREE_ENVIRONMENTS));
    }
    if let (Some(account), Some(Some(role))) = (&draft.account, &draft.assume_role)
        && role.account() != account.as_str()
    {
        let message = format!("the role is in account {}, the environment in {}", role.account(), account.as_str());
        let finding = Finding::error("wrong-account", Some(&role.source), message);
        let finding =
            finding.expected(format!("a role in account {}", account.as_str())).related("account written here", &account.source);
        findings.push(finding.promise(slug::THREE_ENVIRONMENTS));
    }
}

/// Environments share no account. Answers those that do, and what to say.
pub(super) fn accounts(accounts: &[(Environment, (String, Source))]) -> (Vec<Environment>, Vec<Finding>) {
    let (mut clashing, mut findings) = (Vec::new(), Vec::new());
    for (index, (environment, (account, source))) in accounts.iter().enumerate() {
        let Some((other, (_, first))) = accounts[..index].iter().find(|(_, (earlier, _))| earlier == account) else { continue };
        let message = format!("account {account} is also that of {other}");
        let finding = Finding::error("same-account", Some(source), message).expected("an account for each environment");
        findings.push(finding.related("first written here", first).promise(slug::THREE_ENVIRONMENTS));
        clashing.extend([*environment, *other]);
    }
    (clashing, findings)
}
