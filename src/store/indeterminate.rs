//! Indeterminate creates: a create was sent, no record says how it ended, and AWS may not show yet what it made (ADR 0015).

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::model::{Operation, ResourceId};

use super::record::Record;

/// For how long after a create AWS may not show what it made: 5 minutes. EC2 speaks of "a few minutes" for reads after a write
/// (EC2 API, eventual consistency), and comparable tools wait for five; KMS and IAM take less.
pub const SHOWN_WITHIN: SignedDuration = SignedDuration::from_mins(5);

/// A create whose end no record says, sent so lately that AWS may not show yet what it made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndeterminateCreate {
    /// The resource that was to be made.
    pub id: ResourceId,
    /// When the intent of the create was recorded.
    pub sent: Timestamp,
    /// From this time on, a resource that AWS does not show is not there.
    pub until: Timestamp,
}

/// The creates that were sent and whose end no record says, by id, with the time of the intent.
#[derive(Debug, Clone, Default)]
pub struct IndeterminateCreates(BTreeMap<ResourceId, Timestamp>);

impl IndeterminateCreates {
    /// Takes the next record into account.
    pub(super) fn add(&mut self, record: &Record) {
        match record {
            Record::Intent { at, id, operation: Operation::Create, .. } => _ = self.0.insert(id.clone(), *at),
            // A later step of the same resource was planned after AWS had shown the object or refused the create.
            Record::Intent { id, .. } => _ = self.0.remove(id),
            Record::Ended { id, outcome, .. } if outcome != UNKNOWN => _ = self.0.remove(id),
            _ => {}
        }
    }

    /// The creates that are indeterminate at `now`, by id. The recorded times are those of the machine that applied: a clock that
    /// was ahead makes the wait longer by as much, and a clock that was behind makes it shorter by as much.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Vec<IndeterminateCreate> {
        let until = |sent: &Timestamp| sent.saturating_add(SHOWN_WITHIN).unwrap_or(Timestamp::MAX);
        let open = self.0.iter().filter(|(_, sent)| now < until(sent));
        open.map(|(id, sent)| IndeterminateCreate { id: id.clone(), sent: *sent, until: until(sent) }).collect()
    }
}

/// The recorded outcome of a step to whose call AWS gave no answer.
const UNKNOWN: &str = "unknown";
