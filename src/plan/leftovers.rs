//! Resources that are ours and not declared.

use std::collections::BTreeSet;

use crate::model::plan::{Orphan, SpentTombstone};
use crate::model::reason::plan::{BlockedReason, NextStep};
use crate::model::schema::Mutability;
use crate::model::{Attributes, Blocked, BlockedCode, DesiredResource, KindSchema, Live, Name, ResourceId, SortedLookup};
use crate::model::{equality, path};

use super::decided::Decided;
use super::input::PlanningInput;
use super::lookup::{ambiguous, hides, tombstone};
use super::{cause, derived};

/// Decides about each resource that is ours and not declared: a delete when a tombstone names it, otherwise an orphan.
pub(super) fn leftovers(input: &PlanningInput<'_>, decided: &mut Decided) {
    let mut declared = SortedLookup::of(&input.desired.resources);
    for (id, live) in &input.observed.owned {
        if declared.get(id).is_some() {
            continue;
        }
        let Some(schema) = input.schemas.get(id.kind.as_str()) else { continue };
        let retired = input.desired.retire.get(id);
        match retired {
            Some(tombstone) if schema.stateful => decided.blocked.push(Blocked {
                id: id.clone(),
                code: BlockedCode::StatefulDelete,
                reason: BlockedReason::HoldsData { title: schema.title.to_owned() }.into(),
                next: NextStep::RemoveTombstone.into(),
                diffs: Vec::new(),
                source: Some(tombstone.source.clone()),
            }),
            Some(tombstone) => match not_surely(input, id, live, schema) {
                Some((reason, next)) => decided.blocked.push(Blocked {
                    id: id.clone(),
                    code: BlockedCode::StillHeld,
                    reason: reason.into(),
                    next: next.into(),
                    diffs: Vec::new(),
                    source: Some(tombstone.source.clone()),
                }),
                None => decided.changes.push(derived::retired(id, tombstone, schema, &live.physical)),
            },
            None => {
                decided.orphans.push(Orphan {
                    id: id.clone(),
                    physical: live.physical.to_string(),
                    tombstone: tombstone(id, schema),
                    used_by: Vec::new(),
                });
            }
        }
    }
    for (id, tombstone) in &input.desired.retire {
        if let Some(candidates) = input.observed.ambiguous.get(id) {
            decided.blocked.push(Blocked {
                id: id.clone(),
                code: BlockedCode::Ambiguous,
                reason: ambiguous(candidates).into(),
                next: NextStep::FindOut.into(),
                diffs: Vec::new(),
                source: Some(tombstone.source.clone()),
            });
        }
        let present =
            input.observed.owned.contains_key(id) || input.observed.ambiguous.contains_key(id) || hides(input, id).is_some();
        if !present && !input.desired.resources.contains_key(id) {
            let held_by = untagged(input, id);
            decided.spent_tombstones.push(SpentTombstone { id: id.clone(), source: tombstone.source.clone(), held_by });
        }
    }
}

/// Why this live resource is not surely the retired one. A person who may write tags must not be able to have another resource
/// deleted by a tombstone: neither one that then is missing, nor one that got the tags of the retired one in exchange.
fn not_surely(input: &PlanningInput<'_>, id: &ResourceId, live: &Live, schema: &KindSchema) -> Option<(BlockedReason, NextStep)> {
    let physical = || live.physical.clone();
    if let Some(declared) = may_be(input, id, live, schema) {
        let next = NextStep::PutBackDeclared { declared: declared.clone() };
        return Some((BlockedReason::MayBeDeclared { physical: physical().to_string(), declared: declared.clone() }, next));
    }
    let attributes = not_as_applied(input, id, live, schema);
    if !attributes.is_empty() {
        return Some((BlockedReason::NotItsOwn { physical: physical().to_string(), attributes }, NextStep::PutRight));
    }
    let (declared, name) = swapped(input, id, live, schema)?;
    let next = NextStep::PutBackDeclared { declared: declared.clone() };
    Some((BlockedReason::MayBeSwapped { physical: physical().to_string(), declared: declared.clone(), name }, next))
}

