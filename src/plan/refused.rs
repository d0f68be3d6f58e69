//! Differences that AWS cannot make on a live resource, and differences that are refused together with them.

use std::collections::BTreeSet;

use crate::model::reason::plan::NextStep;
use crate::model::schema::{self, Comparison, Mutability};
use crate::model::{Attributes, Class, Diff, KindSchema, Name, Value};

use super::{compare, guard};

/// Refused differences, and those that a plan makes. While a resource cannot go to the declared place or version, the rest of
/// its declaration is for a place where the resource is not: rules for other addresses would cut it off where it is. What an
/// item that cannot be added would take the place of stays too. Drift is repaired all the same.
pub(super) fn split(schema: &KindSchema, actual: &Attributes, diffs: Vec<Diff>) -> (Vec<Diff>, Vec<Diff>) {
    let place = |diff: &Diff| schema.attribute(diff.attribute()).is_some_and(|attribute| attribute.place);
    let version = |diff: &Diff| version_step(schema, actual, diff).is_some();
    let moves = diffs.iter().any(|diff| place(diff) || version(diff));
    let added: BTreeSet<Name> = diffs
        .iter()
        .filter(|diff| adds_element(schema, diff) && procedure(schema, actual, diff).is_some())
        .map(Diff::name)
        .collect();
    let held = |diff: &Diff| {
        let replaced = diff.after.is_null() && added.contains(&diff.name());
        diff.class != Class::Drift && diff.attribute() != "tags" && (moves || replaced)
    };
    let (mut refused, rest): (Vec<_>, Vec<_>) =
        diffs.into_iter().partition(|diff| procedure(schema, actual, diff).is_some() || held(diff));
    // First the place, then what never changes, what not in this direction, then the version: the refusal shows the procedure of the first, which explains
    // the others.
    let never =
        |diff: &Diff| schema.attribute(diff.attribute()).is_some_and(|row| matches!(row.mutability, Mutability::Forbidden(_)));
    refused.sort_by_key(|diff| (!place(diff), procedure(schema, actual, diff).is_none(), !never(diff), version(diff)));
    (refused, rest)
}

/// Takes apart the differences that wait for something (`waits`: their places), with those that are nothing without them, and
/// the rest. What is taken away may make place for what waits: a declared one always, and in a set, whose items are one value,
/// also what drifted. An element inside another needs that one.
pub(super) fn with_its_own(schema: &KindSchema, diffs: Vec<Diff>, waits: &BTreeSet<usize>) -> (Vec<Diff>, Vec<Diff>) {
    let of: Vec<&Diff> = waits.iter().filter_map(|place| diffs.get(*place)).collect();
    let attributes: BTreeSet<Name> = of.iter().map(|diff| diff.name()).collect();
    let sets: BTreeSet<&str> = of.iter().filter_map(|diff| set(schema, diff)).collect();
    let added: BTreeSet<Name> = of.iter().filter(|diff| adds_element(schema, diff)).map(|diff| diff.name()).collect();
    let follows = |diff: &Diff| {
        let swapped = || diff.class != Class::Drift || set(schema, diff).is_some_and(|set| sets.contains(set));
        let inside = || schema.row(diff.name()).and_then(|row| row.inside).is_some_and(|outer| added.contains(&outer));
        (diff.after.is_null() && attributes.contains(&diff.name()) && swapped()) || (adds_element(schema, diff) && inside())
    };
    let held: Vec<bool> = diffs.iter().enumerate().map(|(place, diff)| waits.contains(&place) || follows(diff)).collect();
    let mut held = held.into_iter();
    diffs.into_iter().partition(|_| held.next().unwrap_or_default())
}

/// The part of the path that names the set in which the difference is an item; `None` where it is none.
fn set<'a>(schema: &KindSchema, diff: &'a Diff) -> Option<&'a str> {
    let parts = schema::parts(&diff.path, Some(schema));
    let whole = schema.attribute(parts.attribute).is_some_and(|row| row.comparison == Comparison::Set);
    match parts.item {
        _ if whole => Some(parts.attribute),
        Some(item) => diff.path.get(..diff.path.len().saturating_sub(item.len() + "[]".len())),
        None => None,
    }
}

fn adds_element(schema: &KindSchema, diff: &Diff) -> bool {
    let parts = schema::parts(&diff.path, Some(schema));
    diff.before.is_null() && parts.element.is_some() && parts.field.is_none()
}

/// What the operator does instead, for an attribute that never changes, or not in this direction.
pub(super) fn procedure(schema: &KindSchema, actual: &Attributes, diff: &Diff) -> Option<NextStep> {
    match schema.attribute(diff.attribute())?.effect(&diff.before, &diff.after).0 {
        Mutability::Forbidden(procedure) => Some(NextStep::Procedure { words: procedure.into() }),
        _ => locked(schema, actual, diff).or_else(|| version_step(schema, actual, diff)),
    }
}

/// The next step for an element of which AWS accepts no change, as it says of the live resource.
fn locked(schema: &KindSchema, actual: &Attributes, diff: &Diff) -> Option<NextStep> {
    let list = actual.get(schema.attribute(diff.attribute())?.locked?)?.as_list()?;
    let element = schema::parts(&diff.path, Some(schema)).element?;
    let is = |item: &Value| item.as_text() == Some(element);
    list.iter().any(is).then(|| NextStep::Unlocked { element: element.to_owned() })
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
