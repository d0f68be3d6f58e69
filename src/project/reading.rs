//! The files of a project as one command reads them: every file once, every environment compiled once for each way of reading it.
//! Callers borrow the result.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::compile;
use crate::desired::decode::Decoder;
use crate::desired::files::{Content, Files};
use crate::desired::findings::{has_error, tidy};
use crate::desired::layout::{own_file, tenants_file};
use crate::desired::overlay::{self, From};
use crate::desired::said::FileFault;
use crate::desired::spec::EnvironmentDraft;
use crate::desired::{Override, check, declared, inherit, policy_files, promises_file, roles_file};
use crate::model::{DesiredState, Environment, Finding, PolicyFiles, Roles, Source};
use crate::policy::{self, Memory};
use crate::promises::Promises;

use super::loaded::Loaded;
use super::state::state;

/// How the files are read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// These files are read as if they had this content: `promote` tries a pin before it writes it.
    pub edits: BTreeMap<String, Vec<u8>>,
    /// `release:` is ignored, because the tree is the content of the next release.
    pub tree_only: bool,
    /// Which policies had no mistakes before. `None`: all of them are checked.
    pub memory: Option<Arc<dyn Memory>>,
}

/// Reads the project in `root`. `only` limits which environments are read; empty means all three. `today` decides which
/// divergences have run out.
#[must_use]
pub fn load(root: &Path, only: &[Environment], today: Date) -> Loaded {
    load_as(root, only, today, &Reading::default())
}

/// [`load`] with another way of reading.
#[must_use]
pub fn load_as(root: &Path, only: &[Environment], today: Date, reading: &Reading) -> Loaded {
    let memory = reading.memory.clone().unwrap_or_else(|| Arc::new(policy::Nothing));
    Project::open(root, today, memory).edited(&reading.edits).load(only, reading.tree_only)
}

/// The project of one command. A file that was read stays as it was read, even when it changes on disk.
pub struct Project {
    root: PathBuf,
    today: Date,
    memory: Arc<dyn Memory>,
    read: Mutex<Read>,
}

/// What was read so far.
struct Read {
    files: Files,
    /// Promises, roles and policies by where they are: empty for the tree, or the folder of a release.
    policies: BTreeMap<String, Shelf>,
    /// By environment, and whether `release:` was followed.
    environments: BTreeMap<(Environment, bool), Arc<One>>,
}

impl fmt::Debug for Project {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Project").field("root", &self.root).field("today", &self.today).finish_non_exhaustive()
    }
}

impl Project {
    /// Reads nothing yet. `memory` knows which policies had no mistakes before. The time is the end of the day in Tokyo.
    #[must_use]
    pub fn open(root: &Path, today: Date, memory: Arc<dyn Memory>) -> Self {
        let ends = today.tomorrow().and_then(|day| day.to_zoned(tokyo())).map_or(Timestamp::MAX, |end| end.timestamp());
        Self::of(root, today, memory, Files::new(root, ends))
    }

    /// [`Self::open`] at a moment, which decides whether a time in a file is still to come.
    #[must_use]
    pub fn open_at(root: &Path, now: Timestamp, memory: Arc<dyn Memory>) -> Self {
        Self::of(root, now.to_zoned(tokyo()).date(), memory, Files::new(root, now))
    }

    const fn of_read(root: PathBuf, today: Date, memory: Arc<dyn Memory>, files: Files) -> Self {
        let read = Read { files, policies: BTreeMap::new(), environments: BTreeMap::new() };
        Self { root, today, memory, read: Mutex::new(read) }
    }

    fn of(root: &Path, today: Date, memory: Arc<dyn Memory>, files: Files) -> Self {
        Self::of_read(root.to_owned(), today, memory, files)
    }

    /// The same files, as if they had this content: `promote` tries a pin before it writes it.
    #[must_use]
    pub fn edited(&self, edits: &BTreeMap<String, Vec<u8>>) -> Self {
        Self::of(&self.root, self.today, Arc::clone(&self.memory), self.hand().files.edited(edits))
    }

    /// The same files, with another memory of checked policies.
    #[must_use]
    pub fn remembering(&self, memory: Arc<dyn Memory>) -> Self {
        Self::of(&self.root, self.today, memory, self.hand().files.edited(&BTreeMap::new()))
    }

