//! What was checked and found: the values from which text and JSON are made.

use serde::Serialize;

use crate::model::{Environment, Sentence};

use super::reason::Label;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckResult {
    Ok,
    Unknown,
    Problem,
}

/// Names under a word: `denied: kms:ListKeys`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    pub label: Sentence,
    pub items: Vec<Sentence>,
    /// For people: one line for each sentence instead of one paragraph.
    #[serde(skip)]
    pub sentences: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// A stable word: `files`, `account`, `permissions`.
    pub check: &'static str,
    pub verdict: CheckResult,
    /// What was found, in one sentence. Documents have the English one.
    pub says: Sentence,
    /// What to do about it. Absent only when the verdict is `ok`.
    pub next: Option<Sentence>,
    pub facts: Vec<Fact>,
    /// A gate refuses, and no later call was made.
    pub refused: bool,
}

impl Check {
    #[must_use]
    pub fn ok(check: &'static str, says: impl Into<Sentence>) -> Self {
        Self { check, verdict: CheckResult::Ok, says: says.into(), next: None, facts: Vec::new(), refused: false }
    }

    #[must_use]
    pub fn problem(check: &'static str, says: impl Into<Sentence>, next: impl Into<Sentence>) -> Self {
        Self { verdict: CheckResult::Problem, next: Some(next.into()), ..Self::ok(check, says) }
    }

    #[must_use]
    pub fn unknown(check: &'static str, says: impl Into<Sentence>, next: impl Into<Sentence>) -> Self {
        Self { verdict: CheckResult::Unknown, next: Some(next.into()), ..Self::ok(check, says) }
    }

    #[must_use]
    pub const fn refused(mut self) -> Self {
        self.refused = true;
        self
    }

    /// Names under a word. An empty list leaves no entry.
    #[must_use]
    pub fn words(self, label: Label, items: Vec<Sentence>) -> Self {
        self.fact(label, items, false)
    }

    /// Whole sentences, such as errors.
    #[must_use]
    pub fn sentences(self, label: Label, items: Vec<Sentence>) -> Self {
        self.fact(label, items, true)
    }

    fn fact(mut self, label: Label, items: Vec<Sentence>, sentences: bool) -> Self {
        if !items.is_empty() {
            self.facts.push(Fact { label: label.into(), items, sentences });
        }
        self
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EnvironmentReport {
    pub environment: Environment,
    /// As declared; absent when the files could not be compiled.
    pub account: Option<String>,
    /// The caller that AWS named.
    pub caller: Option<String>,
    pub checks: Vec<Check>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    pub schema_version: u32,
    pub tool_version: String,
    /// `aws`, or the file of the simulated AWS.
    pub world: String,
    pub verdict: CheckResult,
    /// What holds for all environments.
    pub checks: Vec<Check>,
    pub environments: Vec<EnvironmentReport>,
}

impl Report {
    /// The verdict is the worst of all.
    #[must_use]
    pub fn new(tool_version: &str, world: String, checks: Vec<Check>, environments: Vec<EnvironmentReport>) -> Self {
        let mut report = Self {
            schema_version: 1,
            tool_version: tool_version.to_owned(),
            world,
            verdict: CheckResult::Ok,
            checks,
            environments,
        };
        report.verdict = report.all().map(|check| check.verdict).max().unwrap_or(CheckResult::Ok);
        report
    }

    pub fn all(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().chain(self.environments.iter().flat_map(|environment| &environment.checks))
    }

    #[must_use]
    pub fn count(&self, verdict: CheckResult) -> usize {
        self.all().filter(|check| check.verdict == verdict).count()
    }
}
