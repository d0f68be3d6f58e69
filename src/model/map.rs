//! The entries of a map value: a sorted list, because nearly every map has a handful and a tree node has room for eleven.

use std::fmt;
use std::ops::Index;
use std::sync::Arc;

use super::value::Value;

/// Names and values, in the order of the names.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Map(Vec<(Arc<str>, Value)>);

/// In a list of so many each key is looked at: their lengths nearly always tell them apart.
const SHORT: usize = 8;

impl Map {
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    fn find(&self, key: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| (**known).cmp(key))
    }

    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        if self.0.len() <= SHORT {
            return self.0.iter().find(|(known, _)| **known == *key).map(|(_, value)| value);
        }
        self.find(key).ok().map(|place| &self.0[place].1)
    }

    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The value that was there before.
    pub fn insert(&mut self, key: Arc<str>, value: Value) -> Option<Value> {
        match self.find(&key) {
            Ok(place) => Some(std::mem::replace(&mut self.0[place].1, value)),
            Err(place) => {
                self.0.insert(place, (key, value));
                None
            }
        }
    }

    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.find(key).ok().map(|place| self.0.remove(place).1)
    }

    pub fn retain(&mut self, mut keep: impl FnMut(&Arc<str>, &mut Value) -> bool) {
        self.0.retain_mut(|(key, value)| keep(key, value));
    }

    /// In the order of the keys.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &Value)> + DoubleEndedIterator + Clone {
        self.0.iter().map(|(key, value)| (key, value))
    }

    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Arc<str>> + DoubleEndedIterator + Clone {
        self.0.iter().map(|(key, _)| key)
    }

    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> + DoubleEndedIterator + Clone {
        self.0.iter().map(|(_, value)| value)
    }

    pub fn into_values(self) -> impl ExactSizeIterator<Item = Value> {
        self.0.into_iter().map(|(_, value)| value)
    }

    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// # Panics
/// When there is no such key.
impl Index<&str> for Map {
    type Output = Value;

    fn index(&self, key: &str) -> &Value {
        self.get(key).unwrap_or_else(|| panic!("there is no {key}"))
    }
}

impl FromIterator<(Arc<str>, Value)> for Map {
    /// The last value of a key counts.
    fn from_iter<I: IntoIterator<Item = (Arc<str>, Value)>>(all: I) -> Self {
        let mut entries: Vec<(Arc<str>, Value)> = all.into_iter().collect();
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

impl Extend<(Arc<str>, Value)> for Map {
    fn extend<I: IntoIterator<Item = (Arc<str>, Value)>>(&mut self, more: I) {
        let all = std::mem::take(&mut self.0);
        *self = all.into_iter().chain(more).collect();
    }
}

impl<const LENGTH: usize> From<[(Arc<str>, Value); LENGTH]> for Map {
    fn from(entries: [(Arc<str>, Value); LENGTH]) -> Self {
        entries.into_iter().collect()
    }
}

impl IntoIterator for Map {
    type Item = (Arc<str>, Value);
    type IntoIter = std::vec::IntoIter<(Arc<str>, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// One entry of a map that is lent.
type Lent<'a> = fn(&'a (Arc<str>, Value)) -> (&'a Arc<str>, &'a Value);

impl<'a> IntoIterator for &'a Map {
    type Item = (&'a Arc<str>, &'a Value);
    type IntoIter = std::iter::Map<std::slice::Iter<'a, (Arc<str>, Value)>, Lent<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|(key, value)| (key, value))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

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
