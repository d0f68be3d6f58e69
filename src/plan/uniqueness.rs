//! Uniqueness conflicts: whether the name, the alias or the address block that a create needs is free. AWS would refuse the
//! create after other steps were executed, so the planner refuses it before the first step (ADR 0004).

use ipnet::IpNet;

use crate::model::equality::{self, Spelling};
use crate::model::reason::plan::{BlockedReason, Held, NextStep};
use crate::model::{BlockedCode, DesiredResource, KindSchema, Live, Name, Reference, ResourceId, Value};

use super::decided::Refused;
use super::input::PlanningInput;
use super::lookup::{label, put_back, taken, tombstone};

/// Why the unique value of an absent resource is not free, and what the operator does next.
pub(super) fn uniqueness_conflict(
    input: &PlanningInput<'_>,
    id: &ResourceId,
    resource: &DesiredResource,
    schema: &KindSchema,
) -> Option<Refused> {
    let wanted = claim(resource, schema)?;
    outside(input, &wanted).or_else(|| by_ours(input, id, schema, &wanted)).or_else(|| by_others(input, id, schema, &wanted))
}

/// The unique value that a declared resource needs.
struct UniqueClaim<'a> {
    unique: Name,
    value: &'a str,
    /// The value as an address block, if it is one. Two blocks of one network must not even overlap.
    block: Option<IpNet>,
    /// The network in which the resource is: address blocks are compared within it.
    place: Option<&'a Reference>,
}

fn claim<'a>(resource: &'a DesiredResource, schema: &KindSchema) -> Option<UniqueClaim<'a>> {
    let unique = schema.unique?;
    let value = resource.attributes.text(unique)?;
    Some(UniqueClaim { unique, value, block: block(schema, value), place: place(schema, &resource.attributes) })
}

fn block(schema: &KindSchema, value: &str) -> Option<IpNet> {
    let addresses = schema.unique.and_then(|unique| schema.attribute(unique)).is_some_and(|attribute| attribute.addresses);
    if addresses { value.parse().ok() } else { None }
}

fn place<'a>(schema: &KindSchema, attributes: &'a crate::model::Attributes) -> Option<&'a Reference> {
    let name = schema.attributes.iter().find(|attribute| attribute.place)?.name;
    if let Some(Value::Ref(reference)) = attributes.get(name) { Some(reference) } else { None }
}

/// The value of `live` that conflicts with the wanted one.
fn clash<'a>(schema: &KindSchema, wanted: &UniqueClaim<'_>, live: &'a Live) -> Option<&'a str> {
    super::lookup::held(schema, &live.attributes).into_iter().find(|held| {
        let overlap = |mine: &IpNet| block(schema, held).is_some_and(|theirs| mine.contains(&theirs) || theirs.contains(mine));
        // Blocks must not overlap within one network only.
        let overlap = wanted.place.is_some() && wanted.block.as_ref().is_some_and(overlap);
        overlap || holds(wanted, held)
    })
}

/// Why a live resource cannot get the unique value that the file declares: another one holds it, and AWS would refuse the change
/// every time. A value that this plan takes away from another resource of ours is free after it.
pub(super) fn held_by_another(
    input: &PlanningInput<'_>,
    id: &ResourceId,
    resource: &DesiredResource,
    schema: &KindSchema,
) -> Option<Refused> {
    let wanted = claim(resource, schema)?;
    let held = || said(&wanted, wanted.value);
    let alike = |other: &ResourceId| other != id && other.kind == id.kind && other.region == id.region;
    let ours = input.observed.owned.iter().find(|(other, live)| alike(other) && clash(schema, &wanted, live).is_some());
    if let Some((other, live)) = ours {
        let moves = live.attributes.text(wanted.unique).is_some_and(|own| holds(&wanted, own))
            && input.desired.resources.contains_key(other);
        let take = NextStep::TakeAway { physical: live.physical.to_string(), held: held() };
        let reason = BlockedReason::HeldByOurs { other: other.clone(), held: held() };
        return Some((BlockedCode::StillHeld, reason, if moves { NextStep::AfterThis } else { take }));
    }
    let live = taken(input, id, resource, schema)?;
    let (physical, environment) = (live.physical.clone(), input.desired.environment);
    let next = NextStep::TakeAway { physical: physical.to_string(), held: held() };
    Some(match label(live, environment, id) {
        Some(label) => {
            (BlockedCode::StillHeld, BlockedReason::HeldMislabelled { physical: physical.to_string(), held: held(), label }, next)
        }
        None => (BlockedCode::NameTaken, BlockedReason::HeldUntagged { physical: physical.to_string(), held: held() }, next),
    })
}

