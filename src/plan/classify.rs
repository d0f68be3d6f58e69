//! Sorts what the drivers listed into ours, copies of ours, and foreign, and replaces identifiers by references.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::equality;
use crate::model::observed::{ANOTHER_ACCOUNT, CallRecord, CopyEntry, ForeignEntry, Locked, Other, OtherStanding};
use crate::model::schema::Mutability;
use crate::model::{
    Attributes, DesiredResource, DesiredState, KindSchema, Live, Name, ObservedState, Reading, RecordedState, Region, ResourceId,
    Schemas, Shared, SortedLookup, Status, Unreadable,
};
use crate::world::ErrorClass;

use super::input::schema_of;
use super::links::{Index, declared, lift, lift_in};
use super::listed::{Listed, by_id};
use super::lookup::held;

/// The answer of one kind in one region: a listing, or the read that failed.
pub type Answer = Result<Listed, Unreadable>;

/// Makes the observed state from the answers of all kinds and regions.
///
/// An object is ours when its tags name this environment and an id, and its name is the one that this id has. An object with
/// the same tags under another name is a copy: a restored database keeps its tags. Tags alone decide for kinds without data
/// that AWS renames in place, and for an id that no file declares any more, because no file says its name; unless an object
/// with the name of the id exists. Where a kind has no name and a value that AWS never changes, such as an address block, that
/// value speaks against tags that were swapped, unless the record of the id says that it was applied: then a file exchanged the
/// values, and nobody the tags.
#[must_use]
pub fn classify(
    desired: &DesiredState,
    recorded: Option<&RecordedState>,
    schemas: &Schemas,
    answers: Vec<(CallRecord, Answer)>,
) -> ObservedState {
    let mut state = ObservedState::default();
    let mut listings: Vec<(&KindSchema, Region, Listed)> = Vec::with_capacity(answers.len());
    for (read, answer) in answers {
        let (schema, region) = (schemas.get(read.kind.as_str()), read.region);
        state.reads.push(read);
        let Some(schema) = schema else { continue };
        match answer {
            Err(unreadable) => state.unreadable.push(unreadable),
            Ok(mut listing) => {
                state.unreadable.append(&mut listing.unreadable);
                for Locked { live, denied } in std::mem::take(&mut listing.locked) {
                    foreign(&mut state, schema, region, live, Some(denied.operation.clone()));
                    state.locked.push(denied);
                }
                strangers(&mut state, schema, region, std::mem::take(&mut listing.never_ours));
                state.closed.append(&mut listing.closed);
                match listings.iter_mut().find(|(known, at, _)| (known.kind, *at) == (schema.kind, region)) {
                    Some((_, _, all)) => all.join(listing),
                    None => listings.push((schema, region, listing)),
                }
            }
        }
    }
    let mut index = Index::referred(schemas);
    // In the order of ids. One answer after the other, so that memory never holds all objects twice.
    listings.sort_by_key(|(schema, region, _)| (schema.kind, *region));
    let mut owned: Vec<(ResourceId, Live)> =
        Vec::with_capacity(listings.iter().map(|(_, _, listing)| listing.tagged.len()).sum());
    let (mut kind, mut from, mut found) = ("", 0, 0);
    for (schema, region, listing) in listings {
        if kind != schema.kind {
            (kind, from) = (schema.kind, owned.len());
        }
        found += ours(&mut state, (desired, recorded), &mut index, schema, region, listing, &mut owned);
        // The regions of a kind are merged by name.
        if !owned[from..].is_sorted_by(|(a, _), (b, _)| a <= b) {
            owned[from..].sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        }
    }
    state.others.sort_by(|a, b| (&a.kind, a.region, &a.live.physical).cmp(&(&b.kind, b.region, &b.live.physical)));
    hold(&mut state, schemas);
    // Most worlds lack nothing, and an empty one has no links.
    if (found < desired.resources.len() || !state.ambiguous.is_empty()) && !(owned.is_empty() && state.others.is_empty()) {
        let there =
            |id: &ResourceId| owned.binary_search_by(|(known, _)| known.cmp(id)).is_ok() || state.ambiguous.contains_key(id);
        index.declare(declared(desired, schemas, &state.taken, there));
    }
    let (mut resources, mut schema_of) = (SortedLookup::of(&desired.resources), schema_of(schemas));
    for (id, live) in &mut owned {
        let declared = resources.get(id).map(|resource| &resource.attributes);
        if let Some(schema) = schema_of(&id.kind) {
            lift_one(schema, &index, id.region, live, declared);
        }
        if let Some(declared) = declared {
            live.attributes.values_mut().share(declared);
        }
    }
    lift_all(&mut state, schemas, &index);
    drop(index);
    // A map that grows entry by entry would move each entry several times.
    state.owned = owned.into_iter().collect();
    state.foreign.sort();
    state.copies.sort();
    state.unreadable.sort();
    state.locked.sort();
    state.closed.sort();
    state
}

