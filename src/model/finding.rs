//! A mistake of a user, with its place. Findings are collected and not thrown: a run reports all of them.

use std::fmt;
use std::ops::Deref;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use super::Environment;
use super::file::FileName;
use super::reason::Reason;
use super::text::{Language, Said};

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

/// The line of a file to which a [`Source`] points, without its end and without secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// The line, without its end and with secrets hidden.
    pub line: String,
    /// The line before it, where nothing is written on the line itself.
    pub above: Option<String>,
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

/// A sentence in both languages. Documents have the English one, and by it findings are compared. Only a [`Reason`] becomes one,
/// so that none is said in one language alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sentence(Said);

impl Sentence {
    /// The sentence in a language.
    #[must_use]
    pub fn say(&self, language: Language) -> &str {
        self.0.say(language)
    }
}

impl<R: Reason> From<R> for Sentence {
    fn from(reason: R) -> Self {
        Self(reason.said())
    }
}

impl From<Sentence> for Said {
    fn from(sentence: Sentence) -> Self {
        sentence.0
    }
}

impl Deref for Sentence {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0.en
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.en)
    }
}

impl Serialize for Sentence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.en)
    }
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
    pub message: Sentence,
    /// What would be right.
    pub expected: Option<Sentence>,
    /// The slug of the promise that the rule protects.
    pub promise: Option<&'static str>,
    /// Other places that matter, each with words: `first written here`.
    pub related: Vec<(Sentence, Source)>,
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
    pub fn error(code: &'static str, source: Option<&Source>, message: impl Into<Sentence>) -> Self {
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
    pub fn warning(code: &'static str, source: Option<&Source>, message: impl Into<Sentence>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, source, message) }
    }

    /// The message, behind its place where it has one.
    #[must_use]
    pub fn placed(&self) -> Sentence {
        let Some(source) = &self.source else { return self.message.clone() };
        let said = |language| format!("{source}: {}", self.message.say(language));
        Sentence(Said::new(said(Language::En), said(Language::Ja)))
    }

    /// The same with what would be right.
    #[must_use]
    pub fn expected(mut self, text: impl Into<Sentence>) -> Self {
        self.expected = Some(text.into());
        self
    }

    /// The same with the promise that the rule protects.
    #[must_use]
    pub const fn promise(mut self, slug: &'static str) -> Self {
        self.promise = Some(slug);
        self
    }

    /// Rewrites every sentence of the finding, in both languages: what a file hides is taken out of them.
    pub fn each_sentence(&mut self, rewrite: impl Fn(&str) -> String) {
        let rewrite = |sentence: &mut Sentence| sentence.0 = Said::new(rewrite(&sentence.0.en), rewrite(&sentence.0.ja));
        rewrite(&mut self.message);
        self.expected.iter_mut().for_each(rewrite);
        self.related.iter_mut().for_each(|(words, _)| rewrite(words));
    }

    /// The same with another place and the words in front of it.
    #[must_use]
    pub fn related(mut self, word: impl Into<Sentence>, source: &Source) -> Self {
        self.related.push((word.into(), source.clone()));
        self
    }
}
