//! Lists, maps and the names of pairs, shared with the equal ones that this thread made lately. AWS says the same of very many things:
//! the entries of the default ACL of each network, the actions of each policy. Every resource has tags of the same names.

use std::cell::RefCell;
use std::sync::Arc;

use super::shared::Shared;
use super::value::{Map, Value};

/// How many lists, and how many maps, a thread remembers.
const RECENT: usize = 1_024;

/// Longer ones do not repeat often enough.
const LONGEST: usize = 16;

thread_local! {
    static LISTS: RefCell<Vec<Option<Arc<[Value]>>>> = const { RefCell::new(Vec::new()) };
    static NAMES: RefCell<Vec<Option<Arc<[Shared]>>>> = const { RefCell::new(Vec::new()) };
    static MAPS: RefCell<Vec<Option<Arc<Map>>>> = const { RefCell::new(Vec::new()) };
}

/// A list of these items.
pub(super) fn list(items: Vec<Value>) -> Arc<[Value]> {
    if items.is_empty() || items.len() > LONGEST {
        return items.into();
    }
    let place = place(items.iter().map(identity));
    LISTS.with_borrow_mut(|lists| {
        let same = |known: &[Value]| {
            known.len() == items.len() && known.iter().zip(&items).all(|(one, other)| one.is_shared_with(other))
        };
        match slot(lists, place) {
            Some(known) if same(known) => Arc::clone(known),
            slot => Arc::clone(slot.insert(items.into())),
        }
    })
}

/// The names of pairs. They are few, and each is in the process once.
pub(super) fn names(names: &[Shared]) -> Arc<[Shared]> {
    let place = place(names.iter().map(|name| address(name.as_ptr())));
    NAMES.with_borrow_mut(|lists| {
        let same = |known: &[Shared]| {
            known.len() == names.len() && known.iter().zip(names).all(|(one, other)| one.is_shared_with(other))
        };
        match slot(lists, place) {
            Some(known) if same(known) => Arc::clone(known),
            slot => Arc::clone(slot.insert(names.into())),
        }
    })
}

/// The map, or one like it.
pub(super) fn map(map: Map) -> Arc<Map> {
    if map.is_empty() || map.len() > LONGEST {
        return Arc::new(map);
    }
    let place = place(map.iter().flat_map(|(key, value)| [address(key.as_ptr()), identity(value)]));
    MAPS.with_borrow_mut(|maps| {
        let same = |known: &Map| {
            let mut both = known.iter().zip(&map);
            known.len() == map.len()
                && both.all(|((key, value), (other, same))| Arc::ptr_eq(key, other) && value.is_shared_with(same))
        };
        match slot(maps, place) {
            Some(known) if same(known) => Arc::clone(known),
            slot => Arc::clone(slot.insert(Arc::new(map))),
        }
    })
}

/// A newer one takes the place of an older one.
fn slot<T: ?Sized>(known: &mut Vec<Option<Arc<T>>>, place: usize) -> &mut Option<Arc<T>> {
    if known.is_empty() {
        known.resize(RECENT, None);
    }
    &mut known[place]
}

fn address<T: ?Sized>(of: *const T) -> u64 {
    of.cast::<u8>().addr() as u64
}

/// What tells a value from others that do not share what it holds. Two that are equal may have different ones.
fn identity(value: &Value) -> u64 {
    match value {
        Value::Null => 0,
        Value::Bool(value) => 1 + u64::from(*value),
        Value::Int(number) => number.cast_unsigned().rotate_left(7) ^ 3,
        Value::Text(text) => address(Arc::as_ptr(text)),
        Value::List(items) => address(Arc::as_ptr(items)),
        Value::Ref(reference) => address(Arc::as_ptr(reference)),
        Value::Map(map) => address(Arc::as_ptr(map)),
    }
}

fn place(members: impl Iterator<Item = u64>) -> usize {
    const PRIME: u64 = 0x9e37_79b9_7f4a_7c15;
    let mixed = members.fold(0_u64, |hash, member| (hash ^ member).wrapping_mul(PRIME).rotate_left(29));
    usize::try_from(mixed ^ (mixed >> 32)).unwrap_or_default() % RECENT
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: i64) -> Value {
        Value::map([("block", Value::from("0.0.0.0/0")), ("number", Value::Int(number)), ("open", Value::from(true))])
    }

    #[test]
    fn what_is_made_twice_is_there_once() {
        let (one, two) = (Value::list([entry(1), entry(2)]), Value::list([entry(1), entry(2)]));
        assert!(one.is_shared_with(&two), "two lists of equal maps");
        let read: Value = serde_json::from_str(&serde_json::to_string(&one).expect("JSON")).expect("a value");
        assert!(read.is_shared_with(&one), "as read from a document");
    }

    #[test]
    fn what_differs_is_never_shared() {
        let lists: Vec<Vec<Value>> = (0..5_000)
            .map(|number| match number % 4 {
                0 => vec![entry(number)],
                1 => vec![entry(number), Value::Null],
                2 => vec![Value::Int(number), entry(1)],
                _ => vec![Value::from(format!("text {number}")), Value::from(number % 8 == 3)],
            })
            .collect();
        for _ in 0..2 {
            for items in &lists {
                assert_eq!(Value::list(items.iter().cloned()).as_list(), Some(items.as_slice()));
            }
        }
        let swapped = [Value::list([1_i64, 2]), Value::list([2_i64, 1]), Value::list([3_i64]), Value::list([1_i64, 2, 0])];
        assert!((0..4).all(|at| (0..4).all(|other| (at == other) == (swapped[at] == swapped[other]))));
    }

    #[test]
    fn long_ones_are_made_each_time() {
        let long = || Value::list((0..40).map(Value::Int));
        assert!(!long().is_shared_with(&long()) && long() == long());
    }
}
