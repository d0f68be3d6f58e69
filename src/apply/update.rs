//! An update: the resource is still tokaido's and still as the plan saw it, and exactly the planned elements change.

use crate::model::equality;
use crate::model::tags;
use crate::model::{Action, Attributes, Live, Outcome, Reason as _, Value};
use crate::plan::{STATE, remedy};

use super::Events;
use super::bindings::Bindings;
use super::read_back::{Form, Target, is_in, legible};
use super::reason::StepReason;
use super::settle::{Settled, WaitProgress};
use super::step::{End, Ended, Job, failed};

impl Job<'_> {
    pub(super) async fn update(&self, bindings: &Bindings, events: &Events<'_>) -> Ended {
        let physical = self.planned_physical()?;
        let gone = || WaitProgress::Failed(StepReason::GonePlanAgain);
        let state = remedy::state(self.change);
        let usable = |live: Option<&Live>| live.map_or_else(gone, |live| legible(&self.change.diffs, live, state));
        let live = match self.wait(&physical, events, &usable).await {
            Settled::Done(Some(live)) => live,
            Settled::Done(None) => return Err(failed(StepReason::GonePlanAgain)),
            Settled::Failed(error) => return Err(failed(error)),
            Settled::Unknown(error) => return Err(failed(StepReason::Untouched { reason: error.said() })),
        };
        let target = Target { physical: &physical, diffs: &self.change.diffs, state, form: Form::Planned(bindings) };
        let reached = self.reach(&target, live, events).await?;
        bindings.add(&self.step.id, &reached.live);
        if !reached.called {
            return Ok(Outcome::AlreadyDone.into());
        }
        Ok(End { outcome: Outcome::Done, read_back: reached.lost.note(reached.read, false) })
    }

    /// Whether the object is one that the step may change. It is asked before each call.
    pub(super) fn may_change(&self, live: &Live) -> Result<(), StepReason> {
        if self.change.action == Action::Adopt {
            return self.may_adopt(live);
        }
        if self.is_ours(live) { Ok(()) } else { Err(StepReason::NotOurs { physical: live.physical.to_string() }) }
    }

    /// A change in a failed state is applied at once, so it must still be the only one: the state is the planned one, and AWS has
    /// queued nothing else.
    pub(super) fn remedies(&self, live: &Live, word: &str) -> Result<(), StepReason> {
        if !is_in(live, Some(word)) {
            return Err(StepReason::Moved { path: STATE.to_owned(), now: Value::from("ready"), before: Value::from(word) });
        }
        let others = remedy::others_queued(self.schema(), live);
        let Some(queued) = live.pending.iter().find(|queued| others.contains(&queued.attribute)) else { return Ok(()) };
        let path = format!("{} (pending)", queued.attribute);
        Err(StepReason::Moved { path, now: queued.value.clone(), before: Value::Null })
    }

    /// An adopt needs more than the plan: the file names the resource, the resource is what the file names, and it has no other
    /// owner.
    fn may_adopt(&self, live: &Live) -> Result<(), StepReason> {
        let (id, physical) = (&self.step.id, live.physical.clone());
        let Some(resource) = self.execution.desired.resources.get(id).filter(|resource| resource.adopt) else {
            return Err(StepReason::AdoptUnasked { physical: physical.to_string() });
        };
        let named = |attributes: &Attributes| self.schema().unique.and_then(|unique| attributes.text(unique)).map(str::to_owned);
        match (named(&resource.attributes), named(live.attributes.bare())) {
            (Some(wanted), Some(held)) if equality::same_name(&wanted, &held) => {}
            _ => return Err(StepReason::AdoptOther { physical: physical.to_string() }),
        }
        if tags::of_another(&live.tags, self.execution.desired.environment, id) {
            return Err(StepReason::AdoptOwned { physical: physical.to_string() });
        }
        Ok(())
    }
}
