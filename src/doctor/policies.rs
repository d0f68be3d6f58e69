//! The two policies of `docs/permissions/`, and what the reads just made prove about the first.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Check, Facts, Read};
use crate::kinds::{self, Kind};
use crate::model::Region;
use crate::world::ErrorClass;

pub use crate::kinds::iam_role::permissions::{APPLY, READ};

/// Every action that a policy allows, sorted.
#[must_use]
pub fn allowed(policy: &str) -> BTreeSet<String> {
    let policy: Value = serde_json::from_str(policy).unwrap_or_default();
    let statements = policy["Statement"].as_array().into_iter().flatten();
    let actions = statements.filter(|statement| statement["Effect"] == "Allow").flat_map(|statement| {
        let actions = &statement["Action"];
        actions.as_array().cloned().unwrap_or_else(|| vec![actions.clone()])
    });
    actions.filter_map(|action| action.as_str().map(str::to_owned)).collect()
}

/// The actions of a failed listing: the call that failed, or in the simulated AWS all that the kind needs.
fn about(read: &Read, operation: &str) -> Vec<String> {
    if operation.starts_with("sim:") {
        let kind = kinds::find(read.kind);
        return kind.into_iter().flat_map(Kind::reads).map(str::to_owned).collect();
    }
    vec![operation.to_owned()]
}

/// A denied action is a problem; one that failed otherwise, or was not reached, is not proven.
pub(super) fn check(facts: &Facts, principal: &str) -> Check {
    let needed = allowed(READ);
    let (mut denied, mut failed) = (BTreeMap::<String, BTreeSet<Region>>::new(), BTreeSet::new());
    for read in &facts.reads {
        match &read.answer {
            Err(error) if error.class == ErrorClass::AccessDenied => {
                for action in about(read, &error.operation) {
                    denied.entry(action).or_default().insert(read.region);
                }
            }
            Err(error) => failed.extend(about(read, &error.operation)),
            // The reason why one object could not be read is known only in words, so the action counts as failed and not as
            // denied.
            Ok(listing) => failed.extend(listing.unreadable.iter().flat_map(|one| about(read, &one.operation))),
        }
    }
    let bad = |action: &String| denied.contains_key(action) || failed.contains(action);
    let called: BTreeSet<&str> = facts.calls.iter().map(|call| call.operation.as_str()).collect();
    let (tried, rest): (Vec<_>, Vec<_>) =
        needed.iter().filter(|action| !bad(action)).cloned().partition(|action| called.contains(action.as_str()));
    let adds = allowed(APPLY).len();
    let says = |verb: &str| format!("{verb}; `plan` and `drift` need {} actions, `apply` adds {adds}", needed.len());
    let list = denied.keys().cloned().collect::<Vec<_>>().join(", ");
    let mut check = if !denied.is_empty() {
        let next = format!("allow {list} for {principal}; `tokaido doctor --policies` prints the whole policy");
        Check::problem("permissions", says("denied"), next)
    } else if !failed.is_empty() {
        let next = "see what failed, then ask again; `tokaido doctor --policies` prints what is needed";
        Check::unknown("permissions", says("not all reads were answered"), next)
    } else if facts.simulated {
        return Check::ok("permissions", says("nothing was denied (a simulated AWS has no IAM)"));
    } else if rest.is_empty() {
        Check::ok("permissions", says("all were proven"))
    } else {
        let proven = format!("{} were proven, none was denied, the others are asked only about what exists", tried.len());
        Check::ok("permissions", says(&proven))
    };
    let denied = denied.into_iter().map(|(action, regions)| {
        let regions = regions.iter().map(|region| region.as_str()).collect::<Vec<_>>().join(" and ");
        format!("{action} in {regions}")
    });
    check = check.words("denied", denied.collect()).words("failed", failed.into_iter().collect());
    if !facts.simulated {
        // A call for each object of tokaido's is made only where such an object exists.
        check = check.words("proven", tried).words("not tried", rest);
    }
    check
}
