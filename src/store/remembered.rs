//! What the records say together, computed one record after the other, so that no caller holds all of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::kinds;
use crate::model::recorded::RecordedResource;
use crate::model::{Diff, Operation, RecordedState, ResourceId, path, tags};
use crate::plan::{compare, patch};

use super::indeterminate::IndeterminateCreates;
use super::record::{Record, is_done};

/// What the records say about AWS: what was applied, and which creates are indeterminate.
#[derive(Debug, Clone, Default)]
pub struct Remembered {
    state: Option<RecordedState>,
    unfinished: BTreeMap<ResourceId, Vec<Diff>>,
    sent: BTreeMap<ResourceId, Vec<Diff>>,
    deleting: BTreeSet<ResourceId>,
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
        match record {
            Record::Intent { id, operation, diffs, .. } => self.send(id, operation, diffs),
            Record::Ended { id, operation, outcome, applied, diffs, .. } => self.end(id, operation, &outcome, applied, &diffs),
            Record::Baseline { resources, sent, deleting, .. } => {
                self.unfinished.retain(|id, _| !resources.contains_key(id));
                (self.sent, self.deleting) = (sent, deleting);
                self.state.get_or_insert_default().resources = resources;
            }
            Record::Proven { .. } => {
                self.sent.clear();
                self.deleting.clear();
            }
            Record::Begun { .. }
            | Record::Emergency(_)
            | Record::Reviewed(_)
            | Record::Hold { .. }
            | Record::HoldLifted { .. } => {}
        }
    }

    /// What may be made without a record of its end.
    fn send(&mut self, id: ResourceId, operation: Operation, diffs: Vec<Diff>) {
        // Who makes or changes it has seen whether the delete before it was done.
        let deleted = self.deleting.remove(&id);
        match operation {
            Operation::Create => {
                self.sent.remove(&id);
                if let Some(state) = self.state.as_mut().filter(|_| deleted) {
                    state.resources.remove(&id);
                }
                self.unfinished.insert(id, diffs);
            }
            Operation::Update => {
                for diff in diffs {
                    self.supersede(&id, &diff);
                    self.sent.entry(id.clone()).or_default().push(diff);
                }
            }
            Operation::Delete => _ = self.deleting.insert(id),
        }
    }

    /// Of each path the last difference counts. One inside an element proves that the element is there, so what was sent of the
    /// element before was made.
    fn supersede(&mut self, id: &ResourceId, next: &Diff) {
        let Some(earlier) = self.sent.get_mut(id) else { return };
        let proven: Vec<Diff> = earlier.extract_if(.., |diff| path::is_inside(&next.path, &diff.path)).collect();
        earlier.retain(|diff| diff.path != next.path && !path::is_inside(&diff.path, &next.path));
        let recorded = self.state.as_mut().and_then(|state| state.resources.get_mut(id));
        if let Some(resource) = recorded.filter(|_| !proven.is_empty()) {
            changed(id, resource, &proven);
        }
    }

    fn end(&mut self, id: ResourceId, operation: Operation, outcome: &str, applied: Option<RecordedResource>, diffs: &[Diff]) {
        match (operation, applied) {
            (Operation::Delete, _) if is_done(outcome) => {
                self.unfinished.remove(&id);
                self.sent.remove(&id);
                self.deleting.remove(&id);
                self.state.get_or_insert_default().resources.remove(&id);
            }
            (_, Some(applied)) => {
                self.unfinished.remove(&id);
                self.sent.remove(&id);
                self.state.get_or_insert_default().resources.insert(id, applied);
            }
            // A part of the resource was held back, so it is not as declared. What the step changed is recorded all the same, and
            // says nothing of what was sent elsewhere in the resource.
            (Operation::Update, None) if is_done(outcome) => {
                let Some(resource) = self.state.as_mut().and_then(|state| state.resources.get_mut(&id)) else { return };
                changed(&id, resource, diffs);
                if let Some(sent) = self.sent.get_mut(&id) {
                    sent.retain(|sent| {
                        !diffs.iter().any(|done| done.path == sent.path || path::is_inside(&sent.path, &done.path))
                    });
                }
                self.sent.retain(|_, sent| !sent.is_empty());
            }
            _ => {}
        }
    }

    /// What was applied, and the indeterminate creates. The first is `None` when nothing was ever applied.
    #[must_use]
    pub fn parts(self) -> (Option<RecordedState>, IndeterminateCreates) {
        let Self { state, unfinished, sent, deleting, indeterminate } = self;
        (state.map(|state| RecordedState { unfinished, sent, deleting, ..state }), indeterminate)
    }
}

/// Makes these differences in the recorded resource.
pub fn changed(id: &ResourceId, resource: &mut RecordedResource, diffs: &[Diff]) {
    let Some(kind) = kinds::find(&id.kind) else { return };
    let recorded = compare::with_tags(&resource.attributes, &resource.tags);
    let mut target = patch::apply(kind.schema, &recorded, diffs);
    resource.tags = target.remove(tags::ATTRIBUTE).map(|held| tags::of(&held)).unwrap_or_default();
    resource.attributes = target;
}
