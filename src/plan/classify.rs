//! Sorts what the drivers listed into ours, copies of ours, and foreign, and replaces identifiers by references.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::model::observed::{ANOTHER_ACCOUNT, CallRecord, CopyEntry, ForeignEntry, Listing, Other, OtherStanding};
use crate::model::tags::owner;
use crate::model::{
    DesiredResource, DesiredState, KindSchema, Live, ObservedState, Region, ResourceId, Schemas, Shared, SortedLookup, Status,
    Unreadable,
};

use super::links::{Index, lift, lift_in};

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
    let mut listings: Vec<(&KindSchema, Region, Vec<Live>)> = Vec::with_capacity(answers.len());
    for (read, answer) in answers {
        let (schema, region) = (schemas.get(read.kind.as_str()), read.region);
        state.reads.push(read);
        let Some(schema) = schema else { continue };
        match answer {
            Err(unreadable) => state.unreadable.push(unreadable),
            Ok(listing) => {
                state.unreadable.extend(listing.unreadable);
                match listings.iter_mut().find(|(known, at, _)| (known.kind, *at) == (schema.kind, region)) {
                    Some((_, _, all)) => all.extend(listing.live),
                    None => listings.push((schema, region, listing.live)),
                }
            }
        }
    }
    let mut index = Index::referred(schemas);
    // One after the other, so that never all of them are here twice.
    let mut owned: Vec<BTreeMap<ResourceId, Live>> = Vec::with_capacity(listings.len());
    for (schema, region, listing) in listings {
        owned.push(ours(&mut state, desired, &mut index, schema, region, listing));
    }
    // The two smallest become one, until one is left: so each resource is moved a few times, and not for every listing.
    while owned.len() > 1 {
        owned.sort_by_key(|map| Reverse(map.len()));
        if let (Some(mut smallest), Some(next)) = (owned.pop(), owned.last_mut()) {
            next.append(&mut smallest);
        }
    }
    state.owned = owned.pop().unwrap_or_default();
    let mut resources = SortedLookup::of(&desired.resources);
    for (id, live) in &mut state.owned {
        lift_one(schemas, &index, &id.kind, id.region, live);
        if let Some(declared) = resources.get(id) {
            live.attributes.values_mut().share(&declared.attributes);
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

/// What is ours of one kind in one region; everything else goes where it belongs.
fn ours(
    state: &mut ObservedState,
    desired: &DesiredState,
    index: &mut Index,
    schema: &KindSchema,
    region: Region,
    listing: Vec<Live>,
) -> BTreeMap<ResourceId, Live> {
    let mut labelled: Vec<(ResourceId, Live)> = Vec::with_capacity(listing.len());
    for live in listing {
        match owner(&live.tags, desired.environment) {
            Some(id) => labelled.push((id, live)),
            None => foreign(state, schema, region, live),
        }
    }
    let by_id =
        |(a, one): &(ResourceId, Live), (b, two): &(ResourceId, Live)| a.cmp(b).then_with(|| one.physical.cmp(&two.physical));
    labelled.sort_unstable_by(by_id);
    let first = ResourceId { kind: Shared::common(schema.kind), name: Shared::default(), region: Region::Tokyo };
    let mut resources = SortedLookup::from(&desired.resources, first);
    let misnamed = |(id, live): &mut (ResourceId, Live)| {
        let declared = if id.kind == schema.kind { resources.entry(id) } else { None };
        if let Some((known, resource)) = declared {
            // What is declared is there already, and need not be here twice. Links are still identifiers.
            *id = known.clone();
            live.attributes.values_mut().share(&resource.attributes);
        }
        !is_named_like(id, live, schema, region, desired, declared.map(|(_, resource)| resource))
    };
    let misnamed: Vec<_> = labelled.extract_if(.., misnamed).collect();
    let mut candidates = labelled;
    let mut believed: Vec<(ResourceId, Live)> = Vec::new();
    for (id, live) in misnamed {
        if belongs_here(&id, schema, region) && !desired.resources.contains_key(&id) && !schema.stateful {
            believed.push((id, live));
        } else {
            copy(state, schema.kind, region, id, live);
        }
    }
    let named = candidates.len();
    for (id, live) in believed {
        if candidates[..named].binary_search_by(|(known, _)| known.cmp(&id)).is_ok() {
            copy(state, &id.kind, id.region, id.clone(), live);
        } else {
            candidates.push((id, live));
        }
    }
    if candidates.len() > named {
        candidates.sort_unstable_by(by_id);
    }
    // Links to any of several claims lead to the id: the claims are the one difference, not all that points to them.
    for (id, live) in &candidates {
        index.add(id, live);
    }
    let claims = candidates.chunk_by(|(a, _), (b, _)| a == b).any(|found| found.len() > 1);
    let single = if claims { apart(state, candidates) } else { candidates };
    single.into_iter().collect()
}

/// What claims an id together with others goes to the others; what is left is the only one of its id.
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
        state.ambiguous.insert(id.clone(), found.iter().map(|live| live.physical.clone()).collect());
        let claim =
            |live| Other { kind: id.kind.to_string(), region: id.region, standing: OtherStanding::Claims(id.clone()), live };
        state.others.extend(found.into_iter().map(claim));
    }
    single
}

