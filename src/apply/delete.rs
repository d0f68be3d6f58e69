//! A delete needs all three: tokaido's tags on a fresh reading, a tombstone in the file, and a kind without data. After a lost
//! reply the object is read back, and deleted again while it is still there and still tokaido's.

use crate::model::{Live, Outcome, Status};

use super::Events;
use super::lost::{Lost, Reading};
use super::reason::{Advised, StepReason, WaitReason};
use super::replies::Still;
use super::settle::{Settled, WaitProgress};
use super::step::{End, Ended, Job, failed};

impl Job<'_> {
    pub(super) async fn delete(&self, events: &Events<'_>) -> Ended {
        let physical = self.planned_physical()?;
        let mut live = match self.driver.read(&physical).await {
            Ok(Some(live)) => Box::new(live),
            Ok(None) => return Ok(Outcome::AlreadyDone.into()),
            Err(error) => return Err(failed(StepReason::Call { error: Advised(error) })),
        };
        let mut lost = Lost::default();
        loop {
            if !self.is_ours(&live) || !self.execution.desired.retire.contains_key(&self.step.id) || self.schema().stateful {
                return Err(lost.failed(StepReason::NotDeleted { physical }));
            }
            if lost.is_empty() {
                self.remember_intent().await?;
            } else {
                self.may_send(&lost, &Still::There).await?;
                self.tell(&lost, Reading::Again { still: Still::There }, events);
            }
            if let Err(error) = self.driver.delete(&live).await {
                lost.add(error, &Still::There)?;
                // What AWS is deleting already is not deleted again.
                let decided = |live: Option<&Live>| match live.map(|live| &live.status) {
                    Some(Status::Working(_)) => WaitProgress::Waiting(WaitReason::Removed),
                    Some(_) | None => WaitProgress::Done,
                };
                let Some(there) = self.read_back(&physical, &lost, events, &decided).await? else {
                    self.tell(&lost, Reading::Gone, events);
                    return Ok(End { outcome: Outcome::Done, read_back: lost.note(true, true) });
                };
                live = there;
                continue;
            }
            let gone = |live: Option<&Live>| live.map_or(WaitProgress::Done, |_| WaitProgress::Waiting(WaitReason::Removed));
            return match self.wait(&physical, events, &gone).await {
                Settled::Done(_) => Ok(End { outcome: Outcome::Done, read_back: lost.note(false, true) }),
                Settled::Failed(reason) => Err(lost.failed(reason)),
                Settled::Unknown(reason) => Err(lost.unknown(reason)),
            };
        }
    }
}
