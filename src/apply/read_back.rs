//! Sends what a step changes until AWS shows it. A reply that was lost is no end: the object is read back, and what is still open
//! is sent again (ADR 0033).
//!
//! ```text
//! reading ─► what is open? ─► nothing: the step is done
//!    ▲            │ a part is neither open nor reached: somebody changed it, and it is not overwritten
//!    │            ▼
//!    │       the lease is ours? ─► send ─► answered: wait until AWS shows it
//!    └── pause ◄──────────────────────┘ the reply was lost: at most three sends in
//!                                        which nothing was reached
//! ```

use std::time::Duration;

use crate::kinds::Wait;
use crate::model::tags;
use crate::model::{ApplyEvent, Attributes, Diff, Live, Outcome, Reason as _, Reference, Status};
use crate::plan::compare::with_tags;
use crate::plan::patch;
use crate::world::{CreateRequest, ErrorClass, ProviderError, UpdateRequest};

use super::Events;
use super::bindings::Bindings;
use super::lost::{Came, Lost, Reading};
use super::reason::{StepReason, WaitReason};
use super::replies::Still;
use super::settle::{Settled, WaitProgress, Waiting, pause, ready, seconds_since};
use super::step::{Job, unresolved};

/// How often a stuck "busy" answer is retried before the step fails.
const BUSY_RETRIES: usize = 30;

/// What is to be reached.
pub(super) struct Target<'a> {
    pub(super) physical: &'a str,
    pub(super) diffs: &'a [Diff],
    /// The failed state that the change ends.
    pub(super) state: Option<&'a str>,
    pub(super) form: Form<'a>,
}

