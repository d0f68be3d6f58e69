//! What tokaido says, as data: a stable code, its fields, and the sentence in both languages beside each other.
//!
//! In: the facts that an enum of reasons has as its fields.
//!
//! Out: a code and fields for programs, and a sentence in each language for people.
//!
//! Must not import: any module outside `model`.
//!
//! Guarantees: each domain has one enum of its reasons, at its own level, with `#[derive(Reason)]`; the reasons of plans are in
//! [`plan`]. No code looks for a word in a sentence: it matches on the enum, or on the code in a document. See
//! docs/adr/0018-reasons-are-data.md.

mod explanation;
mod files;
pub mod plan;
mod spoken;
mod stated;

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::text::{Language, Said};

pub use explanation::{Coded, Explanation};
pub use files::{Deed, FileReason, IoReason, NotRegular, Trouble};
pub use spoken::Spoken;
pub use stated::{Stated, Theirs};

/// The facts in a sentence, by the names of the fields of the variant.
pub type Fields = BTreeMap<String, serde_json::Value>;

/// A sentence with its facts. `#[derive(Reason)]` implements this trait for an enum.
pub trait Reason: fmt::Display {
    /// Every code of the enum, in the order of its variants.
    const CODES: &'static [&'static str];

    /// A stable word in kebab-case, unique within its enum. A code never changes its meaning.
    fn code(&self) -> &'static str;

    /// The facts by name, as JSON. Empty where the sentence has none.
    fn fields(&self) -> Fields;

    /// Writes the sentence in this language.
    ///
    /// # Errors
    /// Errors of the formatter.
    fn tell(&self, language: Language, f: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// The sentence as a value that displays itself.
    fn told(&self, language: Language) -> Told<'_, Self> {
        Told { reason: self, language }
    }

    /// The sentence as a text.
    fn say(&self, language: Language) -> String {
        self.told(language).to_string()
    }

    /// The sentence in both languages, for documents that carry both.
    fn said(&self) -> Said {
        Said::new(self.say(Language::En), self.say(Language::Ja))
    }
}

impl<R: Reason> From<R> for Said {
    fn from(reason: R) -> Self {
        reason.said()
    }
}

/// A reason that can be read from a document: `#[reason(read)]` on the enum.
pub trait Readable: Reason + Sized {
    /// The reason with this code and these fields. `None` where this version of tokaido has no such reason, or one with other
    /// fields.
    fn read(code: &str, fields: &Fields) -> Option<Self>;
}

/// A reason and the language in which it displays itself.
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

/// A field as JSON has it. For code that the derive writes.
pub fn field(value: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// Puts a field into `fields`, unless it is `null` or an empty list. For code that the derive writes.
pub fn put(fields: &mut Fields, name: &str, value: serde_json::Value) {
    if !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty()) {
        fields.insert(name.to_owned(), value);
    }
}

/// A field read from a document; an absent one reads as `null` or as an empty list. For code that the derive writes.
#[must_use]
pub fn taken<T: DeserializeOwned>(fields: &Fields, name: &str) -> Option<T> {
    let read = |value: serde_json::Value| serde_json::from_value(value).ok();
    let Some(value) = fields.get(name) else {
        return read(serde_json::Value::Null).or_else(|| read(serde_json::Value::Array(Vec::new())));
    };
    read(value.clone())
}
