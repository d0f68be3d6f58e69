//! The same thing said in the two languages in which tokaido explains itself.

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    En,
    Ja,
}

/// Beside the data that it explains, so that a rule and its words change together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
