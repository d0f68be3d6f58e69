//! Where the members of a kind are found by their ids and identifiers: a search looks at no text before it has found one.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, Hash};

use foldhash::fast::RandomState;
use foldhash::{HashMap, HashMapExt as _};

/// Positions by the hash of what names them.
pub(super) struct Index {
    hasher: RandomState,
    /// The first position of each hash.
    first: HashMap<u64, usize>,
    /// The later ones, in their order. Hardly anything has two.
    later: BTreeMap<u64, Vec<usize>>,
}

impl Index {
    pub(super) fn of<'k, K: Hash + ?Sized + 'k>(named: impl Iterator<Item = (&'k K, usize)>) -> Self {
        let mut index =
            Self { hasher: RandomState::default(), first: HashMap::with_capacity(named.size_hint().0), later: BTreeMap::new() };
        for (key, place) in named {
            let hash = index.hasher.hash_one(key);
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
        let hash = self.hasher.hash_one(key);
        let first = self.first.get(&hash);
        let later = first.filter(|_| !self.later.is_empty()).and_then(|_| self.later.get(&hash));
        first.into_iter().chain(later.into_iter().flatten()).copied()
    }
}
