//! Text that clones share: names in ids, tags, identifiers. There are millions of them, and most are copies of others.

use std::borrow::{Borrow, Cow};
use std::cell::RefCell;
use std::cmp::Ordering;
use std::fmt::{self, Write as _};
use std::ops::Deref;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use foldhash::HashSet;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text. A clone copies nothing; two are equal when their texts are.
#[derive(Clone)]
pub struct Shared(Arc<str>);

/// One copy each of the texts that repeat everywhere: kinds, keys of tags. Held until the process ends, so there is a limit:
/// what comes from a world nobody controls must not grow it.
static COMMON: LazyLock<RwLock<HashSet<Shared>>> = LazyLock::new(RwLock::default);

const MOST_COMMON: usize = 512;

/// Longer ones do not repeat.
const LONGEST_COMMON: usize = 40;

/// How many texts a thread remembers that were made lately.
const RECENT: usize = 4_096;

/// Longer ones do not repeat often enough.
const LONGEST_RECENT: usize = 96;

thread_local! {
    /// By a part of their hash; a newer one takes the place of an older one.
    static RECENTLY: RefCell<Vec<Option<Arc<str>>>> = const { RefCell::new(Vec::new()) };
    /// Where a text is put together.
    static WRITTEN: RefCell<String> = const { RefCell::new(String::new()) };
}

