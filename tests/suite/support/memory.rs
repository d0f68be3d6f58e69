//! A store in memory with everything the others have: records in order, and a lease that is swapped.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::civil::Date;
use tokaido::model::{Environment, WatchKey, WatchRecord};
use tokaido::store::{Entry, LeaseRecord, Seen, Store, StoreError, Swap, Version, WatchStore};

#[derive(Debug, Default)]
struct Kept {
    entries: Vec<Entry>,
    lease: Option<LeaseRecord>,
    /// Counts the swaps.
    version: u64,
    sightings: BTreeMap<WatchKey, WatchRecord>,
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

    fn watch(&self) -> &dyn WatchStore {
        self
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

#[async_trait]
impl WatchStore for MemoryStore {
    async fn add_sighting(&self, environment: Environment, key: WatchKey, record: &WatchRecord) -> Result<bool, StoreError> {
        let mut kept = self.kept();
        let sightings = &mut kept.entry(environment).or_default().sightings;
        let free = !sightings.contains_key(&key);
        if free {
            sightings.insert(key, record.clone());
        }
        Ok(free)
    }

    async fn sighting_keys(&self, environment: Environment, from: Option<Date>) -> Result<Vec<WatchKey>, StoreError> {
        let mut kept = self.kept();
        let keys = kept.entry(environment).or_default().sightings.keys().copied();
        Ok(keys.filter(|key| from.is_none_or(|from| key.day >= from)).collect())
    }

    async fn sighting(&self, environment: Environment, key: WatchKey) -> Result<Option<WatchRecord>, StoreError> {
        Ok(self.kept().entry(environment).or_default().sightings.get(&key).cloned())
    }
}
