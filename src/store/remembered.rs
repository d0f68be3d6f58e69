//! Records added up one after the other, so that nobody has to hold all of them.

use std::collections::BTreeSet;

use crate::model::{Operation, RecordedState, ResourceId};

use super::indeterminate::IndeterminateCreates;
use super::record::{Record, is_done};

/// What the records say of the world: what was applied, and what may have been made.
#[derive(Debug, Clone, Default)]
pub struct Remembered {
    state: Option<RecordedState>,
    unfinished: BTreeSet<ResourceId>,
    indeterminate: IndeterminateCreates,
}

impl Remembered {
    /// Of all records that count, oldest first.
    pub fn of(records: impl IntoIterator<Item = Record>) -> Self {
        let mut remembered = Self::default();
        records.into_iter().for_each(|record| remembered.add(record));
        remembered
    }

    /// The record that comes next.
    pub fn add(&mut self, record: Record) {
        self.indeterminate.add(&record);
        let (state, unfinished) = (&mut self.state, &mut self.unfinished);
        match record {
            Record::Baseline { resources, .. } => {
                unfinished.retain(|id| !resources.contains_key(id));
                state.get_or_insert_default().resources = resources;
            }
            Record::Ended { id, operation: Operation::Delete, outcome, .. } if is_done(&outcome) => {
                unfinished.remove(&id);
                state.get_or_insert_default().resources.remove(&id);
            }
            Record::Ended { id, applied: Some(applied), .. } => {
                unfinished.remove(&id);
                state.get_or_insert_default().resources.insert(id, applied);
            }
            Record::Intent { id, operation: Operation::Create, .. } => _ = unfinished.insert(id),
            Record::Begun { .. }
            | Record::Emergency(_)
            | Record::Reviewed(_)
            | Record::Intent { .. }
            | Record::Ended { .. }
            | Record::Proven { .. }
            | Record::Hold { .. }
            | Record::HoldLifted { .. } => {}
        }
    }

    /// What was applied, and what is in doubt; the first is `None` when nothing was ever applied.
    #[must_use]
    pub fn parts(self) -> (Option<RecordedState>, IndeterminateCreates) {
        let Self { state, unfinished, indeterminate } = self;
        (state.map(|state| RecordedState { unfinished, ..state }), indeterminate)
    }
}
