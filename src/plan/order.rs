//! The executable order, saved in the plan: what is referred to comes first, deletes come last and in reverse.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Action, Change, ObservedState, Operation, ResourceId, Step};

/// One step per change. Steps wait only for creates they refer to; a delete waits for everything that stops using it.
pub(super) fn steps(changes: &[Change], observed: &ObservedState) -> Vec<Step> {
    let made: Vec<&Change> = changes.iter().filter(|change| change.action != Action::Delete).collect();
    let gone: BTreeSet<&ResourceId> =
        changes.iter().filter(|change| change.action == Action::Delete).map(|change| &change.id).collect();
    let ids: BTreeSet<&ResourceId> = made.iter().map(|change| &change.id).collect();
    let dependencies: BTreeMap<&ResourceId, BTreeSet<&ResourceId>> =
        made.iter().map(|change| (&change.id, change.depends_on.iter().filter(|id| ids.contains(id)).collect())).collect();
    let creates: BTreeSet<&ResourceId> =
        made.iter().filter(|change| change.action == Action::Create).map(|change| &change.id).collect();
    // What is adopted has outputs for others only once it is ours.
    let providers: BTreeSet<&ResourceId> =
        made.iter().filter(|change| matches!(change.action, Action::Create | Action::Adopt)).map(|change| &change.id).collect();
    let mut numbers: BTreeMap<&ResourceId, usize> = BTreeMap::new();
    let mut steps = Vec::new();
    for id in topological(&dependencies) {
        let number = steps.len() + 1;
        let after = dependencies[id]
            .iter()
            .filter(|other| providers.contains(*other))
            .filter_map(|other| numbers.get(*other).copied())
            .collect();
        let operation = if creates.contains(id) { Operation::Create } else { Operation::Update };
        numbers.insert(id, number);
        steps.push(Step { number, id: id.clone(), operation, after });
    }
    // A deleted resource is used by live ones: those that are deleted too go first, those that change must change first.
    let users = users_of(&gone, observed);
    let among: BTreeMap<&ResourceId, BTreeSet<&ResourceId>> =
        users.iter().map(|(id, users)| (*id, users.iter().copied().filter(|user| gone.contains(user)).collect())).collect();
    for id in topological(&among) {
        let number = steps.len() + 1;
        let after = users[id].iter().filter_map(|user| numbers.get(*user).copied()).collect();
        numbers.insert(id, number);
        steps.push(Step { number, id: id.clone(), operation: Operation::Delete, after });
    }
    for step in &mut steps {
        step.after.sort_unstable();
    }
    steps
}

/// Of each of these who refers to it now.
fn users_of<'a>(
    gone: &BTreeSet<&'a ResourceId>,
    observed: &'a ObservedState,
) -> BTreeMap<&'a ResourceId, BTreeSet<&'a ResourceId>> {
    let mut users: BTreeMap<&ResourceId, BTreeSet<&ResourceId>> = gone.iter().map(|id| (*id, BTreeSet::new())).collect();
    if users.is_empty() {
        return users;
    }
    for (user, live) in &observed.owned {
        for value in live.attributes.values().values() {
            value.visit_references(&mut |reference| {
                if reference.to != *user
                    && let Some(users) = users.get_mut(&reference.to)
                {
                    users.insert(user);
                }
            });
        }
    }
    users
}

/// Kahn's algorithm, smallest id first. A cycle cannot come from the compiler; its members are appended in order and
/// the linter refuses the plan.
fn topological<'a>(dependencies: &BTreeMap<&'a ResourceId, BTreeSet<&'a ResourceId>>) -> Vec<&'a ResourceId> {
    let mut open: BTreeMap<&ResourceId, usize> = dependencies.iter().map(|(id, needs)| (*id, needs.len())).collect();
    let mut dependents: BTreeMap<&ResourceId, Vec<&'a ResourceId>> = BTreeMap::new();
    for (id, needs) in dependencies {
        for need in needs {
            dependents.entry(need).or_default().push(id);
        }
    }
    let mut ready: BTreeSet<&'a ResourceId> =
        dependencies.iter().filter(|(_, needs)| needs.is_empty()).map(|(id, _)| *id).collect();
    let mut order = Vec::with_capacity(dependencies.len());
    while let Some(id) = ready.pop_first() {
        order.push(id);
        open.remove(id);
        for dependent in dependents.get(id).into_iter().flatten() {
            if let Some(count) = open.get_mut(dependent) {
                *count -= 1;
                if *count == 0 {
                    ready.insert(dependent);
                }
            }
        }
    }
    order.extend(dependencies.keys().copied().filter(|id| open.contains_key(id)));
    order
}