/// How the differences name other resources.
#[derive(Clone, Copy)]
pub(super) enum Form<'a> {
    /// By id, as a plan does.
    Planned(&'a Bindings),
    /// By AWS's identifiers, as the create sent them.
    Created(&'a CreateRequest),
}

/// The object with everything that was to be reached.
pub(super) struct Reached {
    pub(super) live: Box<Live>,
    pub(super) lost: Lost,
    /// Whether a call was sent.
    pub(super) called: bool,
    /// Whether a reading showed it, and no answer.
    pub(super) read: bool,
}

/// Whether the object is ready and shows every value that is to change. What was not read is neither open nor reached.
/// In the failed state that the change ends, it is as ready as it can be.
pub(super) fn legible(diffs: &[Diff], live: &Live, state: Option<&str>) -> WaitProgress {
    let names = diffs.iter().map(Diff::name).filter(|name| *name != tags::ATTRIBUTE);
    let progress = if is_in(live, state) { WaitProgress::Done } else { ready(live) };
    match (progress, live.attributes.of(names)) {
        (WaitProgress::Done, Err(unread)) => match unread.into_iter().next() {
            Some((name, _)) => WaitProgress::Waiting(WaitReason::Told { name }),
            None => WaitProgress::Done,
        },
        (progress, _) => progress,
    }
}

/// Whether AWS reports this failed state.
pub(super) fn is_in(live: &Live, state: Option<&str>) -> bool {
    matches!((&live.status, state), (Status::Failed(now), Some(word)) if now == word)
}

impl Job<'_> {
    /// Begins with a reading of a moment ago. `Err` is the end of the step.
    pub(super) async fn reach(&self, target: &Target<'_>, mut live: Box<Live>, events: &Events<'_>) -> Result<Reached, Outcome> {
        let mut lost = match target.form {
            Form::Planned(_) => Lost::default(),
            Form::Created(_) => Lost::after_create(),
        };
        let mut left = target.diffs.len();
        loop {
            let open = self.open(target, &live).map_err(|reason| lost.failed(reason))?;
            if open.len() < left {
                lost.progressed();
            }
            left = open.len();
            let still = Still::Before { paths: open.iter().map(|diff| diff.path.clone()).collect() };
            if open.is_empty() {
                self.tell(&lost, Reading::Reached, events);
                return Ok(Reached { live, called: !lost.is_empty(), lost, read: true });
            }
            if let Some(word) = target.state {
                self.remedies(&live, word).map_err(|reason| lost.failed(reason))?;
            }
            let request = target.request(self, &live, &open).map_err(|reference| unresolved(&reference))?;
            match target.form {
                Form::Planned(_) if lost.is_empty() => _ = self.remember_intent().await?,
                _ => self.may_send(&lost, &still).await?,
            }
            self.tell(&lost, Reading::Again { still: still.clone() }, events);
            match self.call_update(&request).await {
                Ok(()) => {
                    let live = self.arrived(target, &open, &lost, events).await?;
                    return Ok(Reached { live, lost, called: true, read: false });
                }
                Err(error) => lost.add(error, &still)?,
            }
            let there =
                |live: Option<&Live>| live.map_or_else(|| target.absent(), |live| legible(target.diffs, live, target.state));
            let again = self.read_back(target.physical, &lost, events, &there).await?;
            live = again.ok_or_else(|| lost.failed(StepReason::Gone))?;
        }
    }

    /// Whether the change may be sent now. After a lost reply the operator may have stopped the apply, and another apply may have
    /// taken over.
    pub(super) async fn may_send(&self, lost: &Lost, still: &Still) -> Result<(), Outcome> {
        if let Some(outcome) = lost.given_up(still) {
            return Err(outcome);
        }
        if !lost.is_empty() && *self.execution.stop.borrow() {
            return Err(lost.not_sent_again(still.clone(), StepReason::Stopped.said()));
        }
        self.may_call().await.map_err(|reason| {
            if lost.is_empty() {
                return lost.failed(StepReason::NotCalled { reason });
            }
            lost.not_sent_again(still.clone(), reason)
        })
    }

    /// Says in the live output what a reading after a lost reply found.
    pub(super) fn tell(&self, lost: &Lost, found: Reading, events: &Events<'_>) {
        if lost.is_empty() {
            return;
        }
        let (step, of, id) = (self.step.number, self.execution.plan.body.steps.len(), self.step.id.clone());
        let elapsed = seconds_since(self.execution.world, self.begun);
        events.send(ApplyEvent::ReadBack {
            elapsed,
            step,
            of,
            id,
            replies: Came::Instead { replies: lost.replies() }.into(),
            found: found.into(),
        });
    }

    /// Reads after a pause, until the predicate is satisfied. A stop cuts the pause short; the reading changes nothing and tells
    /// the operator more.
    pub(super) async fn read_back(
        &self,
        physical: &str,
        lost: &Lost,
        events: &Events<'_>,
        predicate: &(dyn Fn(Option<&Live>) -> WaitProgress + Sync),
    ) -> Result<Option<Box<Live>>, Outcome> {
        let waiting = self.waiting(physical);
        let wait = Wait { poll: lost.pause(), ..waiting.wait };
        let waiting_for = WaitReason::ReadBack { replies: lost.replies() };
        let elapsed = seconds_since(self.execution.world, self.begun);
        pause(self.execution, &Waiting { wait, ..waiting }, elapsed, waiting_for, events).await;
        match self.wait(physical, events, predicate).await {
            Settled::Done(live) => Ok(live),
            Settled::Failed(reason) => Err(lost.failed(reason)),
            Settled::Unknown(reason) => Err(lost.unknown(reason)),
        }
    }

    /// Waits until AWS shows what an answered call has changed.
    async fn arrived(&self, target: &Target<'_>, open: &[Diff], lost: &Lost, events: &Events<'_>) -> Result<Box<Live>, Outcome> {
        let arrived = |live: Option<&Live>| {
            let Some(live) = live else { return target.absent() };
            let actual = target.actual(self, live);
            // AWS may report the old state for a while.
            if let Some(word) = target.state.filter(|_| is_in(live, target.state)) {
                return WaitProgress::Waiting(WaitReason::State { word: word.to_owned() });
            }
            match (legible(open, live, None), open.iter().find(|diff| !target.reached(self, live, &actual, diff))) {
                (WaitProgress::Done, Some(diff)) => WaitProgress::Waiting(WaitReason::NewValue { path: diff.path.clone() }),
                (progress, _) => progress,
            }
        };
        match self.wait(target.physical, events, &arrived).await {
            Settled::Done(Some(live)) => Ok(live),
            Settled::Done(None) => Err(lost.failed(StepReason::Gone)),
            Settled::Failed(reason) => Err(lost.failed(reason)),
            Settled::Unknown(reason) => Err(lost.unknown(reason)),
        }
    }

    /// The differences that are not reached. A part that is neither reached nor as it was is the doing of somebody else.
    fn open(&self, target: &Target<'_>, live: &Live) -> Result<Vec<Diff>, StepReason> {
        if matches!(target.form, Form::Planned(_)) {
            self.may_change(live)?;
        }
        let actual = target.actual(self, live);
        let open: Vec<Diff> = target.diffs.iter().filter(|diff| !target.reached(self, live, &actual, diff)).cloned().collect();
        let Some(moved) = open.iter().find(|diff| !target.as_before(self, live, &actual, diff)) else { return Ok(open) };
        if let Some(part) = patch::gone_element(self.schema(), &actual, moved) {
            return Err(StepReason::PartGone { path: part.to_owned() });
        }
        let now = patch::value_at(self.schema(), &actual, &moved.path);
        Err(StepReason::Moved { path: moved.path.clone(), now, before: moved.before.clone() })
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
}

impl Target<'_> {
    /// AWS may not show yet what was created; what a plan has seen is gone.
    const fn absent(&self) -> WaitProgress {
        match self.form {
            Form::Planned(_) => WaitProgress::Failed(StepReason::Gone),
            Form::Created(_) => WaitProgress::Waiting(WaitReason::Shown),
        }
    }

    fn lift(&self, job: &Job<'_>, attributes: &Attributes) -> Attributes {
        match self.form {
            Form::Planned(bindings) => bindings.lift(job.schema(), job.step.id.region, attributes),
            Form::Created(_) => attributes.clone(),
        }
    }

    /// Live attributes in the form of the differences, with the tags.
    fn actual(&self, job: &Job<'_>, live: &Live) -> Attributes {
        with_tags(&self.lift(job, live.attributes.bare()), &live.tags)
    }

    fn request(&self, job: &Job<'_>, live: &Live, open: &[Diff]) -> Result<UpdateRequest, Reference> {
        let (attributes, tags) = match self.form {
            Form::Planned(bindings) => {
                let mut target = patch::apply(job.schema(), &self.actual(job, live), open);
                let tags = target.remove(tags::ATTRIBUTE).map(|tags| tags::of(&tags)).unwrap_or_default();
                let compared = tags.into_iter().filter(|(key, _)| tags::compared(key)).collect();
                (bindings.lower_changed(&target, open)?, compared)
            }
            Form::Created(request) => (request.attributes.clone(), request.tags.clone()),
        };
        Ok(UpdateRequest { live: live.clone(), attributes, tags, changed: open.iter().map(Diff::name).collect() })
    }

    /// The live value is the target already, or AWS holds the target as pending.
    fn reached(&self, job: &Job<'_>, live: &Live, actual: &Attributes, diff: &Diff) -> bool {
        let queued = self.with_queued(job, live, actual, diff);
        patch::reached(job.schema(), queued.as_ref().unwrap_or(actual), diff)
    }

    /// The live value is the one from which the difference was made.
    fn as_before(&self, job: &Job<'_>, live: &Live, actual: &Attributes, diff: &Diff) -> bool {
        let is = |attributes: &Attributes| patch::is_before(job.schema(), attributes, diff);
        is(actual) || self.with_queued(job, live, actual, diff).is_some_and(|queued| is(&queued))
    }

    /// The live attributes with the value that AWS has queued for this attribute.
    fn with_queued(&self, job: &Job<'_>, live: &Live, actual: &Attributes, diff: &Diff) -> Option<Attributes> {
        // What is queued does not come while the state lasts that this change ends.
        let counts = self.state.is_none();
        let pending = live.pending.iter().find(|pending| counts && pending.attribute == diff.attribute())?;
        let alone = Attributes::from_iter([(pending.attribute, pending.value.clone())]);
        let mut queued = actual.clone();
        queued.extend(self.lift(job, &alone));
        Some(queued)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::tags::Tags;
    use crate::model::{Class, Pairs, Readings, Value};

    /// Where a promised value goes, an attribute that was not read would pass for a value that is gone.
    #[test]
    fn what_was_not_read_is_waited_for() {
        let name = crate::kinds::vpc::at::cidr.name();
        let diff = |path: &str| Diff { path: path.to_owned(), before: Value::from("a"), after: Value::Null, class: Class::Drift };
        let live = |attributes: Readings, status: Status| Live {
            physical: "x".into(),
            outputs: Pairs::default(),
            attributes,
            tags: Tags::new(),
            status,
            pending: Vec::new(),
        };
        let whole = || Readings::whole(Attributes::default());
        let mut failed = whole();
        failed.failed(name, "throttled");
        let diffs = [diff(name.as_str()), diff("tags[a]")];
        let says = |attributes: Readings, status: Status| legible(&diffs, &live(attributes, status), None);
        assert!(matches!(says(whole(), Status::Ready), WaitProgress::Done));
        assert!(matches!(says(failed.clone(), Status::Ready), WaitProgress::Waiting(WaitReason::Told { .. })));
        let mut asked_for_nothing = Readings::default();
        assert!(matches!(says(asked_for_nothing.clone(), Status::Ready), WaitProgress::Waiting(WaitReason::Told { .. })));
        asked_for_nothing.absent(name);
        assert!(matches!(says(asked_for_nothing, Status::Ready), WaitProgress::Done));
        let working = Status::Working("modifying".to_owned());
        assert!(matches!(says(failed, working), WaitProgress::Waiting(WaitReason::State { .. })));
    }
}
