//! What a store does. A folder and a bucket do the same.

use async_trait::async_trait;
use jiff::civil::Date;

use crate::model::{Environment, Said, WatchKey, WatchRecord};

use super::error::StoreError;
use super::lease_record::{LeaseRecord, Seen, Swap, Version};
use super::record::{Counting, Entry, Record, counting, is_emergency};
use super::remembered::Remembered;

/// The place of the sightings of watchers. A sighting is never changed.
#[async_trait]
pub trait WatchStore: Send + Sync {
    /// Adds a sighting; durable when it returns. `false`: another sighting has this key, and nothing was written.
    ///
    /// # Errors
    /// [`StoreError`]: the store cannot be written.
    async fn add_sighting(&self, environment: Environment, key: WatchKey, record: &WatchRecord) -> Result<bool, StoreError>;

    /// The keys of all sightings in order; with `from` only those of this day (UTC) and later.
    ///
    /// # Errors
    /// [`StoreError`]: the store cannot be read.
    async fn sighting_keys(&self, environment: Environment, from: Option<Date>) -> Result<Vec<WatchKey>, StoreError>;

    /// One sighting; `None` when there is none with this key.
    ///
    /// # Errors
    /// [`StoreError`]: the store cannot be read, or the sighting is damaged.
    async fn sighting(&self, environment: Environment, key: WatchKey) -> Result<Option<WatchRecord>, StoreError>;
}

/// The place of each environment's records and of its lease. Records are immutable, and in the order in which they were
/// appended.
#[async_trait]
pub trait Store: Send + Sync {
    /// The folder, or the bucket, for messages.
    fn place(&self) -> String;

    /// What the operator should know after a command that ran without the records; `None` for nothing.
    fn note(&self) -> Option<Said> {
        None
    }

    /// Appends a record; durable when it returns.
    ///
    /// # Errors
    /// [`StoreError`]: the store cannot be written. [`StoreError::is_uncertain`] says whether the record may be there.
    async fn append_entry(&self, environment: Environment, entry: &Entry) -> Result<(), StoreError>;

    /// Hands over each record, oldest first, without holding all of them in memory.
    ///
    /// # Errors
    /// [`StoreError`]: the store cannot be read, or a record is missing or damaged. What was handed over before is not all.
    async fn each_entry(&self, environment: Environment, take: &mut (dyn FnMut(Entry) + Send)) -> Result<(), StoreError> {
        self.entries(environment).await?.into_iter().for_each(take);
        Ok(())
    }

    /// The records of emergencies and their reviews, oldest first. A caller asks after it has read all records, so a store may
    /// remember them.
    ///
    /// # Errors
    /// As those of [`Store::each_entry`].
    async fn emergencies(&self, environment: Environment) -> Result<Vec<Record>, StoreError> {
        let mut found = Vec::new();
        self.each_entry(environment, &mut |entry| found.extend(Some(entry.record).filter(is_emergency))).await?;
        Ok(found)
    }

    /// All records, oldest first.
    ///
    /// # Errors
    /// [`StoreError`]: the store cannot be read, or a record is missing or damaged.
    async fn entries(&self, environment: Environment) -> Result<Vec<Entry>, StoreError>;

    /// The lease of an environment; `None` when no lease was ever taken.
    ///
    /// # Errors
    /// [`StoreError`]: the store cannot be read, or the lease object is damaged.
    async fn read_lease(&self, environment: Environment) -> Result<Option<Seen>, StoreError>;

    /// Compare-and-swap: writes the lease only if the object still has the expected version; with `None`, only if it is still
    /// absent.
    ///
    /// # Errors
    /// [`StoreError`]: the store cannot be written. [`StoreError::is_uncertain`] says whether the lease may be written.
    async fn write_lease(
        &self,
        environment: Environment,
        lease: &LeaseRecord,
        expected: Option<&Version>,
    ) -> Result<Swap, StoreError>;

    /// The place of the sightings.
    fn watch(&self) -> &dyn WatchStore;

    /// Appends a record of something that needs no lease.
    ///
    /// # Errors
    /// As those of [`Store::append_entry`].
    async fn append(&self, environment: Environment, record: &Record) -> Result<(), StoreError> {
        self.append_entry(environment, &Entry { fence: None, record: record.clone() }).await
    }

    /// The records that count ([`counting`]), oldest first.
    ///
    /// # Errors
    /// As those of [`Store::entries`].
    async fn records(&self, environment: Environment) -> Result<Vec<Record>, StoreError> {
        Ok(counting(self.entries(environment).await?))
    }

    /// The highest fence under which a record was written; 0 without any.
    ///
    /// # Errors
    /// As those of [`Store::each_entry`].
    async fn highest_fence(&self, environment: Environment) -> Result<u64, StoreError> {
        let mut highest = 0;
        self.each_entry(environment, &mut |entry| highest = highest.max(entry.fence.unwrap_or(0))).await?;
        Ok(highest)
    }

    /// What the records that count say together.
    ///
    /// # Errors
    /// As those of [`Store::each_entry`].
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
