//! Rules over everything else: data that exists keeps its protection, a tenant's change is made whole or not at all,
//! a version goes one way.

use std::collections::BTreeSet;

use crate::model::tags;
use crate::model::{Action, Blocked, BlockedCode, Class, DesiredResource, Diff, Live, ResourceId, Value};

use super::PlanningInput;
use super::decide::Decided;
use super::derived;

/// What a difference takes its protection from: it removes a link to something of ours that holds data, still exists and
/// is not declared any more. A block that vanished from a file must not end the backups of its database.
pub(super) fn protects_data(input: &PlanningInput<'_>, diff: &Diff) -> Option<ResourceId> {
    if !diff.after.is_null() {
        return None;
    }
    let mut found = None;
    diff.before.visit_references(&mut |reference| {
        let id = &reference.to;
        let stateful = input.schemas.get(id.kind.as_str()).is_some_and(|schema| schema.stateful);
        let undeclared = !input.desired.resources.contains_key(id);
        if stateful && undeclared && input.observed.owned.contains_key(id) {
            found.get_or_insert_with(|| id.clone());
        }
    });
    found
}

pub(super) fn protected(id: &ResourceId, resource: &DesiredResource, diffs: Vec<Diff>, data: &ResourceId) -> Blocked {
    Blocked {
        id: id.clone(),
        code: BlockedCode::ProtectsData,
        reason: format!("{data} is not declared any more and still holds data; what protects it stays"),
        next: format!("declare {data} again, or give it up (docs/procedures.md) and plan again"),
        diffs,
        source: Some(resource.source.clone()),
    }
}

/// Whose this is according to our tags, when they are on it: a half of them is a claim too.
pub(super) fn other_owner(live: &Live) -> Option<String> {
    match (live.tags.get(tags::ID), live.tags.get(tags::ENVIRONMENT)) {
        (None, None) => None,
        (id, Some(environment)) => Some(format!("{} in {environment}", id.map_or("something", String::as_str))),
        (Some(id), None) => Some(format!("{id} in some environment")),
    }
}

/// Why a version is not reached by a plan: AWS has no way back, and a major step is a project of its own.
pub(super) fn version_step(live: &Value, wanted: &Value) -> Option<&'static str> {
    let numbers = |value: &Value| {
        value.as_text().map(|text| text.split('.').filter_map(|part| part.parse::<u64>().ok()).collect::<Vec<_>>())
    };
    let (live, wanted) = (numbers(live)?, numbers(wanted)?);
    if live.is_empty() || wanted.is_empty() {
        return None;
    }
    if wanted[0] > live[0] {
        return Some(
            "a new major version is a project: snapshot, try it in staging, upgrade by hand, then declare it (docs/procedures.md)",
        );
    }
    // Fewer parts say less: 16 accepts what 16.6 is.
    let older = wanted.as_slice() < &live[..wanted.len().min(live.len())];
    older.then_some("AWS cannot go back to an older version: declare the one that runs, or restore a snapshot")
}

/// A tenant whose declared change is refused in one place keeps what it has in all: half of a move cuts it off from its
/// own database. What somebody changed by hand is repaired all the same.
pub(super) fn whole_or_not(input: &PlanningInput<'_>, decided: &mut Decided) {
    let tenant = |id: &ResourceId| {
        let tags = &input.desired.resources.get(id)?.tags;
        tags.get(tags::TENANT).filter(|tenant| *tenant != "shared").cloned()
    };
    let declared = |diff: &Diff| diff.class != Class::Drift;
    let refused: BTreeSet<String> = decided
        .blocked
        .iter()
        .filter(|blocked| blocked.code == BlockedCode::Forbidden && blocked.diffs.iter().any(declared))
        .filter_map(|blocked| tenant(&blocked.id))
        .collect();
    let mut blocked = Vec::new();
    decided.changes.retain_mut(|change| {
        let Some(tenant) = tenant(&change.id).filter(|tenant| change.action == Action::Update && refused.contains(tenant)) else {
            return true;
        };
        let (kept, drifted): (Vec<Diff>, Vec<Diff>) = std::mem::take(&mut change.diffs).into_iter().partition(declared);
        if !kept.is_empty() {
            blocked.push(Blocked {
                id: change.id.clone(),
                code: BlockedCode::Half,
                reason: format!("another part of this change of {tenant} is refused, and half of it would do harm"),
                next: format!("take back what is refused for {tenant}, or follow its procedure first"),
                diffs: kept.clone(),
                source: change.source.clone(),
            });
        }
        change.diffs = drifted;
        // What is left is told for itself.
        if let (Some(resource), Some(schema)) = (input.desired.resources.get(&change.id), input.schemas.get(change.kind.as_str()))
        {
            derived::declared(change, resource, schema);
        }
        !change.diffs.is_empty()
    });
    decided.blocked.extend(blocked);
}
