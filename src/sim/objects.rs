//! The objects of the simulated AWS in the order of their keys, with indexes, so that no call scans all objects.

use std::collections::btree_map::Entry as Slot;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::Bound;
use std::sync::Arc;

use crate::kinds;
use crate::model::{Attributes, Region};
use crate::world::behaviour::SimObject;

use super::derived;
use super::entry::Key;

#[derive(Debug, Clone, Default)]
pub struct Objects {
    all: BTreeMap<Arc<Key>, SimObject>,
    /// The key of an index, as a number: an output, or a value that no two objects of a kind may share. Two values may have one
    /// number, so the caller checks each object that it finds.
    marks: BTreeMap<u64, Vec<Arc<Key>>>,
}

impl Objects {
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<&SimObject> {
        self.all.get(key)
    }

    pub fn values(&self) -> impl Iterator<Item = &SimObject> {
        self.all.values()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Key, &SimObject)> {
        self.all.iter().map(|(key, object)| (&**key, object))
    }

    pub(super) fn put(&mut self, object: SimObject) {
        let key = Arc::new(Key::of(&object));
        let (before, new) = (self.all.get(&key).map(marks).unwrap_or_default(), marks(&object));
        for mark in before.difference(&new) {
            self.forget(*mark, &key);
        }
        for mark in new.difference(&before) {
            self.marks.entry(*mark).or_default().push(Arc::clone(&key));
        }
        self.all.insert(key, object);
    }

    pub(super) fn remove(&mut self, key: &Key) {
        for mark in self.all.remove(key).as_ref().map(marks).unwrap_or_default() {
            self.forget(mark, key);
        }
    }

    fn forget(&mut self, mark: u64, key: &Key) {
        if let Slot::Occupied(mut found) = self.marks.entry(mark) {
            found.get_mut().retain(|other| **other != *key);
            if found.get().is_empty() {
                found.remove();
            }
        }
    }

    /// In the order of their keys.
    fn marked(&self, marks: impl IntoIterator<Item = u64>) -> impl Iterator<Item = &SimObject> {
        let keys: BTreeSet<&Arc<Key>> = marks.into_iter().filter_map(|mark| self.marks.get(&mark)).flatten().collect();
        keys.into_iter().filter_map(|key| self.all.get(key))
    }

    /// Everything in one account.
    pub(super) fn in_account<'a>(&'a self, account: &'a str) -> impl Iterator<Item = &'a SimObject> {
        self.from(account, Region::ALL[0], "").take_while(move |object| object.account == account)
    }

    /// One kind in one region of one account.
    pub(super) fn of_kind<'a>(&'a self, account: &'a str, region: Region, kind: &'a str) -> impl Iterator<Item = &'a SimObject> {
        let here = move |object: &&SimObject| object.account == account && object.region == region && object.kind == kind;
        self.from(account, region, kind).take_while(here)
    }

    fn from(&self, account: &str, region: Region, kind: &str) -> impl Iterator<Item = &SimObject> {
        let first = Key { account: account.to_owned(), region, kind: kind.to_owned(), physical: String::new() };
        self.all.range::<Key, _>((Bound::Included(&first), Bound::Unbounded)).map(|(_, object)| object)
    }

    /// Every account with an object.
    pub(super) fn accounts(&self) -> impl Iterator<Item = &str> {
        let first = self.all.values().next();
        std::iter::successors(first, |object| {
            // The next account begins after every possible key of this one.
            let last = Key {
                account: format!("{}\0", object.account),
                region: Region::ALL[0],
                kind: String::new(),
                physical: String::new(),
            };
            self.all.range::<Key, _>((Bound::Included(&last), Bound::Unbounded)).next().map(|(_, object)| object)
        })
        .map(|object| object.account.as_str())
    }

    /// Every object of this kind with this physical identifier in one account, in any region.
    pub(super) fn called(&self, account: &str, kind: &str, physical: &str) -> impl Iterator<Item = &SimObject> {
        let key = move |region| Key { account: account.to_owned(), region, kind: kind.to_owned(), physical: physical.to_owned() };
        Region::ALL.into_iter().filter_map(move |region| self.all.get(&key(region)))
    }

    /// Every object with this output, in the order of the keys.
    pub(super) fn with_output<'a>(&'a self, output: &'a str, value: &'a str) -> impl Iterator<Item = &'a SimObject> {
        let has = move |object: &&SimObject| object.outputs.get(output).is_some_and(|own| own == value);
        self.marked([mark_of_output(output, value)]).filter(has)
    }

    /// The objects with which a new object of this kind may collide, in the order of the keys; not all of them do.
    pub(super) fn near(&self, kind: &kinds::Kind, region: Region, attributes: &Attributes) -> impl Iterator<Item = &SimObject> {
        self.marked(marks_of_kind(kind, region, attributes))
            .filter(move |object| object.region == region && object.kind == kind.schema.kind)
    }
}

fn marks(object: &SimObject) -> BTreeSet<u64> {
    let outputs = object.outputs.iter().map(|(output, value)| mark_of_output(output, value));
    let kind = kinds::find(&object.kind);
    outputs.chain(kind.into_iter().flat_map(|kind| marks_of_kind(kind, object.region, &object.attributes))).collect()
}

fn mark_of_output(output: &str, value: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    ("output", output, value).hash(&mut hasher);
    hasher.finish()
}

fn marks_of_kind(kind: &kinds::Kind, region: Region, attributes: &Attributes) -> Vec<u64> {
    let mark = |(name, text): (_, Option<&str>)| {
        let mut hasher = DefaultHasher::new();
        ("kind", kind.schema.kind, region, name, text).hash(&mut hasher);
        hasher.finish()
    };
    derived::apart(kind.behaviour, kind.schema, attributes).into_iter().map(mark).collect()
}
