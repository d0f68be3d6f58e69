//! Level 4: the environment files → [`DesiredState`], or every mistake in them with its place.
//!
//! ```text
//! file ─ yaml ─► tree ─ overlay ─► merged tree ─ decode ─► spec ─ check ─► compile ─► DesiredState
//!                          every node keeps its file, line and column
//! ```
//!
//! Guarantees: all errors of all files are reported in one run; a state is present only if its environment has no
//! error; same files and same day, same result; no secret appears in a message. Files are read in `files` alone,
//! and in a command once (`project`).
//! Imports `model`, `kinds`, `promises` and `policy`; never `plan`, `reach` or anything above.

mod check;
pub mod codes;
mod compile;
mod declared;
mod decode;
mod effective;
mod files;
mod full_width;
pub mod habits;
mod hints;
mod inherit;
pub mod keys;
mod overlay;
pub mod pin;
mod policy_files;
mod project;
pub mod promises_file;
mod quote;
pub mod release;
pub mod roles_file;
mod said;
pub mod scalars;
pub mod schema;
mod secrets;
pub mod spec;
mod yaml;

pub use compile::bootstrap_set;

use std::collections::BTreeMap;
use std::sync::Arc;

use self::spec::EnvironmentSpec;
use crate::model::{DesiredState, Divergence, Environment, Finding, PolicyFiles, Region, Severity, Tombstone};
use crate::promises::Promises;

pub use self::declared::Override;
pub use self::overlay::own_file;
pub use self::project::{Project, Reading, load, load_as};
pub use self::quote::Quotes;
pub use self::secrets::secret_value;

/// What the files of a project say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Only environments without an error.
    pub states: BTreeMap<Environment, Arc<DesiredState>>,
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
