//! The policies of a project: checked, and ready to be evaluated.

use std::collections::BTreeMap;
#[cfg(feature = "policy")]
use std::collections::BTreeSet;
use std::sync::Arc;
#[cfg(feature = "policy")]
use std::sync::OnceLock;

use crate::model::{Effect, Environment, Said, Source, digest};

use super::about::About;
#[cfg(feature = "policy")]
use super::checker::{self, checker};
#[cfg(feature = "policy")]
use super::metadata::Metadata;

/// Where the policies of a project are; their tests are in `tests/` below it.
pub const FOLDER: &str = "policies";

/// One file: the population of the policy, its effect, and its places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The file's name without its ending.
    pub code: String,
    pub title: Said,
    pub description: Option<String>,
    /// Environments in which it is off are absent.
    pub effects: BTreeMap<Environment, Effect>,
    pub about: About,
    /// The place of the definition of `broken`.
    pub source: Source,
    /// The file, as it was read.
    pub text: Arc<str>,
    #[cfg(feature = "policy")]
    pub(super) prepared: rego_check::Prepared,
    #[cfg(feature = "policy")]
    pub(super) reads: OnceLock<BTreeSet<String>>,
}

#[cfg(feature = "policy")]
impl Policy {
    /// `looked`: the kinds, when the policy was checked just now.
    pub(super) fn new(
        metadata: Metadata,
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
            source: source(file, prepared.broken()),
            text: text.into(),
            prepared,
            reads: reads.unwrap_or_default(),
        }
    }

    /// Kinds whose failed read leaves the policy without an answer, from its syntax tree. Unless this run checked the policy, the
    /// tree is followed at the first call: a plan needs this only when a read failed.
    #[must_use]
    pub fn reads(&self) -> &BTreeSet<String> {
        self.reads.get_or_init(|| match checker().check(&self.source.file, &self.text) {
            Ok(checked) => checker::reads(&checked.looked, &self.about),
            // A policy that cannot be followed may need every kind.
            Err(_) => checker::all(),
        })
    }
}

/// Parsed and checked; by code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policies {
    pub(super) list: Arc<[Policy]>,
}

impl Policies {
    pub fn iter(&self) -> impl Iterator<Item = &Policy> {
        self.list.iter()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The policies with one of these codes.
    #[must_use]
    pub fn only(&self, wanted: impl Fn(&Policy) -> bool) -> Self {
        Self { list: self.list.iter().filter(|policy| wanted(policy)).cloned().collect() }
    }

    #[must_use]
    pub fn get(&self, code: &str) -> Option<&Policy> {
        self.list.iter().find(|policy| policy.code == code)
    }
}

/// SHA-256 over paths and contents, hex; empty where there is no policy.
#[must_use]
pub fn digest(files: &BTreeMap<String, String>) -> String {
    if files.is_empty() {
        return String::new();
    }
    digest::digest(files.iter().flat_map(|(path, text)| [path.as_bytes(), text.as_bytes()]))
}

#[cfg(feature = "policy")]
pub(super) fn source(file: &str, place: rego_check::Place) -> Source {
    Source { file: file.into(), line: place.line, column: place.column }
}
