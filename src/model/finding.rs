//! A mistake of a user, with its place. Findings are collected and not thrown: a run reports all of them.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Environment;
use super::file::FileName;

/// Where a value is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// The file, relative to the project, with forward slashes.
    pub file: FileName,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The files cannot be used (exit 1).
    Error,
    /// The files can be used.
    Warning,
}

/// One mistake: where it is, what was read, what would be right, and which promise that protects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How serious it is.
    pub severity: Severity,
    /// A stable word for tables and tests: `unknown-key`.
    pub code: &'static str,
    /// Where the mistake is; absent where it has no place in a file.
    pub source: Option<Source>,
    /// What is wrong, with the value as it is written.
    pub message: String,
    /// What would be right.
    pub expected: Option<String>,
    /// The slug of the promise that the rule protects.
    pub promise: Option<&'static str>,
    /// Other places that matter, each with words: `first written here`.
    pub related: Vec<(String, Source)>,
    /// Environments that have this mistake from a file that they extend. Empty when the mistake is in their own file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inherited_by: Vec<Environment>,
}

/// The words in front of a related place, with a colon unless they end in `of`.
#[must_use]
pub fn introduced(word: &str) -> String {
    if word.ends_with(" of") { word.to_owned() } else { format!("{word}:") }
}

impl Finding {
    /// A mistake because of which the files cannot be used.
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

    /// A mistake with which the files can be used.
    #[must_use]
    pub fn warning(code: &'static str, source: Option<&Source>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, source, message) }
    }

    /// The same with what would be right.
    #[must_use]
    pub fn expected(mut self, text: impl Into<String>) -> Self {
        self.expected = Some(text.into());
        self
    }

    /// The same with the promise that the rule protects.
    #[must_use]
    pub const fn promise(mut self, slug: &'static str) -> Self {
        self.promise = Some(slug);
        self
    }

    /// The same with another place and the words in front of it.
    #[must_use]
    pub fn related(mut self, word: impl Into<String>, source: &Source) -> Self {
        self.related.push((word.into(), source.clone()));
        self
    }
}
