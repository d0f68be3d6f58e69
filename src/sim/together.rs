//! What belongs together in the simulated AWS: objects that AWS makes and deletes with another one, and objects of which each
//! belongs to one of another kind.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::kinds::{self, Kind};
use crate::model::tags::Tags;
use crate::model::{Attributes, Home, Name, Region, Value};
use crate::world::behaviour::{ApiRefusal, Associates, Mint, Neighbours, SimObject};

use super::derived;
use super::entry::{Key, LogEntry};
use super::objects::Objects;

/// The line of a new object, with what AWS makes together with it. That has the same number and is ready at once.
pub(super) fn made(at: Timestamp, by: &str, serial: u64, object: SimObject) -> LogEntry {
    let mint = Mint { home: Home { account: &object.account, region: object.region }, serial };
    let all = derived::made_with(&object.kind, &object.physical, &object.attributes, &mint);
    let with = all.map(|(kind, physical, outputs, attributes)| SimObject {
        account: object.account.clone(),
        region: object.region,
        kind: kind.schema.kind.to_owned(),
        physical,
        outputs,
        attributes,
        tags: Tags::new(),
        state: kind.behaviour.settled.to_owned(),
        settled: kind.behaviour.settled.to_owned(),
        settles_at: at,
        shown_at: object.shown_at,
        pending: Vec::new(),
        made_with: Some(object.physical.clone()),
    });
    let with = with.collect();
    LogEntry::Put { at, by: by.to_owned(), verb: "create".to_owned(), object: Box::new(object), with }
}

/// What goes with the object of this key.
pub(super) fn gone_with(objects: &Objects, key: &Key) -> Vec<Key> {
    let kinds = kinds::ALL.into_iter().filter(|kind| kind.behaviour.made_with.is_some_and(|made| made.kind == key.kind));
    let of_kind = kinds.flat_map(|kind| objects.of_kind(&key.account, key.region, kind.schema.kind));
    of_kind.filter(|object| object.made_with.as_ref() == Some(&key.physical)).map(Key::of).collect()
}

/// Refuses to delete what goes only with another object, and what another object uses.
pub(super) fn deletable(kind: &Kind, object: &SimObject, neighbours: &dyn Neighbours) -> Result<(), ApiRefusal> {
    if let (Some(made), Some(_)) = (kind.behaviour.made_with, &object.made_with) {
        let (code, message) = made.kept;
        return Err(ApiRefusal::invalid(code, message.replace("{}", &object.physical)));
    }
    (kind.behaviour.deletable)(object, neighbours)
}

/// Whether an object that this attribute names cannot be deleted.
pub(super) fn keeps(object: &SimObject, attribute: Name) -> bool {
    let associates = kinds::find(&object.kind).and_then(|kind| kind.behaviour.associates);
    associates.is_none_or(|associates| associates.attribute != attribute)
}

/// Which objects belong to which object of a kind, in one region of one account.
pub(super) struct Associated {
    of: Associates,
    /// The identifiers of those that are there.
    there: BTreeSet<String>,
    /// Of those the ones that no object of the kind lists, by their place.
    unlisted: BTreeMap<Value, Vec<String>>,
}

impl Associated {
    /// `None` for a kind to which nothing belongs.
    pub(super) fn of(kind: &Kind, objects: &Objects, account: &str, region: Region) -> Option<Self> {
        let of = kind.behaviour.associates?;
        let lists = objects.of_kind(account, region, kind.schema.kind);
        let listed: BTreeSet<&str> = lists.flat_map(|object| listed(of, &object.attributes)).collect();
        let (mut there, mut unlisted) = (BTreeSet::new(), BTreeMap::<Value, Vec<String>>::new());
        for object in objects.of_kind(account, region, of.kind) {
            there.insert(object.physical.clone());
            if !listed.contains(object.physical.as_str()) {
                let home = derived::home(object).cloned().unwrap_or_default();
                unlisted.entry(home).or_default().push(object.physical.clone());
            }
        }
        Some(Self { of, there, unlisted })
    }

    /// The attributes as AWS shows them: without what is gone, and with all others of the place where the object has these.
    pub(super) fn shown(&self, object: &SimObject) -> Attributes {
        let mut all: BTreeSet<&str> = listed(self.of, &object.attributes).filter(|one| self.there.contains(*one)).collect();
        if self.of.others.is_some_and(|others| object.attributes.get(others) == Some(&Value::Bool(true))) {
            let others = derived::home(object).and_then(|home| self.unlisted.get(home));
            all.extend(others.into_iter().flatten().map(String::as_str));
        }
        let mut attributes = object.attributes.clone();
        attributes.set(self.of.attribute, Value::list(all));
        attributes
    }
}

fn listed(of: Associates, attributes: &Attributes) -> impl Iterator<Item = &str> {
    attributes.get(of.attribute).and_then(Value::as_list).unwrap_or_default().iter().filter_map(Value::as_text)
}
