//! The names of attributes. The process holds one copy of each text, so a name is copied without copying text. There are millions
//! of names, so one is a single address.

use std::borrow::Borrow;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{PoisonError, RwLock};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shared::place;

/// The name of an attribute, such as `storage_encrypted`. Two names are equal when their texts are equal.
#[derive(Clone, Copy)]
pub struct Name(&'static &'static str);

/// Every text that was interned. A text is never freed. There are as many as the kinds have attributes and the files that were
/// read use names.
static TEXTS: RwLock<BTreeSet<Name>> = RwLock::new(BTreeSet::new());

/// How many names a thread remembers that it read lately. There are some hundreds.
const RECENT: usize = 1_024;

thread_local! {
    /// By a part of their hash; a newer one takes the place of an older one.
    static RECENTLY: RefCell<[Name; RECENT]> = const { RefCell::new([Name(&""); RECENT]) };
}

impl Name {
    /// The name in a row of a kind. The text is part of the program, so nothing is interned.
    #[must_use]
    pub const fn row(text: &'static &'static str) -> Self {
        Self(text)
    }

    /// From now on a text from outside the program becomes the row's own copy where the texts are equal, so that the two are
    /// compared by address.
    pub fn intern(self) {
        TEXTS.write().unwrap_or_else(PoisonError::into_inner).insert(self);
    }

    /// The name for a text from outside the program: from a file, a record or a command line.
    #[must_use]
    pub fn interned(text: &str) -> Self {
        RECENTLY.with_borrow_mut(|recently| {
            let slot = &mut recently[place(text.as_bytes(), RECENT)];
            if *slot.0 != text {
                *slot = Self::looked_up(text);
            }
            *slot
        })
    }

    fn looked_up(text: &str) -> Self {
        if let Some(known) = TEXTS.read().unwrap_or_else(PoisonError::into_inner).get(text) {
            return *known;
        }
        let mut texts = TEXTS.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have interned the text between the two locks.
        if let Some(known) = texts.get(text) {
            return *known;
        }
        let leaked: &'static str = Box::leak(text.into());
        let new = Self(Box::leak(Box::new(leaked)));
        texts.insert(new);
        new
    }

    /// Whether the two are one text. Where they are not, they may still be equal.
    pub(super) fn is_same(self, other: Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }

    /// The text of the name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0) || *self.0 == *other.0
    }
}

impl Eq for Name {}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        *self.0 == other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == *other
    }
}

impl PartialEq<Name> for &str {
    fn eq(&self, other: &Name) -> bool {
        *self == *other.0
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        if std::ptr::eq(self.0, other.0) { Ordering::Equal } else { (*self.0).cmp(*other.0) }
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (*self.0).hash(state);
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        self.0
    }
}

/// Sets and maps of names can be searched by text, because order, equality and hash of a name are those of its text.
impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        self.0
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0, f)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

impl Serialize for Name {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl serde::de::Visitor<'_> for Text {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of an attribute")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Name, E> {
                Ok(Name::interned(text))
            }
        }

        deserializer.deserialize_str(Text)
    }
}

impl JsonSchema for Name {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Name".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        String::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_once() {
        let one = Name::interned(&String::from("a_name_of_this_test"));
        let two: Name = serde_json::from_str("\"a_name_of_this_test\"").expect("a text");
        assert!(std::ptr::eq(one.as_str(), two.as_str()));
        assert_eq!(serde_json::to_string(&one).expect("a text"), "\"a_name_of_this_test\"");
    }

    #[test]
    fn many_threads_get_the_same_copy() {
        let ask = || std::thread::spawn(|| Name::interned("asked_for_by_many").as_str().as_ptr() as usize);
        let asked: Vec<_> = std::iter::repeat_with(ask).take(8).collect();
        let found: BTreeSet<usize> = asked.into_iter().map(|thread| thread.join().expect("no panic")).collect();
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn a_row_and_an_interned_name_are_one() {
        const ROW: Name = Name::row(&"cidr");
        let read = Name::interned(&String::from("cidr"));
        assert_eq!(ROW, read);
        assert_eq!(ROW.cmp(&read), Ordering::Equal);
        assert!(BTreeSet::from([ROW]).contains("cidr"));
        assert!(std::collections::HashSet::from([read]).contains("cidr"));
        assert!(Name::row(&"a") < read && read < Name::row(&"d"));
    }
}
