//! What the records say together, computed one record after the other, so that no caller holds all of them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

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
    sent_at: BTreeMap<ResourceId, Timestamp>,
    /// What was in doubt before each intent of the running apply.
    before: BTreeMap<ResourceId, InDoubt>,
    indeterminate: IndeterminateCreates,
}

/// What was in doubt of one resource.
#[derive(Debug, Clone, Default)]
struct InDoubt {
    sent: Option<Vec<Diff>>,
    deleting: bool,
    at: Option<Timestamp>,
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
            Record::Intent { at, id, operation, diffs, .. } => self.send(at, id, operation, diffs),
            Record::Ended { id, refused: true, .. } => self.take_back(&id),
            Record::Ended { at, id, operation, outcome, applied, diffs, .. } => {
                if let Some(sent_at) = self.sent_at.get_mut(&id).filter(|_| self.before.contains_key(&id)) {
                    *sent_at = at;
                }
                self.before.remove(&id);
                self.end(id, operation, &outcome, applied, &diffs);
            }
            Record::Baseline { at, resources, sent, deleting, .. } => {
                self.unfinished.retain(|id, _| !resources.contains_key(id));
                for id in sent.keys().chain(&deleting) {
                    self.sent_at.entry(id.clone()).or_insert(at);
                }
                (self.sent, self.deleting) = (sent, deleting);
                self.state.get_or_insert_default().resources = resources;
            }
            Record::Proven { .. } => {
                self.sent.clear();
                self.deleting.clear();
            }
            // What an earlier apply sent without an end stays in doubt, whatever its step ends with in this one.
            Record::Begun { .. } => self.before.clear(),
            Record::Emergency(_) | Record::Reviewed(_) | Record::Hold { .. } | Record::HoldLifted { .. } => {}
        }
    }

    /// What may be made without a record of its end.
    fn send(&mut self, at: Timestamp, id: ResourceId, operation: Operation, diffs: Vec<Diff>) {
        // Who makes or changes it has seen whether the delete before it was done.
        let deleted = self.deleting.remove(&id);
        if operation != Operation::Create {
            let deleting = deleted && operation == Operation::Delete;
            for diff in &diffs {
                self.prove(&id, diff);
            }
            let before = InDoubt { sent: self.sent.get(&id).cloned(), deleting, at: self.sent_at.get(&id).copied() };
            self.before.insert(id.clone(), before);
            self.sent_at.insert(id.clone(), at);
        }
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

    /// A difference inside an element proves that the element is there, so what was sent of the element before was made.
    fn prove(&mut self, id: &ResourceId, next: &Diff) {
        let Some(earlier) = self.sent.get_mut(id) else { return };
        let proven: Vec<Diff> = earlier.extract_if(.., |diff| path::is_inside(&next.path, &diff.path)).collect();
        let recorded = self.state.as_mut().and_then(|state| state.resources.get_mut(id));
        if let Some(resource) = recorded.filter(|_| !proven.is_empty()) {
            changed(id, resource, &proven);
        }
    }

    /// Of each path the last difference counts.
    fn supersede(&mut self, id: &ResourceId, next: &Diff) {
        if let Some(earlier) = self.sent.get_mut(id) {
            earlier.retain(|diff| diff.path != next.path && !path::is_inside(&diff.path, &next.path));
        }
    }

    /// Nothing of the last intent was made, so what was in doubt before it is in doubt again, and nothing else. A refused create
    /// stays unfinished: what an apply was to make is missing until it is there.
    fn take_back(&mut self, id: &ResourceId) {
        let Some(InDoubt { sent, deleting, at }) = self.before.remove(id) else { return };
        match sent.filter(|sent| !sent.is_empty()) {
            Some(sent) => _ = self.sent.insert(id.clone(), sent),
            None => _ = self.sent.remove(id),
        }
        if deleting {
            self.deleting.insert(id.clone());
        } else {
            self.deleting.remove(id);
        }
        match at {
            Some(at) => _ = self.sent_at.insert(id.clone(), at),
            None => _ = self.sent_at.remove(id),
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
        let Self { state, unfinished, sent, deleting, mut sent_at, before: _, indeterminate } = self;
        sent_at.retain(|id, _| sent.contains_key(id) || deleting.contains(id));
        (state.map(|state| RecordedState { unfinished, sent, deleting, sent_at, ..state }), indeterminate)
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
