//! What stays as it is although the files declare otherwise: the values by which others reach a resource and that this plan does
//! not show to change, and the resources whose declared change AWS cannot make. Why is no matter: a refusal, a failed state, a
//! name that something else holds, a failed read. What was not read is as it was applied.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Action, AttributeSchema, Attributes, BlockedCode, Change, Class, DesiredResource, Diff, KindSchema, Live, Name, Reading,
    ResourceId, SortedLookup, Value,
};

use super::compare::{self, Delta, with_tags};
use super::decided::Decided;
use super::input::PlanningInput;
use super::lookup::another;
use super::{cause, effect, refused};

/// A declared value by which others reach a resource, and that the resource does not surely have after this plan.
pub(super) struct Stay<'a> {
    /// The resource.
    pub id: &'a ResourceId,
    /// The row of the value: an entry, or a block of addresses.
    pub row: &'static AttributeSchema,
    /// The value that the files declare.
    pub declared: &'a Value,
    /// What it has, or may have, instead. Empty where neither AWS nor a record says it.
    pub has: Vec<&'a Value>,
}

/// Every declared entry and block of addresses that no resource surely has after this plan.
pub(super) fn stays<'a>(input: &PlanningInput<'a>, decided: &Decided) -> Vec<Stay<'a>> {
    let rows: BTreeMap<&str, Vec<&'static AttributeSchema>> = input
        .schemas
        .iter()
        .map(|(kind, schema)| (*kind, schema.attributes.iter().filter(|row| row.entry || row.addresses).collect::<Vec<_>>()))
        .filter(|(_, rows)| !rows.is_empty())
        .collect();
    let changes: BTreeMap<&ResourceId, &Change> = decided.changes.iter().map(|change| (&change.id, change)).collect();
    let mut owned = SortedLookup::of(&input.observed.owned);
    let mut found = Vec::new();
    for (id, resource) in &input.desired.resources {
        let Some(rows) = rows.get(id.kind.as_str()) else { continue };
        let (live, change) = (owned.get(id), changes.get(id).copied());
        for row in rows {
            let Some(declared) = resource.attributes.get(row.name) else { continue };
            let has = has(input, (id, resource), row, live, change);
            found.extend(has.map(|has| Stay { id, row, declared, has }));
        }
    }
    found
}

/// What the resource has instead of the declared value; `None` where it has that one, or gets it by this plan.
fn has<'a>(
    input: &PlanningInput<'a>,
    (id, resource): (&ResourceId, &'a DesiredResource),
    row: &'static AttributeSchema,
    live: Option<&'a Live>,
    change: Option<&Change>,
) -> Option<Vec<&'a Value>> {
    let declared = resource.attributes.get(row.name)?;
    let other = |value: &&Value| !compare::attribute_differences(row, &resource.attributes, value, declared).is_empty();
    let recorded = input.recorded.and_then(|state| state.resources.get(id)?.attributes.get(row.name));
    match (live.map(|live| live.attributes.reading(row.name)), change) {
        (Some(Reading::Value(value)), _) if !other(&value) => None,
        (Some(Reading::Value(value)), change) => {
            let schema = input.schemas.get(id.kind.as_str())?;
            let at_once = |diff: &&Diff| diff.name() == row.name && effect::rule(schema, diff).0.wait().is_none();
            let made = change.is_some_and(|change| change.diffs.iter().any(|diff| at_once(&diff)));
            (!made).then(|| [value].into_iter().chain(recorded.filter(other)).collect())
        }
        // What is made or taken over in this plan is as declared.
        (None, Some(change)) if matches!(change.action, Action::Create | Action::Adopt) => None,
        // Not read: it is as it was applied.
        _ => match recorded {
            Some(value) if !other(&value) => None,
            Some(value) => Some(vec![value]),
            None => Some(Vec::new()),
        },
    }
}

/// The declared resources with a declared change that AWS cannot make, or could not if it could be read.
pub(super) fn unchangeable(input: &PlanningInput<'_>, decided: &Decided) -> BTreeSet<ResourceId> {
    let declared = |diff: &Diff| diff.class != Class::Drift;
    let refused = decided.blocked.iter().filter(|blocked| {
        (blocked.code == BlockedCode::Forbidden && blocked.diffs.iter().any(declared)) || unmade(input, &blocked.id).is_some()
    });
    refused.map(|blocked| blocked.id.clone()).collect()
}

/// The first difference of a resource from what is declared that AWS cannot make. What AWS does not show is as it was applied.
fn unmade(input: &PlanningInput<'_>, id: &ResourceId) -> Option<Diff> {
    let (resource, schema) = (input.desired.resources.get(id)?, *input.schemas.get(id.kind.as_str())?);
    let wanted = with_tags(&resource.attributes, &resource.tags);
    let shown = input.observed.owned.get(id).filter(|_| another(input, id).is_none());
    let of_live = shown.and_then(|live| {
        let (deltas, _) = cause::differences(schema, live, &wanted);
        let mut diffs = cause::classed(input, id, schema, live, deltas);
        diffs.retain(|diff| diff.class != Class::Drift);
        first_refused(schema, &compare::actual(live), diffs)
    });
    of_live.or_else(|| {
        let record = &input.recorded?.resources.get(id)?.attributes;
        let hidden = |name: Name| shown.is_none_or(|live| live.attributes.reading(name).asked().is_err());
        let known = resource.attributes.iter().filter(|(name, _)| record.contains(*name) && hidden(*name));
        let known: Attributes = known.map(|(name, value)| (name, value.clone())).collect();
        let class = Class::Change;
        let change = |Delta { path, before, after }: Delta| Diff { path, before, after, class };
        let diffs = compare::differences(schema, record, &known).into_iter().map(change).collect();
        first_refused(schema, record, diffs)
    })
}

fn first_refused(schema: &KindSchema, actual: &Attributes, diffs: Vec<Diff>) -> Option<Diff> {
    refused::split(schema, actual, diffs).0.into_iter().next()
}
