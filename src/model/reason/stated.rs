//! A reason in a document: code, fields and English text. Another version of tokaido may have written it.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Fields, Readable, Reason, Spoken};
use crate::model::text::Language;

/// In a document: `{"code": "still-held", "fields": {"other": "subnet.acme-a@tokyo"}, "en": "…"}`, without `fields` where
/// there are none. What was read is written back as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stated<R> {
    /// This version says it in the same words.
    Ours(R),
    /// From a document whose words are not those of this version. They are shown as they stand.
    Theirs(Box<Theirs>),
}

/// What another version wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Theirs {
    /// Empty in documents that had sentences alone.
    #[serde(default)]
    pub code: String,
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

    /// `None` where another version wrote it.
    #[must_use]
    pub const fn ours(&self) -> Option<&R> {
        if let Self::Ours(reason) = self { Some(reason) } else { None }
    }

    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Ours(reason) => reason.code(),
            Self::Theirs(theirs) => &theirs.code,
        }
    }

    /// The sentence. What another version wrote is there in English alone.
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

/// In English.
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

/// Before there were codes a sandbox kept the sentence alone.
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
