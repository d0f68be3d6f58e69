//! Rules over everything else: data that exists keeps its protection, a tenant's change is made whole or not at all,
//! a version goes one way.

use std::collections::BTreeSet;

use crate::model::reason::plan::{BlockedReason, NextStep, Owner};
use crate::model::tags;
use crate::model::{Action, Blocked, BlockedCode, Class, DesiredResource, Diff, Live, ResourceId, Shared, Value};

use super::decided::Decided;
use super::derived;
use super::input::PlanningInput;

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
        reason: BlockedReason::ProtectsData { data: data.clone() }.into(),
        next: NextStep::DeclareAgain { data: data.clone() }.into(),
        diffs,
        source: Some(resource.source.clone()),
    }
}

/// Whose this is according to our tags, when they are on it: a half of them is a claim too.
pub(super) fn other_owner(live: &Live) -> Option<Owner> {
    let owner =
        Owner { id: live.tags.get(tags::ID).map(String::from), environment: live.tags.get(tags::ENVIRONMENT).map(String::from) };
    (owner.id.is_some() || owner.environment.is_some()).then_some(owner)
}

/// Why a version is not reached by a plan: AWS has no way back, and a major step is a project of its own.
pub(super) fn version_step(live: &Value, wanted: &Value) -> Option<NextStep> {
    let numbers = |value: &Value| {
        value.as_text().map(|text| text.split('.').filter_map(|part| part.parse::<u64>().ok()).collect::<Vec<_>>())
    };
    let (live, wanted) = (numbers(live)?, numbers(wanted)?);
    if live.is_empty() || wanted.is_empty() {
        return None;
    }
    if wanted[0] > live[0] {
        return Some(NextStep::NextMajor);
    }
    // Fewer parts say less: 16 accepts what 16.6 is.
    let older = wanted.as_slice() < &live[..wanted.len().min(live.len())];
    older.then_some(NextStep::NoDowngrade)
}

/// A tenant whose declared change is refused in one place keeps what it has in all: half of a move cuts it off from its
/// own database. What somebody changed by hand is repaired all the same.
pub(super) fn whole_or_not(input: &PlanningInput<'_>, decided: &mut Decided) {
    let tenant = |id: &ResourceId| {
        let tags = &input.desired.resources.get(id)?.tags;
        tags.get(tags::TENANT).filter(|tenant| *tenant != "shared").cloned()
    };
    let declared = |diff: &Diff| diff.class != Class::Drift;
    let refused: BTreeSet<Shared> = decided
        .blocked
        .iter()
        .filter(|blocked| blocked.code == BlockedCode::Forbidden && blocked.diffs.iter().any(declared))
        .filter_map(|blocked| tenant(&blocked.id))
        .collect();
    if refused.is_empty() {
        return;
    }
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
                reason: BlockedReason::Half { tenant: tenant.to_string() }.into(),
                next: NextStep::TakeBack { tenant: tenant.to_string() }.into(),
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
