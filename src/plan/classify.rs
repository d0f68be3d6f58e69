//! Sorts what the drivers listed into ours, copies of ours, and foreign, and replaces identifiers by references.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::model::observed::{ANOTHER_ACCOUNT, CallRecord, CopyEntry, ForeignEntry, Listing, Other, OtherStanding};
use crate::model::tags::owner;
use crate::model::{DesiredState, KindSchema, Live, ObservedState, Region, ResourceId, Schemas, Status, Unreadable};

use super::links::{Index, lift};

/// The answer of one kind in one region: a listing, or the read that failed.
pub type Answer = Result<Listing, Unreadable>;

/// Makes the observed state from the answers of all kinds and regions.
///
/// An object is ours when its tags name this environment and an id, and its name is the one that this id has. An object with
/// the same tags under another name is a copy: a restored database keeps its tags. For an id that no file declares any more,
/// no file says the name: tags alone decide for kinds without data, unless an object with the derived name exists.
#[must_use]
pub fn classify(desired: &DesiredState, schemas: &Schemas, answers: Vec<(CallRecord, Answer)>) -> ObservedState {
    let mut state = ObservedState::default();
    let mut candidates: BTreeMap<ResourceId, Vec<Live>> = BTreeMap::new();
    let mut believed: BTreeMap<ResourceId, Vec<Live>> = BTreeMap::new();
    for (read, answer) in answers {
        let (kind, region) = (read.kind.clone(), read.region);
        state.reads.push(read);
        let Some(schema) = schemas.get(kind.as_str()) else { continue };
        match answer {
            Err(unreadable) => state.unreadable.push(unreadable),
            Ok(listing) => {
                state.unreadable.extend(listing.unreadable);
                for live in listing.live {
                    match owner(&live.tags, desired.environment) {
                        Some(id) if is_named_like(&id, &live, schema, region, desired) => {
                            candidates.entry(id).or_default().push(live);
                        }
                        Some(id)
                            if belongs_here(&id, schema, region) && !desired.resources.contains_key(&id) && !schema.stateful =>
                        {
                            believed.entry(id).or_default().push(live);
                        }
                        Some(id) => copy(&mut state, schema.kind, region, id, live),
                        None => foreign(&mut state, schema, region, live),
                    }
                }
            }
        }
    }
    for (id, found) in believed {
        match candidates.entry(id) {
            Entry::Vacant(free) => {
                free.insert(found);
            }
            Entry::Occupied(named) => {
                let id = named.key();
                for live in found {
                    copy(&mut state, &id.kind, id.region, id.clone(), live);
                }
            }
        }
    }
    let mut index = Index::default();
    for (id, mut found) in candidates {
        // A link to any of several claims leads to the id: the claims themselves are the difference, not the links to them.
        for live in &found {
            index.add(&id, live);
        }
        if found.len() > 1 {
            found.sort_by(|a, b| a.physical.cmp(&b.physical));
            state.ambiguous.insert(id.clone(), found.iter().map(|live| live.physical.clone()).collect());
            let claim =
                |live| Other { kind: id.kind.clone(), region: id.region, standing: OtherStanding::Claims(id.clone()), live };
            state.others.extend(found.into_iter().map(claim));
        } else {
            state.owned.extend(found.pop().map(|live| (id, live)));
        }
    }
    let place = |other: &Other| (other.kind.clone(), other.region, other.live.physical.clone());
    state.others.sort_by_cached_key(place);
    held(&mut state, schemas);
    lift_all(&mut state, schemas, &index);
    state.foreign.sort();
    state.copies.sort();
    state.unreadable.sort();
    state
}

fn copy(state: &mut ObservedState, kind: &str, region: Region, of: ResourceId, live: Live) {
    state.copies.push(CopyEntry { of: of.clone(), physical: live.physical.clone() });
    state.others.push(Other { kind: kind.to_owned(), region, standing: OtherStanding::CopyOf(of), live });
}

fn belongs_here(id: &ResourceId, schema: &KindSchema, region: Region) -> bool {
    id.kind == schema.kind && id.region == region
}

fn is_named_like(id: &ResourceId, live: &Live, schema: &KindSchema, region: Region, desired: &DesiredState) -> bool {
    if !belongs_here(id, schema, region) {
        return false;
    }
    let Some((attribute, _)) = schema.name else { return true };
    let derived = || desired.environment.derived(&id.name);
    let expected =
        desired.resources.get(id).and_then(|resource| resource.attributes.text(attribute)).map_or_else(derived, str::to_owned);
    live.attributes.values().text(attribute).is_some_and(|name| name.eq_ignore_ascii_case(&expected))
}

fn foreign(state: &mut ObservedState, schema: &KindSchema, region: Region, live: Live) {
    let held = schema.unique.and_then(|attribute| live.attributes.values().text(attribute)).map(str::to_ascii_lowercase);
    let hint = held.clone().or_else(|| live.tags.get("Name").cloned());
    if live.status != Status::Failed(ANOTHER_ACCOUNT.to_owned()) {
        state.foreign.push(ForeignEntry { kind: schema.kind.to_owned(), region, physical: live.physical.clone(), hint });
        let other = Other { kind: schema.kind.to_owned(), region, standing: OtherStanding::Foreign, live: live.clone() };
        state.others.push(other);
    }
    if let Some(held) = held {
        state.taken.insert((schema.kind.to_owned(), region, held), live);
    }
}

/// A resource that carries our tags for another id holds its unique value all the same: a changed tag frees no value.
fn held(state: &mut ObservedState, schemas: &Schemas) {
    for other in &state.others {
        let unique = schemas.get(other.kind.as_str()).and_then(|schema| schema.unique);
        let held = unique.and_then(|attribute| other.live.attributes.values().text(attribute)).map(str::to_ascii_lowercase);
        if let Some(held) = held {
            state.taken.entry((other.kind.clone(), other.region, held)).or_insert_with(|| other.live.clone());
        }
    }
}

/// Replaces the identifiers of our resources by references in everything that was observed.
fn lift_all(state: &mut ObservedState, schemas: &Schemas, index: &Index) {
    let lift_one = |kind: &str, region: Region, live: &mut Live| {
        let Some(schema) = schemas.get(kind) else { return };
        *live.attributes.values_mut() = lift(schema, region, live.attributes.values(), index);
        for pending in &mut live.pending {
            let alone = crate::model::Attributes::from_iter([(pending.attribute, pending.value.clone())]);
            if let Some(value) = lift(schema, region, &alone, index).remove(pending.attribute) {
                pending.value = value;
            }
        }
    };
    for (id, live) in &mut state.owned {
        lift_one(&id.kind, id.region, live);
    }
    for ((kind, region, _), live) in &mut state.taken {
        lift_one(kind, *region, live);
    }
    for other in &mut state.others {
        lift_one(&other.kind, other.region, &mut other.live);
    }
}
