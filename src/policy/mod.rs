//! Level 3: an organisation's own rules over a plan, written in Rego (ADR 0013).
//!
//! [`compile`] and [`check`] find every mistake that can be found without a plan, so that it is reported like any other mistake
//! in a file; `check` passes over texts that this program found without mistakes before. [`judge`] answers what the policies
//! say of one plan, and checks nothing. Rego itself is the business of the crate `rego-check`, which knows no
//! tokaido. A policy can only refuse or warn. Pure: files come in as text, and the only clock is the limit after which a policy
//! that does not end is an error. Imports `model`, `kinds`.
//!
//! Without the feature `policy` there is no engine, and a project that has policies is refused.

mod about;
#[cfg(feature = "policy")]
mod checker;
mod compile;
#[cfg(feature = "policy")]
mod document;
mod input;
mod judge;
mod memory;
#[cfg(feature = "policy")]
mod metadata;
mod paper;
#[cfg(feature = "policy")]
mod said;
mod schema;
#[cfg(feature = "policy")]
pub mod testing;
#[cfg(feature = "policy")]
mod yaml;

use std::collections::BTreeMap;
#[cfg(feature = "policy")]
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
#[cfg(feature = "policy")]
use std::sync::OnceLock;

use crate::model::{DesiredState, Effect, Environment, ObservedState, PlanBody, Said, Source};

#[cfg(feature = "policy")]
use checker::{checker, nearest};

pub use about::About;
pub use compile::{check, compile};
pub use input::input;
pub use judge::judge;
pub use memory::{Memory, Nothing};
pub use schema::input_schema;

/// Where the policies of a project are; their tests are in `tests/` below it.
pub const FOLDER: &str = "policies";

/// One file: whom it judges, what it does, where it says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The file's name without its ending.
    pub code: String,
    pub title: Said,
    pub description: Option<String>,
    /// Environments in which it is off are absent.
    pub effects: BTreeMap<Environment, Effect>,
    pub about: About,
    /// The definition of `broken`.
    pub source: Source,
    /// The file, as it was read.
    pub text: Arc<str>,
    #[cfg(feature = "policy")]
    prepared: rego_check::Prepared,
    #[cfg(feature = "policy")]
    reads: OnceLock<BTreeSet<String>>,
}

#[cfg(feature = "policy")]
impl Policy {
    /// `looked` where the policy was checked just now.
    fn new(
        metadata: metadata::Metadata,
        file: &str,
        text: &str,
        prepared: rego_check::Prepared,
        looked: Option<&rego_check::Looked>,
    ) -> Self {
        let reads = looked.map(|looked| OnceLock::from(checker::reads(looked, &metadata.about)));
        Self {
            code: metadata.code,
            title: metadata.title,
            description: metadata.description,
            effects: metadata.effects,
            about: metadata.about,
            source: compile::source(file, prepared.broken()),
            text: text.into(),
            prepared,
            reads: reads.unwrap_or_default(),
        }
    }

    /// Kinds whose failed read leaves it without an answer, as its syntax tree says. Followed through the tree when it is
    /// first asked for, unless the policy was checked by this run: a plan asks only when a read failed.
    #[must_use]
    pub fn reads(&self) -> &BTreeSet<String> {
        self.reads.get_or_init(|| match checker().check(&self.source.file, &self.text) {
            Ok(checked) => checker::reads(&checked.looked, &self.about),
            // Of what cannot be followed nobody knows what it needs.
            Err(_) => checker::all(),
        })
    }
}

/// Parsed and checked; by code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policies {
    list: Arc<[Policy]>,
}

impl Policies {
    pub fn iter(&self) -> impl Iterator<Item = &Policy> {
        self.list.iter()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Those that are wanted.
    #[must_use]
    pub fn only(&self, wanted: impl Fn(&Policy) -> bool) -> Self {
        Self { list: self.list.iter().filter(|policy| wanted(policy)).cloned().collect() }
    }

    #[must_use]
    pub fn get(&self, code: &str) -> Option<&Policy> {
        self.list.iter().find(|policy| policy.code == code)
    }
}

/// What the policies are asked about.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// What it says of policies itself is not looked at.
    pub body: &'a PlanBody,
    pub desired: &'a DesiredState,
    pub live: &'a ObservedState,
    /// The same with the changes of the plan done.
    pub planned: &'a ObservedState,
}

/// A policy that cannot be evaluated: a mistake in its file, found with this plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyError {
    pub source: Source,
    pub code: String,
    pub reason: String,
}

#[cfg(feature = "policy")]
impl PolicyError {
    fn new(code: &str, source: Source, reason: String) -> Self {
        Self { source, code: code.to_owned(), reason }
    }

    fn of(code: &str, file: &str, complaint: rego_check::Complaint) -> Self {
        Self::new(code, compile::source(file, complaint.place), complaint.reason)
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: the policy {} cannot be evaluated: {}\n  write a case with this plan's values in {FOLDER}/tests/, mend the \
             policy, and run `tokaido policy test`; no plan is made before",
            self.source, self.code, self.reason
        )
    }
}

impl std::error::Error for PolicyError {}

/// SHA-256 over paths and contents, hex; empty where there is no policy.
#[must_use]
pub fn digest(files: &BTreeMap<String, String>) -> String {
    if files.is_empty() {
        return String::new();
    }
    paper::digest(files.iter().flat_map(|(path, text)| [path.as_bytes(), text.as_bytes()]))
}
