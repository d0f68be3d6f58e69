//! Level 7: what tokaido remembers. Immutable records behind one trait; if they are lost, plan and apply still work.

mod directory;

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::recorded::RecordedResource;
use crate::model::{Emergency, Environment, Ground, Operation, RecordedState, ReleaseRef, ResourceId, Review};

pub use directory::DirectoryStore;

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
    /// A fresh look after an apply: these resources are as applied. Replaces everything recorded before.
    Baseline { at: Timestamp, plan: String, resources: BTreeMap<ResourceId, RecordedResource> },
}

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("cannot {verb} {path}: {source}")]
    Io { verb: &'static str, path: String, source: std::io::Error },
    #[error("another apply holds {lock}")]
    Held { lock: String },
    #[error("the record {path} cannot be read: {reason}; move it away to go on without it")]
    Damaged { path: String, reason: String },
}

/// Held for as long as an apply runs; dropping it lets the next one begin.
#[derive(Debug, Default)]
pub struct Hold(#[expect(dead_code, reason = "dropping the file is what releases its lock")] Option<std::fs::File>);

#[async_trait]
pub trait Store: Send + Sync {
    /// Keeps a second apply of this environment out, as far as this store can see one.
    async fn hold(&self, _environment: Environment) -> Result<Hold, StoreError> {
        Ok(Hold::default())
    }

    /// Durable when it returns.
    async fn append(&self, environment: Environment, record: &Record) -> Result<(), StoreError>;

    /// Oldest first.
    async fn records(&self, environment: Environment) -> Result<Vec<Record>, StoreError>;
}

/// What the records add up to; `None` when nothing was ever applied.
#[must_use]
pub fn recorded_state(records: &[Record]) -> Option<RecordedState> {
    let mut state: Option<RecordedState> = None;
    for record in records {
        match record {
            Record::Baseline { resources, .. } => state = Some(RecordedState { resources: resources.clone() }),
            Record::Ended { id, operation: Operation::Delete, outcome, .. } if is_done(outcome) => {
                state.get_or_insert_default().resources.remove(id);
            }
            Record::Ended { id, applied: Some(applied), .. } => {
                state.get_or_insert_default().resources.insert(id.clone(), applied.clone());
            }
            Record::Begun { .. }
            | Record::Emergency(_)
            | Record::Reviewed(_)
            | Record::Intent { .. }
            | Record::Ended { .. }
            | Record::Proven { .. } => {}
        }
    }
    state
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