    /// Where it is.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What the files say. `only` limits which environments are read. `tree_only`: `release:` is ignored, and [`Loaded::content`]
    /// holds what a release would freeze.
    #[must_use]
    pub fn load(&self, only: &[Environment], tree_only: bool) -> Loaded {
        let asked: BTreeSet<_> = if only.is_empty() { Environment::ALL.into() } else { only.iter().copied().collect() };
        let mut hand = self.hand();
        let read = &mut *hand;
        let of = |environment| (environment, self.environment(read, environment, !tree_only));
        let environments: BTreeMap<Environment, Arc<One>> = asked.into_iter().map(of).collect();
        let mut findings: Vec<Finding> = environments.values().flat_map(|one| one.findings.iter().cloned()).collect();
        let shelves: BTreeSet<&String> = environments.values().filter_map(|one| one.shelf.as_ref()).collect();
        let shelves: Vec<&Shelf> = shelves.into_iter().filter_map(|prefix| hand.policies.get(prefix)).collect();
        findings.extend(shelves.iter().flat_map(|shelf| shelf.findings.iter().cloned()));
        let accounts = environments.iter().filter_map(|(environment, one)| Some((*environment, one.account.clone()?)));
        let accounts = accounts.collect::<Vec<_>>();
        let (clashing, mut clashes) = check::accounts(&accounts);
        let accounts = accounts.into_iter().map(|(environment, (account, _))| (environment, account)).collect();
        findings.append(&mut clashes);
        let buckets = environments.iter().filter_map(|(environment, one)| Some((*environment, one.bucket.clone()?)));
        let (sharing, mut shared) = check::buckets(&buckets.collect::<Vec<_>>());
        findings.append(&mut shared);
        let apart = |environment: &Environment| !clashing.contains(environment) && !sharing.contains(environment);
        let policies: BTreeMap<Environment, Policies> =
            environments.iter().map(|(environment, one)| (*environment, hand.policies_of(one))).collect();
        let tree = environments.values().any(|one| one.shelf.as_deref() == Some(""));
        let tree = tree.then(|| hand.policies.get("").map(|shelf| &shelf.policies)).flatten();
        let (promises, rules) = tree
            .or_else(|| policies.values().next())
            .map(|first| (first.promises.clone(), first.rules.clone()))
            .unwrap_or_default();
        let good = |environment: &Environment, one: &One| {
            !has_error(&one.findings) && apart(environment) && policies.get(environment).is_some_and(|policies| policies.good)
        };
        let states = environments.iter().filter(|(environment, one)| good(environment, one));
        let states = states.filter_map(|(environment, one)| Some((*environment, Arc::clone(one.state.as_ref()?)))).collect();
        let overrides = environments.iter().map(|(environment, one)| (*environment, one.overrides.clone())).collect();
        let content = if tree_only { freezable(&mut hand.files, &environments, &mut findings) } else { BTreeMap::new() };
        let promises_of = policies.into_iter().map(|(environment, policies)| (environment, policies.promises)).collect();
        let findings = tidy(findings, &hand.files);
        Loaded { states, accounts, findings, promises, promises_of, rules, overrides, content }
    }

    /// The text of a file, read now or before.
    ///
    /// # Errors
    /// The file is absent, not readable, too large, or not UTF-8.
    pub fn text(&self, file: &str) -> Result<String, Box<Finding>> {
        self.hand().files.text(file).map(str::to_owned)
    }

    /// What was read of a file so far; nothing is opened.
    pub(super) fn bytes(&self, file: &str) -> Option<Arc<[u8]>> {
        self.hand().files.known(file)
    }

    /// For other readers of files: releases.
    pub(super) fn files<T>(&self, look: impl FnOnce(&mut Files) -> T) -> T {
        look(&mut self.hand().files)
    }

    fn environment(&self, read: &mut Read, environment: Environment, follow: bool) -> Arc<One> {
        if let Some(known) = read.environments.get(&(environment, follow)) {
            return Arc::clone(known);
        }
        let mut one = load_one(read, environment, follow, self.today, &*self.memory);
        inherit::say_who_inherits(environment, &mut one.findings);
        let one = Arc::new(one);
        read.environments.insert((environment, follow), Arc::clone(&one));
        one
    }

    fn hand(&self) -> MutexGuard<'_, Read> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Promises, roles and policies of one place, and the mistakes in them.
struct Shelf {
    policies: Policies,
    findings: Vec<Finding>,
}

/// The content of `policies/`, of the tree or of one release, and whether it can be relied on.
#[derive(Clone, Default)]
struct Policies {
    promises: Promises,
    /// `None` when no roles file names a person.
    roles: Option<Roles>,
    rules: PolicyFiles,
    good: bool,
}

impl Read {
    fn policies(&mut self, prefix: &str, memory: &dyn Memory) -> Policies {
        if let Some(known) = self.policies.get(prefix) {
            return known.policies.clone();
        }
        let (files, mut findings) = (&mut self.files, Vec::new());
        let promises = promises_file::load(files, prefix, &mut findings);
        let roles = roles_file::load(files, prefix, &mut findings);
        let rules = policy_files::load(files, prefix, memory, &mut findings);
        let policies = Policies { promises, roles, rules, good: !has_error(&findings) };
        self.policies.insert(prefix.to_owned(), Shelf { policies: policies.clone(), findings });
        policies
    }

