//! Level 6: what tokaido remembers. Immutable records behind one trait, and the lease that keeps a second apply out; if
//! the records are lost, plan and apply still work. The S3 store is in `aws`. Imports `model`, `world`
//! and `govern`, whose histories it makes from records; never a world that is called, `observe` or anything above.

pub mod checked;
mod directory;
mod doubt;
mod history;
pub mod lease;
mod remembered;
mod watch;
mod written;

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokaido_derive::Reason;

use crate::model::reason::{Deed, Trouble};
use crate::model::recorded::RecordedResource;
use crate::model::{Diff, Emergency, Environment, Ground, Operation, RecordedState, ReleaseRef, ResourceId, Review};
use crate::world::{Changed, ProviderError};

pub use directory::DirectoryStore;
pub use doubt::{Doubt, Doubts, SHOWN_WITHIN};
pub use history::{executions, history};
pub use lease::{Lease, LeaseRecord, Seen, Swap, Version};
pub use remembered::Remembered;
pub use watch::{WatchStore, last_sighting, record as record_sighting, sightings};

/// One fact. The order of records is the order in which they were appended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "kebab-case")]
pub enum Record {
    /// An apply of this plan began. Its nonce is spent.
    Begun {
        at: Timestamp,
        plan: String,
        nonce: String,
        caller: String,
        /// What the environment was pinned to; absent where it is compiled from the tree.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        release: Option<ReleaseRef>,
        /// Why it was let pass; absent in records of before there were permits.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ground: Option<Ground>,
    },
    /// Promotion or approvals were skipped by the apply that follows. Written before anything runs.
    Emergency(Emergency),
    /// A second person has reviewed an emergency.
    Reviewed(Review),
    /// A call is about to be made. `intent` is the tag a create carries.
    Intent { at: Timestamp, plan: String, step: usize, id: ResourceId, operation: Operation, intent: String },
    /// A step ended. `applied` is what the resource was brought to; absent after a delete or a failure.
    Ended {
        at: Timestamp,
        plan: String,
        step: usize,
        id: ResourceId,
        operation: Operation,
        outcome: String,
        applied: Option<RecordedResource>,
        /// What the plan said of this step: the differences that were executed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        diffs: Vec<Diff>,
    },
    /// After an apply that left nothing to do, and whenever the same was seen again: live AWS was exactly as declared.
    Proven {
        at: Timestamp,
        plan: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        release: Option<ReleaseRef>,
        /// Promises that were broken or could not be judged at that moment, by slug; empty when all were kept.
        unkept: Vec<String>,
    },
    /// The environment went back from this release: it does not come again until somebody says so.
    Hold { at: Timestamp, release: ReleaseRef, by: String, reason: String },
    /// It may come again.
    HoldLifted { at: Timestamp, release: ReleaseRef, by: String, reason: String },
    /// A fresh look after an apply: these resources are as applied. Replaces everything recorded before.
    Baseline { at: Timestamp, plan: String, resources: BTreeMap<ResourceId, RecordedResource> },
}

/// A record as it is kept: the fence says under which lease it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Absent when no lease was held, and in records of old versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fence: Option<u64>,
    #[serde(flatten)]
    pub record: Record,
}

#[derive(Debug, Reason)]
pub enum StoreError {
    #[en("cannot {deed} {path}: {source}")]
    #[ja("{path} の{deed}に失敗しました: {source}")]
    Io { deed: Deed, path: String, source: Trouble },
    #[en(
        "{path} cannot be read: {reason}; restore it from the bucket's version history or a backup of the folder, for nobody knows what it says"
    )]
    #[ja(
        "{path} を読み取れません: {reason}。内容が分からないため、バケットのバージョン履歴かフォルダーのバックアップから復元してください"
    )]
    Damaged { path: String, reason: String },
    #[en(
        "{path} is missing, and later records are there; restore it from the bucket's version history or a backup of the folder, for nobody knows what it said"
    )]
    #[ja(
        "{path} がありませんが、その後の記録はあります。内容が分からないため、バケットのバージョン履歴かフォルダーのバックアップから復元してください"
    )]
    Missing { path: String },
    #[en("others write the {what} in {place} all the time; run the same command again")]
    #[ja("{place} の{what}にほかからの書き込みが続いています。同じコマンドをもう一度実行してください")]
    Contested { what: Contested, place: String },
    #[en(
        "the bucket {bucket} of {environment} does not exist; `tokaido bootstrap {environment}` makes it, or correct `store.bucket`"
    )]
    #[ja(
        "{environment} のバケット {bucket} が存在しません。`tokaido bootstrap {environment}` で作成するか、`store.bucket` を直してください"
    )]
    NoBucket { bucket: String, environment: Environment },
    #[en(
        "S3 does not let us use the bucket {bucket}: it does not belong to {account}, or the role may not use it. Correct `store.bucket` (a name can be taken by anybody in the world), or allow {operation} (docs/permissions.md). S3 says: {says}"
    )]
    #[ja(
        "S3 がバケット {bucket} の使用を許可しません。{account} のものではないか、ロールに権限がありません。`store.bucket` を直すか（同じ名前は世界中で誰かが使っていることがあります）、{operation} を許可してください (docs/permissions.md)。S3 の応答: {says}"
    )]
    Refused { bucket: String, account: String, operation: String, says: String },
    #[en("{error}")]
    #[ja("{error}")]
    Provider { error: Box<ProviderError> },
}

