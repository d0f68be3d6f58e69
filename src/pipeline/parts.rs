//! Values in the sentences of gates that are shortened, or differ between the languages.

use std::fmt::Display;

use serde::Serialize;

use crate::govern::Short;
use crate::govern::refusal::Refusal;
use crate::model::reason::Spoken;
use crate::model::{Language, ReleaseRef};

/// Every refusal with its next step, on lines below the sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Refusals(pub Vec<Refusal>);

impl Spoken for Refusals {
    fn spoken(&self, language: Language) -> impl Display {
        let listed: Vec<String> = self.0.iter().map(|refusal| format!("\n  - {}", refusal.spoken(language))).collect();
        listed.concat()
    }
}

/// Every contradiction of a plan with itself or the files, in English, because it is about the bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Findings(pub Vec<String>);

impl Spoken for Findings {
    fn spoken(&self, _: Language) -> impl Display {
        self.0.join("; ")
    }
}

/// The source of an environment's content: a release, or the tree.
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

/// The digest of files that may be absent.
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
