//! What a store does: a folder and a bucket do it alike.

use async_trait::async_trait;
use jiff::civil::Date;

use crate::model::{Environment, WatchKey, WatchRecord};

use super::error::StoreError;
use super::lease_record::{LeaseRecord, Seen, Swap, Version};
use super::record::{Counting, Entry, Record, counting, is_emergency};
use super::remembered::Remembered;

/// Where sightings are. A record is never written again.
#[async_trait]
pub trait WatchStore: Send + Sync {
    /// Durable when it returns; `false` when the place is taken by another record.
    async fn add_sighting(&self, environment: Environment, key: WatchKey, record: &WatchRecord) -> Result<bool, StoreError>;

    /// In order; those of this day and later.
    async fn sighting_keys(&self, environment: Environment, from: Option<Date>) -> Result<Vec<WatchKey>, StoreError>;

    async fn sighting(&self, environment: Environment, key: WatchKey) -> Result<Option<WatchRecord>, StoreError>;
}

/// Where an environment's records and its lease are. Records are immutable and in the order in which they were appended.
#[async_trait]
pub trait Store: Send + Sync {
    /// For messages: a folder, or a bucket.
    fn place(&self) -> String;

    /// What a person should know after a command that could do without records.
    fn note(&self) -> Option<String> {
        None
    }

    /// Durable when it returns.
    async fn append_entry(&self, environment: Environment, entry: &Entry) -> Result<(), StoreError>;

    /// The same one after the other, so that nobody holds all of them. What was handed over before an error is not all.
    async fn each_entry(&self, environment: Environment, take: &mut (dyn FnMut(Entry) + Send)) -> Result<(), StoreError> {
        self.entries(environment).await?.into_iter().for_each(take);
        Ok(())
    }

    /// Emergencies and their reviews, oldest first. Asked when everything was read a moment ago.
    async fn emergencies(&self, environment: Environment) -> Result<Vec<Record>, StoreError> {
        let mut found = Vec::new();
        self.each_entry(environment, &mut |entry| found.extend(Some(entry.record).filter(is_emergency))).await?;
        Ok(found)
    }

    /// Oldest first.
    async fn entries(&self, environment: Environment) -> Result<Vec<Entry>, StoreError>;

    /// `None` when no lease was ever taken.
    async fn read_lease(&self, environment: Environment) -> Result<Option<Seen>, StoreError>;

    /// Compare-and-swap: written only if the object is still the expected one, or still absent.
    async fn write_lease(
        &self,
        environment: Environment,
        lease: &LeaseRecord,
        expected: Option<&Version>,
    ) -> Result<Swap, StoreError>;

    /// Where watchers write what they see.
    fn watch(&self) -> &dyn WatchStore;

    /// A record of something that needs no lease.
    async fn append(&self, environment: Environment, record: &Record) -> Result<(), StoreError> {
        self.append_entry(environment, &Entry { fence: None, record: record.clone() }).await
    }

    /// What counts, oldest first.
    async fn records(&self, environment: Environment) -> Result<Vec<Record>, StoreError> {
        Ok(counting(self.entries(environment).await?))
    }

    /// The highest fence that any record was written under.
    async fn highest_fence(&self, environment: Environment) -> Result<u64, StoreError> {
        let mut highest = 0;
        self.each_entry(environment, &mut |entry| highest = highest.max(entry.fence.unwrap_or(0))).await?;
        Ok(highest)
    }

    /// What the records that count add up to.
    async fn remembered(&self, environment: Environment) -> Result<Remembered, StoreError> {
        let (mut counting, mut remembered) = (Counting::default(), Remembered::default());
        let mut add = |entry: Entry| {
            if counting.counts(&entry) {
                remembered.add(entry.record);
            }
        };
        self.each_entry(environment, &mut add).await?;
        Ok(remembered)
    }
}
