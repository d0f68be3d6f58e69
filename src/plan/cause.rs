//! What caused a difference: AWS within what is declared, AWS later, a change of the files, or a manual change.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::path;
use crate::model::plan::Note;
use crate::model::reason::plan::{NoteReason, Wait};
use crate::model::tags::Tags;
use crate::model::{
    Attributes, Class, Diff, KindSchema, Live, Name, ObservedState, ResourceId, SortedLookup, Stated, Status, Value,
};

use super::applied::{Applied, effective};
use super::compare::{self, Delta};
use super::input::{PlanningInput, schema_of};
use super::patch;
use super::unresolved::unresolved_reference;

/// The path at which drift shows the state of a whole resource.
pub const STATE: &str = "(state)";

/// Whether a plan says nothing about the resource: it is as wanted, AWS has queued nothing, and its state has not failed.
pub(super) fn settled(schema: &KindSchema, live: &Live, wanted: &Attributes, tags: &Tags) -> bool {
    live.pending.is_empty() && !matches!(live.status, Status::Failed(_)) && compare::undiffering(schema, live, wanted, tags)
}

/// Notes of values that are more than declared and accepted: storage that grew, a newer minor version. AWS moved a value when
/// it is also more than what was last applied; otherwise the declaration was lowered. What AWS holds for later counts as if it were
/// there: AWS does not let storage grow in the window by itself, so a person may have asked for it.
pub(super) fn beyond(
    input: &PlanningInput<'_>,
    id: &ResourceId,
    schema: &KindSchema,
    live: &Live,
    wanted: &Attributes,
) -> Vec<Note> {
    let (actual, pending) = (effective(live), |name: Name| live.pending.iter().any(|queued| queued.attribute == name));
    let record = input.recorded.and_then(|state| state.resources.get(id));
    let mut by_reason: BTreeMap<(Class, bool), Vec<Diff>> = BTreeMap::new();
    for (name, value) in wanted.iter() {
        let (Some(attribute), Some(live)) = (schema.attribute(name), actual.get(name)) else { continue };
        let queued = pending(name);
        if !compare::moved_within(attribute, wanted, live, value) {
            continue;
        }
        let more = |applied: &Value| compare::moved_within(attribute, wanted, live, applied) || applied == value;
        let class = match record.and_then(|record| record.attributes.get(name)) {
            None => Class::Unknown,
            Some(applied) if !more(applied) => Class::Change,
            Some(_) if queued => Class::Unknown,
            Some(_) => Class::ServiceManaged,
        };
        let diff = Diff { path: name.to_string(), before: value.clone(), after: live.clone(), class };
        by_reason.entry((class, queued)).or_default().push(diff);
    }
    let reason = |of: (Class, bool)| match of {
        (Class::Change, _) => NoteReason::DeclaredLower,
        (Class::Unknown, true) => NoteReason::QueuedBeyond,
        (Class::Unknown, false) => NoteReason::MoreThanDeclared,
        _ => NoteReason::WithinDeclared,
    };
    let note = |(of, diffs)| Note { id: id.clone(), diffs, reason: Some(reason(of).into()), violations: Vec::new() };
    by_reason.into_iter().map(note).collect()
}

/// The live resource compared with the wanted attributes, with what AWS has queued. A queued value that is the wanted one
/// counts as reached, and is returned as pending. A queued value that is not the wanted one counts as a difference although
/// the live value is still right. A value that was not read is no difference: see [`compare::unread`].
pub(super) fn differences(schema: &KindSchema, live: &Live, wanted: &Attributes) -> (Vec<Delta>, Vec<(Diff, Stated<Wait>)>) {
    let actual = compare::actual(live);
    let mut deltas = compare::differences(schema, &actual, wanted);
    for (unread, _) in compare::unread(schema, live, wanted) {
        deltas.retain(|delta| path::name(&delta.path) != unread);
    }
    if matches!(live.status, Status::Working(_)) {
        // An attribute that AWS does not return while it works on the resource is unknown, not different.
        deltas.retain(|delta| actual.contains(path::name(&delta.path)));
    }
    let mut notes = Vec::new();
    for queued in &live.pending {
        let (Some(attribute), Some(target)) = (schema.attribute(queued.attribute), wanted.get(queued.attribute)) else {
            continue;
        };
        let against = compare::attribute_differences(attribute, wanted, &queued.value, target);
        let touches = |delta: &Delta| path::attribute(&delta.path) == attribute.name;
        if against.is_empty() {
            let reached: Vec<Delta> = deltas.extract_if(.., |delta| touches(delta)).collect();
            let waits = |path: String, before: Value, after: Value| {
                (Diff { path, before, after, class: Class::Pending }, queued.when.clone())
            };
            if reached.is_empty() {
                let now = actual.get(queued.attribute).filter(|now| **now != queued.value);
                let now = now.cloned().unwrap_or_else(|| Value::from("not in effect"));
                notes.push(waits(queued.attribute.to_string(), now, queued.value.clone()));
            }
            // What AWS holds may be more than what is declared, and another spelling of it.
            let held = Attributes::from_iter([(queued.attribute, queued.value.clone())]);
            notes.extend(reached.into_iter().map(|delta| {
                let held = Some(patch::value_at(schema, &held, &delta.path)).filter(|held| !held.is_null());
                waits(delta.path, delta.before, held.unwrap_or(delta.after))
            }));
        } else if !deltas.iter().any(touches) {
            deltas.extend(against);
        }
    }
    deltas.sort();
    (deltas, notes)
}