/// Adds what is ours of one kind in one region to `owned`, in the order of ids. Everything else goes into the other lists of the
/// state. Returns how many of ours are declared.
fn ours(
    state: &mut ObservedState,
    (desired, recorded): (&DesiredState, Option<&RecordedState>),
    index: &mut Index,
    schema: &KindSchema,
    region: Region,
    listing: Listed,
    owned: &mut Vec<(ResourceId, Live)>,
) -> usize {
    let from = owned.len();
    index.reserve(schema.kind, region, listing.tagged.len());
    owned.extend(listing.tagged);
    for live in listing.untagged {
        let denied = denied(schema, &live);
        foreign(state, schema, region, live, denied);
    }
    let first = ResourceId { kind: Shared::common(schema.kind), name: Shared::default(), region: Region::Tokyo };
    let mut resources = SortedLookup::from(&desired.resources, first);
    let mut found = 0;
    let swapped = swapped(schema, (desired, recorded), region, &owned[from..]);
    let misnamed = |(id, live): &mut (ResourceId, Live)| {
        let declared = if id.kind == schema.kind { resources.entry(id) } else { None };
        let named = is_named_like(id, live, schema, region, desired, declared.map(|(_, resource)| resource))
            && !swapped.contains(live.physical.as_str());
        found += usize::from(named && declared.is_some());
        !named
    };
    let misnamed: Vec<_> = owned.extract_if(from.., misnamed).collect();
    let named = owned.len();
    let renamed = is_renamed_in_place(schema);
    for (id, live) in misnamed {
        // No file says the name of this id, or AWS lets a person rename it; unless an object has the name that the id has.
        let believed = belongs_here(&id, schema, region) && !schema.stateful;
        let believed = believed && (renamed || !desired.resources.contains_key(&id));
        if believed && owned[from..named].binary_search_by(|(known, _)| known.cmp(&id)).is_err() {
            owned.push((id, live));
        } else {
            copy(state, schema.kind, region, id, live);
        }
    }
    if owned.len() > named {
        owned[from..].sort_unstable_by(by_id);
    }
    // A link to any of several claims leads to the id: the claims themselves are the difference, not the links to them.
    for (id, live) in &owned[from..] {
        index.add(id, live);
        index.add_alias(schema, id, live);
    }
    if owned[from..].chunk_by(|(a, _), (b, _)| a == b).any(|found| found.len() > 1) {
        let claims = owned.split_off(from);
        owned.extend(apart(state, claims));
    }
    found
}

