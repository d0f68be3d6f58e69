//! Waiting, once for all kinds: read, ask a pure predicate, sleep, until done, failed, out of time or stopped.

use std::time::Duration;

use jiff::Timestamp;

use crate::kinds::Wait;
use crate::model::{ApplyEvent, Live, Reason as _, ResourceId, Status};
use crate::world::{Driver, ErrorClass, ProviderError, World};

use super::execution::{Events, Execution};
use super::reason::{Bare, StepReason, WaitReason};

/// What a predicate says about one read.
#[derive(Debug, Clone)]
pub(super) enum WaitProgress {
    Done,
    Waiting(WaitReason),
    Failed(StepReason),
}

/// How a wait ended.
#[derive(Debug)]
pub(super) enum Settled {
    /// The last read; `None` when the object is gone.
    Done(Option<Box<Live>>),
    Failed(StepReason),
    Unknown(StepReason),
}

pub(super) struct Waiting<'a> {
    pub driver: &'a dyn Driver,
    pub physical: &'a str,
    pub wait: Wait,
    pub step: usize,
    pub of: usize,
    pub id: &'a ResourceId,
}

pub(super) fn seconds_since(world: &dyn World, begun: Timestamp) -> u64 {
    u64::try_from(world.clock().now().duration_since(begun).as_secs()).unwrap_or(0)
}

/// A ready object, or why it is not.
pub(super) fn ready(live: &Live) -> WaitProgress {
    match &live.status {
        Status::Ready => WaitProgress::Done,
        Status::Working(word) => WaitProgress::Waiting(WaitReason::State { word: word.clone() }),
        Status::Failed(word) => WaitProgress::Failed(StepReason::Unhealthy { word: word.clone() }),
    }
}

/// Reads until the predicate is satisfied. A read that fails for a temporary reason is repeated.
pub(super) async fn settle(
    execution: &Execution<'_>,
    waiting: &Waiting<'_>,
    events: &Events<'_>,
    predicate: &(dyn Fn(Option<&Live>) -> WaitProgress + Sync),
) -> Settled {
    let begun = execution.world.clock().now();
    loop {
        let progress = match waiting.driver.read(waiting.physical).await {
            Ok(live) => match predicate(live.as_ref()) {
                WaitProgress::Done => return Settled::Done(live.map(Box::new)),
                progress => progress,
            },
            Err(error) if passing(&error) => {
                WaitProgress::Waiting(WaitReason::Answer { class: error.class.as_str(), operation: error.operation })
            }
            Err(error) => return Settled::Unknown(StepReason::StateUnread { error: Bare(error) }),
        };
        let waiting_for = match progress {
            WaitProgress::Failed(reason) => return Settled::Failed(reason),
            WaitProgress::Waiting(words) => words,
            WaitProgress::Done => continue,
        };
        let elapsed = seconds_since(execution.world, begun);
        if elapsed >= waiting.wait.limit {
            let minutes = waiting.wait.limit / 60;
            return Settled::Unknown(StepReason::NotSettled { minutes, waiting_for: waiting_for.said() });
        }
        if pause(execution, waiting, elapsed, waiting_for, events).await {
            return Settled::Unknown(StepReason::StoppedWaiting);
        }
    }
}

/// Reports what is waited for and sleeps for one interval; `true` when the operator wants to stop.
pub(super) async fn pause(
    execution: &Execution<'_>,
    waiting: &Waiting<'_>,
    elapsed: u64,
    waiting_for: WaitReason,
    events: &Events<'_>,
) -> bool {
    let (step, of, id) = (waiting.step, waiting.of, waiting.id.clone());
    events.send(ApplyEvent::Waiting { step, of, id, elapsed, waiting_for: waiting_for.into() });
    let mut stop = execution.stop.clone();
    tokio::select! {
        () = execution.world.clock().sleep(Duration::from_secs(waiting.wait.poll)) => {}
        _ = stop.wait_for(|stop| *stop) => {}
    }
    *execution.stop.borrow()
}

/// Whether the same read may succeed later.
pub(super) fn passing(error: &ProviderError) -> bool {
    matches!(error.class, ErrorClass::Throttled | ErrorClass::Unreachable | ErrorClass::Internal)
}
