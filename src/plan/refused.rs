//! What AWS cannot change on a live resource, and what is held back with it.

use crate::model::schema::Mutability;
use crate::model::{Class, Diff, KindSchema};

/// Refused differences, and those that can be made. While a resource cannot go where it is declared, the rest of the
/// declaration is meant for a place where it is not: rules for other addresses would cut it off where it still lives.
/// What drifted is repaired there all the same.
pub(super) fn split(schema: &KindSchema, diffs: Vec<Diff>) -> (Vec<Diff>, Vec<Diff>) {
    let place = |diff: &Diff| schema.attribute(diff.attribute()).is_some_and(|attribute| attribute.place);
    let moves = diffs.iter().any(place);
    let held = |diff: &Diff| moves && diff.class != Class::Drift && diff.attribute() != "tags";
    let (mut refused, rest): (Vec<_>, Vec<_>) =
        diffs.into_iter().partition(|diff| procedure(schema, diff).is_some() || held(diff));
    // The place first: it explains the others, and its procedure is the one that is shown.
    refused.sort_by_key(|diff| !place(diff));
    (refused, rest)
}

/// What people do instead, for an attribute that never changes.
pub(super) fn procedure(schema: &KindSchema, diff: &Diff) -> Option<&'static str> {
    match schema.attribute(diff.attribute())?.mutability {
        Mutability::Forbidden(procedure) => Some(procedure),
        _ => None,
    }
}
