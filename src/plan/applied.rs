//! What was applied to a resource, as far as the records and AWS tell together. What was sent without an end counts as far as AWS
//! shows it, or holds it for later: nobody else made that.

use std::collections::BTreeSet;

use crate::model::{Attributes, Class, Diff, KindSchema, Live, Name, RecordedState, ResourceId, path, tags};

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
        let (recorded, begun) = base(state, id)?;
        let now = effective(live);
        let (mut made, mut doubtful) = (Vec::new(), BTreeSet::new());
        for diff in state.sent.get(id).into_iter().flatten() {
            if patch::reached(schema, &now, diff) {
                made.push(diff.clone());
            } else if is_doubtful(schema, &recorded, &now, diff) {
                doubtful.insert(diff.path.clone());
            }
        }
        let attributes = if made.is_empty() { recorded } else { patch::apply(schema, &recorded, &made) };
        let known = attributes.iter().map(|(name, _)| name).chain([tags::ATTRIBUTE]).collect();
        Some(Self { attributes, begun, doubtful, known })
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

/// What the records say of a resource before what was sent without an end, and whether its create has no end.
fn base(state: &RecordedState, id: &ResourceId) -> Option<(Attributes, bool)> {
    match state.unfinished.get(id).filter(|diffs| !diffs.is_empty()) {
        Some(diffs) => Some((diffs.iter().map(|diff| (path::name(&diff.path), diff.after.clone())).collect(), true)),
        None => state.resources.get(id).map(|record| (with_tags(&record.attributes, &record.tags), false)),
    }
}

/// One update was sent after another without an end of either, and the live value may be that of the first, or a person's.
fn is_doubtful(schema: &KindSchema, recorded: &Attributes, now: &Attributes, diff: &Diff) -> bool {
    diff.class != Class::Drift
        && !patch::is_before(schema, recorded, diff)
        && (patch::is_before(schema, now, diff) || patch::same_at(schema, now, recorded, &diff.path))
}

/// What a look tells of the differences that were sent to a resource.
pub struct Look {
    /// The live resource shows it, or AWS holds it for later.
    pub shown: Vec<Diff>,
    /// It may have been made all the same.
    pub open: Vec<Diff>,
}

/// What a look tells of what was sent to a resource. Where it comes so late that AWS would show what it has made (`late`), a value
/// that was read, that is not the sent one, and beside which nothing waits, says that it was not made, or not kept: from now on the
/// sent value is somebody else's (ADR 0039).
#[must_use]
pub fn look(state: &RecordedState, id: &ResourceId, schema: &KindSchema, live: &Live, late: bool) -> Look {
    let values = effective(live);
    let sent = state.sent.get(id).into_iter().flatten().cloned();
    let (shown, mut open): (Vec<Diff>, Vec<Diff>) = sent.partition(|diff| patch::reached(schema, &values, diff));
    if late && let Some((recorded, _)) = base(state, id) {
        open.retain(|diff| {
            let waits = live.pending.iter().any(|queued| queued.attribute == diff.attribute());
            let unread = diff.name() != tags::ATTRIBUTE && live.attributes.of([diff.name()]).is_err();
            waits || unread || is_doubtful(schema, &recorded, &values, diff)
        });
    }
    Look { shown, open }
}
