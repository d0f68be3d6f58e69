//! What the records say together, computed one record after the other, so that no caller holds all of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::kinds;
use crate::model::recorded::RecordedResource;
use crate::model::{Diff, Operation, RecordedState, ResourceId, tags};
use crate::plan::{compare, patch};

use super::indeterminate::IndeterminateCreates;
use super::record::{Record, is_done};

/// What the records say about AWS: what was applied, and which creates are indeterminate.
#[derive(Debug, Clone, Default)]
pub struct Remembered {
    state: Option<RecordedState>,
    unfinished: BTreeSet<ResourceId>,
    sent: BTreeMap<ResourceId, Vec<Diff>>,
    indeterminate: IndeterminateCreates,
}

impl Remembered {
    /// From all records that count, oldest first.
    pub fn of(records: impl IntoIterator<Item = Record>) -> Self {
        let mut remembered = Self::default();
        records.into_iter().for_each(|record| remembered.add(record));
        remembered
    }

    /// Takes the next record into account.
    pub fn add(&mut self, record: Record) {
        self.indeterminate.add(&record);
        self.send(&record);
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
            // A part of the resource was held back, so it is not as declared. What the step changed is recorded all the same.
            Record::Ended { id, operation: Operation::Update, outcome, applied: None, diffs, .. } if is_done(&outcome) => {
                if let Some(resource) = state.as_mut().and_then(|state| state.resources.get_mut(&id)) {
                    changed(&id, resource, &diffs);
                }
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

    /// Which updates may have been made without a record of it.
    fn send(&mut self, record: &Record) {
        match record {
            Record::Intent { id, operation: Operation::Update, diffs, .. } if !diffs.is_empty() => {
                self.sent.entry(id.clone()).or_default().extend(diffs.iter().cloned());
            }
            Record::Ended { id, outcome, .. } if is_done(outcome) => _ = self.sent.remove(id),
            Record::Baseline { .. } | Record::Proven { .. } => self.sent.clear(),
            _ => {}
        }
    }

    /// What was applied, and the indeterminate creates. The first is `None` when nothing was ever applied.
    #[must_use]
    pub fn parts(self) -> (Option<RecordedState>, IndeterminateCreates) {
        let Self { state, unfinished, sent, indeterminate } = self;
        (state.map(|state| RecordedState { unfinished, sent, ..state }), indeterminate)
    }
}

/// The recorded resource after these differences.
fn changed(id: &ResourceId, resource: &mut RecordedResource, diffs: &[Diff]) {
    let Some(kind) = kinds::find(&id.kind) else { return };
    let recorded = compare::with_tags(&resource.attributes, &resource.tags);
    let mut target = patch::apply(kind.schema, &recorded, diffs);
    resource.tags = target.remove(tags::ATTRIBUTE).map(|held| tags::of(&held)).unwrap_or_default();
    resource.attributes = target;
}
