//! Where a resource keeps the value by which others reach it, what lets them in stays as it is.

use std::collections::BTreeMap;

use crate::model::reason::plan::{BlockedReason, NextStep};
use crate::model::{Action, Attributes, Blocked, BlockedCode, Class, Diff, Impact, ResourceId, Value};

use super::decided::Decided;
use super::derived;
use super::input::PlanningInput;

/// The refused change of an entry: whose it is, and the difference.
type Kept = (ResourceId, Diff);

/// Refuses the declared differences that speak of a port, on both sides of a connection, while the change of that port is refused.
/// Manual changes are repaired all the same.
pub(super) fn keep(input: &PlanningInput<'_>, decided: &mut Decided) {
    let near = near(input, &decided.blocked);
    if near.is_empty() {
        return;
    }
    let mut blocked = Vec::new();
    decided.changes.retain_mut(|change| {
        let of_kind = input.schemas.get(change.kind.as_str()).copied();
        let (Some(resource), Some(schema)) = (input.desired.resources.get(&change.id), of_kind) else { return true };
        let kept = |diff: &Diff| {
            let own = || near.get(&change.id).filter(|kept| speaks_of(kept, diff));
            let other = || {
                [&diff.before, &diff.after].into_iter().find_map(|value| named(&near, value)).filter(|kept| speaks_of(kept, diff))
            };
            (change.action == Action::Update && diff.class != Class::Drift).then(|| own().or_else(other)).flatten()
        };
        let Some((of, entry)) = change.diffs.iter().find_map(kept) else { return true };
        let (held, rest): (Vec<Diff>, Vec<Diff>) =
            std::mem::take(&mut change.diffs).into_iter().partition(|diff| kept(diff).is_some());
        blocked.push(Blocked {
            id: change.id.clone(),
            code: BlockedCode::Half,
            reason: BlockedReason::KeepsItsUsers { of: of.clone(), attribute: entry.name() }.into(),
            next: NextStep::TakeBackFor { of: of.clone() }.into(),
            diffs: held,
            source: change.source.clone(),
        });
        change.diffs = rest;
        derived::declared(change, resource, schema);
        !change.diffs.is_empty()
    });
    decided.blocked.extend(blocked);
}

/// What lets users in to the resources whose entry stays, the targets of the links that expose them; and what that names.
fn near(input: &PlanningInput<'_>, blocked: &[Blocked]) -> BTreeMap<ResourceId, Kept> {
    let mut near = BTreeMap::new();
    for refused in blocked.iter().filter(|refused| refused.code == BlockedCode::Forbidden) {
        let Some(schema) = input.schemas.get(refused.id.kind.as_str()) else { continue };
        let entry = |diff: &&Diff| diff.class != Class::Drift && schema.row(diff.name()).is_some_and(|row| row.entry);
        let Some(entry) = refused.diffs.iter().find(entry) else { continue };
        let mut add = |values: &Attributes, all: bool| {
            let mut found = Vec::new();
            let exposing = |name| schema.row(name).is_some_and(|row| row.impact == Impact::Exposure && !row.refers_to.is_empty());
            for (_, value) in values.iter().filter(|(name, _)| all || exposing(*name)) {
                value.visit_references(&mut |reference| found.push(reference.to.clone()));
            }
            for id in &found {
                near.entry(id.clone()).or_insert_with(|| (refused.id.clone(), entry.clone()));
            }
            found
        };
        let declared = |id: &ResourceId| input.desired.resources.get(id).map(|resource| &resource.attributes);
        let doors = declared(&refused.id).map(|values| add(values, false)).unwrap_or_default();
        for door in doors.iter().filter_map(declared) {
            add(door, true);
        }
    }
    near
}

/// Whether a difference has the old or the new value of the entry in it.
fn speaks_of((_, entry): &Kept, diff: &Diff) -> bool {
    let sides = [&diff.before, &diff.after];
    [&entry.before, &entry.after].into_iter().any(|value| sides.into_iter().any(|side| contains(side, value)))
}

fn contains(value: &Value, part: &Value) -> bool {
    match value {
        Value::List(items) => items.iter().any(|item| contains(item, part)),
        Value::Map(map) => map.values().any(|item| contains(item, part)),
        other => other == part,
    }
}

fn named<'a>(near: &'a BTreeMap<ResourceId, Kept>, value: &Value) -> Option<&'a Kept> {
    let mut found = None;
    value.visit_references(&mut |reference| found = found.or_else(|| near.get(&reference.to)));
    found
}
