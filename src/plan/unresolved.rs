//! Links to what cannot be recognised now: what differs there is unknown, not wrong.

use std::collections::BTreeSet;

use crate::model::path;
use crate::model::reason::plan::{BlockedReason, NextStep};
use crate::model::{Attributes, Blocked, BlockedCode, DesiredResource, Name, ResourceId};

use super::compare::Delta;
use super::input::PlanningInput;
use super::lookup::{hides, taken};

/// A link of this attribute leads to something that exists and cannot be recognised now: unread, ambiguous, or without
/// its tags. Its identifier stands in the live value where a reference should be, which says nothing.
pub(super) fn unresolved_reference(input: &PlanningInput<'_>, wanted: &Attributes, delta: &Delta) -> Option<ResourceId> {
    let mut found = None;
    wanted.get(path::name(&delta.path))?.visit_references(&mut |reference| {
        let id = &reference.to;
        let observed = input.observed;
        let taken = || {
            let (resource, schema) = (input.desired.resources.get(id)?, input.schemas.get(id.kind.as_str())?);
            taken(input, id, resource, schema)
        };
        let unrecognised = || hides(input, id).is_some() || observed.ambiguous.contains_key(id) || taken().is_some();
        if found.is_none() && !observed.owned.contains_key(id) && unrecognised() {
            found = Some(id.clone());
        }
    });
    found
}

pub(super) fn incomparable(
    input: &PlanningInput<'_>,
    id: &ResourceId,
    resource: &DesiredResource,
    unclear: &[Delta],
    target: &ResourceId,
) -> Blocked {
    let names: BTreeSet<Name> = unclear.iter().map(|delta| path::name(&delta.path)).collect();
    let hidden = hides(input, target);
    let (code, next) = match hidden {
        Some(hidden) if hidden.unanswered.is_some() => (BlockedCode::InDoubt, NextStep::PlanLater),
        Some(_) => (BlockedCode::Unreadable, NextStep::MakeReadable),
        None => (BlockedCode::DependsOnBlocked, NextStep::Unblock { id: target.clone() }),
    };
    Blocked {
        id: id.clone(),
        code,
        reason: BlockedReason::Unrecognised { attributes: names.into_iter().collect(), target: target.clone() }.into(),
        next: next.into(),
        diffs: Vec::new(),
        source: Some(resource.source.clone()),
    }
}
