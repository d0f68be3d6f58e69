//! What was applied to a resource, as far as the records and AWS tell together. What was sent without an end counts as far as AWS
//! shows it, or holds it for later: nobody else made that.

use std::collections::BTreeSet;

use crate::model::{Attributes, Class, Diff, KindSchema, Live, Name, ResourceId, path, tags};

use super::compare::{self, with_tags};
use super::input::PlanningInput;
use super::patch;

/// What was applied to one live resource.
pub(super) struct Applied {
    /// The attributes, and the tags under `tags`.
    pub(super) attributes: Attributes,
    /// No record says that the create ended: a value that it was to give and that is not there may never have been given.
    begun: bool,
    /// Where one update was sent after another without an end of either: the live value may be the one before the second, or a
    /// person has put it back.
    doubtful: BTreeSet<String>,
    /// The attributes that the records know. Another came with a newer tokaido, or is declared for the first time.
    known: BTreeSet<Name>,
}

impl Applied {
    /// `None` where the records know nothing of the resource.
    pub(super) fn of(input: &PlanningInput<'_>, id: &ResourceId, schema: &KindSchema, live: &Live) -> Option<Self> {
        let state = input.recorded?;
        let created = state.unfinished.get(id).filter(|diffs| !diffs.is_empty());
        let recorded = match created {
            Some(diffs) => diffs.iter().map(|diff| (path::name(&diff.path), diff.after.clone())).collect(),
            None => state.resources.get(id).map(|record| with_tags(&record.attributes, &record.tags))?,
        };
        let now = effective(live);
        let (mut made, mut doubtful) = (Vec::new(), BTreeSet::new());
        for diff in state.sent.get(id).into_iter().flatten() {
            if patch::reached(schema, &now, diff) {
                made.push(diff.clone());
            } else if diff.class != Class::Drift
                && !patch::is_before(schema, &recorded, diff)
                && (patch::is_before(schema, &now, diff) || patch::same_at(schema, &now, &recorded, &diff.path))
            {
                doubtful.insert(diff.path.clone());
            }
        }
        let attributes = if made.is_empty() { recorded } else { patch::apply(schema, &recorded, &made) };
        let known = attributes.iter().map(|(name, _)| name).chain([tags::ATTRIBUTE]).collect();
        Some(Self { attributes, begun: created.is_some(), doubtful, known })
    }

    /// Whether what differs from this was surely changed outside tokaido.
    pub(super) const fn is_certain(&self) -> bool {
        !self.begun
    }

    pub(super) fn moved_class(&self) -> Class {
        if self.is_certain() { Class::Drift } else { Class::Unknown }
    }

    /// Whether the records tell the cause of a difference here.
    pub(super) fn knows(&self, path: &str) -> bool {
        let about = |doubt: &String| doubt == path || path::is_inside(doubt, path) || path::is_inside(path, doubt);
        self.known.contains(&path::name(path)) && !self.doubtful.iter().any(about)
    }

    /// Whether an attribute is declared for the first time because the one in which it lies is declared otherwise than it was
    /// applied: storage that is to grow large has declared operations. What the files changed explains it.
    pub(super) fn follows(&self, schema: &KindSchema, declared: &Attributes, path: &str) -> bool {
        let name = path::name(path);
        let outer = schema.row(name).and_then(|row| row.inside).filter(|_| !self.known.contains(&name));
        outer.is_some_and(|outer| self.known.contains(&outer) && declared.get(outer) != self.attributes.get(outer))
    }
}

/// The live values, with those that AWS holds for later in their places.
pub(super) fn effective(live: &Live) -> Attributes {
    let mut values = compare::actual(live);
    for queued in &live.pending {
        values.set(queued.attribute, queued.value.clone());
    }
    values
}

/// What of these differences the live resource shows, or AWS holds for later; and the rest.
#[must_use]
pub fn shown(schema: &KindSchema, live: &Live, sent: &[Diff]) -> (Vec<Diff>, Vec<Diff>) {
    let now = effective(live);
    sent.iter().cloned().partition(|diff| patch::reached(schema, &now, diff))
}
