//! Changes that need something which is refused and not there: what of a change waits for it, and what goes on (ADR 0025).

use std::collections::{BTreeMap, BTreeSet};

use crate::model::reason::plan::{BlockedReason, NextStep};
use crate::model::{Action, AttributeSchema, Blocked, BlockedCode, Change, Diff, KindSchema, Name, ResourceId, Value};

use super::decided::Decided;
use super::input::PlanningInput;
use super::lookup::hides;
use super::{compare, derived, links, patch, refused};

/// Refuses what needs a resource that is refused and not there, and names what a change needs beside its differences.
pub(super) fn block_dependents(input: &PlanningInput<'_>, decided: &mut Decided) {
    let absent = |id: &ResourceId| !input.observed.owned.contains_key(id);
    let refused: BTreeSet<ResourceId> =
        decided.blocked.iter().map(|blocked| blocked.id.clone()).filter(|id| absent(id)).collect();
    let made = decided.changes.iter().any(|change| absent(&change.id));
    if refused.is_empty() && !made {
        return;
    }
    let changes = std::mem::take(&mut decided.changes);
    let (unavailable, mut because) = unavailable(refused, &changes, absent);
    for (place, change) in changes.into_iter().enumerate() {
        if change.action == Action::Update {
            part(input, decided, &unavailable, change);
        } else if let Some(because) = because.remove(&place) {
            let diffs = change.diffs.iter().filter(|_| change.action != Action::Create).cloned().collect();
            decided.blocked.push(needs(&change, because, diffs));
        } else {
            decided.changes.push(change);
        }
    }
    // What is made in this plan comes before what is sent together with a link to it.
    let made: BTreeSet<ResourceId> = decided.changes.iter().map(|change| &change.id).filter(|id| absent(id)).cloned().collect();
    for change in decided.changes.iter_mut().filter(|change| change.action == Action::Update) {
        let touched: BTreeSet<Name> = change.diffs.iter().map(Diff::name).collect();
        let sent = touched.into_iter().flat_map(|name| sent_with(input, change, name)).filter(|id| made.contains(id));
        let mut needs: BTreeSet<ResourceId> = sent.collect();
        if !needs.is_empty() {
            needs.extend(std::mem::take(&mut change.depends_on));
            change.depends_on = needs.into_iter().collect();
        }
    }
}

/// Everything that is refused and not there, with the creates and adoptions that need it; and for each of these, by its place,
/// what it needs.
fn unavailable(
    refused: BTreeSet<ResourceId>,
    changes: &[Change],
    absent: impl Fn(&ResourceId) -> bool,
) -> (BTreeSet<ResourceId>, BTreeMap<usize, ResourceId>) {
    let mut unavailable = refused;
    let mut users: BTreeMap<&ResourceId, Vec<usize>> = BTreeMap::new();
    for (place, change) in changes.iter().enumerate().filter(|(_, change)| change.action != Action::Update) {
        for need in &change.depends_on {
            users.entry(need).or_default().push(place);
        }
    }
    // Always the first change that needs something unavailable. The reason of its refusal is known when its turn comes.
    let mut next: BTreeSet<usize> = unavailable.iter().filter_map(|id| users.get(id)).flatten().copied().collect();
    let mut because: BTreeMap<usize, ResourceId> = BTreeMap::new();
    while let Some(place) = next.pop_first() {
        let change = &changes[place];
        because.extend(change.depends_on.iter().find(|id| unavailable.contains(*id)).map(|id| (place, id.clone())));
        if absent(&change.id) && unavailable.insert(change.id.clone()) {
            next.extend(users.get(&change.id).into_iter().flatten().filter(|user| !because.contains_key(user)));
        }
    }
    (unavailable, because)
}

fn needs(change: &Change, because: ResourceId, diffs: Vec<Diff>) -> Blocked {
    Blocked {
        id: change.id.clone(),
        code: BlockedCode::DependsOnBlocked,
        reason: BlockedReason::NeedsBlocked { needs: because.clone() }.into(),
        next: NextStep::Unblock { id: because }.into(),
        diffs,
        source: change.source.clone(),
    }
}

