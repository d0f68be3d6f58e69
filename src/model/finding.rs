//! A user's mistake, with its place. Findings are collected, never thrown: a run reports all of them.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Environment;
use super::file::FileName;

/// Where a value was written. Lines and columns count from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// Relative to the project, with forward slashes.
    pub file: FileName,
    pub line: usize,
    pub column: usize,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// The line of a file to which a [`Source`] points, without its end and without secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    pub line: String,
    /// The line before it, where nothing is written on the line itself.
    pub above: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
}

/// One mistake: where, what was read, what would be right, which promise it protects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub severity: Severity,
    /// A stable word for tables and tests, such as `unknown-key`.
    pub code: &'static str,
    pub source: Option<Source>,
    /// What is wrong, with the value as written.
    pub message: String,
    /// What would be right.
    pub expected: Option<String>,
    /// The promise this protects, by slug.
    pub promise: Option<&'static str>,
    /// Other places that matter, each with a word: `first written here`.
    pub related: Vec<(String, Source)>,
    /// Environments that have this mistake from a file which they extend; empty when it is their own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inherited_by: Vec<Environment>,
}

/// How a related place is introduced. A word that ends in `of` reads on into the place.
#[must_use]
pub fn introduced(word: &str) -> String {
    if word.ends_with(" of") { word.to_owned() } else { format!("{word}:") }
}

impl Finding {
    #[must_use]
    pub fn error(code: &'static str, source: Option<&Source>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            source: source.cloned(),
            message: message.into(),
            expected: None,
            promise: None,
            related: Vec::new(),
            inherited_by: Vec::new(),
        }
    }

    #[must_use]
    pub fn warning(code: &'static str, source: Option<&Source>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, source, message) }
    }

    #[must_use]
    pub fn expected(mut self, text: impl Into<String>) -> Self {
        self.expected = Some(text.into());
        self
    }

    #[must_use]
    pub const fn promise(mut self, slug: &'static str) -> Self {
        self.promise = Some(slug);
        self
    }

    #[must_use]
    pub fn related(mut self, word: impl Into<String>, source: &Source) -> Self {
        self.related.push((word.into(), source.clone()));
        self
    }
}
