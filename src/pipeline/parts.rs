//! What stands in the gaps of a gate's sentences and is shortened, or said otherwise in each language.

use std::fmt::Display;

use serde::Serialize;

use crate::govern::Short;
use crate::govern::refusal::Refusal;
use crate::model::reason::Spoken;
use crate::model::{Language, ReleaseRef};

/// Every refusal with its next step, on lines of their own below the sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Refusals(pub Vec<Refusal>);

impl Spoken for Refusals {
    fn spoken(&self, language: Language) -> impl Display {
        let listed: Vec<String> = self.0.iter().map(|refusal| format!("\n  - {}", refusal.spoken(language))).collect();
        listed.concat()
    }
}

/// Everything in which a plan contradicts itself or the files, in English: it is a matter of the file's bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Findings(pub Vec<String>);

impl Spoken for Findings {
    fn spoken(&self, _: Language) -> impl Display {
        self.0.join("; ")
    }
}

/// What an environment was compiled from: a release, or the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Content(pub Option<ReleaseRef>);

impl Spoken for Content {
    fn spoken(&self, language: Language) -> impl Display {
        let named = self.0.as_ref().map(|release| {
            let digest = Short(release.digest.clone());
            format!("{} ({})", release.id, digest.spoken(language))
        });
        match (named, language) {
            (Some(named), Language::En) => named,
            (Some(named), Language::Ja) => format!(" {named} "),
            (None, Language::En) => "the tree".to_owned(),
            (None, Language::Ja) => "作業ツリー".to_owned(),
        }
    }
}

/// The digest of files of which there may be none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Digest(pub String);

impl Spoken for Digest {
    fn spoken(&self, language: Language) -> impl Display {
        match (self.0.is_empty(), language) {
            (true, Language::En) => "none".to_owned(),
            (true, Language::Ja) => "なし".to_owned(),
            (false, _) => Short(self.0.clone()).spoken(language).to_string(),
        }
    }
}
