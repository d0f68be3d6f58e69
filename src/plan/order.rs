//! The order of the steps, as a plan saves it: a resource comes before the resources that refer to it; deletes come last and in
//! reverse order.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Action, Change, ObservedState, Operation, ResourceId, Step};

/// One step for each change. A step waits only for the creates and adoptions that it refers to. A delete waits for every step
/// that ends a use of the deleted resource.
pub(super) fn steps(changes: &[Change], observed: &ObservedState) -> Vec<Step> {
    let made: Vec<&Change> = changes.iter().filter(|change| change.action != Action::Delete).collect();
    let gone: BTreeSet<&ResourceId> =
        changes.iter().filter(|change| change.action == Action::Delete).map(|change| &change.id).collect();
    let ids: BTreeSet<&ResourceId> = made.iter().map(|change| &change.id).collect();
    let dependencies: BTreeMap<&ResourceId, BTreeSet<&ResourceId>> =
        made.iter().map(|change| (&change.id, change.depends_on.iter().filter(|id| ids.contains(id)).collect())).collect();
    let creates: BTreeSet<&ResourceId> =
        made.iter().filter(|change| change.action == Action::Create).map(|change| &change.id).collect();
    // An adopted resource has outputs for other resources only after its step.
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
    // Live resources use a deleted one: those that are deleted as well, and those that change, come before it.
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

/// For each of these resources, the live resources that refer to it now.
fn users_of<'a>(
    gone: &BTreeSet<&'a ResourceId>,
    observed: &'a ObservedState,
) -> BTreeMap<&'a ResourceId, BTreeSet<&'a ResourceId>> {
    let mut users: BTreeMap<&ResourceId, BTreeSet<&ResourceId>> = gone.iter().map(|id| (*id, BTreeSet::new())).collect();
    if users.is_empty() {
        return users;
    }
    for (user, live) in &observed.owned {
        for value in live.attributes.bare().values() {
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

/// Kahn's algorithm, smallest id first. The compiler never makes a cycle; the members of a cycle would be appended in order,
/// and the linter refuses the plan.
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
