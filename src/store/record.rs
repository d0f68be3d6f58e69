//! The records: immutable facts, each with the fence of the lease under which it was written. Times are UTC; `plan` is a plan's
//! id, hex SHA-256.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::recorded::RecordedResource;
use crate::model::{AuthorizationBasis, Diff, Emergency, Operation, ReleaseRef, ResourceId, Review};

/// One fact about an environment. The order of records is the order in which they were appended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "kebab-case")]
pub enum Record {
    /// An apply of this plan began. The nonce of the plan file is spent.
    Begun {
        /// When the apply began.
        at: Timestamp,
        /// The plan's id.
        plan: String,
        /// The nonce of the plan file.
        nonce: String,
        /// The ARN of the caller.
        caller: String,
        /// The release to which the environment was pinned; absent where it is compiled from the working tree.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        release: Option<ReleaseRef>,
        /// Why the gate permitted the apply; absent in records from before there were permits.
        #[serde(rename = "ground", default, skip_serializing_if = "Option::is_none")]
        basis: Option<AuthorizationBasis>,
    },
    /// The apply that follows skips promotion or approvals. Written before its first step.
    Emergency(Emergency),
    /// A second person has reviewed an emergency.
    Reviewed(Review),
    /// A driver is about to send a change.
    Intent {
        /// When the intent was recorded.
        at: Timestamp,
        /// The plan's id.
        plan: String,
        /// The number of the plan's step, from 1.
        step: usize,
        /// The resource.
        id: ResourceId,
        /// What the step does.
        operation: Operation,
        /// The value of the tag that a create gives its resource.
        intent: String,
        /// The differences that a create or an update is about to send; absent in records of older versions.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        diffs: Vec<Diff>,
    },
    /// A step ended.
    Ended {
        /// When the step ended.
        at: Timestamp,
        /// The plan's id.
        plan: String,
        /// The number of the plan's step, from 1.
        step: usize,
        /// The resource.
        id: ResourceId,
        /// What the step did.
        operation: Operation,
        /// How the step ended, in one word such as `done` or `unknown`.
        outcome: String,
        /// The attributes and tags to which the step brought the resource; absent after a delete or a failure.
        applied: Option<RecordedResource>,
        /// The plan's differences that the step executed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        diffs: Vec<Diff>,
        /// Whether surely nothing of the intent was made: AWS refused the only call, or none was sent. Absent in records of older
        /// versions, where a failed step leaves it open.
        #[serde(default, skip_serializing_if = "is_false")]
        refused: bool,
    },
    /// Live AWS was exactly as declared: after an apply that left nothing to do, and whenever a later look saw the same.
    Proven {
        /// When it was recorded, right after AWS was read.
        at: Timestamp,
        /// The plan's id.
        plan: String,
        /// The release to which the environment was pinned.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        release: Option<ReleaseRef>,
        /// The slugs of the promises that were broken, pending or not judged then, and `policy NAME` for each policy that refused
        /// the plan; empty when all were kept.
        #[serde(rename = "unkept")]
        violations: Vec<String>,
    },
    /// The environment went back from this release, which cannot be promoted again until the hold is lifted.
    Hold {
        /// When the operator went back.
        at: Timestamp,
        /// The release that is held.
        release: ReleaseRef,
        /// The ARN of the caller.
        by: String,
        /// The reason that the operator gave.
        reason: String,
    },
    /// The held release can be promoted again.
    HoldLifted {
        /// When the hold was lifted.
        at: Timestamp,
        /// The release that was held.
        release: ReleaseRef,
        /// The ARN of the caller.
        by: String,
        /// The reason that the operator gave.
        reason: String,
    },
    /// A fresh look after an apply: these resources are as applied. Replaces everything that was recorded before.
    Baseline {
        /// When it was recorded, right after AWS was read.
        at: Timestamp,
        /// The plan's id.
        plan: String,
        /// The resources that are as declared, with the declared attributes and tags; of the others what was recorded before.
        resources: BTreeMap<ResourceId, RecordedResource>,
        /// The differences that were sent without an end, and of which this look did not show that they were made.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        sent: BTreeMap<ResourceId, Vec<Diff>>,
        /// The resources whose delete was sent without an end, and that this look still showed.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        deleting: BTreeSet<ResourceId>,
    },
}

/// A record as a store keeps it: with the fence of the lease under which it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Absent when no lease was held, and in records of old versions of tokaido.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fence: Option<u64>,
    /// The fact.
    #[serde(flatten)]
    pub record: Record,
}

/// The file name of the record with this number: `00000001.json`. Names are in the order of the numbers.
#[must_use]
pub fn record_name(number: u64) -> String {
    format!("{number:08}.json")
}

/// The number in a record's file name; `None` for every other name, such as `1.json` and `+1.json`.
#[must_use]
pub fn record_number(name: &str) -> Option<u64> {
    let number = name.strip_suffix(".json")?.parse().ok()?;
    (record_name(number) == name).then_some(number)
}

/// The first number that is missing among these, which are in order. Processes take the numbers one after the other, and tokaido
/// never deletes a record, so a missing record was removed. A record that is missing at the end cannot be noticed.
#[must_use]
pub fn first_missing(numbers: impl IntoIterator<Item = u64>) -> Option<u64> {
    (1_u64..).zip(numbers).find_map(|(expected, number)| (number != expected).then_some(expected))
}

/// The records that count (ADR 0009). After a record under a later fence, the earlier holder's looks and ends do not count: its
/// successor has looked since. A record that something was begun, or may have been sent, always counts.
#[must_use]
pub fn counting(entries: Vec<Entry>) -> Vec<Record> {
    let mut counting = Counting::default();
    entries.into_iter().filter(|entry| counting.counts(entry)).map(|entry| entry.record).collect()
}

/// The highest fence among the entries so far.
#[derive(Debug, Default)]
pub(super) struct Counting(u64);

impl Counting {
    /// Whether the next entry counts.
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

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives the field")]
const fn is_false(value: &bool) -> bool {
    !*value
}

pub(super) fn is_done(outcome: &str) -> bool {
    matches!(outcome, "done" | "already-done")
}
