//! A create: the resource was absent a moment ago; its tags carry the intent; after a lost reply the intent finds it; an
//! incomplete one is repaired.

use std::collections::BTreeSet;

use crate::kinds::Wait;
use crate::model::Shared;
use crate::model::equality;
use crate::model::moment::Lasting;
use crate::model::tags::{self, Tags};
use crate::model::{Attributes, Class, Diff, Live, Name, Outcome, Sentence};
use crate::plan::compare::{self, with_tags};
use crate::store::SHOWN_WITHIN;
use crate::world::{Changed, CreateRequest, ErrorClass, ProviderError};

use super::Events;
use super::bindings::Bindings;
use super::lost::{Healed, Lost, Reading, is_lost};
use super::read_back::{Form, Target};
use super::reason::{Bare, StepReason, WaitReason};
use super::settle::{Settled, WaitProgress, Waiting, passing, pause, ready, seconds_since};
use super::step::{End, Ended, Job, ended, failed, unknown, unresolved};

/// Seconds between two lists that look for the result of a lost reply: each reads all of the kind.
const BETWEEN_SEARCHES: u64 = 10;

impl Job<'_> {
    pub(super) async fn create(&self, bindings: &Bindings, events: &Events<'_>) -> Ended {
        let (attributes, tags) = self.change.created();
        if let Some(refusal) = self.not_absent(&attributes, &tags) {
            return Ok(refusal.into());
        }
        let attributes = bindings.lower(&attributes).map_err(|reference| unresolved(&reference))?;
        let intent = self.remember_intent().await?;
        let mut request = CreateRequest { attributes, tags };
        request.tags.insert(Shared::common(tags::INTENT), &intent);
        request.tags.insert_default("Name", || self.execution.desired.environment.derived(&self.step.id.name));
        match self.driver.create(&request).await {
            Ok(physical) => self.finish_create(&physical, &request, bindings, events).await,
            Err(error) => {
                let (physical, found) = self.find_created(&intent, error, events).await?;
                let end = self.finish_create(&physical, &request, bindings, events).await?;
                let read_back = match (found, end.read_back) {
                    (Some(first), Some(second)) => Some(Healed::Both { first: first.into(), second: second.into() }.into()),
                    (first, second) => first.or(second),
                };
                Ok(End { read_back, ..end })
            }
        }
    }

    /// The precondition of a create, on a fresh reading: no resource carries the id or holds the name.
    fn not_absent(&self, attributes: &Attributes, tags: &Tags) -> Option<Outcome> {
        let (observed, id) = (self.execution.observed, &self.step.id);
        if let Some(live) = observed.owned.get(id) {
            let wanted = with_tags(attributes, tags);
            let same = compare::differences(self.schema(), &compare::actual(live), &wanted).is_empty();
            let moved = || failed(StepReason::ExistsOtherwise);
            return Some(if same { Outcome::AlreadyDone } else { moved() });
        }
        if let Some(candidates) = observed.ambiguous.get(id) {
            return Some(failed(StepReason::Ambiguous { candidates: candidates.clone() }));
        }
        let held = equality::name(self.schema().unique.and_then(|unique| attributes.text(unique))?);
        let holder = observed.taken.get(&(id.kind.clone(), id.region, held))?;
        Some(failed(StepReason::NameHeld { physical: holder.physical.to_string() }))
    }

    /// The reply of a create was lost, or says that the resource exists: tokaido's is the one with this intent. After a lost
    /// reply the search lasts as long as AWS may hide the result. The create is never sent again. Returns the object, and what
    /// the step says of it.
    async fn find_created(
        &self,
        intent: &str,
        error: ProviderError,
        events: &Events<'_>,
    ) -> Result<(String, Option<Sentence>), Outcome> {
        // Of a create that was answered, and whose later calls were not, the object is there.
        let lost = error.changed == Changed::Maybe || is_lost(&error);
        if !lost && error.class != ErrorClass::AlreadyExists {
            return Err(ended(&error));
        }
        let begun = self.execution.world.clock().now();
        let ours = |live: &Live| live.tags.get(tags::INTENT).is_some_and(|tag| tag == intent);
        let sent = Lost::of(error.clone());
        loop {
            match self.driver.list().await {
                Ok(listing) => {
                    if let Some(live) = listing.live.into_iter().find(ours) {
                        let physical = live.physical;
                        let note = Healed::Found { replies: sent.replies(), physical: physical.to_string() };
                        self.tell(&sent, Reading::Made { physical: physical.to_string() }, events);
                        return Ok((physical.to_string(), lost.then(|| note.into())));
                    }
                }
                Err(unlisted) if lost && passing(&unlisted) => {}
                Err(_) if !lost => return Err(ended(&error)),
                Err(unlisted) => {
                    return Err(unknown(StepReason::NotLookedFor { replies: sent.replies(), error: Bare(unlisted) }));
                }
            }
            if !lost {
                return Err(ended(&error));
            }
            let elapsed = seconds_since(self.execution.world, begun);
            let searched = Lasting(i64::try_from(elapsed).unwrap_or(i64::MAX));
            if elapsed >= SHOWN_WITHIN.as_secs().unsigned_abs() {
                return Err(unknown(StepReason::NotFoundByTag { replies: sent.replies(), searched, error: Bare(error) }));
            }
            let waiting_for = WaitReason::LostAnswer { replies: sent.replies() };
            let waiting = self.waiting("");
            let wait = Wait { poll: waiting.wait.poll.max(BETWEEN_SEARCHES), ..waiting.wait };
            if pause(self.execution, &Waiting { wait, ..waiting }, elapsed, waiting_for, events).await {
                return Err(unknown(StepReason::SearchStopped { replies: sent.replies(), searched }));
            }
        }
    }

    /// Waits until the resource is visible, then repairs what the create left undone (a lost tag, a second call that failed).
    async fn finish_create(&self, physical: &str, request: &CreateRequest, bindings: &Bindings, events: &Events<'_>) -> Ended {
        let present = |live: Option<&Live>| live.map_or_else(|| WaitProgress::Waiting(WaitReason::Shown), ready);
        let live = match self.wait(physical, events, &present).await {
            Settled::Done(Some(live)) => live,
            Settled::Done(None) => return Err(failed(StepReason::Vanished)),
            Settled::Failed(error) => return Err(failed(error)),
            Settled::Unknown(error) => return Err(unknown(error)),
        };
        bindings.add(&self.step.id, &live);
        let wanted = with_tags(&request.attributes, &request.tags);
        let left: Vec<Diff> = compare::differences(self.schema(), &compare::actual(&live), &wanted)
            .into_iter()
            .map(|delta| Diff { path: delta.path, before: delta.before, after: delta.after, class: Class::Change })
            .collect();
        if left.is_empty() {
            return Ok(Outcome::Done.into());
        }
        let target = Target { physical, diffs: &left, state: None, form: Form::Created(request) };
        let reached = self.reach(&target, live, events).await.map_err(|outcome| in_part(&left, outcome))?;
        Ok(End { outcome: Outcome::Done, read_back: reached.lost.note(reached.read, false) })
    }
}

/// The repair of a new object ended like this; the object is there.
fn in_part(left: &[Diff], outcome: Outcome) -> Outcome {
    let names: BTreeSet<Name> = left.iter().map(Diff::name).collect();
    let names = names.into_iter().collect();
    match outcome {
        Outcome::Failed { error, .. } => failed(StepReason::CreatedInPart { names, reason: error.into() }),
        Outcome::Unknown { error } => unknown(StepReason::CreatedInPart { names, reason: error.into() }),
        other => other,
    }
}