/// The declared and absent resource that this retired one may be, under a changed tag.
fn may_be<'a>(input: &PlanningInput<'a>, id: &ResourceId, live: &Live, schema: &KindSchema) -> Option<&'a ResourceId> {
    let gone = |other: &ResourceId| !input.observed.owned.contains_key(other);
    let mut others = alike(input, id).filter(|(other, _)| gone(other));
    let found = others.find(|(other, resource)| {
        let same = |attribute: Option<Name>| attribute.is_some_and(|name| holds(live, resource, name));
        // A name follows from an id. Another unique value may pass to a new id when the old one is retired, but not to an id
        // that had the value before; and without any record nobody knows who had it.
        same(schema.name.map(|(name, _)| name))
            || recorded(input, other) && (same(schema.unique) || !recorded(input, id))
            || input.recorded.is_none() && same(schema.unique)
    });
    found.map(|(other, _)| other)
}

/// What AWS never changes and differs from what was applied under this id: then the tag came from another resource.
fn not_as_applied(input: &PlanningInput<'_>, id: &ResourceId, live: &Live, schema: &KindSchema) -> Vec<Name> {
    let Some(record) = input.recorded.and_then(|state| state.resources.get(id)) else { return Vec::new() };
    let fixed = |name: &Name| {
        let row = schema.row(*name);
        // A link may lead to a neighbour that was made again.
        row.is_some_and(|row| matches!(row.mutability, Mutability::Forbidden(_)) && row.refers_to.is_empty())
    };
    let (deltas, _) = cause::differences(schema, live, &record.attributes);
    let names: BTreeSet<Name> = deltas.iter().filter_map(|delta| Some(schema.attribute(path::name(&delta.path))?.name)).collect();
    names.into_iter().filter(fixed).collect()
}

/// The declared resource whose name or unique value the retired one holds, while what carries the tags of that resource holds
/// another. A record that says that the retired one had the value speaks against it, but not for a name, which follows from an id.
fn swapped<'a>(input: &PlanningInput<'a>, id: &ResourceId, live: &Live, schema: &KindSchema) -> Option<(&'a ResourceId, Name)> {
    let unique = schema.unique.filter(|_| !recorded(input, id));
    let names: BTreeSet<Name> = schema.name.map(|(name, _)| name).into_iter().chain(unique).collect();
    alike(input, id).find_map(|(other, resource)| {
        let there = input.observed.owned.get(other)?;
        let held = names.iter().find(|name| holds(live, resource, **name) && !holds(there, resource, **name))?;
        Some((other, *held))
    })
}

/// The declared resources of the kind and region of this one.
fn alike<'a>(input: &PlanningInput<'a>, id: &ResourceId) -> impl Iterator<Item = (&'a ResourceId, &'a DesiredResource)> {
    input.desired.resources.iter().filter(move |(other, _)| other.kind == id.kind && other.region == id.region)
}

fn recorded(input: &PlanningInput<'_>, id: &ResourceId) -> bool {
    input.recorded.is_some_and(|state| state.resources.contains_key(id))
}

/// Whether a live resource has the declared value of this attribute.
fn holds(live: &Live, declared: &DesiredResource, name: Name) -> bool {
    let of = |attributes: &Attributes| attributes.text(name).map(equality::name);
    of(&declared.attributes).is_some_and(|value| Some(value) == of(live.attributes.bare()))
}

/// The physical identifier of what holds the derived name of an undeclared id and carries no tag of ours.
fn untagged(input: &PlanningInput<'_>, id: &ResourceId) -> Option<String> {
    let schema = input.schemas.get(id.kind.as_str())?;
    schema.name.filter(|(name, _)| schema.unique == Some(*name))?;
    let name = equality::name(&input.desired.environment.derived(&id.name));
    let holder = input.observed.taken.get(&(id.kind.clone(), id.region, name))?;
    Some(holder.physical.to_string())
}
