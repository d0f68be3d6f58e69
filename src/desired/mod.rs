//! Level 4: the environment files → [`DesiredState`], or every mistake in them with its place.
//!
//! ```text
//! file ─ yaml ─► tree ─ overlay ─► merged tree ─ decode ─► spec ─ check ─► compile ─► DesiredState
//!                          every node keeps its file, line and column
//! ```
//!
//! Guarantees: all errors of all files are reported in one run; a state is present only if its environment has no
//! error; same files and same day, same result; no secret appears in a message. Files are read in `files` alone.
//! Imports `model`, `kinds`, `promises` and `policy`; never `plan`, `reach` or anything above.

mod check;
pub mod codes;
mod compile;
mod declared;
mod decode;
mod effective;
mod files;
mod hints;
mod inherit;
pub mod keys;
mod overlay;
pub mod pin;
mod policy_files;
pub mod promises_file;
pub mod release;
pub mod roles_file;
pub mod scalars;
pub mod schema;
mod secrets;
pub mod spec;
mod yaml;

pub use compile::bootstrap_set;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use self::decode::Decoder;
use self::files::{Content, Files};
use self::overlay::From;
use self::spec::{EnvironmentDraft, EnvironmentSpec};
use crate::model::{DesiredState, Divergence, Environment, Finding, PolicyFiles, Region, Roles, Severity, Source, Tombstone};
use crate::policy::{self, Memory};
use crate::promises::Promises;

pub use self::declared::Override;
pub use self::overlay::own_file;
pub use self::secrets::secret_value;

/// What the files of a project say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Only environments without an error.
    pub states: BTreeMap<Environment, DesiredState>,
    /// Whose account is whose, as far as it could be read: of environments with mistakes, too.
    pub accounts: BTreeMap<Environment, String>,
    /// Sorted by place; errors and warnings.
    pub findings: Vec<Finding>,
    /// Those of the tree where an environment uses it, else those of the first environment's release. Empty when the file
    /// could not be read; then there are no states either.
    pub promises: Promises,
    /// What each environment promises: its release's, or the tree's.
    pub promises_of: BTreeMap<Environment, Promises>,
    /// The rules of the organisation: of the tree where an environment uses it, else of the first environment's release.
    pub rules: PolicyFiles,
    /// What each environment says differently from the files it extends.
    pub overrides: BTreeMap<Environment, Vec<Override>>,
    /// Read with [`Reading::tree_only`]: every file that a release freezes, by path.
    pub content: BTreeMap<String, Vec<u8>>,
}

/// How the files are read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// As if these files said this: a pin is tried before it is written.
    pub edits: BTreeMap<String, Vec<u8>>,
    /// `release:` is not followed: the tree is what the next release would be.
    pub tree_only: bool,
    /// Which policies were found without mistakes before. `None`: all of them are checked.
    pub memory: Option<Arc<dyn Memory>>,
}

/// Reads the project in `root`. `only` limits which environments are read; empty means all three. `today` decides which
/// divergences have run out.
#[must_use]
pub fn load(root: &Path, only: &[Environment], today: jiff::civil::Date) -> Loaded {
    load_as(root, only, today, &Reading::default())
}

