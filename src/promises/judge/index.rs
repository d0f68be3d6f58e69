//! Where the members of a kind are found by their ids and identifiers: a search looks at no text before it has found one.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, Hash};

use foldhash::fast::RandomState;
use foldhash::{HashMap, HashMapExt as _};

/// Positions by a half of the hash of what names them. There is one for each kind and each of its members is in it, so it is small: no
/// memory holds four thousand million members.
pub(super) struct Index {
    hasher: RandomState,
    /// The first position of each hash.
    first: HashMap<u32, u32>,
    /// The later ones, in their order. Hardly anything has two.
    later: BTreeMap<u32, Vec<u32>>,
}

impl Index {
    /// `many`: about how many names there are.
    pub(super) fn of<'k, K: Hash + ?Sized + 'k>(many: usize, named: impl Iterator<Item = (&'k K, usize)>) -> Self {
        let mut index = Self { hasher: RandomState::default(), first: HashMap::with_capacity(many), later: BTreeMap::new() };
        for (key, place) in named {
            let (hash, place) = (index.hash(key), u32::try_from(place).unwrap_or(u32::MAX));
            let first = *index.first.entry(hash).or_insert(place);
            let later = || index.later.get(&hash).and_then(|later| later.last());
            if first != place && later() != Some(&place) {
                index.later.entry(hash).or_default().push(place);
            }
        }
        index
    }

    /// The positions of a key, and perhaps of others.
    pub(super) fn at<K: Hash + ?Sized>(&self, key: &K) -> impl Iterator<Item = usize> + use<'_, K> {
        let hash = self.hash(key);
        let first = self.first.get(&hash);
        let later = first.filter(|_| !self.later.is_empty()).and_then(|_| self.later.get(&hash));
        first.into_iter().chain(later.into_iter().flatten()).map(|place| *place as usize)
    }

    fn hash<K: Hash + ?Sized>(&self, key: &K) -> u32 {
        u32::try_from(self.hasher.hash_one(key) >> 32).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_leads_to_its_places_though_hashes_meet() {
        let names: Vec<String> = (0..200_000).map(|number| format!("i-{number:08x}")).collect();
        let twice = names.iter().chain(&names[..3]).zip(0..);
        let index = Index::of(names.len(), twice.map(|(name, place)| (name.as_str(), place)));
        let found = |name: &str| index.at(name).collect::<Vec<_>>();
        assert!(names.iter().enumerate().all(|(place, name)| found(name).contains(&place)));
        assert!(found(&names[2]).contains(&200_002), "the later place as well");
    }
}