/// A text, shared with the one that this thread made lately, if it made one. What is read or compiled together repeats itself:
/// the name of a tenant, of a zone, of a network to which three subnets lead.
#[must_use]
pub(super) fn recent(text: &str) -> Arc<str> {
    if text.len() > LONGEST_RECENT {
        return text.into();
    }
    RECENTLY.with_borrow_mut(|recently| {
        if recently.is_empty() {
            recently.resize(RECENT, None);
        }
        let slot = &mut recently[place(text.as_bytes(), RECENT)];
        if let Some(known) = slot.as_ref().filter(|known| ***known == *text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        *slot = Some(Arc::clone(&new));
        new
    })
}

/// Where a key is remembered: FNV-1a of eight bytes at a time, folded.
pub(super) fn place(key: &[u8], places: usize) -> usize {
    const PRIME: u64 = 0x0100_0000_01b3;
    let (words, rest) = key.as_chunks::<8>();
    let words = words.iter().map(|word| u64::from_le_bytes(*word));
    let mixed = |hash: u64, word: u64| (hash ^ word).wrapping_mul(PRIME).rotate_left(23);
    let hash = words.chain(rest.iter().map(|byte| u64::from(*byte))).fold(0xcbf2_9ce4_8422_2325, mixed);
    usize::try_from(hash ^ (hash >> 32)).unwrap_or_default() % places
}

impl Shared {
    /// For texts that very many others are equal to: one copy of them in the process, as far as there is room.
    #[must_use]
    pub fn common(text: &str) -> Self {
        if let Some(known) = COMMON.read().unwrap_or_else(PoisonError::into_inner).get(text) {
            return known.clone();
        }
        let new = Self::from(text);
        let mut common = COMMON.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have come first between the two locks.
        if let Some(known) = common.get(text) {
            return known.clone();
        }
        if common.len() < MOST_COMMON && text.len() <= LONGEST_COMMON {
            common.insert(new.clone());
        }
        new
    }

    /// What is displayed, as a text. It is written into memory that this thread keeps, and copied once.
    #[must_use]
    pub fn displayed(what: impl fmt::Display) -> Self {
        let mut written = WRITTEN.take();
        written.clear();
        // A `String` takes everything. What a `Display` refuses to say is not said.
        _ = write!(written, "{what}");
        let text = recent(&written);
        WRITTEN.set(written);
        Self(text)
    }

    /// Whether the two are one text. Where they are not, they may still be equal.
    pub(super) fn is_shared_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Shared {
    fn default() -> Self {
        Self::common("")
    }
}

impl Deref for Shared {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Shared {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Sets and maps of them are asked by text: order, equality and hash are those of the text.
impl Borrow<str> for Shared {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        self.is_shared_with(other) || self.0 == other.0
    }
}

impl Eq for Shared {}

impl PartialOrd for Shared {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Shared {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.is_shared_with(other) { Ordering::Equal } else { self.0.cmp(&other.0) }
    }
}

impl std::hash::Hash for Shared {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl PartialEq<str> for Shared {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other
    }
}

impl PartialEq<&str> for Shared {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == **other
    }
}

impl PartialEq<String> for Shared {
    fn eq(&self, other: &String) -> bool {
        *self.0 == **other
    }
}

impl PartialEq<Shared> for str {
    fn eq(&self, other: &Shared) -> bool {
        *self == *other.0
    }
}

impl PartialEq<Shared> for &str {
    fn eq(&self, other: &Shared) -> bool {
        **self == *other.0
    }
}

impl PartialEq<Shared> for String {
    fn eq(&self, other: &Shared) -> bool {
        **self == *other.0
    }
}

impl From<&str> for Shared {
    fn from(text: &str) -> Self {
        Self(recent(text))
    }
}

impl From<String> for Shared {
    fn from(text: String) -> Self {
        Self(recent(&text))
    }
}

impl From<&String> for Shared {
    fn from(text: &String) -> Self {
        Self(recent(text))
    }
}

impl From<&Self> for Shared {
    fn from(text: &Self) -> Self {
        text.clone()
    }
}

impl From<Arc<str>> for Shared {
    fn from(text: Arc<str>) -> Self {
        Self(text)
    }
}

impl From<Shared> for Arc<str> {
    fn from(text: Shared) -> Self {
        text.0
    }
}

impl From<Shared> for String {
    fn from(text: Shared) -> Self {
        text.as_str().to_owned()
    }
}

impl From<&Shared> for String {
    fn from(text: &Shared) -> Self {
        text.as_str().to_owned()
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for Shared {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Shared {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl serde::de::Visitor<'_> for Text {
            type Value = Shared;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Shared, E> {
                Ok(Shared::from(text))
            }
        }

        deserializer.deserialize_str(Text)
    }
}

impl JsonSchema for Shared {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Shared".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_common_text_is_kept_once() {
        let (one, two) = (Shared::common("a-kind-of-this-test"), Shared::common(&String::from("a-kind-of-this-test")));
        assert!(Arc::ptr_eq(&one.0, &two.0));
        let long = "a-text-that-is-much-longer-than-a-kind-or-a-key";
        assert_eq!(Shared::common(long), *long);
        assert!(!COMMON.read().expect("no panic").contains(long), "it is not held");
    }

    #[test]
    fn what_was_made_lately_is_shared() {
        let (one, two) = (Shared::from("acme-of-this-test"), recent("acme-of-this-test"));
        assert!(Arc::ptr_eq(&one.0, &two));
        let many: Vec<Arc<str>> = (0..3 * RECENT).map(|number| recent(&number.to_string())).collect();
        assert!(many.iter().enumerate().all(|(number, text)| **text == *number.to_string()), "none stands for another");
        let long = "x".repeat(LONGEST_RECENT + 1);
        assert!(!Arc::ptr_eq(&recent(&long), &recent(&long)));
    }

    #[test]
    fn it_is_its_text() {
        let read: Shared = serde_json::from_str("\"acme\"").expect("a text");
        assert_eq!((read.as_str(), serde_json::to_string(&read).expect("a text")), ("acme", "\"acme\"".to_owned()));
        assert_eq!(read, Shared::from("acme"));
        assert_eq!((format!("{read:>6}"), format!("{read:?}")), ("  acme".to_owned(), "\"acme\"".to_owned()));
        assert!(HashSet::from_iter([read.clone()]).contains("acme"));
        let sorted = [Shared::default(), Shared::from("a"), read, Shared::from("b")];
        assert!(sorted.is_sorted_by(|one, two| one < two) && sorted[0].is_empty());
    }
}
