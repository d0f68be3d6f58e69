//! Level 4: the environment files → [`DesiredState`], or every mistake in them with its place.
//!
//! ```text
//! file ─ yaml ─► tree ─ overlay ─► merged tree ─ decode ─► spec ─ check ─► compile ─► DesiredState
//!                          every node keeps its file, line and column
//! ```
//!
//! Guarantees: all errors of all files are reported in one run; a state is present only if its environment has no
//! error; same files and same day, same result; no secret appears in a message. Files are read in `files` alone.
//! Imports `model`, `kinds` and `promises`; never `plan`, `reach` or anything above.

mod check;
pub mod codes;
mod compile;
mod decode;
mod effective;
mod files;
mod hints;
mod inherit;
pub mod keys;
mod overlay;
pub mod promises_file;
pub mod roles_file;
pub mod scalars;
pub mod schema;
mod secrets;
pub mod spec;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use self::decode::Decoder;
use self::files::Files;
use self::spec::{EnvironmentDraft, EnvironmentSpec};
use crate::model::{DesiredState, Divergence, Environment, Finding, Region, Roles, Severity, Source, Tombstone};
use crate::promises::Promises;

/// What the files of a project say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// Only environments without an error.
    pub states: BTreeMap<Environment, DesiredState>,
    /// Sorted by place; errors and warnings.
    pub findings: Vec<Finding>,
    /// Empty when the file of promises could not be read; then there are no states either.
    pub promises: Promises,
}

/// Reads the project in `root`. `only` limits which environments are read; empty means all three. `today` decides which
/// divergences have run out.
#[must_use]
pub fn load(root: &Path, only: &[Environment], today: jiff::civil::Date) -> Loaded {
    let mut files = Files::new(root);
    let mut findings = Vec::new();
    let promises = promises_file::load(&mut files, &mut findings);
    let roles = roles_file::load(&mut files, &mut findings);
    let policies_good = !has_error(&findings);
    let asked: BTreeSet<_> = if only.is_empty() { Environment::ALL.into() } else { only.iter().copied().collect() };
    let mut read = BTreeMap::new();
    for environment in asked {
        let mut one = load_one(&mut files, environment, &promises, roles.as_ref(), today);
        inherit::say_who_inherits(environment, &mut one.findings);
        findings.extend(one.findings.iter().cloned());
        read.insert(environment, one);
    }
    let accounts = read.iter().filter_map(|(environment, one)| Some((*environment, one.account.clone()?)));
    let (clashing, mut clashes) = check::accounts(&accounts.collect::<Vec<_>>());
    findings.append(&mut clashes);
    let good = read
        .into_iter()
        .filter(|(environment, one)| policies_good && !has_error(&one.findings) && !clashing.contains(environment));
    let states = good.filter_map(|(environment, one)| Some((environment, one.state?))).collect();
    Loaded { states, findings: inherit::tidy(findings), promises }
}

struct One {
    state: Option<DesiredState>,
    account: Option<(String, Source)>,
    findings: Vec<Finding>,
}

fn load_one(
    files: &mut Files,
    environment: Environment,
    promises: &Promises,
    roles: Option<&Roles>,
    today: jiff::civil::Date,
) -> One {
    let mut findings = Vec::new();
    let overlaid = overlay::load(files, environment, &mut findings);
    let Some(tree) = overlaid.tree else { return One { state: None, account: None, findings } };
    let mut decoder = Decoder::default();
    let draft = EnvironmentDraft::decode(&tree, &mut decoder);
    findings.append(&mut decoder.findings);
    let Some(draft) = draft else {
        inherit::say_what_was_overridden(&tree, &mut findings);
        return One { state: None, account: None, findings };
    };
    check::check(&check::Context { environment, today, promises, tree: &tree }, &draft, &mut findings);
    if overlaid.partial {
        // What is missing here may well be in the file that could not be read.
        findings.retain(|finding| !["missing-key", "no-dedicated-database", "unknown-database"].contains(&finding.code));
    }
    let account = draft.account.as_ref().map(|account| (account.as_str().to_owned(), account.source.clone()));
    // Compiled in spite of errors, so that names that clash are reported together with them.
    let state = draft.complete().map(|spec| {
        let (resources, mut clashes) = compile::compile(environment, &spec);
        findings.append(&mut clashes);
        check::compiled(environment, &spec, &resources, &mut findings);
        let mut state = state(environment, spec, resources);
        state.digest = files.digest(&overlaid.used);
        promises.digest().clone_into(&mut state.promises_digest);
        state.roles = roles.cloned();
        roles_file::check_floor(files, &state, &mut findings);
        state
    });
    inherit::say_what_was_overridden(&tree, &mut findings);
    One { state, account, findings }
}

fn state(environment: Environment, spec: EnvironmentSpec, resources: compile::Resources) -> DesiredState {
    let retire = spec.retire.into_iter().flatten().map(|entry| {
        let tombstone = Tombstone { reason: entry.reason.as_str().to_owned(), source: entry.source };
        (entry.value.id.value.0, tombstone)
    });
    let divergences = spec.divergences.into_iter().flatten().map(|entry| Divergence {
        promise: entry.promise.as_str().to_owned(),
        value: entry.value.value.value.to_string(),
        reason: entry.reason.as_str().to_owned(),
        owner: entry.owner.as_str().to_owned(),
        until: entry.until.0.to_string(),
        source: entry.source.clone(),
    });
    let approvals = spec.change.as_ref().map_or(0, |change| usize::try_from(change.approvals.0).unwrap_or(usize::MAX));
    DesiredState {
        environment,
        account: spec.account.as_str().to_owned(),
        assume_role: spec.assume_role.map(|role| role.as_str().to_owned()),
        primary: Region::Tokyo,
        recovery: Region::Osaka,
        resources,
        retire: retire.collect(),
        divergences: divergences.collect(),
        release: None,
        bucket: None,
        roles: None,
        approvals,
        digest: String::new(),
        promises_digest: String::new(),
    }
}

fn has_error(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}
