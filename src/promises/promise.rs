//! One promise of the paper, as `policies/promises.yaml` says it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::PromiseKind;

/// The same thing said twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bilingual {
    pub ja: String,
    pub en: String,
}

/// Which controls of which edition a promise answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Controls {
    pub iso27017_2015: Vec<String>,
    pub iso27002_2022: Vec<String>,
}

/// One sentence of the paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Promise {
    /// The slug by which everything refers to it.
    pub id: String,
    /// Section number of the paper.
    pub clause: String,
    pub kind: PromiseKind,
    pub controls: Controls,
    pub title: Bilingual,
    pub sentence: Bilingual,
    /// Numbers and names that the sentence contains: `at_least: 35d`.
    pub parameters: BTreeMap<String, String>,
}