/// Whether the held value is the wanted one, in whatever spelling.
fn holds(wanted: &UniqueClaim<'_>, held: &str) -> bool {
    equality::same_name(held, wanted.value) || (wanted.block.is_some() && Spelling::Block.same(held, wanted.value))
}

/// The held value for the refusal, and the wanted block where the two only overlap.
fn said(wanted: &UniqueClaim<'_>, held: &str) -> Held {
    if holds(wanted, held) {
        Held { name: wanted.unique, value: Some(wanted.value.to_owned()), overlaps: None }
    } else {
        Held { name: wanted.unique, value: Some(held.to_owned()), overlaps: Some(wanted.value.to_owned()) }
    }
}

/// The conflict of a block that does not lie in the block of its network.
fn outside(input: &PlanningInput<'_>, wanted: &UniqueClaim<'_>) -> Option<Refused> {
    let (mine, place) = (wanted.block.as_ref()?, wanted.place?);
    let around = input.observed.owned.get(&place.to)?;
    let schema = input.schemas.get(place.to.kind.as_str())?;
    let whole = around.attributes.text(schema.unique?)?;
    let contains = block(schema, whole)?.contains(mine);
    (!contains).then(|| {
        let (block, whole) = (mine.to_string(), whole.to_owned());
        let next = NextStep::BlockInside { whole: whole.clone() };
        (BlockedCode::OutsideItsPlace, BlockedReason::OutsideItsPlace { block, place: place.to.clone(), whole }, next)
    })
}

/// The conflict with a resource of ours under another id.
fn by_ours(input: &PlanningInput<'_>, id: &ResourceId, schema: &KindSchema, wanted: &UniqueClaim<'_>) -> Option<Refused> {
    let alike = |other: &ResourceId| other != id && other.kind == id.kind && other.region == id.region;
    let here = |live: &Live| wanted.place.is_none() || place(schema, live.attributes.bare()) == wanted.place;
    let mut others = input.observed.owned.iter().filter(|(other, live)| alike(other) && here(live));
    let (other, held) = others.find_map(|(other, live)| Some((other, clash(schema, wanted, live)?)))?;
    let reason = BlockedReason::HeldByOurs { other: other.clone(), held: said(wanted, held) };
    let recorded = |id: &ResourceId| input.recorded.is_some_and(|state| state.resources.contains_key(id));
    let retired = input.desired.retire.contains_key(other);
    let unheard = !input.desired.resources.contains_key(other) && !retired;
    let next = if unheard && recorded(id) && !recorded(other) || retired && input.recorded.is_none() {
        // No file and no record knows the holder's id, and the resource of this id is gone; or no record knows anything. The
        // holder may be the resource of this id, which a tombstone would delete.
        put_back(input.desired.environment, id, &input.observed.owned[other], Some(wanted.unique))
    } else if input.desired.resources.contains_key(other) {
        NextStep::AnotherValue { other: other.clone(), name: wanted.unique }
    } else if retired && !schema.stateful {
        NextStep::ApplyFirst { other: other.clone() }
    } else {
        match tombstone(other, schema) {
            Some(line) => NextStep::Retire { other: other.clone(), line },
            None => NextStep::GiveUp { other: other.clone() },
        }
    };
    Some((BlockedCode::StillHeld, reason, next))
}

/// A conflict with a block that overlaps. A holder of the same value was looked up before.
fn by_others(input: &PlanningInput<'_>, id: &ResourceId, schema: &KindSchema, wanted: &UniqueClaim<'_>) -> Option<Refused> {
    let alike = input.observed.taken.iter().filter(|((kind, region, _), _)| kind == &id.kind && *region == id.region);
    let mut here = alike.filter(|(_, live)| place(schema, live.attributes.bare()) == wanted.place);
    let (live, held) = here.find_map(|(_, live)| Some((live, clash(schema, wanted, live)?)))?;
    let environment = input.desired.environment;
    if let Some(label) = label(live, environment, id) {
        let reason = BlockedReason::HeldMislabelled { physical: live.physical.to_string(), held: said(wanted, held), label };
        return Some((BlockedCode::StillHeld, reason, put_back(environment, id, live, Some(wanted.unique))));
    }
    let reason = BlockedReason::HeldUntagged { physical: live.physical.to_string(), held: said(wanted, held) };
    Some((BlockedCode::NameTaken, reason, NextStep::PutBackOrMove))
}
