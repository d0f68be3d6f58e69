//! What the look at the end of an apply records of each resource.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use crate::model::recorded::RecordedResource;
use crate::model::{Live, ObservedState, PlanBody, RecordedState, ResourceId, Status};
use crate::plan;
use crate::store::{self, SHOWN_WITHIN};

use super::Session;

/// A resource that is as declared is recorded as declared. Any other keeps its earlier record as long as it exists, with what of
/// the sent differences the look shows; and so does a resource that the run is not about. What was sent and is not shown stays
/// sent.
pub(super) fn seen(
    session: &Session,
    about: &dyn Fn(&ResourceId) -> bool,
    body: &PlanBody,
    recorded: Option<&RecordedState>,
    observed: &ObservedState,
    looked: Timestamp,
) -> RecordedState {
    let changes = body.changes.iter().map(|change| &change.id);
    let unsettled: BTreeSet<&ResourceId> = changes.chain(body.blocked.iter().map(|blocked| &blocked.id)).collect();
    let present = |id: &ResourceId| observed.owned.contains_key(id);
    let settled = |id: &ResourceId| about(id) && !unsettled.contains(id) && present(id);
    let desired = &session.desired;
    let mut state = recorded.cloned().unwrap_or_default();
    // Of what was made again the record is about another object.
    let again = |id: &ResourceId| state.unfinished.contains_key(id) && present(id) && about(id);
    let stays = |id: &ResourceId| present(id) || desired.resources.contains_key(id) && !state.deleting.contains(id);
    let kept = |id: &ResourceId| !about(id) || stays(id) && !again(id);
    let resources = state.resources.iter().filter(|(id, _)| kept(id));
    let mut resources: BTreeMap<_, _> = resources.map(|(id, resource)| (id.clone(), resource.clone())).collect();
    let tells = |id: &ResourceId, live: &Live| can_tell(&state, id, live, looked);
    let mut left = BTreeMap::new();
    for (id, sent) in &state.sent {
        let of_the_run = observed.owned.get(id).zip(session.schemas.get(id.kind.as_str())).filter(|_| about(id));
        let Some((live, schema)) = of_the_run else {
            left.insert(id.clone(), sent.clone());
            continue;
        };
        let plan::Look { shown, mut open } = plan::look(&state, id, schema, live, tells(id, live));
        match resources.get_mut(id) {
            Some(resource) => store::changed(id, resource, &shown),
            None => open.extend(shown),
        }
        left.insert(id.clone(), open);
    }
    let undeleted = |id: &ResourceId| observed.owned.get(id).is_some_and(|live| tells(id, live));
    let deleting = state.deleting.iter().filter(|id| !about(id) || present(id) && !undeleted(id)).cloned().collect();
    (state.sent, state.deleting) = (left, deleting);
    state.sent.retain(|id, sent| !sent.is_empty() && !settled(id));
    state.sent_at.retain(|id, _| state.sent.contains_key(id) || state.deleting.contains(id));
    for (id, resource) in desired.resources.iter().filter(|(id, _)| settled(id)) {
        resources.insert(id.clone(), RecordedResource { attributes: resource.attributes.clone(), tags: resource.tags.clone() });
    }
    state.unfinished.retain(|id, _| !resources.contains_key(id));
    RecordedState { resources, ..state }
}

/// How long after its signature AWS may still take a request ("Signing AWS API requests", the IAM user guide: five minutes in most
/// cases). Nobody sends it again: the apply that signed it has ended, or died.
const LATEST_ARRIVAL: SignedDuration = SignedDuration::from_mins(5);

/// Whether a look at this time can tell that what was sent to the resource was not made: AWS does not work on it, and what it could
/// have made it would show by now.
fn can_tell(state: &RecordedState, id: &ResourceId, live: &Live, looked: Timestamp) -> bool {
    let late = |sent: &Timestamp| looked.duration_since(*sent) >= LATEST_ARRIVAL + SHOWN_WITHIN;
    live.status == Status::Ready && state.sent_at.get(id).is_some_and(late)
}
