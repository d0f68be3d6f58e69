//! The part of a call that takes effect when the answer to a later part is lost: a driver makes one create or update of several
//! calls of AWS.

use crate::model::tags;
use crate::model::{Class, Diff, KindSchema, Name};
use crate::plan::compare::{self, with_tags};
use crate::plan::patch;
use crate::world::behaviour::SimObject;
use crate::world::{CreateRequest, UpdateRequest};

/// What the first call of a create makes: everything but the attributes that calls of their own set.
pub(super) fn create(schema: &KindSchema, request: &CreateRequest) -> CreateRequest {
    let mut first = request.clone();
    for row in schema.attributes.iter().filter(|row| row.later) {
        first.attributes.remove(row.name);
    }
    first
}

/// The first half of the differences, and the whole of a single one.
pub(super) fn update(schema: &KindSchema, object: &SimObject, request: &UpdateRequest) -> UpdateRequest {
    let mut target = with_tags(&request.attributes, &request.tags);
    target.retain(|name, _| request.changed.contains(&name));
    let now = with_tags(&object.attributes, &object.tags);
    let mut diffs: Vec<Diff> = compare::differences(schema, &now, &target)
        .into_iter()
        .map(|delta| Diff { path: delta.path, before: delta.before, after: delta.after, class: Class::Unknown })
        .collect();
    diffs.truncate(diffs.len().div_ceil(2));
    let mut half = patch::apply(schema, &now, &diffs);
    let tags = half.remove(tags::ATTRIBUTE).map(|tags| tags::of(&tags)).unwrap_or_default();
    let changed = diffs.iter().map(Diff::name).collect::<std::collections::BTreeSet<Name>>();
    UpdateRequest { live: request.live.clone(), attributes: half, tags, changed }
}
