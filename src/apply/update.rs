//! An update: the resource is still tokaido's and still as the plan saw it, and exactly the planned elements change.

use std::time::Duration;

use crate::model::equality;
use crate::model::tags;
use crate::model::{Action, Attributes, Diff, Live, Outcome, Reason as _, Reference, Status, Value};
use crate::plan::{STATE, patch, remedy};
use crate::world::{ErrorClass, ProviderError, UpdateRequest};

use super::Events;
use super::bindings::Bindings;
use super::reason::{StepReason, WaitReason};
use super::settle::{Settled, WaitProgress, ready};
use super::step::{Ended, Job, ended, failed, unknown, unresolved};

/// How often a stuck "busy" answer is retried before the step fails.
const BUSY_RETRIES: usize = 30;

/// Whether AWS reports this failed state.
fn is_in(live: &Live, failed_state: Option<&str>) -> bool {
    matches!((&live.status, failed_state), (Status::Failed(now), Some(word)) if now == word)
}

impl Job<'_> {
    pub(super) async fn update(&self, bindings: &Bindings, events: &Events<'_>) -> Ended {
        let physical = self.planned_physical()?;
        let failed_state = remedy::state(self.change);
        let usable = |live: Option<&Live>| match live {
            Some(live) if is_in(live, failed_state) => WaitProgress::Done,
            Some(live) => ready(live),
            None => WaitProgress::Failed(StepReason::GonePlanAgain),
        };
        let live = match self.wait(&physical, events, &usable).await {
            Settled::Done(Some(live)) => *live,
            Settled::Done(None) => return Ok(failed(StepReason::GonePlanAgain)),
            Settled::Failed(error) => return Ok(failed(error)),
            Settled::Unknown(error) => return Ok(failed(StepReason::Untouched { reason: error.said() })),
        };
        if self.change.action == Action::Adopt {
            self.may_adopt(&live)?;
        } else if !self.is_ours(&live) {
            return Ok(failed(StepReason::NotOurs { physical }));
        }
        let actual = self.lifted(&live, bindings);
        let open: Vec<Diff> =
            self.change.diffs.iter().filter(|diff| !self.reached(&live, &actual, diff, bindings)).cloned().collect();
        if open.is_empty() {
            bindings.add(&self.step.id, &live);
            return Ok(Outcome::AlreadyDone);
        }
        if let Some(moved) = open.iter().find(|diff| !self.as_planned(&live, &actual, diff, bindings)) {
            let now = patch::value_at(self.schema(), &actual, &moved.path);
            let (path, before) = (moved.path.clone(), moved.before.clone());
            return Ok(failed(StepReason::Moved { path, now, before }));
        }
        if let Some(word) = failed_state {
            self.remedies(&live, word)?;
        }
        let request = match self.update_request(&live, &actual, &open, bindings) {
            Ok(request) => request,
            Err(reference) => return Ok(unresolved(&reference)),
        };
        self.remember_intent().await?;
        if let Err(error) = self.call_update(&request).await {
            return Ok(ended(&error));
        }
        let arrived = |live: Option<&Live>| {
            let Some(live) = live else { return WaitProgress::Failed(StepReason::Gone) };
            let actual = self.lifted(live, bindings);
            match open.iter().find(|diff| !self.reached(live, &actual, diff, bindings)) {
                Some(diff) if live.status == Status::Ready => {
                    WaitProgress::Waiting(WaitReason::NewValue { path: diff.path.clone() })
                }
                // AWS may report the old state for a while.
                _ if is_in(live, failed_state) => {
                    WaitProgress::Waiting(WaitReason::State { word: failed_state.unwrap_or_default().to_owned() })
                }
                _ => ready(live),
            }
        };
        Ok(match self.wait(&physical, events, &arrived).await {
            Settled::Done(live) => {
                if let Some(live) = live {
                    bindings.add(&self.step.id, &live);
                }
                Outcome::Done
            }
            Settled::Failed(error) => failed(error),
            Settled::Unknown(error) => unknown(error),
        })
    }

    /// A change in a failed state is applied at once, so it must still be the only one: the state is the planned one, and AWS has
    /// queued nothing else.
    fn remedies(&self, live: &Live, word: &str) -> Result<(), Outcome> {
        if !is_in(live, Some(word)) {
            let (now, before) = (Value::from("ready"), Value::from(word));
            return Err(failed(StepReason::Moved { path: STATE.to_owned(), now, before }));
        }
        let Some(queued) =
            live.pending.iter().find(|queued| remedy::others_queued(self.schema(), live).contains(&queued.attribute))
        else {
            return Ok(());
        };
        let path = format!("{} (pending)", queued.attribute);
        Err(failed(StepReason::Moved { path, now: queued.value.clone(), before: Value::Null }))
    }

    /// An adopt needs more than the plan: the file names the resource, the resource is what the file names, and it has no other
    /// owner.
    fn may_adopt(&self, live: &Live) -> Result<(), Outcome> {
        let (id, physical) = (&self.step.id, &live.physical);
        let physical = physical.clone();
        let Some(resource) = self.execution.desired.resources.get(id).filter(|resource| resource.adopt) else {
            return Err(failed(StepReason::AdoptUnasked { physical }));
        };
        let named = |attributes: &Attributes| self.schema().unique.and_then(|unique| attributes.text(unique)).map(str::to_owned);
        match (named(&resource.attributes), named(live.attributes.bare())) {
            (Some(wanted), Some(held)) if equality::same_name(&wanted, &held) => {}
            _ => return Err(failed(StepReason::AdoptOther { physical })),
        }
        if tags::of_another(&live.tags, self.execution.desired.environment, id) {
            return Err(failed(StepReason::AdoptOwned { physical }));
        }
        Ok(())
    }

    fn update_request(
        &self,
        live: &Live,
        actual: &Attributes,
        open: &[Diff],
        bindings: &Bindings,
    ) -> Result<UpdateRequest, Reference> {
        let mut target = patch::apply(self.schema(), actual, open);
        let tags = target.remove(tags::ATTRIBUTE).map(|tags| tags::of(&tags)).unwrap_or_default();
        Ok(UpdateRequest {
            live: live.clone(),
            attributes: bindings.lower_changed(&target, open)?,
            tags: tags.into_iter().filter(|(key, _)| tags::compared(key)).collect(),
            changed: open.iter().map(Diff::name).collect(),
        })
    }

    /// AWS may be busy with the object although its state says available (field notes 1.3): a bounded number of retries.
    async fn call_update(&self, request: &UpdateRequest) -> Result<(), ProviderError> {
        let mut tries = 0;
        loop {
            match self.driver.update(request).await {
                Err(error) if error.class == ErrorClass::Busy && tries < BUSY_RETRIES && !*self.execution.stop.borrow() => {
                    tries += 1;
                    self.execution.world.clock().sleep(Duration::from_secs(self.kind.wait.poll)).await;
                }
                answer => return answer,
            }
        }
    }

    /// The live value is the target already, or AWS holds the target as pending.
    fn reached(&self, live: &Live, actual: &Attributes, diff: &Diff, bindings: &Bindings) -> bool {
        let queued = self.with_queued(live, actual, diff, bindings);
        patch::reached(self.schema(), queued.as_ref().unwrap_or(actual), diff)
    }

    /// The live value is the one from which the plan was made.
    fn as_planned(&self, live: &Live, actual: &Attributes, diff: &Diff, bindings: &Bindings) -> bool {
        let is = |attributes: &Attributes| patch::is_before(self.schema(), attributes, diff);
        is(actual) || self.with_queued(live, actual, diff, bindings).is_some_and(|queued| is(&queued))
    }

    /// The live attributes with the value that AWS has queued for this attribute.
    fn with_queued(&self, live: &Live, actual: &Attributes, diff: &Diff, bindings: &Bindings) -> Option<Attributes> {
        // What is queued does not come while the state lasts that this change ends.
        let counts = remedy::state(self.change).is_none();
        let pending = live.pending.iter().find(|pending| counts && pending.attribute == diff.attribute())?;
        let alone = Attributes::from_iter([(pending.attribute, pending.value.clone())]);
        let mut queued = actual.clone();
        queued.extend(bindings.lift(self.schema(), self.step.id.region, &alone));
        Some(queued)
    }
}
