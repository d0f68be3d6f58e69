//! Unresolved references: links to a resource that cannot be recognised now. A difference there is unknown, not wrong.

use std::collections::BTreeSet;

use crate::model::path;
use crate::model::reason::plan::{BlockedReason, NextStep};
use crate::model::{Attributes, Blocked, BlockedCode, DesiredResource, Diff, Home, Name, ResourceId, Value};

use super::input::PlanningInput;
use super::lookup::{another, as_applied, hides, taken};

/// The target of this difference that exists and cannot be recognised now: it was not read, it is ambiguous, or it has lost its
/// tags, perhaps to another. The live value then holds its identifier where the desired value holds a reference, which proves no
/// difference. Other differences of the attribute are as certain as ever.
pub(super) fn unresolved_reference(
    input: &PlanningInput<'_>,
    wanted: &Attributes,
    path: &str,
    (before, after): (&Value, &Value),
) -> Option<ResourceId> {
    let mut found = None;
    wanted.get(path::name(path))?.visit_references(&mut |reference| {
        let id = &reference.to;
        let observed = input.observed;
        let taken = || {
            let (resource, schema) = (input.desired.resources.get(id)?, input.schemas.get(id.kind.as_str())?);
            taken(input, id, resource, schema).or_else(|| as_applied(input, id, resource, schema).map(|(live, _)| live))
        };
        let unrecognised = || hides(input, id).is_some() || observed.ambiguous.contains_key(id) || taken().is_some();
        if found.is_none()
            && may_be_about(input, before, after, id)
            && (another(input, id).is_some() || !observed.owned.contains_key(id) && unrecognised())
        {
            found = Some(id.clone());
        }
    });
    found
}

/// Whether the difference asks for a link to this resource, or takes away what may be one.
fn may_be_about(input: &PlanningInput<'_>, before: &Value, after: &Value, id: &ResourceId) -> bool {
    let mut asked = false;
    after.visit_references(&mut |reference| asked |= reference.to == *id);
    if asked || !after.is_null() {
        return asked;
    }
    let schema = input.schemas.get(id.kind.as_str());
    let (Some(schema), Some(declared)) = (schema, input.desired.resources.get(id)) else { return true };
    let home = Home { account: &input.desired.account, region: id.region };
    let mut held = false;
    before.visit_texts(&mut |text| held |= schema.may_identify(&home, &declared.attributes, text));
    held
}

/// The refusal of differences whose link leads to an unresolved reference, with those that wait for them.
pub(super) fn incomparable(
    input: &PlanningInput<'_>,
    id: &ResourceId,
    resource: &DesiredResource,
    names: BTreeSet<Name>,
    waiting: Vec<Diff>,
    target: &ResourceId,
) -> Blocked {
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
        diffs: waiting,
        source: Some(resource.source.clone()),
    }
}
