//! Differences that AWS cannot make on a live resource, and differences that are refused together with them.

use crate::model::reason::plan::NextStep;
use crate::model::schema::{Comparison, Mutability};
use crate::model::{Attributes, Class, Diff, KindSchema};

use super::{compare, guard};

/// Refused differences, and those that a plan makes. While a resource cannot go to the declared place or version, the rest of
/// its declaration is for a place where the resource is not: rules for other addresses would cut it off where it is. Drift is
/// repaired all the same.
pub(super) fn split(schema: &KindSchema, actual: &Attributes, diffs: Vec<Diff>) -> (Vec<Diff>, Vec<Diff>) {
    let place = |diff: &Diff| schema.attribute(diff.attribute()).is_some_and(|attribute| attribute.place);
    let version = |diff: &Diff| version_step(schema, actual, diff).is_some();
    let moves = diffs.iter().any(|diff| place(diff) || version(diff));
    let held = |diff: &Diff| moves && diff.class != Class::Drift && diff.attribute() != "tags";
    let (mut refused, rest): (Vec<_>, Vec<_>) =
        diffs.into_iter().partition(|diff| procedure(schema, actual, diff).is_some() || held(diff));
    // First the place, then what never changes, then the version: the refusal shows the procedure of the first, which explains
    // the others.
    refused.sort_by_key(|diff| (!place(diff), procedure(schema, actual, diff).is_none(), version(diff)));
    (refused, rest)
}

/// What the operator does instead, for an attribute that never changes, or not in this direction.
pub(super) fn procedure(schema: &KindSchema, actual: &Attributes, diff: &Diff) -> Option<NextStep> {
    match schema.attribute(diff.attribute())?.mutability {
        Mutability::Forbidden(procedure) => Some(NextStep::Procedure { words: procedure.into() }),
        _ => version_step(schema, actual, diff),
    }
}

/// Judged by the version that runs: a queued version can still be taken back.
fn version_step(schema: &KindSchema, actual: &Attributes, diff: &Diff) -> Option<NextStep> {
    let attribute = schema.attribute(diff.attribute())?;
    let live = actual.get(attribute.name)?;
    match attribute.comparison {
        Comparison::Version { engine } => guard::version_step(compare::engine(engine, actual), live, &diff.after),
        _ => None,
    }
}
