//! What differs from the last apply; without a record of an apply, from what is declared.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::drift::{Mislabelled, Missing, Unadopted};
use crate::model::observed::ANOTHER_ACCOUNT;
use crate::model::plan::{Note, PLAN_VERSION};
use crate::model::reason::plan::NoteReason;
use crate::model::{Class, Diff, DriftReport, ResourceId, Status, Unreadable, retag};

use super::decide::decide;
use super::input::PlanningInput;
use super::lookup::{as_applied, label, lacking, mislabelled, namesake, taken};

/// The drift report. `observed_at`: RFC 3339. `founding`: what a bootstrap makes.
pub(super) fn report(input: &PlanningInput<'_>, observed_at: &str, founding: &BTreeSet<ResourceId>) -> DriftReport {
    let decided = decide(input);
    let recorded = input.recorded.filter(|state| !state.resources.is_empty());
    let mut drifted = decided.drifted;
    // The cause of a difference is unknown for a resource without a record, and for an attribute that the record does not
    // know. Both are reported as drift.
    let declared = decided
        .changes
        .iter()
        .map(|change| (&change.id, &change.diffs))
        .chain(decided.blocked.iter().map(|blocked| (&blocked.id, &blocked.diffs)));
    let mut known: BTreeMap<ResourceId, usize> =
        drifted.iter().enumerate().map(|(place, note)| (note.id.clone(), place)).collect();
    for (id, diffs) in declared.filter(|(id, _)| input.observed.owned.contains_key(*id)) {
        let diffs: Vec<Diff> = diffs
            .iter()
            .filter(|diff| diff.class == Class::Unknown)
            .map(|diff| Diff {
                path: diff.path.clone(),
                before: diff.after.clone(),
                after: diff.before.clone(),
                class: Class::Unknown,
            })
            .collect();
        match known.get(id) {
            Some(place) => drifted[*place].diffs.extend(diffs),
            None if diffs.is_empty() => {}
            None => {
                known.insert(id.clone(), drifted.len());
                drifted.push(Note {
                    id: id.clone(),
                    diffs,
                    reason: Some(NoteReason::UnknownCause.into()),
                    violations: Vec::new(),
                });
            }
        }
    }
    drifted.sort_by(|a, b| a.id.cmp(&b.id));
    let (desired, observed) = (input.desired, input.observed);
    let (mut missing, mut unadopted) = (missing(input), unadopted(input));
    // What was ours before has lost its tags: that is drift.
    unadopted.retain(|there| !missing.iter().any(|gone| gone.id == there.id && gone.class != Class::Unknown));
    missing.retain(|gone| gone.class != Class::Unknown || !unadopted.iter().any(|there| there.id == gone.id));
    // Of an observed kind nothing is compared, so a failed read of it hides no drift.
    let compared = |failed: &Unreadable| input.schemas.get(failed.kind.as_str()).is_none_or(|schema| !schema.observed);
    let unreadable: Vec<Unreadable> = observed.unread(input.recorded).into_iter().filter(compared).collect();
    let applied = input.recorded.into_iter().flat_map(|state| state.resources.keys().chain(state.unfinished.keys()));
    let nothing = observed.owned.keys().chain(applied).all(|id| founding.contains(id))
        && observed.copies.is_empty()
        && observed.ambiguous.is_empty();
    let as_founded = missing.is_empty() && drifted.is_empty() && unreadable.is_empty();
    if nothing && as_founded && recorded.is_some() {
        missing = absent(input);
    }
    DriftReport {
        schema_version: PLAN_VERSION,
        environment: desired.environment,
        account: desired.account.clone(),
        world: None,
        observed_at: observed_at.to_owned(),
        recorded: recorded.is_some(),
        nothing_applied: nothing && drifted.is_empty() && unreadable.is_empty() && !missing.is_empty(),
        missing,
        unadopted,
        drifted,
        pending: decided.pending,
        service_managed: decided.service_managed,
        orphans: decided.orphans,
        foreign: observed.foreign.clone(),
        copies: observed.copies.clone(),
        unreadable,
    }
}

/// What a file names by `physical_name:`, is there, and is not ours yet.
fn unadopted(input: &PlanningInput<'_>) -> Vec<Unadopted> {
    let observed = input.observed;
    let asked = input.desired.resources.iter().filter(|(id, resource)| resource.adopt && !observed.owned.contains_key(*id));
    asked
        .filter_map(|(id, resource)| {
            let live = taken(input, id, resource, input.schemas.get(id.kind.as_str())?)?;
            Some(Unadopted { id: id.clone(), physical: live.physical.to_string() })
        })
        .collect()
}

/// Resources that were not found and were applied once, or that an apply began to create and a file still declares; without any
/// record, all declared resources that were not found. A resource that could not be read is unknown, not missing.
fn missing(input: &PlanningInput<'_>) -> Vec<Missing> {
    let seen = |id: &ResourceId| seen(input, id);
    match input.recorded.filter(|state| !state.resources.is_empty()) {
        Some(state) => {
            // What an apply sent a delete of may be gone by that delete. Where a file declares it again, nobody knows.
            let gone_by = |id: &ResourceId| match (state.deleting.contains(id), input.desired.resources.contains_key(id)) {
                (false, _) => Some(Class::Drift),
                (true, true) => Some(Class::Unknown),
                (true, false) => None,
            };
            let applied = state.resources.keys().filter_map(|id| Some((id, gone_by(id)?)));
            // Only what an apply began to create and did not: what a file declares beside that is the plan's business.
            let begun = state.unfinished.keys().filter(|id| input.desired.resources.contains_key(*id));
            let begun = begun.filter(|id| !state.resources.contains_key(*id)).map(|id| (id, Class::Change));
            let mut missing: Vec<Missing> =
                applied.chain(begun).filter(|(id, _)| !seen(id)).map(|(id, class)| gone(input, id, class)).collect();
            missing.sort_by(|a, b| a.id.cmp(&b.id));
            missing
        }
        None => absent(input),
    }
}

/// Every declared resource that was not found, although it could be read.
fn absent(input: &PlanningInput<'_>) -> Vec<Missing> {
    let declared = input.desired.resources.keys().filter(|id| !seen(input, id));
    declared.map(|id| gone(input, id, Class::Unknown)).collect()
}

/// Whether something claims to be this resource, or hides it.
fn seen(input: &PlanningInput<'_>, id: &ResourceId) -> bool {
    let observed = input.observed;
    observed.owned.contains_key(id) || observed.ambiguous.contains_key(id) || observed.hides(id, input.recorded).is_some()
}

/// The entry of a resource that is not there, with the live one that may be it.
fn gone(input: &PlanningInput<'_>, id: &ResourceId, class: Class) -> Missing {
    let found = || {
        let schema = input.schemas.get(id.kind.as_str())?;
        let held = || {
            let resource = input.desired.resources.get(id)?;
            let applied = || as_applied(input, id, resource, schema).map(|(live, _)| live);
            taken(input, id, resource, schema).or_else(applied).or_else(|| namesake(input, id, resource, schema))
        };
        let live = held().or_else(|| Some(mislabelled(input, id, schema)?.0))?;
        let elsewhere = live.status == Status::Failed(ANOTHER_ACCOUNT.to_owned());
        (!elsewhere).then(|| {
            let (environment, physical) = (input.desired.environment, live.physical.clone());
            let command = retag::command(id.region, live, &lacking(live, environment, id));
            Mislabelled { physical: physical.to_string(), label: label(live, environment, id), command }
        })
    };
    Missing { id: id.clone(), class, mislabelled: found() }
}
