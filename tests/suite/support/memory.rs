//! A store in memory with everything the others have: records in order, and a lease that is swapped.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tokaido::model::Environment;
use tokaido::store::{Entry, LeaseRecord, Seen, Store, StoreError, Swap, Version};

#[derive(Debug, Default)]
struct Kept {
    entries: Vec<Entry>,
    lease: Option<LeaseRecord>,
    /// Counts the swaps.
    version: u64,
}

#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<BTreeMap<Environment, Kept>>);

impl MemoryStore {
    fn kept(&self) -> MutexGuard<'_, BTreeMap<Environment, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Store for MemoryStore {
    fn place(&self) -> String {
        "memory".to_owned()
    }

    async fn append_entry(&self, environment: Environment, entry: &Entry) -> Result<(), StoreError> {
        self.kept().entry(environment).or_default().entries.push(entry.clone());
        Ok(())
    }

    async fn entries(&self, environment: Environment) -> Result<Vec<Entry>, StoreError> {
        Ok(self.kept().entry(environment).or_default().entries.clone())
    }

    async fn read_lease(&self, environment: Environment) -> Result<Option<Seen>, StoreError> {
        let mut kept = self.kept();
        let kept = kept.entry(environment).or_default();
        let version = Version(kept.version.to_string());
        Ok(kept.lease.clone().map(|record| Seen { record, version, age: None, dead: false }))
    }

    async fn write_lease(
        &self,
        environment: Environment,
        lease: &LeaseRecord,
        expected: Option<&Version>,
    ) -> Result<Swap, StoreError> {
        let mut kept = self.kept();
        let kept = kept.entry(environment).or_default();
        let now = kept.lease.as_ref().map(|_| Version(kept.version.to_string()));
        if now.as_ref() != expected {
            return Ok(Swap::Conflict);
        }
        kept.version += 1;
        kept.lease = Some(lease.clone());
        Ok(Swap::Done(Version(kept.version.to_string())))
    }
}
