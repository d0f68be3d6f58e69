//! One promise of the white paper, as `policies/promises.yaml` writes it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::PromiseKind;

/// One text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bilingual {
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
}

/// The controls that a promise answers, by edition of the standard.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Controls {
    /// Controls of ISO/IEC 27017:2015.
    pub iso27017_2015: Vec<String>,
    /// Controls of ISO/IEC 27002:2022.
    pub iso27002_2022: Vec<String>,
}

/// One promise of the paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Promise {
    /// The slug by which files, plans and verdicts name the promise, such as `recovery-copies`.
    pub id: String,
    /// The number of the paper's clause, such as `12`.
    pub clause: String,
    /// Who keeps the promise: tokaido, another system, people; or that no infrastructure decides it.
    pub kind: PromiseKind,
    /// The controls that the promise answers.
    pub controls: Controls,
    /// The heading of the clause.
    pub title: Bilingual,
    /// What is promised, in one sentence.
    pub sentence: Bilingual,
    /// Numbers and names that the sentence contains, as written: `at_least: 35d`.
    pub parameters: BTreeMap<String, String>,
}
