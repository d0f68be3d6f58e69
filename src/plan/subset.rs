//! A subset of a plan: some of its resources, as if there were no others.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{PlanBody, ResourceId, Schemas};

use super::{decide, way_back};

/// The same plan for these resources alone. A resource outside the subset for which a step waits must exist already: the caller
/// chooses resources that need no others.
#[must_use]
pub fn subset(body: &PlanBody, of: &BTreeSet<ResourceId>, schemas: &Schemas) -> PlanBody {
    let mut part = body.clone();
    part.changes.retain(|change| of.contains(&change.id));
    part.steps.retain(|step| of.contains(&step.id));
    let renumbered: BTreeMap<usize, usize> =
        part.steps.iter().enumerate().map(|(index, step)| (step.number, index + 1)).collect();
    for step in &mut part.steps {
        step.number = renumbered[&step.number];
        step.after = step.after.iter().filter_map(|earlier| renumbered.get(earlier).copied()).collect();
    }
    for notes in [&mut part.drifted, &mut part.pending, &mut part.service_managed] {
        notes.retain(|note| of.contains(&note.id));
    }
    part.blocked.retain(|blocked| of.contains(&blocked.id));
    part.unreadable.retain(|unreadable| {
        let whole_kind = || of.iter().any(|id| id.kind == unreadable.kind && id.region == unreadable.region);
        unreadable.id.as_ref().map_or_else(whole_kind, |id| of.contains(id))
    });
    part.copies.retain(|copy| of.contains(&copy.of));
    part.orphans.clear();
    part.foreign.clear();
    part.unconfirmed.retain(|unconfirmed| of.contains(&unconfirmed.id));
    part.spent_tombstones.clear();
    part.divergences.clear();
    // Promises and policies are about a whole environment; a subset says nothing about them.
    part.promises.clear();
    part.policies.clear();
    part.summary = decide::summary(&part.changes, &part.blocked, &part.pending, of.iter());
    part.way_back = way_back::of(schemas, &part.changes);
    part
}
