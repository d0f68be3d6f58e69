//! The consistency of a plan, without the world. An id and a seal prove that a plan file was not damaged, not who wrote it.
//! So everything in a plan that follows from the rest is derived again, and what the plan asks for is compared with what the
//! files declare.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::plan::Summary;
use crate::model::reason::plan::{NextStep, Timing};
use crate::model::{
    Action, AttributeSchema, Blocked, BlockedCode, Change, Class, DesiredState, Diff, Mutability, ObservedState, Operation,
    PlanBody, ResourceId, Schemas, Stated, Step, Words,
};

use super::compare::with_tags;
use super::{decide, derived, entries, failed, order, patch, remedy, way_back};

/// Every place, as an English sentence, where a plan does not follow from its own differences. Needs neither files nor a world.
/// Empty for a consistent plan.
#[must_use]
pub fn contradictions(body: &PlanBody, schemas: &Schemas) -> Vec<String> {
    let mut found = Vec::new();
    let mut ids = BTreeSet::new();
    let made = made(body);
    for change in &body.changes {
        let id = &change.id;
        if !ids.insert(id) || change.kind != id.kind || change.region != id.region {
            found.push(format!("{id} is changed twice, or as something else"));
        }
        let Some(schema) = schemas.get(id.kind.as_str()) else {
            found.push(format!("{id} is of no known kind"));
            continue;
        };
        found.extend(shape(change).map(|why| format!("{id} {why}")));
        let mut expected = change.clone();
        derived::follow(&mut expected, schema, window(&change.when));
        besides(&mut expected, change, &made);
        found.extend(other(&expected, change).map(|what| format!("{id}: its {what} is not what follows from its differences")));
    }
    found.extend(
        body.blocked
            .iter()
            .filter(|blocked| !is_ours(blocked, schemas))
            .map(|blocked| format!("what it says of {} being refused is not what this tokaido says", blocked.id)),
    );
    let mut notes = body.drifted.iter().chain(&body.pending).chain(&body.service_managed);
    if let Some(note) = notes.find(|note| note.reason.as_ref().is_some_and(|reason| reason.ours().is_none())) {
        found.push(format!("what it says of {} is not what this tokaido says", note.id));
    }
    if !body.changes.is_sorted_by_key(|change| (change.impact, &change.id)) {
        found.push("its changes are not in the order of their impact".to_owned());
    }
    if !in_order(body) {
        found.push("its steps are not the doing of its changes, in their order".to_owned());
    }
    if way_back::of(schemas, &body.changes) != body.way_back {
        found.push("its way back is not the one of its changes".to_owned());
    }
    let told = decide::summary(&body.changes, &body.blocked, &body.pending, std::iter::empty());
    if (Summary { unchanged: body.summary.unchanged, ..told }) != body.summary {
        found.push("its summary does not count its changes".to_owned());
    }
    found
}

/// Everything, as an English sentence, that the plan asks for or states and the files do not. `part`: the plan is a subset, about
/// these resources alone.
#[must_use]
pub fn undeclared(
    body: &PlanBody,
    desired: &DesiredState,
    schemas: &Schemas,
    part: Option<&BTreeSet<ResourceId>>,
) -> Vec<String> {
    let mut found = Vec::new();
    let made = made(body);
    for change in &body.changes {
        let Some(schema) = schemas.get(change.id.kind.as_str()) else { continue };
        let (id, physical) = (&change.id, derived::physical(change).unwrap_or_default());
        let mut expected = match (change.action, desired.resources.get(id), desired.retire.get(id)) {
            (Action::Create, Some(resource), _) => derived::created(id, resource, schema),
            (Action::Update | Action::Adopt, Some(resource), _) if change.action == Action::Update || resource.adopt => {
                let wanted = with_tags(&resource.attributes, &resource.tags);
                // The rule that waits is declared, and the one in its place was applied.
                let waiting = || body.blocked.iter().filter(|blocked| blocked.id == *id && blocked.code == BlockedCode::Half);
                let kept =
                    |diff: &Diff| waiting().flat_map(|blocked| &blocked.diffs).any(|waits| entries::puts_back(diff, waits));
                let asked = |diff: &Diff| patch::value_at(schema, &wanted, &diff.path) == diff.after || kept(diff);
                if let Some(diff) = change.diffs.iter().find(|diff| !asked(diff)) {
                    found.push(not_declared(id, diff));
                    continue;
                }
                let updated = derived::updated(id, resource, schema, physical, change.diffs.clone(), change.action);
                match remedy::state(change) {
                    Some(word) => failed::in_state(updated, resource, schema, word),
                    None => updated,
                }
            }
            (Action::Delete, None, Some(tombstone)) => derived::retired(id, tombstone, schema, physical),
            _ => {
                found.push(format!("{id}: its {} is not what the files ask for", change.action.as_str()));
                continue;
            }
        };
        besides(&mut expected, change, &made);
        if let Some(diff) = change.diffs.iter().find(|diff| !expected.diffs.contains(diff)) {
            found.push(not_declared(id, diff));
        } else if let Some(what) = other(&expected, change) {
            found.push(format!("{id}: its {what} is not what the files say"));
        }
    }
    let of: Vec<&ResourceId> = part.map_or_else(|| desired.resources.keys().collect(), |part| part.iter().collect());
    let summary = decide::summary(&body.changes, &body.blocked, &body.pending, of.into_iter());
    let divergences = if part.is_some() { &[][..] } else { &desired.divergences[..] };
    let facts = [
        ("regions", body.regions == [desired.primary, desired.recovery]),
        ("release", body.release == desired.release),
        ("divergences", body.divergences == divergences),
        ("summary", body.summary == summary),
    ];
    found.extend(facts.into_iter().filter(|(_, same)| !same).map(|(what, _)| format!("its {what} is not what the files say")));
    found
}

