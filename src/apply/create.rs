//! A create: the resource was absent a moment ago; its tags carry the intent; after a lost reply the intent finds it; an
//! incomplete one is repaired.

use std::collections::BTreeSet;

use crate::kinds::Wait;
use crate::model::Shared;
use crate::model::equality;
use crate::model::path;
use crate::model::tags::{self, Tags};
use crate::model::{Attributes, Language, Live, Name, Outcome, Reason as _, Said};
use crate::plan::compare::{self, with_tags};
use crate::store::SHOWN_WITHIN;
use crate::world::{Changed, CreateRequest, ErrorClass, ProviderError, UpdateRequest};

use super::Events;
use super::bindings::Bindings;
use super::reason::{StepReason, WaitReason};
use super::settle::{Settled, WaitProgress, Waiting, pause, ready, seconds_since};
use super::step::{Ended, Job, ended, failed, unknown, unresolved};

/// Seconds between two lists that look for the result of a lost reply: each reads all of the kind.
const BETWEEN_SEARCHES: u64 = 10;

impl Job<'_> {
    pub(super) async fn create(&self, bindings: &Bindings, events: &Events<'_>) -> Ended {
        let (attributes, tags) = self.change.created();
        if let Some(refusal) = self.not_absent(&attributes, &tags) {
            return Ok(refusal);
        }
        let attributes = match bindings.lower(&attributes) {
            Ok(attributes) => attributes,
            Err(reference) => return Ok(unresolved(&reference)),
        };
        let intent = self.remember_intent().await?;
        let mut request = CreateRequest { attributes, tags };
        request.tags.insert(Shared::common(tags::INTENT), &intent);
        request.tags.insert_default("Name", || self.execution.desired.environment.derived(&self.step.id.name));
        let physical = match self.driver.create(&request).await {
            Ok(physical) => physical,
            Err(error) => match self.find_created(&intent, &error, events).await {
                Some(physical) => physical,
                None => return Ok(ended(&error)),
            },
        };
        self.finish_create(&physical, &request, bindings, events).await
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
        Some(failed(StepReason::NameHeld { physical: holder.physical.clone() }))
    }

    /// The reply of a create was lost, or says that the resource exists: tokaido's is the one with this intent. After a lost
    /// reply the search lasts as long as AWS may hide the result.
    async fn find_created(&self, intent: &str, error: &ProviderError, events: &Events<'_>) -> Option<String> {
        let lost = error.changed == Changed::Maybe;
        if !lost && error.class != ErrorClass::AlreadyExists {
            return None;
        }
        let begun = self.execution.world.clock().now();
        let ours = |live: &Live| live.tags.get(tags::INTENT).is_some_and(|tag| tag == intent);
        loop {
            let listing = self.driver.list().await.ok()?;
            if let Some(live) = listing.live.into_iter().find(ours) {
                return Some(live.physical);
            }
            let elapsed = seconds_since(self.execution.world, begun);
            if !lost || elapsed >= SHOWN_WITHIN.as_secs().unsigned_abs() {
                return None;
            }
            let waiting_for = WaitReason::LostAnswer;
            let waiting = self.waiting("");
            let wait = Wait { poll: waiting.wait.poll.max(BETWEEN_SEARCHES), ..waiting.wait };
            if pause(self.execution, &Waiting { wait, ..waiting }, elapsed, waiting_for, events).await {
                return None;
            }
        }
    }

    /// Waits until the resource is visible, then repairs what the create left undone (a lost tag, a second call that failed).
    async fn finish_create(&self, physical: &str, request: &CreateRequest, bindings: &Bindings, events: &Events<'_>) -> Ended {
        let present = |live: Option<&Live>| live.map_or_else(|| WaitProgress::Waiting(WaitReason::Shown), ready);
        let live = match self.wait(physical, events, &present).await {
            Settled::Done(Some(live)) => live,
            Settled::Done(None) => return Ok(failed(StepReason::Vanished)),
            Settled::Failed(error) => return Ok(failed(error)),
            Settled::Unknown(error) => return Ok(unknown(error)),
        };
        bindings.add(&self.step.id, &live);
        let wanted = with_tags(&request.attributes, &request.tags);
        let left: BTreeSet<Name> = compare::differences(self.schema(), &compare::actual(&live), &wanted)
            .into_iter()
            .map(|delta| path::name(&delta.path))
            .collect();
        if left.is_empty() {
            return Ok(Outcome::Done);
        }
        let names: Vec<Name> = left.iter().copied().collect();
        let update =
            UpdateRequest { live: *live, attributes: request.attributes.clone(), tags: request.tags.clone(), changed: left };
        if let Err(reason) = self.may_call().await {
            return Ok(failed(StepReason::CreatedInPart { names, reason: reason.said() }));
        }
        match self.driver.update(&update).await {
            Ok(()) => Ok(match self.wait(physical, events, &present).await {
                Settled::Done(_) => Outcome::Done,
                Settled::Failed(error) => failed(error),
                Settled::Unknown(error) => unknown(error),
            }),
            Err(error) => {
                let reason = Said::new(error.say(Language::En), error.say(Language::Ja));
                Ok(failed(StepReason::CreatedInPart { names, reason }))
            }
        }
    }
}
