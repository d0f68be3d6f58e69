//! Texts, numbers and choices, and their limits.

use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use regex::Regex;
use serde_json::Value as Json;

use super::refusal::Why;

/// The least and the greatest number, or the least and the greatest length.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Limits {
    /// None below.
    pub least: Option<i64>,
    /// None above.
    pub most: Option<i64>,
}

impl Limits {
    /// Whether this is within them.
    pub(super) fn check(self, found: i64, what: fn(i64, i64) -> Why) -> Option<Why> {
        let under = self.least.filter(|least| found < *least);
        under.or_else(|| self.most.filter(|most| found > *most)).map(|limit| what(found, limit))
    }
}

/// A value without parts.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// A text of so many characters.
    Text {
        /// How many.
        length: Limits,
        /// A regular expression that the whole text must match.
        pattern: Option<&'static str>,
        /// The only texts, where AWS has a choice of them.
        words: Vec<&'static str>,
    },
    /// A whole number.
    Integer(Limits),
    /// A number.
    Float,
    /// True or false.
    Boolean,
    /// A time.
    Timestamp,
    /// Bytes.
    Blob,
}

/// The expressions that were compiled. There are a few dozen.
static PATTERNS: LazyLock<RwLock<HashMap<&'static str, Option<Regex>>>> = LazyLock::new(RwLock::default);

/// Whether all of the text matches. `None`: the expression is none that this program understands.
pub(super) fn matches(pattern: &'static str, text: &str) -> Option<bool> {
    if let Some(known) = PATTERNS.read().unwrap_or_else(PoisonError::into_inner).get(pattern) {
        return known.as_ref().map(|known| known.is_match(text));
    }
    let compiled = Regex::new(&format!(r"\A(?s:{pattern})\z")).ok();
    let found = compiled.as_ref().map(|compiled| compiled.is_match(text));
    PATTERNS.write().unwrap_or_else(PoisonError::into_inner).insert(pattern, compiled);
    found
}

impl Scalar {
    /// Why AWS refuses the value.
    #[must_use]
    pub fn refusal(&self, value: &Json) -> Option<Why> {
        match (self, value) {
            (Self::Text { length, pattern, words }, Json::String(text)) => {
                let characters = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
                if !words.is_empty() {
                    return (!words.contains(&text.as_str())).then(|| Why::NoWord { found: text.clone(), words: words.clone() });
                }
                let unlike = || pattern.filter(|pattern| matches(pattern, text) == Some(false));
                length
                    .check(characters, |found, limit| Why::Length { found, limit })
                    .or_else(|| unlike().map(|pattern| Why::Unlike { found: text.clone(), pattern }))
            }
            (Self::Integer(limits), Json::Number(number)) => match number.as_i64() {
                Some(number) => limits.check(number, |found, limit| Why::Number { found, limit }),
                None => Some(Why::Type { wanted: "a whole number" }),
            },
            (Self::Float, Json::Number(_))
            | (Self::Boolean, Json::Bool(_))
            | (Self::Timestamp, Json::String(_) | Json::Number(_))
            | (Self::Blob, Json::String(_)) => None,
            _ => Some(Why::Type { wanted: self.word() }),
        }
    }

    const fn word(&self) -> &'static str {
        match self {
            Self::Text { .. } => "a text",
            Self::Integer(_) => "a whole number",
            Self::Float => "a number",
            Self::Boolean => "true or false",
            Self::Timestamp => "a time",
            Self::Blob => "bytes",
        }
    }
}
