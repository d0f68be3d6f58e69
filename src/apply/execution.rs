//! What an execution needs, and where its events go.

use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use crate::govern::permit::Permit;
use crate::model::{ApplyEvent, DesiredState, ObservedState, Plan, Schemas};
use crate::store::{Entry, Lease, Record, Store, StoreError};
use crate::world::World;

/// What an execution needs.
pub struct Execution<'a> {
    pub world: &'a dyn World,
    pub store: &'a dyn Store,
    /// Checked before every call that changes something.
    pub lease: &'a Lease,
    pub schemas: &'a Schemas,
    pub desired: &'a DesiredState,
    /// A fresh reading of this process.
    pub observed: &'a ObservedState,
    pub plan: &'a Plan,
    /// No step is tried without a permit that covers the plan.
    pub permit: &'a Permit,
    /// Becomes true when the user wants to stop.
    pub stop: watch::Receiver<bool>,
}

impl Execution<'_> {
    pub(super) async fn remember(&self, record: Record) -> Result<(), StoreError> {
        let entry = Entry { fence: Some(self.lease.fence()), record };
        self.store.append_entry(self.desired.environment, &entry).await
    }
}

/// Events of concurrent steps, one at a time.
pub(super) struct Events<'e>(pub(super) Mutex<&'e mut (dyn FnMut(ApplyEvent) + Send)>);

impl Events<'_> {
    pub(super) fn send(&self, event: ApplyEvent) {
        let mut sink = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (*sink)(event);
    }
}
