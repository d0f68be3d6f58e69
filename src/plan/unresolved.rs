//! Unresolved references: links to a resource that cannot be recognised now. A difference there is unknown, not wrong.

use std::collections::BTreeSet;

use crate::model::path;
use crate::model::reason::plan::{BlockedReason, NextStep};
use crate::model::{Attributes, Blocked, BlockedCode, DesiredResource, Name, ResourceId};

use super::compare::Delta;
use super::input::PlanningInput;
use super::lookup::{hides, taken};

/// The target of a link of this attribute that exists and cannot be recognised now: it was not read, it is ambiguous, or it has
/// lost its tags. The live value then holds its identifier where the desired value holds a reference, which proves no
/// difference.
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

/// The refusal of differences whose link leads to an unresolved reference.
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
