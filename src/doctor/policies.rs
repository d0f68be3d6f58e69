//! The two policies of `docs/permissions/`, and what the reads just made prove about the first.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::reason::{Both, Found, Item, Label, Remedy, names};
use super::{Check, Facts, Read};
use crate::kinds::{self, Kind};
use crate::model::Region;
use crate::world::ErrorClass;

pub use crate::kinds::documents::{APPLY, READ};

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
    let (needed, added) = (needed.len(), allowed(APPLY).len());
    let mut check = if !denied.is_empty() {
        let next = Remedy::Allow { actions: denied.keys().cloned().collect(), principal: principal.to_owned() };
        Check::problem("permissions", Found::Denied { needed, added }, next)
    } else if !failed.is_empty() {
        Check::unknown("permissions", Found::NotAllAnswered { needed, added }, Remedy::SeeFailed)
    } else if facts.simulated {
        return Check::ok("permissions", Found::NotDenied { needed, added });
    } else if rest.is_empty() {
        Check::ok("permissions", Found::AllProven { needed, added })
    } else {
        Check::ok("permissions", Found::ProvenInPart { proven: tried.len(), needed, added })
    };
    let denied = denied.into_iter().map(|(action, regions)| {
        let regions = Both(regions.into_iter().collect());
        Item::DeniedIn { action, regions }.into()
    });
    check = check.words(Label::Denied, denied.collect()).words(Label::Failed, names(failed));
    if !facts.simulated {
        // A call for each object of tokaido's is made only where such an object exists.
        check = check.words(Label::Proven, names(tried)).words(Label::NotTried, names(rest));
    }
    check
}
