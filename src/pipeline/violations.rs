//! What keeps a clean look from counting for a promotion: promises that are not kept, whatever the plan says, and policies
//! that refuse what is there.

use crate::model::{PlanBody, PolicyVerdict, VerdictState};

/// Slugs, in the order of the paper, and what `asked` policies said. A promise that waits for a maintenance window is not
/// kept yet. The plan of a closing look asks no policy: the one that was carried out did, of the state it leads to.
pub(super) fn violations(body: &PlanBody, asked: &[PolicyVerdict]) -> Vec<String> {
    let short = |state| matches!(state, VerdictState::Broken | VerdictState::Unknown | VerdictState::Pending);
    let promises = body.promises.iter().filter(|moved| short(moved.before)).map(|moved| moved.promise.clone());
    let policies = asked.iter().filter(|verdict| verdict.refuses()).map(|verdict| format!("policy {}", verdict.policy));
    promises.chain(policies).collect()
}
