//! Lists and maps, shared with the equal ones that this thread made lately. AWS says the same of very many things: the entries of the
//! default ACL of each network, the actions of each policy. Every resource has tags of the same names.

use std::cell::RefCell;
use std::sync::Arc;

use super::map::SortedMap;
use super::name::Name;
use super::shared::Shared;

/// How many a thread remembers of each.
const RECENT: usize = 1_024;

/// Longer ones do not repeat often enough.
const LONGEST: usize = 16;

/// The lists, or the maps, that a thread made lately, by a part of what tells them apart. A newer one takes the place of an older one.
pub(super) type Lately<T> = RefCell<Vec<Option<Arc<T>>>>;

/// What is compared without looking into it.
pub(super) trait Alike {
    /// What tells it from others that do not share what it holds. Two that are equal may have different ones.
    fn identity(&self) -> u64;

    /// Whether the two hold nothing of their own. Where they do, they may still be equal.
    fn is_alike(&self, other: &Self) -> bool;
}

impl Alike for Name {
    fn identity(&self) -> u64 {
        address(self.as_str().as_ptr())
    }

    fn is_alike(&self, other: &Self) -> bool {
        self.is_same(*other)
    }
}

impl Alike for Shared {
    fn identity(&self) -> u64 {
        address(self.as_ptr())
    }

    fn is_alike(&self, other: &Self) -> bool {
        self.is_shared_with(other)
    }
}

/// A list of these items.
pub(super) fn list<T: Alike>(lately: &Lately<[T]>, items: Vec<T>) -> Arc<[T]> {
    list_up_to(LONGEST, lately, items)
}

/// The same where lists up to another length repeat.
pub(super) fn list_up_to<T: Alike>(longest: usize, lately: &Lately<[T]>, items: Vec<T>) -> Arc<[T]> {
    if items.is_empty() || items.len() > longest {
        return items.into();
    }
    let same = |known: &[T]| known.len() == items.len() && known.iter().zip(&items).all(|(one, other)| one.is_alike(other));
    match slot(&mut lately.borrow_mut(), items.iter().map(T::identity)) {
        Some(known) if same(known) => Arc::clone(known),
        slot => Arc::clone(slot.insert(items.into())),
    }
}

/// The map, or one like it.
pub(super) fn map<V: Alike>(lately: &Lately<SortedMap<V>>, map: SortedMap<V>) -> Arc<SortedMap<V>> {
    if map.is_empty() || map.len() > LONGEST {
        return Arc::new(map);
    }
    let same = |known: &SortedMap<V>| {
        let mut both = known.iter().zip(&map);
        known.len() == map.len() && both.all(|((key, value), (other, same))| Arc::ptr_eq(key, other) && value.is_alike(same))
    };
    match slot(&mut lately.borrow_mut(), map.iter().flat_map(|(key, value)| [address(key.as_ptr()), value.identity()])) {
        Some(known) if same(known) => Arc::clone(known),
        slot => Arc::clone(slot.insert(Arc::new(map))),
    }
}

/// Where one with these members is remembered.
fn slot<T: ?Sized>(known: &mut Vec<Option<Arc<T>>>, members: impl Iterator<Item = u64>) -> &mut Option<Arc<T>> {
    const PRIME: u64 = 0x9e37_79b9_7f4a_7c15;
    if known.is_empty() {
        known.resize(RECENT, None);
    }
    let mixed = members.fold(0_u64, |hash, member| (hash ^ member).wrapping_mul(PRIME).rotate_left(29));
    &mut known[usize::try_from(mixed ^ (mixed >> 32)).unwrap_or_default() % RECENT]
}

/// Where something is, as a number.
pub(super) fn address<T: ?Sized>(of: *const T) -> u64 {
    of.cast::<u8>().addr() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, PartialEq)]
    struct Number(u64);

    impl Alike for Number {
        /// Many have the same.
        fn identity(&self) -> u64 {
            self.0 % 7
        }

        fn is_alike(&self, other: &Self) -> bool {
            self == other
        }
    }

    fn numbers(of: u64) -> Vec<Number> {
        (of..of + 1 + of % 5).map(Number).collect()
    }

    #[test]
    fn what_is_made_twice_is_there_once() {
        let lately = Lately::default();
        assert!(Arc::ptr_eq(&list(&lately, numbers(3)), &list(&lately, numbers(3))));
        let lately = Lately::default();
        let key: Arc<str> = "key".into();
        let one = || map(&lately, SortedMap::from([(Arc::clone(&key), Number(1))]));
        assert!(Arc::ptr_eq(&one(), &one()));
    }

    #[test]
    fn what_differs_is_never_shared() {
        let (lists, maps) = (Lately::default(), Lately::default());
        let keys: Vec<Arc<str>> = ["a", "b", "c"].map(Arc::from).to_vec();
        for of in (0..3_000).chain((0..3_000).rev()) {
            assert_eq!(&*list(&lists, numbers(of)), numbers(of));
            let key = &keys[usize::try_from(of % 3).expect("small")];
            let one = SortedMap::from([(Arc::clone(key), Number(of))]);
            assert_eq!(*map(&maps, one.clone()), one);
        }
        let swapped = [vec![Number(1), Number(8)], vec![Number(8), Number(1)], vec![Number(1)], vec![]];
        assert!(swapped.iter().all(|items| *list(&lists, items.clone()) == items[..]));
    }

    #[test]
    fn long_ones_are_made_each_time() {
        let lately = Lately::default();
        let long = || list(&lately, (0..40).map(Number).collect());
        assert!(!Arc::ptr_eq(&long(), &long()) && long() == long());
    }
}
