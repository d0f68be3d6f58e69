//! What the planner looks up about one resource: the failed read that hides it, the holder of its name, the tags of a holder.

use crate::model::reason::plan::{BlockedReason, Label, NextStep};
use crate::model::{DesiredResource, KindSchema, Live, ResourceId, Unreadable, tags};

use super::input::PlanningInput;

/// The value of the tag `tokaido:id` on a live resource, if it has one.
pub(super) fn label(live: &Live) -> Label {
    Label(live.tags.get(tags::ID).filter(|id| !id.is_empty()).map(String::from))
}

/// The next step for a live resource that may be `id`, mislabelled: put its tag back.
pub(super) fn put_back(id: &ResourceId, physical: &str) -> NextStep {
    NextStep::PutBack { physical: physical.to_owned(), id: id.clone() }
}

/// The reason of a refusal when several live resources claim one id.
pub(super) fn ambiguous(candidates: &[String]) -> BlockedReason {
    BlockedReason::Ambiguous { count: candidates.len(), physical: candidates.to_vec() }
}

/// The failed read that may hide this resource.
pub(super) fn hides<'a>(input: &PlanningInput<'a>, id: &ResourceId) -> Option<&'a Unreadable> {
    input.observed.unreadable.iter().find(|failed| failed.hides(id))
}

/// The live resource that holds the unique value which `resource` declares and is not ours under this id.
pub(super) fn taken<'a>(
    input: &PlanningInput<'a>,
    id: &ResourceId,
    resource: &DesiredResource,
    schema: &KindSchema,
) -> Option<&'a Live> {
    let held = resource.attributes.text(schema.unique?)?.to_ascii_lowercase();
    input.observed.taken.get(&(id.kind.clone(), id.region, held))
}

/// The line to paste under `retire:`; `None` for a kind that holds data, because no plan deletes such a resource.
pub(super) fn tombstone(id: &ResourceId, schema: &KindSchema) -> Option<String> {
    (!schema.stateful).then(|| format!("- {{ id: {id}, reason: \"…\" }}"))
}
