//! Rules that overrule every other decision: data that exists keeps its protection, and a version never goes back.

use std::cmp::Ordering;

use crate::model::reason::plan::{BlockedReason, NextStep, Owner};
use crate::model::tags;
use crate::model::{Blocked, BlockedCode, DesiredResource, Diff, Live, ResourceId, Value, engine_version};

use super::input::PlanningInput;

/// The resource from which a difference takes protection: the difference removes a link to a resource of ours that holds data,
/// still exists and is not declared any more. A block that vanished from a file must not end the backups of its database.
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

/// The refusal of differences that take protection from `data`.
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

/// The owner that our tags on a live resource name. One of the two tags is enough for a claim.
pub(super) fn other_owner(live: &Live) -> Option<Owner> {
    let owner =
        Owner { id: live.tags.get(tags::ID).map(String::from), environment: live.tags.get(tags::ENVIRONMENT).map(String::from) };
    (owner.id.is_some() || owner.environment.is_some()).then_some(owner)
}

/// What the operator does instead of a version change that no plan makes: a downgrade, which AWS does not offer, or a step to
/// another major version, which is a project of its own.
pub(super) fn version_step(engine: &str, live: &Value, wanted: &Value) -> Option<NextStep> {
    let (live, wanted) = (live.as_text()?, wanted.as_text()?);
    if engine_version::major_step(engine, live, wanted) == Ordering::Greater {
        return Some(NextStep::NextMajor);
    }
    engine_version::is_older(live, wanted).then_some(NextStep::NoDowngrade)
}
