//! What tokaido says, as data: a stable code, its fields, and the sentence in both languages beside each other.
//!
//! Each domain has one enum of its reasons, at its own level, with `#[derive(Reason)]`; those of plans are in [`plan`].
//! Nothing ever looks for a word in a sentence: who needs to know matches on the enum, or on the code in a document.
//! See docs/adr/0018-reasons-are-data.md.

mod explanation;
mod files;
pub mod plan;
mod spoken;
mod stated;
pub mod yaml;

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::text::{Language, Said};

pub use explanation::{Coded, Explanation};
pub use files::{Deed, Trouble};
pub use spoken::Spoken;
pub use stated::{Stated, Theirs};

/// What a sentence speaks of, by the names of the variant's fields.
pub type Fields = BTreeMap<String, serde_json::Value>;

/// One sentence with what it speaks of. `#[derive(Reason)]` makes it from an enum.
pub trait Reason: fmt::Display {
    /// Every code of this enum, in the order of its variants.
    const CODES: &'static [&'static str];

    /// A stable word in kebab-case; unique within its enum. It never changes its meaning.
    fn code(&self) -> &'static str;

    /// By name, as JSON. Empty where the sentence has no gaps.
    fn fields(&self) -> Fields;

    /// Writes the sentence.
    ///
    /// # Errors
    /// Those of the formatter.
    fn tell(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// The sentence, to be written elsewhere.
    fn told(&self, language: Language) -> Told<'_, Self> {
        Told { reason: self, language }
    }

    /// The sentence.
    fn say(&self, language: Language) -> String {
        self.told(language).to_string()
    }

    /// The sentence in both languages, for documents that carry both.
    fn said(&self) -> Said {
        Said::new(self.say(Language::En), self.say(Language::Ja))
    }
}

/// A reason that documents give back: `#[reason(read)]` on the enum.
pub trait Readable: Reason + Sized {
    /// `None` where this version of tokaido has no such reason, or another with this code.
    fn read(code: &str, fields: &Fields) -> Option<Self>;
}

/// A reason in one language.
#[derive(Debug)]
pub struct Told<'a, R: ?Sized> {
    reason: &'a R,
    language: Language,
}

impl<R: Reason + ?Sized> fmt::Display for Told<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.tell(self.language, f)
    }
}

/// For the derive: a field as it stands in documents.
pub fn field(value: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// For the derive: a field is absent from documents while it is nothing, or an empty list.
pub fn put(fields: &mut Fields, name: &str, value: serde_json::Value) {
    if !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty()) {
        fields.insert(name.to_owned(), value);
    }
}

/// For the derive: a field from a document.
#[must_use]
pub fn taken<T: DeserializeOwned>(fields: &Fields, name: &str) -> Option<T> {
    let read = |value: serde_json::Value| serde_json::from_value(value).ok();
    let Some(value) = fields.get(name) else {
        return read(serde_json::Value::Null).or_else(|| read(serde_json::Value::Array(Vec::new())));
    };
    read(value.clone())
}
