//! What a live resource of ours that stays still refers to is not deleted, and no orphan to delete: AWS would refuse it, or take it
//! from under its user. A refused change often leaves such a use. What data uses in one region has its like in the other, without
//! which a restore there has nothing to use.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::reason::plan::{BlockedReason, NextStep};
use crate::model::{Action, Attributes, Blocked, BlockedCode, Change, ResourceId};

use super::decided::Decided;
use super::input::PlanningInput;
use super::{compare, patch};

/// Holds back deletes of what is still used after this plan, and says of orphans who uses them.
pub(super) fn keep(input: &PlanningInput<'_>, decided: &mut Decided) {
    let deletes = decided.changes.iter().filter(|change| change.action == Action::Delete).map(|change| &change.id);
    let asked: BTreeSet<ResourceId> = deletes.chain(decided.orphans.iter().map(|orphan| &orphan.id)).cloned().collect();
    if asked.is_empty() {
        return;
    }
    let users = users(input, &decided.changes, &asked);
    if users.is_empty() {
        return;
    }
    for orphan in &mut decided.orphans {
        if let Some(users) = users.get(&orphan.id) {
            orphan.tombstone = None;
            orphan.used_by = users.iter().cloned().collect();
        }
    }
    let used = |change: &mut Change| change.action == Action::Delete && users.contains_key(&change.id);
    let held: Vec<Change> = decided.changes.extract_if(.., used).collect();
    for change in held {
        let users: Vec<ResourceId> = users[&change.id].iter().cloned().collect();
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

/// Of each of these resources the live ones that stay and refer to it after these changes. A resource that is neither declared nor
/// holds data can go in the same plan as what it uses.
fn users(input: &PlanningInput<'_>, changes: &[Change], of: &BTreeSet<ResourceId>) -> BTreeMap<ResourceId, BTreeSet<ResourceId>> {
    let changed: BTreeMap<&ResourceId, &Change> = changes.iter().map(|change| (&change.id, change)).collect();
    let mut users: BTreeMap<ResourceId, BTreeSet<ResourceId>> = BTreeMap::new();
    for (user, live) in &input.observed.owned {
        let Some(schema) = input.schemas.get(user.kind.as_str()) else { continue };
        if of.contains(user) && !schema.stateful {
            continue;
        }
        let mut needs = |id: &ResourceId| {
            if id != user && of.contains(id) {
                users.entry(id.clone()).or_default().insert(user.clone());
            }
        };
        let mut note = |attributes: &Attributes| {
            attributes.iter().for_each(|(_, value)| {
                value.visit_references(&mut |reference| {
                    needs(&reference.to);
                    // Where it is declared in one region alone, the files have decided about the other.
                    if schema.stateful && of.contains(&reference.to) {
                        needs(&elsewhere(input, &reference.to));
                    }
                });
            });
        };
        match changed.get(user) {
            Some(change) => note(&patch::apply(schema, &compare::actual(live), &change.diffs)),
            None => note(&compare::actual(live)),
        }
    }
    users
}

/// The resource of this name in the other region.
fn elsewhere(input: &PlanningInput<'_>, id: &ResourceId) -> ResourceId {
    let region = if id.region == input.desired.primary { input.desired.recovery } else { input.desired.primary };
    ResourceId { region, ..id.clone() }
}