/// [`load`], with another reading of the files.
#[must_use]
pub fn load_as(root: &Path, only: &[Environment], today: jiff::civil::Date, reading: &Reading) -> Loaded {
    let mut files = Files::new(root, &reading.edits);
    let mut findings = Vec::new();
    let asked: BTreeSet<_> = if only.is_empty() { Environment::ALL.into() } else { only.iter().copied().collect() };
    let memory = reading.memory.clone().unwrap_or_else(|| Arc::new(policy::Nothing));
    let (mut read, mut shelf) = (BTreeMap::new(), Shelf::new(memory));
    for environment in asked {
        let mut one = load_one(&mut files, environment, !reading.tree_only, &mut shelf, today);
        inherit::say_who_inherits(environment, &mut one.findings);
        findings.extend(one.findings.iter().cloned());
        read.insert(environment, one);
    }
    findings.extend(shelf.findings);
    let accounts = read.iter().filter_map(|(environment, one)| Some((*environment, one.account.clone()?))).collect::<Vec<_>>();
    let (clashing, mut clashes) = check::accounts(&accounts);
    let accounts = accounts.into_iter().map(|(environment, (account, _))| (environment, account)).collect();
    findings.append(&mut clashes);
    let buckets = read.iter().filter_map(|(environment, one)| Some((*environment, one.bucket.clone()?)));
    let (sharing, mut shared) = check::buckets(&buckets.collect::<Vec<_>>());
    findings.append(&mut shared);
    let apart = |environment: &Environment| !clashing.contains(environment) && !sharing.contains(environment);
    let content = if reading.tree_only { freezable(&mut files, &read, &mut findings) } else { BTreeMap::new() };
    let (mut states, mut promises_of, mut overrides) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let mut pinned = Vec::new();
    for (environment, one) in read {
        let good = !has_error(&one.findings) && apart(&environment) && one.policies.good;
        promises_of.insert(environment, one.policies.promises);
        pinned.push(one.policies.rules);
        overrides.insert(environment, one.overrides);
        states.extend(one.state.filter(|_| good).map(|state| (environment, state)));
    }
    let tree = shelf.policies.remove("").map(|policies| (policies.promises, policies.rules));
    let first = || promises_of.values().next().cloned().zip(pinned.into_iter().next());
    let (promises, rules) = tree.or_else(first).unwrap_or_default();
    Loaded { states, accounts, findings: inherit::tidy(findings), promises, promises_of, rules, overrides, content }
}

/// Promises, roles and policies that were read, by where they are, and whether they can be relied on.
struct Shelf {
    policies: BTreeMap<String, Policies>,
    findings: Vec<Finding>,
    memory: Arc<dyn Memory>,
}

/// What stands under `policies/`, of the tree or of one release.
#[derive(Clone, Default)]
struct Policies {
    promises: Promises,
    /// `None` when nobody is named anywhere.
    roles: Option<Roles>,
    rules: PolicyFiles,
    good: bool,
}

impl Shelf {
    const fn new(memory: Arc<dyn Memory>) -> Self {
        Self { policies: BTreeMap::new(), findings: Vec::new(), memory }
    }

    fn policies(&mut self, files: &mut Files, from: &From) -> Policies {
        if *from == From::Nowhere {
            return Policies::default();
        }
        let found = self.policies.entry(from.prefix()).or_insert_with_key(|prefix| {
            let mut findings = Vec::new();
            let promises = promises_file::load(files, prefix, &mut findings);
            let roles = roles_file::load(files, prefix, &mut findings);
            let rules = policy_files::load(files, prefix, &*self.memory, &mut findings);
            let good = !has_error(&findings);
            self.findings.append(&mut findings);
            Policies { promises, roles, rules, good }
        });
        found.clone()
    }
}

/// The files that environments share, and every policy.
fn freezable(files: &mut Files, read: &BTreeMap<Environment, One>, findings: &mut Vec<Finding>) -> BTreeMap<String, Vec<u8>> {
    let own: BTreeSet<String> =
        Environment::ALL.iter().flat_map(|of| [overlay::own_file(*of), overlay::tenants_file(*of)]).collect();
    let shared = read.values().flat_map(|one| &one.used).filter(|file| !own.contains(*file)).cloned();
    let mut names: BTreeSet<String> = shared.collect();
    match files.below(POLICIES) {
        Ok(policies) => names.extend(policies.into_iter().map(|file| format!("{POLICIES}/{file}"))),
        Err(error) => findings.push(Finding::error("unreadable-file", None, format!("`{POLICIES}/` cannot be listed: {error}"))),
    }
    let mut found = BTreeMap::new();
    for name in names {
        let why = match files.content(&name) {
            Content::Bytes(bytes) => {
                found.insert(name.clone(), bytes.clone());
                continue;
            }
            Content::TooLarge(length) => format!("`{name}` has {length} bytes"),
            Content::Missing => format!("there is no file `{name}`"),
            Content::Failed(why) => format!("`{name}` cannot be read: {why}"),
        };
        let whole = Source { file: name.into(), line: 1, column: 1 };
        findings.push(Finding::error("unreadable-file", Some(&whole), why));
    }
    found
}

