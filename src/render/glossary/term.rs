//! One term of the glossary.

use crate::model::{Explained, Language};

/// A term of the project, in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// Unique in each language, without regard to case, hyphens and spaces.
    pub name: Explained,
    /// One to three sentences.
    pub meaning: Explained,
    /// English names of other terms.
    pub related: &'static [&'static str],
}

impl Term {
    /// Whether `word` is the English or the Japanese name, in any case, with hyphens or spaces.
    #[must_use]
    pub fn is_called(&self, word: &str) -> bool {
        let word = plain(word);
        [Language::En, Language::Ja].into_iter().any(|language| plain(self.name.say(language)) == word)
    }
}

/// Lower case, with one space where hyphens, underscores or spaces stand.
fn plain(word: &str) -> String {
    let words = word.split(|c: char| c == '-' || c == '_' || c.is_whitespace()).filter(|part| !part.is_empty());
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}
