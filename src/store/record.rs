//! What is recorded: immutable facts, each under the fence of the lease that it was written under.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::recorded::RecordedResource;
use crate::model::{AuthorizationBasis, Diff, Emergency, Operation, ReleaseRef, ResourceId, Review};

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
        #[serde(rename = "ground", default, skip_serializing_if = "Option::is_none")]
        basis: Option<AuthorizationBasis>,
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
        #[serde(rename = "unkept")]
        violations: Vec<String>,
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
pub(super) struct Counting(u64);

impl Counting {
    /// Whether the entry that comes next counts.
    pub(super) fn counts(&mut self, entry: &Entry) -> bool {
        let Some(fence) = entry.fence else { return true };
        self.0 = self.0.max(fence);
        let claims = matches!(entry.record, Record::Baseline { .. } | Record::Proven { .. } | Record::Ended { .. });
        !claims || fence >= self.0
    }
}

pub(super) const fn is_emergency(record: &Record) -> bool {
    matches!(record, Record::Emergency(_) | Record::Reviewed(_))
}

pub(super) fn is_done(outcome: &str) -> bool {
    matches!(outcome, "done" | "already-done")
}
