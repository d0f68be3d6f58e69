//! Checks a finished plan without the planner's help. A finding is a bug of tokaido, and the plan may not be applied.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Action, Change, DesiredState, Diff, Mutability, ObservedState, Operation, PlanBody, Precondition, ResourceId, Risk, Schemas,
};

use super::consistency;

/// Every rule that the plan breaks, as an English sentence. An empty list means that the plan may be trusted.
#[must_use]
pub fn lint(body: &PlanBody, desired: &DesiredState, observed: &ObservedState, schemas: &Schemas) -> Vec<String> {
    let mut broken = Vec::new();
    lint_targets(body, observed, schemas, &mut broken);
    let mut say = |text: String| broken.push(text);
    let mut ids = BTreeSet::new();
    for change in &body.changes {
        let id = &change.id;
        let Some(schema) = schemas.get(id.kind.as_str()) else {
            say(format!("{id} is of no known kind"));
            continue;
        };
        if !ids.insert(id.clone()) {
            say(format!("{id} is changed twice"));
        }
        let owned = observed.owned.contains_key(id);
        match change.action {
            Action::Create if owned => say(format!("{id} is created although it exists")),
            Action::Create if change.diffs.is_empty() => say(format!("{id} is created from nothing")),
            Action::Update if !owned => say(format!("{id} is updated although it is not ours")),
            Action::Adopt if !desired.resources.get(id).is_some_and(|resource| resource.adopt) => {
                say(format!("{id} is adopted although no file asks for it"));
            }
            Action::Delete if !owned => say(format!("{id} is deleted although it is not ours")),
            Action::Delete if !desired.retire.contains_key(id) => say(format!("{id} is deleted without a tombstone")),
            Action::Delete if desired.resources.contains_key(id) => say(format!("{id} is deleted although it is declared")),
            Action::Delete | Action::Replace if schema.stateful => say(format!("{id} is stateful and would be lost")),
            _ => {}
        }
        if change.risks.contains(&Risk::Destroys) {
            say(format!("{id} carries {}, which no plan may", Risk::Destroys.code()));
        }
        if !change.risks.is_sorted() {
            say(format!("{id} has its risks out of order"));
        }
        if change.action != Action::Delete && !desired.resources.contains_key(id) {
            say(format!("{id} is changed although it is not declared"));
        }
        if matches!(change.action, Action::Update | Action::Adopt) && change.diffs.is_empty() {
            say(format!("{id} changes nothing"));
        }
        for diff in change.diffs.iter().filter(|diff| diff.before == diff.after) {
            say(format!("{id} {} changes nothing", diff.path));
        }
        if change.when.is_empty() || change.preconditions.is_empty() {
            say(format!("{id} has no time or no precondition"));
        }
    }
    lint_steps(body, observed, &mut broken);
    lint_summary(body, &mut broken);
    if body.way_back.is_some() == body.changes.is_empty() {
        broken.push("a plan has a way back exactly when it has changes".to_owned());
    }
    broken.extend(consistency::contradictions(body, schemas));
    broken
}

/// A change to a live resource must name exactly that resource, and ask for nothing that AWS cannot do.
fn lint_targets(body: &PlanBody, observed: &ObservedState, schemas: &Schemas, broken: &mut Vec<String>) {
    for change in &body.changes {
        let id = &change.id;
        let means = |physical: &str| change.preconditions.contains(&Precondition::Exists { physical: physical.to_owned() });
        let right = match change.action {
            Action::Create => change.preconditions.contains(&Precondition::Absent),
            Action::Adopt => {
                observed.foreign.iter().any(|entry| entry.kind == id.kind && entry.region == id.region && means(&entry.physical))
            }
            Action::Update | Action::Replace | Action::Delete => observed.owned.get(id).is_some_and(|live| means(&live.physical)),
        };
        if !right || change.kind != id.kind || change.region != id.region {
            broken.push(format!("{id} does not mean the live resource that has this id"));
        }
        let fixed = |path: &Diff| {
            let attribute = schemas.get(id.kind.as_str()).and_then(|schema| schema.attribute(path.attribute()));
            attribute.is_some_and(|attribute| matches!(attribute.mutability, Mutability::Forbidden(_)))
        };
        if let Some(diff) = change.diffs.iter().find(|diff| change.action != Action::Create && fixed(diff)) {
            broken.push(format!("{id} {} cannot be changed on the live resource", diff.path));
        }
    }
}

fn lint_steps(body: &PlanBody, observed: &ObservedState, broken: &mut Vec<String>) {
    let numbers: BTreeMap<&ResourceId, usize> = body.steps.iter().map(|step| (&step.id, step.number)).collect();
    if body.steps.len() != body.changes.len() || numbers.len() != body.steps.len() {
        broken.push(format!("{} steps for {} changes", body.steps.len(), body.changes.len()));
    }
    let changes: BTreeMap<&ResourceId, &Change> = body.changes.iter().rev().map(|change| (&change.id, change)).collect();
    for (index, step) in body.steps.iter().enumerate() {
        if step.number != index + 1 || step.after.iter().any(|earlier| *earlier >= step.number) {
            broken.push(format!("step {} is out of order", step.number));
        }
        let Some(change) = changes.get(&step.id) else {
            broken.push(format!("step {} belongs to no change", step.number));
            continue;
        };
        let expected = match change.action {
            Action::Create => Operation::Create,
            Action::Delete => Operation::Delete,
            Action::Update | Action::Adopt | Action::Replace => Operation::Update,
        };
        if step.operation != expected {
            broken.push(format!("step {} does something else than its change", step.number));
        }
        let after: BTreeSet<&usize> = step.after.iter().collect();
        for need in &change.depends_on {
            let earlier = numbers.get(need).is_some_and(|number| after.contains(number));
            if !earlier && !observed.owned.contains_key(need) {
                broken.push(format!("{} needs {need}, which neither exists nor is made before it", step.id));
            }
        }
    }
}

fn lint_summary(body: &PlanBody, broken: &mut Vec<String>) {
    let count = |action: Action| body.changes.iter().filter(|change| change.action == action).count();
    let summary = &body.summary;
    let told = [summary.create, summary.update, summary.replace, summary.delete, summary.adopt];
    let real = [Action::Create, Action::Update, Action::Replace, Action::Delete, Action::Adopt].map(count);
    if told != real {
        broken.push(format!("the summary says {told:?} and the changes are {real:?}"));
    }
}