const POLICIES: &str = "policies";

#[derive(Default)]
struct One {
    state: Option<DesiredState>,
    account: Option<(String, Source)>,
    bucket: Option<(String, Source)>,
    findings: Vec<Finding>,
    policies: Policies,
    overrides: Vec<Override>,
    used: BTreeSet<String>,
}

fn load_one(files: &mut Files, environment: Environment, follow: bool, shelf: &mut Shelf, today: jiff::civil::Date) -> One {
    let mut findings = Vec::new();
    let overlaid = overlay::load(files, environment, follow, &mut findings);
    let mut one = One { policies: shelf.policies(files, &overlaid.from), used: overlaid.used, ..One::default() };
    let Some(tree) = overlaid.tree else { return One { findings, ..one } };
    let replaced = inherit::Replaced::of(&tree);
    one.overrides = declared::overrides(&tree, &overlay::own_file(environment));
    let mut decoder = Decoder::default();
    let draft = EnvironmentDraft::decode(&tree, &mut decoder);
    findings.append(&mut decoder.findings);
    let Some(draft) = draft else {
        inherit::say_what_was_overridden(&replaced, &mut findings);
        return One { findings, ..one };
    };
    check::check(&check::Context { environment, today, promises: &one.policies.promises, tree: &tree }, &draft, &mut findings);
    // What is compiled is several times as large as what was written: nobody needs the tree any more.
    drop(tree);
    if overlaid.partial {
        // What is missing here may well be in the file that could not be read.
        findings.retain(|finding| !["missing-key", "no-dedicated-database", "unknown-database"].contains(&finding.code));
    }
    one.account = draft.account.as_ref().map(|account| (account.as_str().to_owned(), account.source.clone()));
    one.bucket = draft.store().map(|store| (store.bucket.as_str().to_owned(), store.bucket.source.clone()));
    // Compiled in spite of errors, so that names that clash are reported together with them.
    one.state = draft.complete().map(|spec| {
        let (resources, mut clashes) = compile::compile(environment, &spec);
        findings.append(&mut clashes);
        check::compiled(environment, &spec, &resources, &mut findings);
        let mut state = state(environment, spec, resources);
        state.digest = files.digest(&one.used);
        one.policies.promises.digest().clone_into(&mut state.promises_digest);
        state.promised_days = one.policies.promises.promised_days();
        if let From::Release(manifest) = &overlaid.from {
            state.release = Some(manifest.reference());
            state.release_tool = Some(manifest.tool_version.clone());
        }
        state.roles.clone_from(&one.policies.roles);
        state.policies.clone_from(&one.policies.rules);
        roles_file::check_floor(files, &overlaid.from.prefix(), &state, &mut findings);
        state
    });
    inherit::say_what_was_overridden(&replaced, &mut findings);
    One { findings, ..one }
}

/// A release is seen at work for a day before it moves on.
const SOAK_HOURS: i64 = 24;

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
        release_tool: None,
        soak_hours: spec.change.and_then(|change| change.value.soak).map_or(SOAK_HOURS, |soak| soak.0),
        bucket: spec.store.map(|store| store.bucket.as_str().to_owned()),
        roles: None,
        approvals,
        digest: String::new(),
        promises_digest: String::new(),
        promised_days: BTreeMap::new(),
        policies: PolicyFiles::default(),
    }
}

fn has_error(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}
