//! A delete needs all three: tokaido's tags on a fresh reading, a tombstone in the file, and a kind without data.

use crate::model::{Live, Outcome};

use super::Events;
use super::reason::{Advised, StepReason, WaitReason};
use super::settle::{Settled, WaitProgress};
use super::step::{Ended, Job, ended, failed, unknown};

impl Job<'_> {
    pub(super) async fn delete(&self, events: &Events<'_>) -> Ended {
        let physical = self.planned_physical()?;
        let live = match self.driver.read(&physical).await {
            Ok(Some(live)) => live,
            Ok(None) => return Ok(Outcome::AlreadyDone),
            Err(error) => return Ok(failed(StepReason::Call { error: Advised(error) })),
        };
        if !self.is_ours(&live) || !self.execution.desired.retire.contains_key(&self.step.id) || self.schema().stateful {
            return Ok(failed(StepReason::NotDeleted { physical }));
        }
        self.remember_intent().await?;
        if let Err(error) = self.driver.delete(&live).await {
            return Ok(ended(&error));
        }
        let gone = |live: Option<&Live>| live.map_or(WaitProgress::Done, |_| WaitProgress::Waiting(WaitReason::Removed));
        Ok(match self.wait(&physical, events, &gone).await {
            Settled::Done(_) => Outcome::Done,
            Settled::Failed(error) => failed(error),
            Settled::Unknown(error) => unknown(error),
        })
    }
}
