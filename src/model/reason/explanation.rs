//! Why, for documents that are read by people and by programs: the sentences in both languages, and the reasons themselves.

use std::cmp::Ordering;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Fields, Reason};
use crate::model::text::Language;

/// One or several reasons: one text in each language, and each reason by its code. A program reads `because`, never a
/// sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Explanation {
    pub en: String,
    pub ja: String,
    /// In the order of the sentences; absent in documents of versions that wrote sentences alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<Coded>,
}

/// A reason without its sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Coded {
    pub code: String,
    /// What the sentence speaks of, by name; absent where it speaks of nothing but its subject.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub fields: Fields,
}

impl Explanation {
    #[must_use]
    pub fn of(reason: &impl Reason) -> Self {
        let coded = Coded { code: reason.code().to_owned(), fields: reason.fields() };
        Self { en: reason.say(Language::En), ja: reason.say(Language::Ja), because: vec![coded] }
    }

    #[must_use]
    pub fn say(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Ja => &self.ja,
        }
    }

    /// One after the other.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.because.extend(other.because.iter().cloned());
        Self { en: format!("{}; {}", self.en, other.en), ja: format!("{}。{}", self.ja, other.ja), because: self.because }
    }
}

/// By code, then by the fields as they stand in documents: JSON values have no order of their own.
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
