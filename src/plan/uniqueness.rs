//! Whether what a create needs for itself is free: a name, an alias, an address block. AWS would refuse the create after
//! other steps were made, so it is refused here, before any.

use ipnet::IpNet;

use crate::model::reason::plan::{BlockedReason, Held, NextStep};
use crate::model::tags::owner;
use crate::model::{BlockedCode, DesiredResource, KindSchema, Live, Name, Reference, ResourceId, Value};

use super::decided::Refused;
use super::input::PlanningInput;
use super::lookup::{label, put_back, tombstone};

/// Why the unique value of something absent is not free, and what to do.
pub(super) fn uniqueness_conflict(
    input: &PlanningInput<'_>,
    id: &ResourceId,
    resource: &DesiredResource,
    schema: &KindSchema,
) -> Option<Refused> {
    let unique = schema.unique?;
    let value = resource.attributes.text(unique)?;
    let wanted = UniqueClaim { unique, value, block: block(schema, value), place: place(schema, &resource.attributes) };
    outside(input, &wanted).or_else(|| by_ours(input, id, schema, &wanted)).or_else(|| by_others(input, id, schema, &wanted))
}

struct UniqueClaim<'a> {
    unique: Name,
    value: &'a str,
    /// When the value is an address block: these must not even overlap.
    block: Option<IpNet>,
    /// Where the resource is: address blocks are compared within it.
    place: Option<&'a Reference>,
}

fn block(schema: &KindSchema, value: &str) -> Option<IpNet> {
    let addresses = schema.unique.and_then(|unique| schema.attribute(unique)).is_some_and(|attribute| attribute.addresses);
    if addresses { value.parse().ok() } else { None }
}

fn place<'a>(schema: &KindSchema, attributes: &'a crate::model::Attributes) -> Option<&'a Reference> {
    let name = schema.attributes.iter().find(|attribute| attribute.place)?.name;
    if let Some(Value::Ref(reference)) = attributes.get(name) { Some(reference) } else { None }
}

/// Which value of `live` stands in the way.
fn clash<'a>(schema: &KindSchema, wanted: &UniqueClaim<'_>, live: &'a Live) -> Option<&'a str> {
    let held = live.attributes.values().text(wanted.unique)?;
    let overlap = |mine: &IpNet| block(schema, held).is_some_and(|theirs| mine.contains(&theirs) || theirs.contains(mine));
    // Only within one place do blocks have to keep apart.
    let overlap = wanted.place.is_some() && wanted.block.as_ref().is_some_and(overlap);
    (overlap || held.eq_ignore_ascii_case(wanted.value)).then_some(held)
}

/// With the other block where the two are not the same.
fn said(wanted: &UniqueClaim<'_>, held: &str) -> Held {
    if held.eq_ignore_ascii_case(wanted.value) {
        Held { name: wanted.unique, value: Some(wanted.value.to_owned()), overlaps: None }
    } else {
        Held { name: wanted.unique, value: Some(held.to_owned()), overlaps: Some(wanted.value.to_owned()) }
    }
}

fn outside(input: &PlanningInput<'_>, wanted: &UniqueClaim<'_>) -> Option<Refused> {
    let (mine, place) = (wanted.block.as_ref()?, wanted.place?);
    let around = input.observed.owned.get(&place.to)?;
    let schema = input.schemas.get(place.to.kind.as_str())?;
    let whole = around.attributes.values().text(schema.unique?)?;
    let contains = block(schema, whole)?.contains(mine);
    (!contains).then(|| {
        let (block, whole) = (mine.to_string(), whole.to_owned());
        let next = NextStep::BlockInside { whole: whole.clone() };
        (BlockedCode::OutsideItsPlace, BlockedReason::OutsideItsPlace { block, place: place.to.clone(), whole }, next)
    })
}

fn by_ours(input: &PlanningInput<'_>, id: &ResourceId, schema: &KindSchema, wanted: &UniqueClaim<'_>) -> Option<Refused> {
    let alike = |other: &ResourceId| other != id && other.kind == id.kind && other.region == id.region;
    let here = |live: &Live| wanted.place.is_none() || place(schema, live.attributes.values()) == wanted.place;
    let mut others = input.observed.owned.iter().filter(|(other, live)| alike(other) && here(live));
    let (other, held) = others.find_map(|(other, live)| Some((other, clash(schema, wanted, live)?)))?;
    let reason = BlockedReason::HeldByOurs { other: other.clone(), held: said(wanted, held) };
    let recorded = |id: &ResourceId| input.recorded.is_some_and(|state| state.resources.contains_key(id));
    let unheard = !input.desired.resources.contains_key(other) && !input.desired.retire.contains_key(other);
    let next = if unheard && recorded(id) && !recorded(other) {
        // Nobody ever asked for that id, and what had this one is gone: a tombstone would delete it.
        put_back(id, &input.observed.owned[other].physical)
    } else if input.desired.resources.contains_key(other) {
        NextStep::AnotherValue { other: other.clone(), name: wanted.unique }
    } else if input.desired.retire.contains_key(other) && !schema.stateful {
        NextStep::ApplyFirst { other: other.clone() }
    } else {
        match tombstone(other, schema) {
            Some(line) => NextStep::Retire { other: other.clone(), line },
            None => NextStep::GiveUp { other: other.clone() },
        }
    };
    Some((BlockedCode::StillHeld, reason, next))
}

/// What holds the very value was looked up before; here it is a block that overlaps.
fn by_others(input: &PlanningInput<'_>, id: &ResourceId, schema: &KindSchema, wanted: &UniqueClaim<'_>) -> Option<Refused> {
    let alike = input.observed.taken.iter().filter(|((kind, region, _), _)| kind == &id.kind && *region == id.region);
    let mut here = alike.filter(|(_, live)| place(schema, live.attributes.values()) == wanted.place);
    let (live, held) = here.find_map(|(_, live)| Some((live, clash(schema, wanted, live)?)))?;
    if owner(&live.tags, input.desired.environment).is_some() {
        let (physical, label) = (live.physical.clone(), label(live));
        let reason = BlockedReason::HeldMislabelled { physical, held: said(wanted, held), label };
        return Some((BlockedCode::StillHeld, reason, put_back(id, &live.physical)));
    }
    let reason = BlockedReason::HeldUntagged { physical: live.physical.clone(), held: said(wanted, held) };
    Some((BlockedCode::NameTaken, reason, NextStep::PutBackOrMove))
}
