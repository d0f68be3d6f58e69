//! Level 3: an organisation's own rules over a plan, written in Rego (ADR 0013).
//!
//! [`compile`] finds every mistake that can be found without a plan, so that it is reported like any other mistake in a
//! file. [`judge`] answers what the policies say of one plan. A policy can only refuse or warn. Pure: files come in as
//! text, and the only clock is the limit after which a policy that does not end is an error. Imports `model`, `kinds`.
//!
//! Without the feature `policy` there is no engine, and a project that has policies is refused.

mod about;
#[cfg(feature = "policy")]
mod builtins;
#[cfg(feature = "policy")]
mod check;
mod compile;
#[cfg(feature = "policy")]
mod engine;
mod input;
mod judge;
#[cfg(feature = "policy")]
mod metadata;
mod paper;
#[cfg(feature = "policy")]
mod scan;
mod schema;
#[cfg(feature = "policy")]
mod shape;
#[cfg(feature = "policy")]
pub mod testing;
#[cfg(feature = "policy")]
mod trace;
#[cfg(feature = "policy")]
mod yaml;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use crate::model::{DesiredState, Effect, Environment, ObservedState, PlanBody, Said, Source};

pub use about::About;
pub use compile::compile;
pub use input::input;
pub use judge::judge;
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
    /// Kinds whose failed read leaves it without an answer, as its syntax tree says.
    pub reads: BTreeSet<String>,
    /// The file, as it was read.
    pub text: Arc<str>,
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
