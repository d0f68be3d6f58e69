//! A policy that cannot be evaluated.

use std::fmt;

use crate::model::Source;

use super::policies::FOLDER;
#[cfg(feature = "policy")]
use super::policies::source;

/// A policy that cannot be evaluated: a mistake in its file, found with this plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyError {
    pub source: Source,
    pub code: String,
    pub reason: String,
}

#[cfg(feature = "policy")]
impl PolicyError {
    pub(super) fn new(code: &str, source: Source, reason: String) -> Self {
        Self { source, code: code.to_owned(), reason }
    }

    pub(super) fn of(code: &str, file: &str, complaint: rego_check::Complaint) -> Self {
        Self::new(code, source(file, complaint.place), complaint.reason)
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
