//! What a live resource of ours that stays still refers to is not deleted, and no orphan to delete: AWS would refuse it, or take it
//! from under its user. A refused change often leaves such a use. What data uses in one region has its like in the other, without
//! which a restore there has nothing to use.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::reason::plan::{BlockedReason, NextStep};
use crate::model::{Action, Attributes, Blocked, BlockedCode, Change, ResourceId};

use super::decided::Decided;
use super::input::PlanningInput;
use super::lookup::may_be_there;
use super::{compare, patch};

/// Holds back deletes of what is still used after this plan, and says of orphans who uses them.
pub(super) fn keep(input: &PlanningInput<'_>, decided: &mut Decided) {
    let deletes = decided.changes.iter().filter(|change| change.action == Action::Delete).map(|change| change.id.clone());
    let deletes: BTreeSet<ResourceId> = deletes.collect();
    let orphans = decided.orphans.iter().map(|orphan| orphan.id.clone());
    let asked: BTreeSet<ResourceId> = orphans.chain(deletes.clone()).collect();
    if asked.is_empty() {
        return;
    }
    let users = users(input, &decided.changes, &asked);
    if users.is_empty() {
        return;
    }
    // Orphans can all go in one plan, with what they use.
    let goes = asked.into_iter().filter(|id| !input.schemas.get(id.kind.as_str()).is_some_and(|schema| schema.stateful));
    let used = staying(&users, goes.collect());
    for orphan in &mut decided.orphans {
        if let Some(users) = used.get(&orphan.id) {
            orphan.tombstone = None;
            orphan.used_by.clone_from(users);
        }
    }
    let used = staying(&users, deletes);
    let held = |change: &mut Change| change.action == Action::Delete && used.contains_key(&change.id);
    let held: Vec<Change> = decided.changes.extract_if(.., held).collect();
    for change in held {
        let users = used[&change.id].clone();
        let Some(first) = users.first().cloned() else { continue };
        decided.blocked.push(Blocked {
            id: change.id,
            code: BlockedCode::DependsOnBlocked,
            reason: BlockedReason::StillNeeded { users }.into(),
            next: NextStep::EndUse { id: first }.into(),
            diffs: Vec::new(),
            source: change.source,
        });
    }
}

/// Of each resource that one of its users keeps, where only `goes` can go: the users that stay. What is kept keeps what it uses.
fn staying(
    users: &BTreeMap<ResourceId, BTreeSet<ResourceId>>,
    mut goes: BTreeSet<ResourceId>,
) -> BTreeMap<ResourceId, Vec<ResourceId>> {
    let mut kept = BTreeMap::new();
    loop {
        let stay = |(id, users): (&ResourceId, &BTreeSet<ResourceId>)| {
            let stay: Vec<ResourceId> = users.difference(&goes).cloned().collect();
            (!stay.is_empty() && !kept.contains_key(id)).then(|| (id.clone(), stay))
        };
        let now: Vec<_> = users.iter().filter_map(stay).collect();
        if now.is_empty() {
            return kept;
        }
        for (id, users) in now {
            goes.remove(&id);
            kept.insert(id, users);
        }
    }
}

/// Of each of these resources the ones that refer to it after these changes. What holds data is deleted by no plan. What AWS does
/// not show and may be there uses what was applied to it.
fn users(input: &PlanningInput<'_>, changes: &[Change], of: &BTreeSet<ResourceId>) -> BTreeMap<ResourceId, BTreeSet<ResourceId>> {
    let changed: BTreeMap<&ResourceId, &Change> = changes.iter().map(|change| (&change.id, change)).collect();
    let mut users: BTreeMap<ResourceId, BTreeSet<ResourceId>> = BTreeMap::new();
    let mut note = |user: &ResourceId, stateful: bool, attributes: &Attributes| {
        let mut needs = |id: &ResourceId| {
            if id != user && of.contains(id) {
                users.entry(id.clone()).or_default().insert(user.clone());
            }
        };
        attributes.iter().for_each(|(_, value)| {
            value.visit_references(&mut |reference| {
                needs(&reference.to);
                // Where it is declared in one region alone, the files have decided about the other.
                if stateful && of.contains(&reference.to) {
                    needs(&elsewhere(input, &reference.to));
                }
            });
        });
    };
    for (user, live) in &input.observed.owned {
        let Some(schema) = input.schemas.get(user.kind.as_str()) else { continue };
        match changed.get(user) {
            Some(change) => note(user, schema.stateful, &patch::apply(schema, &compare::actual(live), &change.diffs)),
            None => note(user, schema.stateful, &compare::actual(live)),
        }
    }
    let hidden = input.recorded.into_iter().flat_map(|state| &state.resources);
    for (user, record) in hidden.filter(|(id, _)| !input.observed.owned.contains_key(*id) && may_be_there(input, id)) {
        let stateful = input.schemas.get(user.kind.as_str()).is_some_and(|schema| schema.stateful);
        note(user, stateful, &record.attributes);
    }
    users
}

/// The resource of this name in the other region.
fn elsewhere(input: &PlanningInput<'_>, id: &ResourceId) -> ResourceId {
    let region = if id.region == input.desired.primary { input.desired.recovery } else { input.desired.primary };
    ResourceId { region, ..id.clone() }
}
