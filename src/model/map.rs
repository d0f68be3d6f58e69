//! The entries of a map: a sorted list, because nearly every map has a handful and a tree node has room for eleven.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Index;
use std::sync::Arc;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Reads a map entry by entry. The entries are as they stand: in any order, and a key can occur several times.
pub(super) fn entries<'de, K, V, D>(deserializer: D) -> Result<Vec<(K, V)>, D::Error>
where
    K: Deserialize<'de>,
    V: Deserialize<'de>,
    D: Deserializer<'de>,
{
    struct Entries<K, V>(PhantomData<(K, V)>);

    impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Visitor<'de> for Entries<K, V> {
        type Value = Vec<(K, V)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a map")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            // The hint comes from the text: a wrong one must not cost memory.
            let mut entries = Vec::with_capacity(map.size_hint().unwrap_or(8).min(64));
            while let Some(entry) = map.next_entry()? {
                entries.push(entry);
            }
            Ok(entries)
        }
    }

    deserializer.deserialize_map(Entries(PhantomData))
}

/// Names and values, in the order of the names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SortedMap<V>(Vec<(Arc<str>, V)>);

/// In a list of so many each key is looked at: their lengths nearly always tell them apart.
const SHORT: usize = 8;

impl<V> SortedMap<V> {
    /// Without entries.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    fn find(&self, key: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| (**known).cmp(key))
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&V> {
        if self.0.len() <= SHORT {
            return self.0.iter().find(|(known, _)| **known == *key).map(|(_, value)| value);
        }
        self.find(key).ok().map(|place| &self.0[place].1)
    }

    /// Whether there is such a key.
    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The value that was there before.
    pub fn insert(&mut self, key: Arc<str>, value: V) -> Option<V> {
        match self.find(&key) {
            Ok(place) => Some(std::mem::replace(&mut self.0[place].1, value)),
            Err(place) => {
                self.0.insert(place, (key, value));
                None
            }
        }
    }

    /// The value that is taken out.
    pub fn remove(&mut self, key: &str) -> Option<V> {
        self.find(key).ok().map(|place| self.0.remove(place).1)
    }

    /// Keeps the entries for which `keep` is true.
    pub fn retain(&mut self, mut keep: impl FnMut(&Arc<str>, &mut V) -> bool) {
        self.0.retain_mut(|(key, value)| keep(key, value));
    }

    /// In the order of the keys.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &V)> + DoubleEndedIterator + Clone {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// The keys, in their order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Arc<str>> + DoubleEndedIterator + Clone {
        self.0.iter().map(|(key, _)| key)
    }

    /// The values, in the order of their keys.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &V> + DoubleEndedIterator + Clone {
        self.0.iter().map(|(_, value)| value)
    }

    /// The values, in the order of their keys.
    pub fn into_values(self) -> impl ExactSizeIterator<Item = V> {
        self.0.into_iter().map(|(_, value)| value)
    }

    /// How many entries there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no entry.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<V> Default for SortedMap<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V: fmt::Debug> fmt::Debug for SortedMap<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// # Panics
/// When there is no such key.
impl<V> Index<&str> for SortedMap<V> {
    type Output = V;

    fn index(&self, key: &str) -> &V {
        self.get(key).unwrap_or_else(|| panic!("there is no {key}"))
    }
}

impl<V> FromIterator<(Arc<str>, V)> for SortedMap<V> {
    /// The last value of a key counts.
    fn from_iter<I: IntoIterator<Item = (Arc<str>, V)>>(all: I) -> Self {
        let mut entries: Vec<(Arc<str>, V)> = all.into_iter().collect();
        if !entries.is_sorted_by(|(a, _), (b, _)| a < b) {
            // The sort is stable: reversed before and after, the last of one key comes first.
            entries.reverse();
            entries.sort_by(|(a, _), (b, _)| a.cmp(b));
            entries.dedup_by(|(later, _), (first, _)| later == first);
        }
        entries.shrink_to_fit();
        Self(entries)
    }
}

impl<V> Extend<(Arc<str>, V)> for SortedMap<V> {
    fn extend<I: IntoIterator<Item = (Arc<str>, V)>>(&mut self, more: I) {
        let all = std::mem::take(&mut self.0);
        *self = all.into_iter().chain(more).collect();
    }
}

impl<V, const LENGTH: usize> From<[(Arc<str>, V); LENGTH]> for SortedMap<V> {
    fn from(entries: [(Arc<str>, V); LENGTH]) -> Self {
        entries.into_iter().collect()
    }
}

impl<V> IntoIterator for SortedMap<V> {
    type Item = (Arc<str>, V);
    type IntoIter = std::vec::IntoIter<(Arc<str>, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// One entry of a map that is lent.
type Lent<'a, V> = fn(&'a (Arc<str>, V)) -> (&'a Arc<str>, &'a V);

impl<'a, V> IntoIterator for &'a SortedMap<V> {
    type Item = (&'a Arc<str>, &'a V);
    type IntoIter = std::iter::Map<std::slice::Iter<'a, (Arc<str>, V)>, Lent<'a, V>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|(key, value)| (key, value))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::value::{Map, Value};
    use super::*;

    #[test]
    fn it_is_what_a_tree_is() {
        let entries = [("to", 2), ("from", 1), ("peer", 5), ("from", 3), ("to", 4)];
        let entries = || entries.iter().map(|(key, value)| (Arc::from(*key), Value::Int(*value)));
        let (map, tree): (Map, BTreeMap<Arc<str>, Value>) = (entries().collect(), entries().collect());
        assert!(map.iter().eq(tree.iter()) && map.keys().eq(tree.keys()) && map.values().eq(tree.values()));
        assert_eq!(format!("{map:?}"), format!("{tree:?}"));
        let mut extended = Map::from([("zone".into(), Value::Null), ("to".into(), Value::Null)]);
        extended.extend(entries());
        assert_eq!((extended.len(), &extended["to"], &extended["zone"]), (4, &Value::Int(4), &Value::Null));
        assert_eq!(extended.insert("zone".into(), Value::Int(7)), Some(Value::Null));
        assert_eq!((extended.remove("zone"), extended.remove("zone")), (Some(Value::Int(7)), None));
        assert_eq!(extended, map);
        extended.retain(|key, _| &**key != "peer");
        assert!(extended.keys().map(|key| &**key).eq(["from", "to"]));
    }

    #[test]
    fn maps_are_ordered_as_trees_are() {
        let one = |key: &str, value: i64| Map::from([(Arc::from(key), Value::Int(value))]);
        assert!(one("a", 2) < one("b", 1) && one("a", 1) < one("a", 2) && Map::new() < one("a", 1));
    }
}