/// The objects that carry each other's tags, by identifier: each holds the value that a file declares for the next one. AWS changes
/// that value of none, or each is a key: whether a person swapped tags or aliases, a key under the name of another would encrypt
/// what the other has to. A single one with another value is no swap: a file may declare a new value. Nor is one that has what was
/// applied to its id.
fn swapped(
    schema: &KindSchema,
    (desired, recorded): (&DesiredState, Option<&RecordedState>),
    region: Region,
    owned: &[(ResourceId, Live)],
) -> BTreeSet<Shared> {
    let fixed = |name: &Name| schema.row(*name).is_some_and(|row| matches!(row.mutability, Mutability::Forbidden(_)));
    let Some(unique) = schema.unique.filter(|name| schema.name.is_none() && (schema.stateful || fixed(name))) else {
        return BTreeSet::new();
    };
    let first = ResourceId { kind: Shared::common(schema.kind), name: Shared::default(), region: Region::Tokyo };
    let mut resources = SortedLookup::from(&desired.resources, first);
    let mut misplaced = |(id, live): &(ResourceId, Live)| {
        let wanted = if belongs_here(id, schema, region) { resources.get(id)?.attributes.text(unique)? } else { return None };
        let held = live.attributes.text(unique)?;
        let applied = recorded.and_then(|state| state.resources.get(id)?.attributes.text(unique));
        let is = |value: &str| equality::same_name(held, value);
        (!is(wanted) && !applied.is_some_and(is)).then(|| (equality::name(wanted), (equality::name(held), live.physical.clone())))
    };
    // By the value that is declared for the id: the value that is held, and who holds it.
    let misplaced: BTreeMap<String, (String, Shared)> = owned.iter().filter_map(&mut misplaced).collect();
    let returns = |start: &String| {
        let mut at = Some(start);
        (0..misplaced.len()).any(|_| {
            at = at.and_then(|wanted| misplaced.get(wanted)).map(|(held, _)| held);
            at == Some(start)
        })
    };
    misplaced.iter().filter(|(wanted, _)| returns(wanted)).map(|(_, (_, physical))| physical.clone()).collect()
}

/// Whether AWS changes the physical name of a live resource. Then another name does not make it another resource.
fn is_renamed_in_place(schema: &KindSchema) -> bool {
    let name = schema.name.and_then(|(name, _)| schema.row(name));
    name.is_some_and(|row| !matches!(row.mutability, Mutability::Forbidden(_)))
}

/// Moves objects that claim an id together with other objects to the others. What is left is the only object of its id.
fn apart(state: &mut ObservedState, candidates: Vec<(ResourceId, Live)>) -> Vec<(ResourceId, Live)> {
    let mut single = Vec::with_capacity(candidates.len());
    let mut candidates = candidates.into_iter().peekable();
    while let Some((id, live)) = candidates.next() {
        let mut found = vec![live];
        while let Some((_, other)) = candidates.next_if(|(next, _)| *next == id) {
            found.push(other);
        }
        if found.len() == 1 {
            single.extend(found.pop().map(|live| (id, live)));
            continue;
        }
        found.sort_by(|a, b| a.physical.cmp(&b.physical));
        state.ambiguous.insert(id.clone(), found.iter().map(|live| live.physical.to_string()).collect());
        let claim = |live| Other { kind: id.kind.clone(), region: id.region, standing: OtherStanding::Claims(id.clone()), live };
        state.others.extend(found.into_iter().map(claim));
    }
    single
}

fn copy(state: &mut ObservedState, kind: &str, region: Region, of: ResourceId, live: Live) {
    state.copies.push(CopyEntry { of: of.clone(), physical: live.physical.to_string() });
    state.others.push(Other { kind: kind.into(), region, standing: OtherStanding::CopyOf(of), live });
}

fn belongs_here(id: &ResourceId, schema: &KindSchema, region: Region) -> bool {
    id.kind == schema.kind && id.region == region
}

fn is_named_like(
    id: &ResourceId,
    live: &Live,
    schema: &KindSchema,
    region: Region,
    desired: &DesiredState,
    declared: Option<&DesiredResource>,
) -> bool {
    if !belongs_here(id, schema, region) {
        return false;
    }
    let Some((attribute, _)) = schema.name else { return true };
    let Some(name) = live.attributes.text(attribute) else { return false };
    match declared.and_then(|resource| resource.attributes.text(attribute)) {
        Some(expected) => equality::same_name(name, expected),
        None => equality::same_name(name, &desired.environment.derived(&id.name)),
    }
}