    /// Nothing when the named release is absent.
    fn policies_of(&self, one: &One) -> Policies {
        let shelf = one.shelf.as_ref().and_then(|prefix| self.policies.get(prefix));
        shelf.map(|shelf| shelf.policies.clone()).unwrap_or_default()
    }
}

/// The files that environments share, and every policy.
fn freezable(
    files: &mut Files,
    read: &BTreeMap<Environment, Arc<One>>,
    findings: &mut Vec<Finding>,
) -> BTreeMap<String, Vec<u8>> {
    let own: BTreeSet<String> = Environment::ALL.iter().flat_map(|of| [own_file(*of), tenants_file(*of)]).collect();
    let shared = read.values().flat_map(|one| &one.used).filter(|file| !own.contains(*file)).cloned();
    let mut names: BTreeSet<String> = shared.collect();
    match files.below(policy::FOLDER) {
        Ok(policies) => names.extend(policies.into_iter().map(|file| format!("{}/{file}", policy::FOLDER))),
        Err(error) => findings.push(Finding::error(
            "unreadable-file",
            None,
            FileFault::Unlisted { folder: policy::FOLDER.to_owned(), why: error.into() },
        )),
    }
    let mut found = BTreeMap::new();
    for name in names {
        let why = match files.content(&name) {
            Content::Bytes(bytes) => {
                found.insert(name.clone(), bytes.to_vec());
                continue;
            }
            Content::TooLarge(length) => FileFault::TooLarge { file: name.clone(), length: *length },
            Content::Missing => FileFault::NoFile { file: name.clone() },
            Content::Failed(why) => FileFault::Unreadable { file: name.clone(), why: why.clone() },
        };
        let whole = Source { file: name.into(), line: 1, column: 1 };
        findings.push(Finding::error("unreadable-file", Some(&whole), why));
    }
    found
}

#[derive(Default)]
struct One {
    state: Option<Arc<DesiredState>>,
    account: Option<(String, Source)>,
    bucket: Option<(String, Source)>,
    findings: Vec<Finding>,
    /// Where its promises, roles and policies are; `None` when its release is absent.
    shelf: Option<String>,
    overrides: Vec<Override>,
    used: BTreeSet<String>,
}

fn load_one(read: &mut Read, environment: Environment, follow: bool, today: Date, memory: &dyn Memory) -> One {
    let mut findings = Vec::new();
    let overlaid = overlay::load(&mut read.files, environment, follow, &mut findings);
    let shelf = (overlaid.from != From::Nowhere).then(|| overlaid.from.prefix());
    let policies = shelf.as_deref().map(|prefix| read.policies(prefix, memory)).unwrap_or_default();
    let mut one = One { shelf, used: overlaid.used, ..One::default() };
    let Some(tree) = overlaid.tree else { return One { findings, ..one } };
    let replaced = inherit::Replaced::of(&tree);
    one.overrides = declared::overrides(&tree, &own_file(environment));
    let mut decoder = Decoder::of_environment();
    let draft = EnvironmentDraft::decode(&tree, &mut decoder);
    findings.append(&mut decoder.findings);
    let Some(draft) = draft else {
        inherit::say_what_was_overridden(&replaced, &mut findings);
        return One { findings, ..one };
    };
    check::check(&check::Context { environment, today, promises: &policies.promises, tree: &tree }, &draft, &mut findings);
    // The compiled state is several times as large as the tree, and the tree is not needed any more.
    drop(tree);
    if overlaid.partial {
        // A value that is missing here may stand in the file that could not be read.
        findings.retain(|finding| !["missing-key", "no-dedicated-database", "unknown-database"].contains(&finding.code));
    }
    one.account = draft.account.as_ref().map(|account| (account.as_str().to_owned(), account.source.clone()));
    one.bucket = draft.store().map(|store| (store.bucket.as_str().to_owned(), store.bucket.source.clone()));
    // Compiled in spite of errors, so that clashing names are reported in the same run.
    one.state = draft.complete().map(|spec| {
        let (resources, mut clashes) = compile::compile(environment, &spec);
        findings.append(&mut clashes);
        compile::compiled(environment, &spec, &resources, &mut findings);
        let mut state = state(environment, spec, resources);
        state.digest = read.files.digest(&one.used);
        policies.promises.digest().clone_into(&mut state.promises_digest);
        state.promised_days = policies.promises.promised_days();
        if let From::Release(manifest) = &overlaid.from {
            state.release = Some(manifest.reference());
            state.release_tool = Some(manifest.tool_version.clone());
        }
        state.roles.clone_from(&policies.roles);
        state.policies.clone_from(&policies.rules);
        roles_file::check_floor(&mut read.files, &overlaid.from.prefix(), &state, &mut findings);
        Arc::new(state)
    });
    inherit::say_what_was_overridden(&replaced, &mut findings);
    One { findings, ..one }
}

/// Where the operators work: a day is a day there.
fn tokyo() -> TimeZone {
    TimeZone::get("Asia/Tokyo").unwrap_or(TimeZone::UTC)
}
