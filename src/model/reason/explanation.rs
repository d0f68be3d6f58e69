//! An explanation for documents that people and programs read: the sentences in both languages, and the reasons as data.

use std::cmp::Ordering;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fields, Reason};
use crate::model::text::Language;

/// One or several reasons: one text in each language, and each reason by its code. Programs read `because` and not the sentences.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Explanation {
    /// The sentences in English, with `; ` between them.
    pub en: String,
    /// The sentences in Japanese, with `。` between them.
    pub ja: String,
    /// The reasons in the order of the sentences. Absent in documents of versions that wrote only sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<Coded>,
}

/// A reason as its code and fields, without a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Coded {
    /// The stable code, in kebab-case.
    pub code: String,
    /// The facts by name. Absent where the sentence has none.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub fields: Fields,
}

impl Explanation {
    /// The explanation that consists of this reason.
    #[must_use]
    pub fn of(reason: &impl Reason) -> Self {
        let coded = Coded { code: reason.code().to_owned(), fields: reason.fields() };
        Self { en: reason.say(Language::En), ja: reason.say(Language::Ja), because: vec![coded] }
    }

    /// The sentences in this language.
    #[must_use]
    pub fn say(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Ja => &self.ja,
        }
    }

    /// This explanation followed by `other`.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.because.extend(other.because.iter().cloned());
        Self { en: format!("{}; {}", self.en, other.en), ja: format!("{}。{}", self.ja, other.ja), because: self.because }
    }
}

/// By code, then by the fields as JSON text: JSON values have no order of their own.
impl Ord for Coded {
    fn cmp(&self, other: &Self) -> Ordering {
        let text = |coded: &Self| serde_json::to_string(&coded.fields).unwrap_or_default();
        self.code.cmp(&other.code).then_with(|| text(self).cmp(&text(other)))
    }
}

impl PartialOrd for Coded {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
