//! A tenant's change is made whole or not at all.

use std::collections::BTreeSet;

use crate::model::reason::plan::{BlockedReason, NextStep};
use crate::model::tags;
use crate::model::{Action, Blocked, BlockedCode, Class, Diff, ResourceId, Shared};

use super::decided::Decided;
use super::input::PlanningInput;
use super::{derived, stays};

/// Refuses all declared changes of a tenant when AWS cannot make one of them, also where a failed state or a failed read hides that:
/// half of a move would cut the tenant off from its own database. Manual changes are repaired all the same.
pub(super) fn or_not(input: &PlanningInput<'_>, decided: &mut Decided) {
    let tenant = |id: &ResourceId| {
        let tags = &input.desired.resources.get(id)?.tags;
        tags.get(tags::TENANT).filter(|tenant| *tenant != tags::SHARED).cloned()
    };
    let declared = |diff: &Diff| diff.class != Class::Drift;
    let refused: BTreeSet<Shared> = stays::unchangeable(input, decided).iter().filter_map(tenant).collect();
    if refused.is_empty() {
        return;
    }
    let mut blocked = Vec::new();
    decided.changes.retain_mut(|change| {
        let Some(tenant) = tenant(&change.id).filter(|tenant| change.action == Action::Update && refused.contains(tenant)) else {
            return true;
        };
        let (kept, drifted): (Vec<Diff>, Vec<Diff>) = std::mem::take(&mut change.diffs).into_iter().partition(declared);
        if !kept.is_empty() {
            blocked.push(Blocked {
                id: change.id.clone(),
                code: BlockedCode::Half,
                reason: BlockedReason::Half { tenant: tenant.to_string() }.into(),
                next: NextStep::TakeBack { tenant: tenant.to_string() }.into(),
                diffs: kept.clone(),
                source: change.source.clone(),
            });
        }
        change.diffs = drifted;
        // What follows from the differences is derived again from those that are left.
        if let (Some(resource), Some(schema)) = (input.desired.resources.get(&change.id), input.schemas.get(change.kind.as_str()))
        {
            derived::declared(change, resource, schema);
        }
        !change.diffs.is_empty()
    });
    decided.blocked.extend(blocked);
}
