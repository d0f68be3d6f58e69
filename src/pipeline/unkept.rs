//! Which promises a plan shows as not kept at this moment.

use crate::model::{Diff, PlanBody, ResourceId, Schemas};

/// Slugs of the promises of attributes that are not as declared: queued by AWS, refused, or still to be changed. Sorted.
pub(super) fn unkept(schemas: &Schemas, body: &PlanBody) -> Vec<String> {
    let notes = body.pending.iter().map(|note| (&note.id, &note.diffs));
    let blocked = body.blocked.iter().map(|blocked| (&blocked.id, &blocked.diffs));
    let changes = body.changes.iter().map(|change| (&change.id, &change.diffs));
    let all = notes.chain(blocked).chain(changes);
    let mut slugs: Vec<String> =
        all.flat_map(|(id, diffs)| diffs.iter().filter_map(|diff| promise(schemas, id, diff))).map(str::to_owned).collect();
    slugs.sort();
    slugs.dedup();
    slugs
}

fn promise(schemas: &Schemas, id: &ResourceId, diff: &Diff) -> Option<&'static str> {
    schemas.get(&*id.kind)?.attribute(diff.attribute())?.promise
}
