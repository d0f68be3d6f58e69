//! What the planner looks up of one resource: what hides it, what holds its name, whose tags something carries.

use crate::model::reason::plan::{BlockedReason, Label, NextStep};
use crate::model::{DesiredResource, KindSchema, Live, ResourceId, Unreadable, tags};

use super::input::PlanningInput;

/// Whose tag it carries, as far as it says.
pub(super) fn label(live: &Live) -> Label {
    Label(live.tags.get(tags::ID).filter(|id| !id.is_empty()).map(String::from))
}

/// What to do about something that may be `id` under another label.
pub(super) fn put_back(id: &ResourceId, physical: &str) -> NextStep {
    NextStep::PutBack { physical: physical.to_owned(), id: id.clone() }
}

pub(super) fn ambiguous(candidates: &[String]) -> BlockedReason {
    BlockedReason::Ambiguous { count: candidates.len(), physical: candidates.to_vec() }
}

/// A failed read behind which this resource may be.
pub(super) fn hides<'a>(input: &PlanningInput<'a>, id: &ResourceId) -> Option<&'a Unreadable> {
    input.observed.unreadable.iter().find(|failed| failed.hides(id))
}

pub(super) fn taken<'a>(
    input: &PlanningInput<'a>,
    id: &ResourceId,
    resource: &DesiredResource,
    schema: &KindSchema,
) -> Option<&'a Live> {
    let held = resource.attributes.text(schema.unique?)?.to_ascii_lowercase();
    input.observed.taken.get(&(id.kind.clone(), id.region, held))
}

/// The line to paste under `retire:`; nothing that holds data is deleted by one.
pub(super) fn tombstone(id: &ResourceId, schema: &KindSchema) -> Option<String> {
    (!schema.stateful).then(|| format!("- {{ id: {id}, reason: \"…\" }}"))
}
