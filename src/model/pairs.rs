//! Texts by name, few of them: the tags of a resource, the identifiers that others refer to. A sorted list that clones share.

use std::borrow::Cow;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::iter::Zip;
use std::ops::Index;
use std::slice;
use std::sync::{Arc, LazyLock};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::repeated::Lately;
use super::shared::Shared;
use super::{map, repeated};

/// Names and texts, in the order of the names. It is asked and written as a map is, and is one in JSON. The names are a list of their
/// own: thousands of resources have tags of the same names.
#[derive(Clone, PartialEq, Eq)]
pub struct Pairs {
    names: Arc<[Shared]>,
    /// As many, in the order of the names.
    texts: Arc<[Shared]>,
}

thread_local! {
    static NAMES: Lately<[Shared]> = const { RefCell::new(Vec::new()) };
}

static NONE: LazyLock<Arc<[Shared]>> = LazyLock::new(|| Arc::new([]));

impl Pairs {
    /// Without pairs.
    #[must_use]
    pub fn new() -> Self {
        Self { names: Arc::clone(&NONE), texts: Arc::clone(&NONE) }
    }

    /// Sorted pairs, each name once.
    fn of(pairs: Vec<(Shared, Shared)>) -> Self {
        if pairs.is_empty() {
            return Self::new();
        }
        let (names, texts): (Vec<Shared>, Vec<Shared>) = pairs.into_iter().unzip();
        Self { names: NAMES.with(|lately| repeated::list(lately, names)), texts: texts.into() }
    }

    fn pairs(&self) -> Vec<(Shared, Shared)> {
        self.iter().map(|(name, text)| (name.clone(), text.clone())).collect()
    }

    fn find(&self, name: &str) -> Result<usize, usize> {
        self.names.binary_search_by(|known| known.as_str().cmp(name))
    }

    /// The text of a name.
    #[must_use]
    pub fn get(&self, name: impl AsRef<str>) -> Option<&Shared> {
        // Lists are short, and of two names the lengths nearly always tell them apart.
        let name = name.as_ref();
        self.names.iter().position(|known| known.as_str() == name).map(|place| &self.texts[place])
    }

    /// Whether there is such a name.
    #[must_use]
    pub fn contains_key(&self, name: impl AsRef<str>) -> bool {
        self.get(name).is_some()
    }

    /// The text that was there before.
    pub fn insert(&mut self, name: impl Into<Shared>, text: impl Into<Shared>) -> Option<Shared> {
        let (name, text) = (name.into(), text.into());
        match self.find(&name) {
            Ok(place) => Some(std::mem::replace(&mut Arc::make_mut(&mut self.texts)[place], text)),
            Err(place) => {
                let mut pairs = self.pairs();
                pairs.insert(place, (name, text));
                *self = Self::of(pairs);
                None
            }
        }
    }

    /// Puts it where nothing is.
    pub fn insert_default(&mut self, name: impl Into<Shared>, text: impl FnOnce() -> String) {
        let name = name.into();
        if self.find(&name).is_err() {
            self.insert(name, text());
        }
    }

    /// The text that is taken out.
    pub fn remove(&mut self, name: impl AsRef<str>) -> Option<Shared> {
        let place = self.find(name.as_ref()).ok()?;
        let mut pairs = self.pairs();
        let (_, text) = pairs.remove(place);
        *self = Self::of(pairs);
        Some(text)
    }

    /// Where a text is the other's it becomes the other's copy of it.
    pub fn share(&mut self, other: &Self) {
        let mut others = other.iter().peekable();
        for place in 0..self.names.len() {
            let (name, text) = (&self.names[place], &self.texts[place]);
            while others.next_if(|(next, _)| *next < name).is_some() {}
            let same = others.next_if(|(next, same)| *next == name && *same == text);
            if let Some((_, same)) = same.filter(|(_, same)| !same.is_shared_with(text)) {
                Arc::make_mut(&mut self.texts)[place] = same.clone();
            }
        }
    }

    /// Keeps the pairs for which `keep` is true.
    pub fn retain(&mut self, mut keep: impl FnMut(&Shared, &Shared) -> bool) {
        let mut kept = self.pairs();
        kept.retain(|(name, text)| keep(name, text));
        if kept.len() != self.len() {
            *self = Self::of(kept);
        }
    }

    /// In the order of the names.
    pub fn iter(&self) -> Zip<slice::Iter<'_, Shared>, slice::Iter<'_, Shared>> {
        self.names.iter().zip(self.texts.iter())
    }

    /// The names, in their order.
    pub fn keys(&self) -> slice::Iter<'_, Shared> {
        self.names.iter()
    }

    /// The texts, in the order of their names.
    pub fn values(&self) -> slice::Iter<'_, Shared> {
        self.texts.iter()
    }

    /// How many pairs there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is no pair.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// As a map: pair by pair.
impl Ord for Pairs {
    fn cmp(&self, other: &Self) -> Ordering {
        self.iter().cmp(other)
    }
}

impl PartialOrd for Pairs {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Pairs {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.names.hash(state);
        self.texts.hash(state);
    }
}

/// The shape is that of a map.
impl JsonSchema for Pairs {
    fn inline_schema() -> bool {
        BTreeMap::<String, String>::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        BTreeMap::<String, String>::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        BTreeMap::<String, String>::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        BTreeMap::<String, String>::json_schema(generator)
    }
}

impl Default for Pairs {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Pairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// # Panics
/// When there is no such name.
impl<N: AsRef<str>> Index<N> for Pairs {
    type Output = Shared;