fn copy(state: &mut ObservedState, kind: &str, region: Region, of: ResourceId, live: Live) {
    state.copies.push(CopyEntry { of: of.clone(), physical: live.physical.clone() });
    state.others.push(Other { kind: kind.to_owned(), region, standing: OtherStanding::CopyOf(of), live });
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
    let Some(name) = live.attributes.values().text(attribute) else { return false };
    match declared.and_then(|resource| resource.attributes.text(attribute)) {
        Some(expected) => name.eq_ignore_ascii_case(expected),
        None => name.eq_ignore_ascii_case(&desired.environment.derived(&id.name)),
    }
}

fn foreign(state: &mut ObservedState, schema: &KindSchema, region: Region, live: Live) {
    let held = schema.unique.and_then(|attribute| live.attributes.values().text(attribute)).map(str::to_ascii_lowercase);
    let hint = held.clone().or_else(|| live.tags.get("Name").map(String::from));
    if live.status != Status::Failed(ANOTHER_ACCOUNT.to_owned()) {
        state.foreign.push(ForeignEntry { kind: schema.kind.to_owned(), region, physical: live.physical.clone(), hint });
        let other = Other { kind: schema.kind.to_owned(), region, standing: OtherStanding::Foreign, live: live.clone() };
        state.others.push(other);
    }
    if let Some(held) = held {
        state.taken.insert((Shared::common(schema.kind), region, held), live);
    }
}

/// A resource that carries our tags for another id holds its unique value all the same: a changed tag frees no value.
fn held(state: &mut ObservedState, schemas: &Schemas) {
    for other in &state.others {
        let unique = schemas.get(other.kind.as_str()).and_then(|schema| schema.unique);
        let held = unique.and_then(|attribute| other.live.attributes.values().text(attribute)).map(str::to_ascii_lowercase);
        if let Some(held) = held {
            state.taken.entry((Shared::common(&other.kind), other.region, held)).or_insert_with(|| other.live.clone());
        }
    }
}

/// Replaces the identifiers of our resources by references in everything that was observed.
fn lift_all(state: &mut ObservedState, schemas: &Schemas, index: &Index) {
    for ((kind, region, _), live) in &mut state.taken {
        lift_one(schemas, index, kind, *region, live);
    }
    for other in &mut state.others {
        lift_one(schemas, index, &other.kind, other.region, &mut other.live);
    }
}

fn lift_one(schemas: &Schemas, index: &Index, kind: &str, region: Region, live: &mut Live) {
    let Some(schema) = schemas.get(kind) else { return };
    lift_in(schema, region, live.attributes.values_mut(), index);
    for pending in &mut live.pending {
        let alone = crate::model::Attributes::from_iter([(pending.attribute, pending.value.clone())]);
        if let Some(value) = lift(schema, region, &alone, index).remove(pending.attribute) {
            pending.value = value;
        }
    }
}
