//! The promise of the whole engine: what was applied needs nothing more, whatever was asked for; what a person changed
//! is found alone and repaired; nobody else's things move.

use proptest::prelude::*;
use proptest::sample::Index;
use tokaido::model::Diff;
use tokaido::sim::ManualError;
use tokaido::world::behaviour::SimObject;

use super::{for_all, objects, restored, strangers};
use crate::support::Lab;
use crate::support::generate::{Wish, wish};
use crate::support::hand::{Touch, touches};

/// In each of two halves, for two cores.
const CASES: u32 = 500;

#[test]
fn five_hundred_environments_converge_and_heal() {
    for_all(CASES, 1, &(wish(), any::<Index>()), |(wish, change)| one(&wish, change));
}

#[test]
fn another_five_hundred_environments_converge_and_heal() {
    for_all(CASES, 2, &(wish(), any::<Index>()), |(wish, change)| one(&wish, change));
}

fn one(wish: &Wish, change: Index) {
    let lab = Lab::new(wish.load());
    strangers(&lab);
    let before = objects(&lab);
    let planned = lab.plan();
    assert_eq!(planned.plan.body.summary.create, lab.desired.resources.len());
    let report = lab.apply_planned(&planned);
    assert_eq!(report.remaining.as_deref(), Some(&[][..]), "{report:#?}");
    assert_eq!(usize::try_from(report.mutating_calls).unwrap_or(0), planned.plan.body.steps.len(), "one call a create");
    let again = lab.plan();
    assert!(again.plan.body.is_empty() && again.plan.body.blocked.is_empty(), "{:#?}", again.plan.body.changes);
    assert_eq!(lab.apply_planned(&again).mutating_calls, 0, "a second apply does nothing");
    untouched(&lab, &before);

    restored(&lab, &again.observed);
    let ours: Vec<&str> = again.observed.owned.values().map(|live| live.physical.as_str()).collect();
    let before: Vec<_> = objects(&lab).into_iter().filter(|object| !ours.contains(&object.physical.as_str())).collect();
    let possible = touches(&lab, &again.observed);
    let touch = change.get(&possible);
    match lab.set(&touch.id, &touch.path, &touch.value) {
        Ok(()) => healed(&lab, touch),
        // AWS would not let a person do this either.
        Err(ManualError::Refused { .. }) => {}
        Err(error) => panic!("{touch:?}: {error}"),
    }
    untouched(&lab, &before);
}

/// What is not ours is exactly as it was.
fn untouched(lab: &Lab, before: &[SimObject]) {
    let now = objects(lab);
    for object in before {
        assert!(now.contains(object), "touched or gone: {object:#?}");
    }
}

/// Exactly one difference, the same in drift and plan, and one call heals it.
fn healed(lab: &Lab, touch: &Touch) {
    let drift = lab.drift();
    let planned = lab.plan();
    let body = &planned.plan.body;
    let drifted: Vec<_> = drift.drifted.iter().flat_map(|note| note.diffs.iter().map(|diff| (&note.id, diff))).collect();
    let changed: Vec<_> = body.changes.iter().flat_map(|change| change.diffs.iter().map(|diff| (&change.id, diff))).collect();
    assert!(drift.missing.is_empty() && body.blocked.is_empty(), "{touch:?}: {:#?}", body.blocked);
    assert_eq!(drifted.len(), 1, "{touch:?}: {drifted:#?}");
    assert_eq!(changed.len(), 1, "{touch:?}: {changed:#?}");
    let ((found, is), (same, repair)) = (drifted[0], changed[0]);
    assert_eq!((found, same), (&touch.id, &touch.id), "{touch:?}");
    assert_eq!((&is.path, &is.before, &is.after), (&repair.path, &repair.after, &repair.before), "drift and plan say the same");
    assert!(touch.path.ends_with("[+]") || is.path == touch.path || of_element(is, touch), "{touch:?}: {is:?}");
    let report = lab.apply_planned(&planned);
    assert_eq!(report.mutating_calls, 1, "{touch:?}: {report:#?}");
    assert_eq!(report.remaining.as_deref(), Some(&[][..]), "{touch:?}: {report:#?}");
    assert!(!lab.drift().has_drift(), "{touch:?}");
}

/// A list inside an element is compared item by item.
fn of_element(diff: &Diff, touch: &Touch) -> bool {
    diff.path.starts_with(&touch.path)
}