    fn index(&self, name: N) -> &Shared {
        let name = name.as_ref();
        self.get(name).unwrap_or_else(|| panic!("there is no {name}"))
    }
}

impl<N: Into<Shared>, T: Into<Shared>> FromIterator<(N, T)> for Pairs {
    /// The last text of a name counts.
    fn from_iter<I: IntoIterator<Item = (N, T)>>(all: I) -> Self {
        let mut pairs: Vec<(Shared, Shared)> = all.into_iter().map(|(name, text)| (name.into(), text.into())).collect();
        if pairs.is_empty() {
            return Self::new();
        }
        // The sort is stable: of several with one name the last stays last, and is the one to keep.
        pairs.sort_by(|(a, _), (b, _)| b.cmp(a));
        pairs.reverse();
        let mut kept: Vec<(Shared, Shared)> = Vec::with_capacity(pairs.len());
        for pair in pairs {
            if kept.last().is_none_or(|last| last.0 != pair.0) {
                kept.push(pair);
            }
        }
        Self::of(kept)
    }
}

impl<N: Into<Shared>, T: Into<Shared>> Extend<(N, T)> for Pairs {
    fn extend<I: IntoIterator<Item = (N, T)>>(&mut self, more: I) {
        let more: Vec<_> = more.into_iter().map(|(name, text)| (name.into(), text.into())).collect();
        if !more.is_empty() {
            *self = self.pairs().into_iter().chain(more).collect();
        }
    }
}

impl<N: Into<Shared>, T: Into<Shared>, const LENGTH: usize> From<[(N, T); LENGTH]> for Pairs {
    fn from(pairs: [(N, T); LENGTH]) -> Self {
        pairs.into_iter().collect()
    }
}

impl IntoIterator for Pairs {
    type Item = (Shared, Shared);
    type IntoIter = std::vec::IntoIter<(Shared, Shared)>;

    fn into_iter(self) -> Self::IntoIter {
        self.pairs().into_iter()
    }
}

impl<'a> IntoIterator for &'a Pairs {
    type Item = (&'a Shared, &'a Shared);
    type IntoIter = Zip<slice::Iter<'a, Shared>, slice::Iter<'a, Shared>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Serialize for Pairs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries: Vec<(Known, Shared)> = map::entries(deserializer)?;
        Ok(entries.into_iter().map(|(Known(name), text)| (name, text)).collect())
    }
}

/// The name of a pair: there are few, so each is in the process once.
struct Known(Shared);

impl<'de> Deserialize<'de> for Known {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Known;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Known, E> {
                Ok(Known(Shared::common(text)))
            }
        }

        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_a_map() {
        let mut pairs = Pairs::from([("id", "vpc-1"), ("arn", "arn:1"), ("id", "vpc-2")]);
        assert_eq!((pairs.len(), pairs["id"].as_str(), pairs.get("name")), (2, "vpc-2", None));
        let json = "{\"arn\":\"arn:1\",\"id\":\"vpc-2\"}";
        assert_eq!(serde_json::to_string(&pairs).expect("plain data"), json);
        assert_eq!(serde_json::from_str::<Pairs>("{\"id\":\"vpc-1\",\"arn\":\"arn:1\",\"id\":\"vpc-2\"}").expect("a map"), pairs);
        assert_eq!(pairs.insert("id", "vpc-3").as_deref(), Some("vpc-2"));
        assert_eq!(pairs.insert("name", "acme"), None);
        pairs.extend([("zone", "a"), ("arn", "arn:2")]);
        assert_eq!(pairs.keys().map(Shared::as_str).collect::<Vec<_>>(), ["arn", "id", "name", "zone"]);
        assert_eq!(pairs.remove("arn").as_deref(), Some("arn:2"));
        pairs.retain(|name, _| name != "zone");
        let map: BTreeMap<String, String> = pairs.iter().map(|(name, text)| (name.into(), text.into())).collect();
        assert_eq!(format!("{pairs:?}"), format!("{map:?}"));
        assert_eq!(pairs, Pairs::from_iter(map));
        assert!(Pairs::default().is_empty() && Pairs::from_iter([("a", "b"); 0]).is_empty());
    }

    #[test]
    fn a_clone_shares_until_it_is_changed() {
        let first = Pairs::from([("id", "vpc-1")]);
        let mut second = first.clone();
        second.retain(|_, _| true);
        assert_eq!(second.remove("arn"), None);
        assert!(Arc::ptr_eq(&first.texts, &second.texts), "nothing was changed");
        second.insert("id", "vpc-2");
        assert_eq!((first["id"].as_str(), second["id"].as_str()), ("vpc-1", "vpc-2"));
        assert!(Arc::ptr_eq(&first.names, &second.names), "the names are the same");
    }

    #[test]
    fn names_that_repeat_are_there_once() {
        let read = |text: &str| serde_json::from_str::<Pairs>(text).expect("a map");
        let (one, two) = (read("{\"arn\":\"arn:1\",\"id\":\"vpc-1\"}"), read("{\"id\":\"vpc-2\",\"arn\":\"arn:2\"}"));
        assert!(Arc::ptr_eq(&one.names, &two.names));
    }

    #[test]
    fn they_are_ordered_as_maps_are() {
        let one = |pairs: &[(&str, &str)]| pairs.iter().copied().collect::<Pairs>();
        let lists = [one(&[]), one(&[("a", "1")]), one(&[("a", "1"), ("b", "0")]), one(&[("a", "2")]), one(&[("b", "0")])];
        assert!(lists.is_sorted() && lists.windows(2).all(|two| two[0] != two[1]));
    }
}
