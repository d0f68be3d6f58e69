//! Two sorted states side by side: what one says of the ids of the other, without looking each of them up from the top.

use std::cmp::Ordering;
use std::collections::{BTreeMap, btree_map};
use std::iter::Peekable;

use super::id::ResourceId;

/// A state that is asked for ids in their order.
#[derive(Debug, Clone)]
pub struct SortedLookup<'a, V> {
    left: Peekable<btree_map::Range<'a, ResourceId, V>>,
    /// What was found last. It may be asked for again.
    last: Option<(&'a ResourceId, &'a V)>,
}

impl<'a, V> SortedLookup<'a, V> {
    /// Begins at the first key of the map.
    #[must_use]
    pub fn of(state: &'a BTreeMap<ResourceId, V>) -> Self {
        Self { left: state.range(..).peekable(), last: None }
    }

    /// For what is asked from this id on.
    #[must_use]
    pub fn from(state: &'a BTreeMap<ResourceId, V>, first: ResourceId) -> Self {
        Self { left: state.range(first..).peekable(), last: None }
    }

    /// What the state says of `id`. No id that was asked for before may come after this one.
    pub fn get(&mut self, id: &ResourceId) -> Option<&'a V> {
        self.entry(id).map(|(_, value)| value)
    }

    /// The same, with the id as the state has it.
    pub fn entry(&mut self, id: &ResourceId) -> Option<(&'a ResourceId, &'a V)> {
        while let Some((next, _)) = self.left.peek() {
            match (*next).cmp(id) {
                Ordering::Less => _ = self.left.next(),
                Ordering::Equal => {
                    self.last = self.left.next();
                    return self.last;
                }
                Ordering::Greater => break,
            }
        }
        self.last.filter(|(last, _)| *last == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Region;

    #[test]
    fn each_id_finds_its_own() {
        let id = |name: &str| ResourceId::new("vpc", name, Region::Tokyo);
        let state: BTreeMap<ResourceId, u8> = [(id("b"), 1), (id("d"), 2), (id("f"), 3)].into();
        let mut beside = SortedLookup::of(&state);
        let found: Vec<Option<u8>> = ["a", "b", "b", "c", "f", "f", "g", "g"].map(|name| beside.get(&id(name)).copied()).into();
        assert_eq!(found, [None, Some(1), Some(1), None, Some(3), Some(3), None, None]);
    }
}