/// An object that carries no tag of this environment, or not all of them.
fn foreign(state: &mut ObservedState, schema: &KindSchema, region: Region, live: Live, denied: Option<String>) {
    if live.status == Status::Failed(ANOTHER_ACCOUNT.to_owned()) {
        take(state, schema, region, &live);
        return;
    }
    let hint = unique(schema, &live).or_else(|| live.tags.get("Name").map(String::from));
    state.foreign.push(ForeignEntry { kind: schema.kind.to_owned(), region, physical: live.physical.to_string(), hint, denied });
    others(state, schema, region, live);
}

/// The call about a foreign object that was denied, where a promise needs its answer.
fn denied(schema: &KindSchema, live: &Live) -> Option<String> {
    schema.attributes.iter().find_map(|row| {
        let Reading::Failed(why) = live.attributes.reading(row.name) else { return None };
        let (operation, class) = why.split_once(": ")?;
        class.starts_with(ErrorClass::AccessDenied.as_str()).then(|| operation.to_owned())
    })
}

/// Objects that can never be ours: tags make nothing of them ours, and a plan names none of them.
fn strangers(state: &mut ObservedState, schema: &KindSchema, region: Region, listing: Vec<Live>) {
    state.others.reserve_exact(listing.len());
    let kind = Shared::common(schema.kind);
    let other = |live| Other { kind: kind.clone(), region, standing: OtherStanding::Foreign, live };
    state.others.extend(listing.into_iter().map(other));
}

/// An object that belongs to nobody: it is in the population, and its unique value is not free.
fn others(state: &mut ObservedState, schema: &KindSchema, region: Region, live: Live) {
    take(state, schema, region, &live);
    state.others.push(Other { kind: schema.kind.into(), region, standing: OtherStanding::Foreign, live });
}

/// Nothing that the object holds is free.
fn take(state: &mut ObservedState, schema: &KindSchema, region: Region, live: &Live) {
    let held = held(schema, &live.attributes).into_iter();
    state.taken.extend(held.map(|held| ((Shared::common(schema.kind), region, equality::name(held)), live.clone())));
}

fn unique(schema: &KindSchema, live: &Live) -> Option<String> {
    schema.unique.and_then(|attribute| live.attributes.text(attribute)).map(equality::name)
}

/// A resource that carries our tags for another id holds its unique value all the same: a changed tag frees no value.
fn hold(state: &mut ObservedState, schemas: &Schemas) {
    for other in &state.others {
        let Some(schema) = schemas.get(other.kind.as_str()) else { continue };
        for held in held(schema, &other.live.attributes).into_iter().map(equality::name) {
            state.taken.entry((Shared::common(&other.kind), other.region, held)).or_insert_with(|| other.live.clone());
        }
    }
}

/// Replaces the identifiers of our resources by references in everything that was observed.
fn lift_all(state: &mut ObservedState, schemas: &Schemas, index: &Index) {
    let mut schema_of = schema_of(schemas);
    for ((kind, region, _), live) in &mut state.taken {
        if let Some(schema) = schema_of(kind) {
            lift_one(schema, index, *region, live, None);
        }
    }
    for other in &mut state.others {
        if let Some(schema) = schema_of(&other.kind) {
            lift_one(schema, index, other.region, &mut other.live, None);
        }
    }
}

fn lift_one(schema: &KindSchema, index: &Index, region: Region, live: &mut Live, declared: Option<&Attributes>) {
    lift_in(schema, region, live.attributes.values_mut(), index, declared);
    for pending in &mut live.pending {
        let alone = Attributes::from_iter([(pending.attribute, pending.value.clone())]);
        if let Some(value) = lift(schema, region, &alone, index).remove(pending.attribute) {
            pending.value = value;
        }
    }
}
