//! Violations: promises that are not kept, and policies that refuse what is there. A look with one does not count for a
//! promotion.

use crate::model::{PlanBody, PolicyVerdict};

/// Slugs, in the order of the white paper, and the policies that refuse among `asked`. A promise that waits for a maintenance
/// window is not kept yet. The plan of a closing look evaluates no policy: the executed plan did, over the state to which it
/// leads.
pub(super) fn violations(body: &PlanBody, asked: &[PolicyVerdict]) -> Vec<String> {
    let promises = body.promises.iter().filter(|moved| moved.is_open()).map(|moved| moved.promise.clone());
    let policies = asked.iter().filter(|verdict| verdict.refuses()).map(|verdict| format!("policy {}", verdict.policy));
    promises.chain(policies).collect()
}
