//! Texts by name, few of them: the tags of a resource, the identifiers that others refer to. A sorted list that clones share.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Index;
use std::sync::{Arc, LazyLock};

use schemars::JsonSchema;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::map;
use super::shared::Shared;

/// Names and texts, in the order of the names. It is asked and written as a map is, and is one in JSON.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema)]
#[schemars(transparent)]
pub struct Pairs(#[schemars(with = "BTreeMap<String, String>")] Arc<[(Shared, Shared)]>);

static NONE: LazyLock<Arc<[(Shared, Shared)]>> = LazyLock::new(|| Arc::new([]));

impl Pairs {
    /// Without pairs.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::clone(&NONE))
    }

    fn find(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.as_str().cmp(name))
    }

    /// The text of a name.
    #[must_use]
    pub fn get(&self, name: impl AsRef<str>) -> Option<&Shared> {
        // Lists are short, and of two names the lengths nearly always tell them apart.
        let name = name.as_ref();
        self.0.iter().find(|(known, _)| known.as_str() == name).map(|(_, text)| text)
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
            Ok(place) => Some(std::mem::replace(&mut Arc::make_mut(&mut self.0)[place].1, text)),
            Err(place) => {
                let mut pairs = self.0.to_vec();
                pairs.insert(place, (name, text));
                self.0 = pairs.into();
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
        let mut pairs = self.0.to_vec();
        let (_, text) = pairs.remove(place);
        self.0 = pairs.into();
        Some(text)
    }

    /// Where a text is the other's it becomes the other's copy of it.
    pub fn share(&mut self, other: &Self) {
        let mut others = other.0.iter().peekable();
        for place in 0..self.0.len() {
            let (name, text) = &self.0[place];
            while others.next_if(|(next, _)| next < name).is_some() {}
            let same = others.next_if(|(next, same)| next == name && same == text);
            if let Some((_, same)) = same.filter(|(_, same)| !same.is_shared_with(text)) {
                Arc::make_mut(&mut self.0)[place].1 = same.clone();
            }
        }
    }

    /// Keeps the pairs for which `keep` is true.
    pub fn retain(&mut self, mut keep: impl FnMut(&Shared, &Shared) -> bool) {
        let kept: Vec<_> = self.0.iter().filter(|(name, text)| keep(name, text)).cloned().collect();
        if kept.len() != self.0.len() {
            self.0 = kept.into();
        }
    }

    /// In the order of the names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Shared, &Shared)> + DoubleEndedIterator + Clone {
        self.0.iter().map(|(name, text)| (name, text))
    }

    /// The names, in their order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Shared> + DoubleEndedIterator + Clone {
        self.0.iter().map(|(name, _)| name)
    }

    /// The texts, in the order of their names.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Shared> + DoubleEndedIterator + Clone {
        self.0.iter().map(|(_, text)| text)
    }

    /// How many pairs there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no pair.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
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
        Self(kept.into())
    }
}

impl<N: Into<Shared>, T: Into<Shared>> Extend<(N, T)> for Pairs {
    fn extend<I: IntoIterator<Item = (N, T)>>(&mut self, more: I) {
        let more: Vec<_> = more.into_iter().map(|(name, text)| (name.into(), text.into())).collect();
        if !more.is_empty() {
            *self = self.0.iter().cloned().chain(more).collect();
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
        Vec::from(&self.0[..]).into_iter()
    }
}

impl<'a> IntoIterator for &'a Pairs {
    type Item = (&'a Shared, &'a Shared);
    type IntoIter = std::iter::Map<std::slice::Iter<'a, (Shared, Shared)>, fn(&'a (Shared, Shared)) -> (&'a Shared, &'a Shared)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|(name, text)| (name, text))
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
        assert!(Arc::ptr_eq(&first.0, &second.0), "nothing was changed");
        second.insert("id", "vpc-2");
        assert_eq!((first["id"].as_str(), second["id"].as_str()), ("vpc-1", "vpc-2"));
    }
}
