//! Indeterminate creates. AWS may hide for minutes what it has made, and has no token that keeps it from making a second network
//! or key. So every look counts such a create as unknown, and an apply waits for it.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

use crate::model::reason::plan::Unanswered;
use crate::model::tags;
use crate::model::{ApplyEvent, ObservedState, RecordedState, ResourceId, Unreadable};
use crate::observe::{Depth, observe};
use crate::store::{IndeterminateCreate, IndeterminateCreates};

use super::apply::OnEvent;
use super::{PipelineError, Session};

/// Between two looks during the wait.
const AGAIN: Duration = Duration::from_secs(10);

impl Session {
    /// The live world. The result of an indeterminate create that AWS does not show is unknown, never absent.
    pub(super) async fn observed(
        &self,
        recorded: Option<&RecordedState>,
        indeterminate: &IndeterminateCreates,
        depth: Depth,
    ) -> ObservedState {
        let mut observed = observe(&*self.world, &self.desired, recorded, &self.schemas, depth).await;
        let unseen = |id: &ResourceId| {
            let hidden = observed.unreadable.iter().any(|failed| failed.hides(id));
            !hidden && !observed.owned.contains_key(id) && !observed.ambiguous.contains_key(id)
        };
        let indeterminate = indeterminate.at(self.world.clock().now());
        let hidden: Vec<Unreadable> = indeterminate.iter().filter(|doubt| unseen(&doubt.id)).map(unknown).collect();
        observed.unreadable.extend(hidden);
        observed
    }

    /// Waits until each indeterminate create is shown, or is certainly absent. A stop request ends the wait at once; the gates
    /// refuse what is still indeterminate. Never mutates.
    pub async fn await_sight(&self, stop: &watch::Receiver<bool>, on_event: OnEvent<'_>) -> Result<(), PipelineError> {
        let (_, remembered) = self.remembered().await?;
        let mut stop = stop.clone();
        let mut said: Option<Vec<ResourceId>> = None;
        loop {
            let mut indeterminate = remembered.at(self.world.clock().now());
            self.forget_shown(&mut indeterminate).await;
            let Some(until) = indeterminate.iter().map(|doubt| doubt.until).max() else { return Ok(()) };
            let ids: Vec<ResourceId> = indeterminate.into_iter().map(|doubt| doubt.id).collect();
            if said.as_ref() != Some(&ids) {
                on_event(ApplyEvent::AwaitingSight { ids: ids.clone(), until: second(until) });
                said = Some(ids);
            }
            tokio::select! {
                () = self.world.clock().sleep(AGAIN) => {}
                Ok(_) = stop.wait_for(|stop| *stop) => return Ok(()),
            }
        }
    }

    /// A failed list shows nothing; the remaining time decides.
    async fn forget_shown(&self, indeterminate: &mut Vec<IndeterminateCreate>) {
        let mut shown: BTreeSet<ResourceId> = BTreeSet::new();
        let places: BTreeSet<_> = indeterminate.iter().map(|doubt| (doubt.id.kind.clone(), doubt.id.region)).collect();
        for (kind, region) in places {
            let Some(driver) = self.world.driver(&kind, region) else { continue };
            let Ok(listing) = driver.list().await else { continue };
            shown.extend(listing.live.iter().filter_map(|live| tags::owner(&live.tags, self.desired.environment)));
        }
        indeterminate.retain(|doubt| !shown.contains(&doubt.id));
    }
}

fn unknown(doubt: &IndeterminateCreate) -> Unreadable {
    Unreadable::in_doubt(&doubt.id, Unanswered { sent: second(doubt.sent), until: second(doubt.until) })
}

/// To the second, for people who wait.
fn second(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