/// What several write at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Reason)]
#[serde(rename_all = "kebab-case")]
pub enum Contested {
    #[en("records")]
    #[ja("記録")]
    Records,
    #[en("lease")]
    #[ja("リース")]
    Lease,
    #[en("sightings")]
    #[ja("監視の記録")]
    Sightings,
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Self::Io { source, .. } = self { Some(&source.0) } else { None }
    }
}

/// The name of a record: its number, so that names are in order.
#[must_use]
pub fn record_name(number: u64) -> String {
    format!("{number:08}.json")
}

/// The number of a record's name; `None` for every other name, `1.json` and `+1.json` among them.
#[must_use]
pub fn record_number(name: &str) -> Option<u64> {
    let number = name.strip_suffix(".json")?.parse().ok()?;
    (record_name(number) == name).then_some(number)
}

/// Numbers are taken one after the other, each by whoever writes it first, and nothing deletes a record: the first number
/// that is not there was taken away. What is missing at the end cannot be seen.
#[must_use]
pub fn first_missing(numbers: impl IntoIterator<Item = u64>) -> Option<u64> {
    (1_u64..).zip(numbers).find_map(|(expected, number)| (number != expected).then_some(expected))
}

impl StoreError {
    /// S3 knows the bucket, and this caller may not use it.
    #[must_use]
    pub fn refused(bucket: String, account: String, error: &ProviderError) -> Self {
        Self::Refused { bucket, account, operation: error.operation.clone(), says: error.to_string() }
    }

    /// Something a person must put right first; nothing was changed.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        matches!(self, Self::NoBucket { .. } | Self::Refused { .. })
    }

    /// Whether what was to be written may be there all the same.
    #[must_use]
    pub fn is_uncertain(&self) -> bool {
        matches!(self, Self::Provider { error } if error.changed == Changed::Maybe)
    }
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

/// The records that count. Who held the lease before says nothing any more of what is so once somebody else wrote under a
/// later fence: its late looks and ends are not believed (ADR 0009). What says that something was begun, or may have been
/// sent, always counts.
#[must_use]
pub fn counting(entries: Vec<Entry>) -> Vec<Record> {
    let mut counting = Counting::default();
    entries.into_iter().filter(|entry| counting.counts(entry)).map(|entry| entry.record).collect()
}

/// The highest fence so far.
#[derive(Debug, Default)]
struct Counting(u64);

impl Counting {
    /// Whether the entry that comes next counts.
    fn counts(&mut self, entry: &Entry) -> bool {
        let Some(fence) = entry.fence else { return true };
        self.0 = self.0.max(fence);
        let claims = matches!(entry.record, Record::Baseline { .. } | Record::Proven { .. } | Record::Ended { .. });
        !claims || fence >= self.0
    }
}

const fn is_emergency(record: &Record) -> bool {
    matches!(record, Record::Emergency(_) | Record::Reviewed(_))
}

/// What the records add up to; `None` when nothing was ever applied.
#[must_use]
pub fn recorded_state(records: &[Record]) -> Option<RecordedState> {
    Remembered::of(records.iter().cloned()).parts().0
}

/// When this nonce was used, if it was.
#[must_use]
pub fn spent(records: &[Record], nonce: &str) -> Option<Timestamp> {
    records.iter().find_map(|record| match record {
        Record::Begun { at, nonce: used, .. } if used == nonce => Some(*at),
        _ => None,
    })
}

/// When an apply of a plan with this id last began: approvals given before are used up.
#[must_use]
pub fn last_begun(records: &[Record], plan: &str) -> Option<Timestamp> {
    let begun = records.iter().filter_map(|record| match record {
        Record::Begun { at, plan: id, .. } if id == plan => Some(*at),
        _ => None,
    });
    begun.max()
}

/// The digests of all signed statements that an apply relied on, and when it began.
#[must_use]
pub fn relied_on(records: &[Record]) -> Vec<(String, Timestamp)> {
    let begun = records.iter().filter_map(|record| match record {
        Record::Begun { at, ground: Some(Ground::Approved { statements, .. }), .. } => Some((at, statements)),
        _ => None,
    });
    begun.flat_map(|(at, statements)| statements.iter().map(|digest| (digest.clone(), *at))).collect()
}

/// Every recorded emergency, oldest first, with its review if there was one.
#[must_use]
pub fn emergencies(records: &[Record]) -> Vec<(&Emergency, Option<&Review>)> {
    let review = |id: &str| {
        records.iter().find_map(|record| match record {
            Record::Reviewed(review) if review.emergency == id => Some(review),
            _ => None,
        })
    };
    let found =
        records.iter().filter_map(|record| if let Record::Emergency(emergency) = record { Some(emergency) } else { None });
    found.map(|emergency| (emergency, review(&emergency.id))).collect()
}

/// Those that nobody has reviewed: `status` shows them until somebody has.
#[must_use]
pub fn open_emergencies(records: &[Record]) -> Vec<&Emergency> {
    emergencies(records).into_iter().filter(|(_, review)| review.is_none()).map(|(emergency, _)| emergency).collect()
}

fn is_done(outcome: &str) -> bool {
    matches!(outcome, "done" | "already-done")
}
