//! The same thing said in the two languages in which tokaido explains itself.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    En,
    Ja,
}

/// Beside the data that it explains, so that a rule and its words change together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Explained {
    pub en: &'static str,
    pub ja: &'static str,
}

impl Explained {
    #[must_use]
    pub const fn new(en: &'static str, ja: &'static str) -> Self {
        Self { en, ja }
    }

    #[must_use]
    pub const fn say(self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::Ja => self.ja,
        }
    }
}

/// What a kind says of itself, inside a reason. A document carries both languages of it: which kinds there are depends on
/// the version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    pub en: Cow<'static, str>,
    pub ja: Cow<'static, str>,
}

impl Words {
    #[must_use]
    pub fn say(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Ja => &self.ja,
        }
    }
}

impl From<Explained> for Words {
    fn from(text: Explained) -> Self {
        Self { en: text.en.into(), ja: text.ja.into() }
    }
}

/// The same, made from facts: both are written at once, with the same numbers and names.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Said {
    pub en: String,
    pub ja: String,
}

impl Said {
    #[must_use]
    pub fn new(en: impl Into<String>, ja: impl Into<String>) -> Self {
        Self { en: en.into(), ja: ja.into() }
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
    pub fn and(self, other: &Self) -> Self {
        Self::new(format!("{}; {}", self.en, other.en), format!("{}。{}", self.ja, other.ja))
    }
}

impl From<Explained> for Said {
    fn from(text: Explained) -> Self {
        Self::new(text.en, text.ja)
    }
}