/// The note of what AWS holds for later. Until AWS applies it the value in effect counts, and a promise that this value does
/// not keep is a violation.
pub(super) fn pending_note(id: &ResourceId, schema: &KindSchema, pending: Vec<(Diff, Stated<Wait>)>) -> Note {
    let by_words: BTreeMap<String, &Stated<Wait>> = pending.iter().map(|(_, when)| (when.to_string(), when)).collect();
    let when: Vec<Stated<Wait>> = by_words.into_values().cloned().collect();
    let violations: BTreeSet<&str> = pending
        .iter()
        .filter_map(|(diff, _)| schema.attribute(diff.attribute())?.violations(&diff.before, &diff.after))
        .collect();
    let violations: Vec<String> = violations.into_iter().map(str::to_owned).collect();
    let reason = match violations.as_slice() {
        [] => NoteReason::Waits { when },
        [promise] => NoteReason::WaitsBroken { when, promise: promise.clone() },
        promises => NoteReason::WaitsBrokenSeveral { when, promises: promises.to_vec() },
    };
    Note { id: id.clone(), diffs: pending.into_iter().map(|(diff, _)| diff).collect(), reason: Some(reason.into()), violations }
}

/// Gives each difference its class: `drift` when the live value differs from the recorded one at that path, `change` when only
/// the desired value does.
pub(super) fn classed(
    input: &PlanningInput<'_>,
    id: &ResourceId,
    schema: &KindSchema,
    live: &Live,
    deltas: Vec<Delta>,
) -> Vec<Diff> {
    if deltas.is_empty() {
        return Vec::new();
    }
    let applied = Applied::of(input, id, schema, live);
    let moved: BTreeSet<String> =
        applied.iter().flat_map(|applied| differences(schema, live, &applied.attributes).0).map(|delta| delta.path).collect();
    let declared = input.desired.resources.get(id).map(|resource| &resource.attributes);
    let class = |path: &str| match &applied {
        None => Class::Unknown,
        Some(applied) if declared.is_some_and(|declared| applied.follows(schema, declared, path)) => Class::Change,
        Some(applied) if !applied.knows(path) => Class::Unknown,
        Some(applied) if moved.contains(path) => applied.moved_class(),
        Some(_) => Class::Change,
    };
    deltas
        .into_iter()
        .map(|delta| Diff { class: class(&delta.path), path: delta.path, before: delta.before, after: delta.after })
        .collect()
}

/// Notes of what differs between the live state and the last apply, for resources with a record.
pub(super) fn recorded_drift(input: &PlanningInput<'_>) -> Vec<Note> {
    let Some(recorded) = input.recorded else { return Vec::new() };
    let mut notes = Vec::new();
    let (mut owned, mut schema_of) = (SortedLookup::of(&input.observed.owned), schema_of(input.schemas));
    for (id, record) in &recorded.resources {
        let (Some(live), Some(schema)) = (owned.get(id), schema_of(&id.kind)) else { continue };
        if settled(schema, live, &record.attributes, &record.tags) {
            continue;
        }
        let Some(applied) = Applied::of(input, id, schema, live).filter(Applied::is_certain) else { continue };
        let (mut deltas, _) = differences(schema, live, &applied.attributes);
        deltas.retain(|delta| applied.knows(&delta.path));
        deltas.retain(|delta| {
            unresolved_reference(input, &applied.attributes, &delta.path, (&delta.before, &delta.after)).is_none()
        });
        let diffs: Vec<Diff> = deltas
            .into_iter()
            .map(|delta| Diff { path: delta.path, before: delta.after, after: delta.before, class: Class::Drift })
            .collect();
        if !diffs.is_empty() {
            notes.push(Note { id: id.clone(), diffs, reason: None, violations: Vec::new() });
        }
    }
    notes
}

/// Notes of what is wrong with whole resources: a state that waiting does not heal (a key that waits for its deletion, a
/// stopped database), or more than one resource that claims the id. No file declares either, so both are drift whatever the
/// cause is.
pub(super) fn unsound(observed: &ObservedState) -> Vec<Note> {
    let note = |id: &ResourceId, path: &str, before: &str, after: String| {
        let diff = Diff { path: path.to_owned(), before: Value::from(before), after: Value::from(after), class: Class::Drift };
        Note { id: id.clone(), diffs: vec![diff], reason: None, violations: Vec::new() }
    };
    let failed = observed.owned.iter().filter_map(|(id, live)| match &live.status {
        Status::Failed(word) => Some(note(id, STATE, "ready", word.clone())),
        _ => None,
    });
    let claims = observed.ambiguous.iter().map(|(id, claims)| note(id, "(claims)", "one", claims.join(", ")));
    failed.chain(claims).collect()
}
