//! Verdicts: a promise broken by hand flips exactly its verdict for exactly the resources concerned; a failed read makes
//! exactly its verdicts unknown; nothing pending or absent passes as kept.

mod break_backups;
mod breaks;
mod clusters;
mod command;
mod copies;
mod evidence;
mod foreign;
mod keys;
mod page;
mod paths;
mod reads;
mod reasons;
mod records;
mod regions;
mod states;
mod stores;
mod unread;
mod vaults;

use std::collections::{BTreeMap, BTreeSet};

use tokaido::model::{Environment, EnvironmentAudit, VerdictState};

use crate::support::{Lab, project};

/// Production of this repository, applied.
pub fn production() -> Lab {
    let folder = project::copy();
    let lab = Lab::new(project::load(folder.path(), Environment::Production));
    lab.converge();
    lab
}

/// State of every promise, and of every member of its population.
pub fn states(audit: &EnvironmentAudit) -> BTreeMap<String, (VerdictState, BTreeMap<String, VerdictState>)> {
    let of = |verdict: &tokaido::model::Verdict| {
        let members = verdict.population.iter().map(|member| (member.subject.clone(), member.state)).collect();
        (verdict.promise.clone(), (verdict.state, members))
    };
    audit.verdicts.iter().map(of).collect()
}

/// Promises that are in this state, with the members that are.
pub fn in_state(audit: &EnvironmentAudit, state: VerdictState) -> BTreeMap<String, BTreeSet<String>> {
    audit
        .verdicts
        .iter()
        .filter(|verdict| verdict.state == state)
        .map(|verdict| (verdict.promise.clone(), verdict.in_state(state).map(|member| member.subject.clone()).collect()))
        .collect()
}
