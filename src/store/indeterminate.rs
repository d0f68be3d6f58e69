//! What may have been made and is not shown: a create was sent, and no record says how it ended.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::model::{Operation, ResourceId};

use super::record::Record;

/// How long after a create AWS may not show what it made. EC2 speaks of "a few minutes" for reads after a write
/// (EC2 API, eventual consistency), and providers in the field wait for five; KMS and IAM take less.
pub const SHOWN_WITHIN: SignedDuration = SignedDuration::from_mins(5);

/// A create whose end nobody knows, sent so lately that AWS may still hide what it made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndeterminateCreate {
    pub id: ResourceId,
    pub sent: Timestamp,
    /// From here on what is not shown is not there.
    pub until: Timestamp,
}

/// Creates that were sent and whose end no record says, by id.
#[derive(Debug, Clone, Default)]
pub struct IndeterminateCreates(BTreeMap<ResourceId, Timestamp>);

impl IndeterminateCreates {
    /// The record that comes next.
    pub(super) fn add(&mut self, record: &Record) {
        match record {
            Record::Intent { at, id, operation: Operation::Create, .. } => _ = self.0.insert(id.clone(), *at),
            // Whatever came after was decided with the object in sight, or with AWS's refusal at hand.
            Record::Intent { id, .. } => _ = self.0.remove(id),
            Record::Ended { id, outcome, .. } if outcome != UNKNOWN => _ = self.0.remove(id),
            _ => {}
        }
    }

    /// Creates in doubt at this time, by id. Times are those of whoever applied: a clock that was ahead makes it longer, never
    /// shorter than it should be by less than it was behind.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Vec<IndeterminateCreate> {
        let until = |sent: &Timestamp| sent.saturating_add(SHOWN_WITHIN).unwrap_or(Timestamp::MAX);
        let open = self.0.iter().filter(|(_, sent)| now < until(sent));
        open.map(|(id, sent)| IndeterminateCreate { id: id.clone(), sent: *sent, until: until(sent) }).collect()
    }
}

/// The outcome of a step that no answer ended.
const UNKNOWN: &str = "unknown";
