//! What keeps a clean look from counting for a promotion: promises that are not kept, whatever the plan says.

use crate::model::{PlanBody, VerdictState};

/// Slugs, in the order of the paper. A promise that waits for a maintenance window is not kept yet.
pub(super) fn unkept(body: &PlanBody) -> Vec<String> {
    let short = |state| matches!(state, VerdictState::Broken | VerdictState::Unknown | VerdictState::Pending);
    body.promises.iter().filter(|moved| short(moved.before)).map(|moved| moved.promise.clone()).collect()
}
