//! A reason in a document: code, fields and English text. Another version of tokaido may have written the document.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Fields, Readable, Reason, Spoken};
use crate::model::text::Language;

/// In a document: `{"code": "still-held", "fields": {"other": "subnet.acme-a@tokyo"}, "en": "…"}`; `fields` is absent where there
/// are none. A reason that was read is written back with the same bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stated<R> {
    /// A reason that this version says in the same words.
    Ours(R),
    /// A reason from a document whose words this version does not have. It is shown as it was written.
    Theirs(Box<Theirs>),
}

/// A reason as another version wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Theirs {
    /// The code. Empty in documents that had only sentences.
    #[serde(default)]
    pub code: String,
    /// The facts by name. Empty where the sentence has none.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub fields: Fields,
    /// The sentence in English.
    pub en: String,
}

impl<R> From<R> for Stated<R> {
    fn from(reason: R) -> Self {
        Self::Ours(reason)
    }
}

impl<R: Reason> Stated<R> {
    /// A sentence from a document that had no codes.
    #[must_use]
    pub fn sentence(en: impl Into<String>) -> Self {
        Self::Theirs(Box::new(Theirs { code: String::new(), fields: Fields::new(), en: en.into() }))
    }

    /// The reason; `None` where another version wrote it.
    #[must_use]
    pub const fn ours(&self) -> Option<&R> {
        if let Self::Ours(reason) = self { Some(reason) } else { None }
    }

    /// The code. Empty where the document had only a sentence.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Ours(reason) => reason.code(),
            Self::Theirs(theirs) => &theirs.code,
        }
    }

    /// The sentence. A reason that another version wrote is in English in both languages.
    #[must_use]
    pub fn say(&self, language: Language) -> String {
        self.spoken(language).to_string()
    }
}

struct InLanguage<'a, R> {
    stated: &'a Stated<R>,
    language: Language,
}

impl<R: Reason> fmt::Display for InLanguage<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.stated {
            Stated::Ours(reason) => reason.tell(self.language, f),
            Stated::Theirs(theirs) => f.write_str(&theirs.en),
        }
    }
}

impl<R: Reason> Spoken for Stated<R> {
    fn spoken(&self, language: Language) -> impl fmt::Display {
        InLanguage { stated: self, language }
    }
}

/// The sentence in English.
impl<R: Reason> fmt::Display for Stated<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        InLanguage { stated: self, language: Language::En }.fmt(f)
    }
}

impl<R: Reason> Serialize for Stated<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Document<'a> {
            code: &'a str,
            #[serde(skip_serializing_if = "Fields::is_empty")]
            fields: Fields,
            en: String,
        }
        match self {
            Self::Ours(reason) => {
                Document { code: reason.code(), fields: reason.fields(), en: reason.say(Language::En) }.serialize(serializer)
            }
            Self::Theirs(theirs) => theirs.serialize(serializer),
        }
    }
}

impl<'de, R: Readable> Deserialize<'de> for Stated<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let theirs = deserializer.deserialize_any(SentenceOrReason)?;
        let ours = R::read(&theirs.code, &theirs.fields);
        let same = |reason: &R| reason.fields() == theirs.fields && reason.say(Language::En) == theirs.en;
        Ok(ours.filter(same).map_or_else(|| Self::Theirs(Box::new(theirs)), Self::Ours))
    }
}

/// Reads a reason, or a sentence alone: older versions of the sandbox kept only the sentence.
struct SentenceOrReason;

impl<'de> Visitor<'de> for SentenceOrReason {
    type Value = Theirs;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a reason: `code`, `fields`, `en`")
    }

    fn visit_str<E: serde::de::Error>(self, en: &str) -> Result<Theirs, E> {
        Ok(Theirs { code: String::new(), fields: Fields::new(), en: en.to_owned() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Theirs, A::Error> {
        Theirs::deserialize(MapAccessDeserializer::new(map))
    }
}

impl<R: Reason> JsonSchema for Stated<R> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Reason".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "Why, as a code with fields, and in English",
            "properties": {
                "code": { "type": "string" },
                "en": { "type": "string" },
                "fields": { "type": "object" },
            },
            "required": ["code", "en"],
        })
    }
}
