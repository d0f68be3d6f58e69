//! Resources that are ours and not declared.

use crate::model::equality;
use crate::model::plan::{Orphan, SpentTombstone};
use crate::model::reason::plan::{BlockedReason, NextStep};
use crate::model::{Attributes, Blocked, BlockedCode, KindSchema, Live, Name, ResourceId, SortedLookup};

use super::decided::Decided;
use super::derived;
use super::input::PlanningInput;
use super::lookup::{ambiguous, hides, tombstone};

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
            Some(tombstone) => match may_be(input, id, live, schema) {
                Some(declared) => decided.blocked.push(Blocked {
                    id: id.clone(),
                    code: BlockedCode::StillHeld,
                    reason: BlockedReason::MayBeDeclared { physical: live.physical.clone(), declared: declared.clone() }.into(),
                    next: NextStep::PutBackDeclared { declared: declared.clone() }.into(),
                    diffs: Vec::new(),
                    source: Some(tombstone.source.clone()),
                }),
                None => decided.changes.push(derived::retired(id, tombstone, schema, &live.physical)),
            },
            None => {
                decided.orphans.push(Orphan {
                    id: id.clone(),
                    physical: live.physical.clone(),
                    tombstone: tombstone(id, schema),
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

/// The declared and absent resource that this retired one may be, under a changed tag. A person who may write tags must not be
/// able to have a declared resource deleted by a tombstone that stands in a file for another id.
fn may_be<'a>(input: &PlanningInput<'a>, id: &ResourceId, live: &Live, schema: &KindSchema) -> Option<&'a ResourceId> {
    let (desired, observed) = (input.desired, input.observed);
    let recorded = |id: &ResourceId| input.recorded.is_some_and(|state| state.resources.contains_key(id));
    let gone = |other: &ResourceId| other.kind == id.kind && other.region == id.region && !observed.owned.contains_key(other);
    let mut others = desired.resources.iter().filter(|(other, _)| gone(other));
    let found = others.find(|(other, resource)| {
        let same = |attribute: Option<Name>| {
            let of = |attributes: &Attributes| attribute.and_then(|name| attributes.text(name)).map(equality::name);
            of(&resource.attributes).is_some_and(|value| Some(value) == of(live.attributes.bare()))
        };
        // A name follows from an id. Another unique value may pass to a new id when the old one is retired, but not to an id
        // that had the value before.
        same(schema.name.map(|(name, _)| name)) || recorded(other) && (same(schema.unique) || !recorded(id))
    });
    found.map(|(other, _)| other)
}

/// The physical identifier of what holds the derived name of an undeclared id and carries no tag of ours.
fn untagged(input: &PlanningInput<'_>, id: &ResourceId) -> Option<String> {
    let schema = input.schemas.get(id.kind.as_str())?;
    schema.name.filter(|(name, _)| schema.unique == Some(*name))?;
    let name = equality::name(&input.desired.environment.derived(&id.name));
    let holder = input.observed.taken.get(&(id.kind.clone(), id.region, name))?;
    Some(holder.physical.clone())
}