/// Takes the differences that wait out of an update. The others go on.
fn part(input: &PlanningInput<'_>, decided: &mut Decided, unavailable: &BTreeSet<ResourceId>, mut change: Change) {
    let (Some(resource), Some(schema)) =
        (input.desired.resources.get(&change.id), input.schemas.get(change.kind.as_str()).copied())
    else {
        return decided.changes.push(change);
    };
    let waiting = if unavailable.is_empty() { BTreeMap::new() } else { waiting(input, &change, schema, unavailable) };
    if waiting.is_empty() {
        return decided.changes.push(change);
    }
    let first = change.depends_on.iter().find(|id| waiting.values().any(|because| because == *id));
    let because = first.or_else(|| waiting.values().next()).cloned();
    let waits: BTreeSet<usize> = waiting.into_keys().collect();
    let (held, rest) = refused::with_its_own(schema, std::mem::take(&mut change.diffs), &waits);
    if let Some(because) = because {
        decided.blocked.push(needs(&change, because, held));
    }
    change.diffs = rest;
    if !change.diffs.is_empty() {
        derived::declared(&mut change, resource, schema);
        decided.changes.push(change);
    }
}

/// The differences, by their place, that need something unavailable, and what they need: a link to it is new, or is sent
/// together with the new value to an AWS that looks for its target.
fn waiting(
    input: &PlanningInput<'_>,
    change: &Change,
    schema: &KindSchema,
    unavailable: &BTreeSet<ResourceId>,
) -> BTreeMap<usize, ResourceId> {
    // What a failed read hides may be there, and then AWS finds it.
    let lost = |id: &ResourceId| unavailable.contains(id) && hides(input, id).is_none();
    let mut sent: BTreeMap<Name, Option<ResourceId>> = BTreeMap::new();
    let mut needed = |diff: &Diff| {
        let mut new = None;
        links::visit_new(diff, &mut |reference| new = new.or(Some(&reference.to).filter(|id| unavailable.contains(id))));
        new.cloned().or_else(|| {
            let first = schema.together(diff.name()).map(|attribute| attribute.name).next()?;
            let of_group = || sent_with(input, change, diff.name()).into_iter().find(lost);
            sent.entry(first).or_insert_with(of_group).clone()
        })
    };
    change.diffs.iter().enumerate().filter_map(|(place, diff)| Some((place, needed(diff)?))).collect()
}

/// What is not there and what AWS looks for when it receives the live value of this attribute and of those that are sent with
/// it. The differences of the change are made before; the links that they bring are not among these.
fn sent_with(input: &PlanningInput<'_>, change: &Change, name: Name) -> BTreeSet<ResourceId> {
    let (Some(live), Some(schema)) = (input.observed.owned.get(&change.id), input.schemas.get(change.kind.as_str())) else {
        return BTreeSet::new();
    };
    let lost = |attribute: &AttributeSchema, value: &Value| {
        let mut lost = BTreeSet::new();
        value.visit_references(&mut |reference| {
            let to = &reference.to;
            if !attribute.unasked.contains(&to.kind.as_str()) && !input.observed.owned.contains_key(to) {
                lost.insert(to.clone());
            }
        });
        lost
    };
    let asked = |row: &'static AttributeSchema| Some((row, live.attributes.reading(row.name).asked().ok()??));
    let before: BTreeSet<ResourceId> =
        schema.together(name).filter_map(asked).flat_map(|(row, value)| lost(row, value)).collect();
    if before.is_empty() {
        return before;
    }
    let target = patch::apply(schema, &compare::actual(live), &change.diffs);
    let after: BTreeSet<ResourceId> = schema
        .together(name)
        .filter_map(|row| Some((row, target.get(row.name)?)))
        .flat_map(|(row, value)| lost(row, value))
        .collect();
    before.intersection(&after).cloned().collect()
}
