//! How what stands in a sentence is said: names and numbers alike in both languages, words in each.

use std::fmt::{self, Display};
use std::sync::Arc;

use jiff::Timestamp;

use crate::model::id::{Environment, Region, ResourceId};
use crate::model::name::Name;
use crate::model::text::{Explained, Language, Said, Words};
use crate::model::value::Value;

/// What stands in a gap of a sentence.
pub trait Spoken {
    /// As it stands in a sentence of this language.
    fn spoken(&self, language: Language) -> impl Display;
}

/// What is said alike in every language.
macro_rules! alike {
    ($($type:ty),+ $(,)?) => {
        $(impl Spoken for $type {
            fn spoken(&self, _: Language) -> impl Display {
                self
            }
        })+
    };
}

alike!(String, &'static str, Arc<str>, usize, u32, u64, i64, Name, ResourceId, Environment, Region, Value, Timestamp);

impl Spoken for Said {
    fn spoken(&self, language: Language) -> impl Display {
        self.say(language)
    }
}

impl Spoken for Explained {
    fn spoken(&self, language: Language) -> impl Display {
        self.say(language)
    }
}

impl Spoken for Words {
    fn spoken(&self, language: Language) -> impl Display {
        self.say(language)
    }
}

impl<T: Spoken> Spoken for Box<T> {
    fn spoken(&self, language: Language) -> impl Display {
        (**self).spoken(language)
    }
}

/// One after the other, with commas.
impl<T: Spoken> Spoken for Vec<T> {
    fn spoken(&self, language: Language) -> impl Display {
        Listed { items: self, language }
    }
}

struct Listed<'a, T> {
    items: &'a [T],
    language: Language,
}

impl<T: Spoken> Display for Listed<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, item) in self.items.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}{}", item.spoken(self.language))?;
        }
        Ok(())
    }
}
