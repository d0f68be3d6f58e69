//! The same text in the two languages in which tokaido explains itself.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A language of the output: `--lang en` or `--lang ja`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    /// English, the default.
    #[default]
    En,
    /// Japanese.
    Ja,
}

/// A text of the program in both languages. It stands beside the rule that it explains, so that both change together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// The text in English.
    pub en: &'static str,
    /// The text in Japanese.
    pub ja: &'static str,
}

impl Explained {
    /// A text from its two forms.
    #[must_use]
    pub const fn new(en: &'static str, ja: &'static str) -> Self {
        Self { en, ja }
    }

    /// The text in this language.
    #[must_use]
    pub const fn say(self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::Ja => self.ja,
        }
    }
}

/// What a row of a kind says, inside a reason. A document carries both languages, because another version of tokaido may not know
/// the kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// The text in English.
    pub en: Cow<'static, str>,
    /// The text in Japanese.
    pub ja: Cow<'static, str>,
}

impl Words {
    /// The text in this language.
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

/// A text made from facts. The code writes both languages at once, with the same numbers and names.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Said {
    /// The text in English.
    pub en: String,
    /// The text in Japanese.
    pub ja: String,
}

impl Said {
    /// A text from its two forms.
    #[must_use]
    pub fn new(en: impl Into<String>, ja: impl Into<String>) -> Self {
        Self { en: en.into(), ja: ja.into() }
    }

    /// The text in this language.
    #[must_use]
    pub fn say(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Ja => &self.ja,
        }
    }

    /// This text followed by `other`, with the separator of each language.
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
