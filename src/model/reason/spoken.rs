//! How a fact stands in a sentence. Names and numbers are the same in both languages; words differ.

use std::fmt::{self, Display};
use std::sync::Arc;

use jiff::Timestamp;

use crate::model::id::{Environment, Region, ResourceId};
use crate::model::invisible::visible;
use crate::model::name::Name;
use crate::model::text::{Explained, Language, Said, Words};
use crate::model::value::Value;

/// A fact that can stand in a sentence.
pub trait Spoken {
    /// The form in a sentence of this language.
    fn spoken(&self, language: Language) -> impl Display;
}

/// Implements [`Spoken`] for types that are the same in every language.
macro_rules! alike {
    ($($type:ty),+ $(,)?) => {
        $(impl Spoken for $type {
            fn spoken(&self, _: Language) -> impl Display {
                self
            }
        })+
    };
}

alike!(usize, u16, u32, u64, i64, Name, ResourceId, Environment, Region, Value, Timestamp);

/// A text comes from outside: from a file, an argument, AWS. It must not move the cursor of whoever reads the sentence.
macro_rules! outside {
    ($($type:ty),+ $(,)?) => {
        $(impl Spoken for $type {
            fn spoken(&self, _: Language) -> impl Display {
                visible(self)
            }
        })+
    };
}

outside!(String, &'static str, Arc<str>);

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

/// The items with commas between them.
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