/// Whether the refusal's reason and next step are sentences of this tokaido, and a procedure the text of a row of its kind.
fn is_ours(blocked: &Blocked, schemas: &Schemas) -> bool {
    let rows = || schemas.get(blocked.id.kind.as_str()).into_iter().flat_map(|schema| schema.attributes);
    let said = |words: &Words| {
        let of_row = |row: &AttributeSchema| [row.mutability].into_iter().chain(row.cases.iter().map(|case| case.mutability));
        let says = |rule| matches!(rule, Mutability::Forbidden(procedure) if Words::from(procedure) == *words);
        let remedy = schemas.get(blocked.id.kind.as_str()).and_then(|schema| schema.remedy);
        let of_remedy = remedy.into_iter().flat_map(|remedy| [remedy.declare, remedy.by_hand]);
        rows().any(|row| of_row(row).any(says)) || of_remedy.into_iter().any(|told| Words::from(told) == *words)
    };
    blocked.reason.ours().is_some()
        && blocked.next.ours().is_some_and(|next| match next {
            NextStep::Procedure { words } => said(words),
            _ => true,
        })
}

fn not_declared(id: &ResourceId, diff: &Diff) -> String {
    format!("{id} {} = {} is not what the files declare", diff.path, diff.after)
}

/// Says so when a change has a shape that the planner never makes.
fn shape(change: &Change) -> Option<&'static str> {
    let declared = |diff: &Diff| matches!(diff.class, Class::Change | Class::Drift | Class::Unknown) && diff.before != diff.after;
    let new = |diff: &Diff| diff.before.is_null() && diff.class == Class::Change;
    let right = match change.action {
        Action::Create => !change.diffs.is_empty() && change.diffs.iter().all(new),
        Action::Update | Action::Adopt => !change.diffs.is_empty() && derived::physical(change).is_some(),
        Action::Delete => change.diffs.is_empty() && derived::physical(change).is_some(),
        Action::Replace => false,
    };
    let paths: BTreeSet<&str> = change.diffs.iter().map(|diff| diff.path.as_str()).collect();
    (!right || paths.len() != change.diffs.len() || !change.diffs.iter().all(declared))
        .then_some("is no change that a plan makes")
}

/// What a plan makes, so that other changes may wait for it.
fn made(body: &PlanBody) -> BTreeSet<&ResourceId> {
    let makes = |change: &&Change| matches!(change.action, Action::Create | Action::Adopt);
    body.changes.iter().filter(makes).map(|change| &change.id).collect()
}

/// An update may also wait for what the plan makes, where the live value that is sent with its differences leads there. The live
/// value is not known here, and to wait does no harm.
fn besides(expected: &mut Change, told: &Change, made: &BTreeSet<&ResourceId>) {
    if told.action != Action::Update || told.depends_on == expected.depends_on {
        return;
    }
    let mut needs: BTreeSet<ResourceId> = told.depends_on.iter().filter(|id| made.contains(id)).cloned().collect();
    needs.extend(std::mem::take(&mut expected.depends_on));
    expected.depends_on = needs.into_iter().collect();
}

/// The first property in which the told change differs from the expected one.
fn other(expected: &Change, told: &Change) -> Option<&'static str> {
    let facts = [
        ("list of differences", expected.diffs == told.diffs),
        ("impact", expected.impact == told.impact),
        ("list of risks", expected.risks == told.risks),
        ("reason", expected.reason == told.reason),
        ("time", expected.when == told.when),
        ("precondition", expected.preconditions == told.preconditions),
        ("list of what it needs", expected.depends_on == told.depends_on),
        ("place in the files", expected.source == told.source),
        ("count of what stays", expected.unchanged == told.unchanged),
    ];
    facts.into_iter().find(|(_, same)| !same).map(|(what, _)| what)
}

/// The maintenance window that the change names, if it names one. [`undeclared`] compares it with the files.
fn window(when: &[Stated<Timing>]) -> Option<&str> {
    when.iter().find_map(|part| match part.ours()? {
        Timing::Window { at, .. } => at.0.as_deref(),
        _ => None,
    })
}

/// Whether the steps are those of the changes, in their order. Which steps a delete waits for depends on the live state, which
/// is not known here; of deletes only the numbers are judged.
fn in_order(body: &PlanBody) -> bool {
    let expected = order::steps(&body.changes, &ObservedState::default());
    let made = expected.iter().filter(|step| step.operation != Operation::Delete).count();
    let ids = |steps: &[Step]| steps.iter().map(|step| step.id.clone()).collect::<BTreeSet<_>>();
    let delete = |(index, step): (usize, &Step)| {
        let earlier = step.after.is_sorted() && step.after.iter().all(|earlier| (1..step.number).contains(earlier));
        step.operation == Operation::Delete && step.number == made + index + 1 && earlier
    };
    body.steps.len() == expected.len()
        && body.steps[..made] == expected[..made]
        && ids(&body.steps[made..]) == ids(&expected[made..])
        && body.steps[made..].iter().enumerate().all(delete)
}

/// Whether every delete waits for every resource that uses the deleted one now and that this plan changes.
pub(super) fn waits_for_its_users(body: &PlanBody, observed: &ObservedState) -> bool {
    let named = |steps: &[Step]| -> BTreeMap<ResourceId, BTreeSet<ResourceId>> {
        let after =
            |step: &Step| step.after.iter().filter_map(|number| Some(steps.get(number.checked_sub(1)?)?.id.clone())).collect();
        steps.iter().map(|step| (step.id.clone(), after(step))).collect()
    };
    let told = named(&body.steps);
    named(&order::steps(&body.changes, observed)).iter().all(|(id, after)| told.get(id).is_some_and(|told| after.is_subset(told)))
}
