//! A store in memory that fails on demand.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use async_trait::async_trait;
use tokaido::model::Environment;
use tokaido::model::reason::{Deed, Trouble};
use tokaido::store::{Entry, LeaseRecord, Seen, Store, StoreError, Swap, Version, WatchStore};

use super::memory::MemoryStore;

#[derive(Debug)]
pub struct FaultyStore {
    inner: Arc<MemoryStore>,
    /// So many records still fit.
    room: AtomicUsize,
    /// The lease cannot be written.
    shut: AtomicBool,
}

impl FaultyStore {
    pub fn over(inner: &Arc<MemoryStore>) -> Self {
        Self { inner: Arc::clone(inner), room: AtomicUsize::new(usize::MAX), shut: AtomicBool::new(false) }
    }

    /// Takes no record after so many.
    pub fn with_room(self, records: usize) -> Self {
        Self { room: AtomicUsize::new(records), ..self }
    }

    /// Writes no lease from now on.
    pub fn shut(&self) {
        self.shut.store(true, Ordering::SeqCst);
    }
}

fn failed(path: &str, kind: std::io::ErrorKind, why: &str) -> StoreError {
    StoreError::Io { deed: Deed::Write, path: path.to_owned(), source: Trouble(std::io::Error::new(kind, why)) }
}

#[async_trait]
impl Store for FaultyStore {
    fn place(&self) -> String {
        "a store that fails".to_owned()
    }

    async fn append_entry(&self, environment: Environment, entry: &Entry) -> Result<(), StoreError> {
        if self.room.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |room| room.checked_sub(1)).is_err() {
            return Err(failed("store", std::io::ErrorKind::StorageFull, "no space left"));
        }
        self.inner.append_entry(environment, entry).await
    }

    async fn entries(&self, environment: Environment) -> Result<Vec<Entry>, StoreError> {
        self.inner.entries(environment).await
    }

    fn watch(&self) -> &dyn WatchStore {
        self.inner.watch()
    }

    async fn read_lease(&self, environment: Environment) -> Result<Option<Seen>, StoreError> {
        self.inner.read_lease(environment).await
    }

    async fn write_lease(
        &self,
        environment: Environment,
        lease: &LeaseRecord,
        expected: Option<&Version>,
    ) -> Result<Swap, StoreError> {
        if self.shut.load(Ordering::SeqCst) {
            return Err(failed("lease", std::io::ErrorKind::TimedOut, "no answer"));
        }
        self.inner.write_lease(environment, lease, expected).await
    }
}
