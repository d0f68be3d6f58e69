//! What AWS surely did not make is tokaido's no more: it refused the call, or a later look still shows what was there before. Whoever
//! makes it after that is another.

use jiff::SignedDuration;
use tokaido::model::{Class, DesiredState, Tombstone, Value};
use tokaido::world::{ErrorClass, Moment};

use super::sent::{DATABASE, GROUP, KEY, VPC, converged, drifted};
use super::sent_again::{BEGUN_AND_INTENT, declared, dies};
use crate::support::attr;
use crate::support::lab::{Lab, id};

const PLAN: &str = "backup-plan.main@tokyo";
const LEAF: &str = "db-parameter-group.unused@tokyo";
const HOUR: SignedDuration = SignedDuration::from_hours(1);
const CALL: &str = "update db-instance";

/// The declared state with another value here, whole or of one rule of the backup plan.
fn with_value(lab: &Lab, of: &str, path: &str, value: &Value) -> DesiredState {
    let Some((_, field)) = path.split_once("].") else { return declared(lab, of, &[(path, value.clone())]) };
    let mut desired = (*lab.desired).clone();
    let attributes = &mut desired.resources.get_mut(&id(of)).expect("declared").attributes;
    let mut rules = serde_json::to_value(attributes.get(attr("rules")).expect("rules")).expect("plain data");
    let daily = rules.as_array_mut().expect("a list").iter_mut().find(|rule| rule["name"] == "daily").expect("a daily rule");
    daily[field] = serde_json::to_value(value).expect("plain data");
    attributes.set(attr("rules"), serde_json::from_value::<Value>(rules).expect("a value"));
    desired
}

/// The database asks for a class that does not exist, so a part of it is blocked and it is never as declared.
fn held_back(lab: &Lab) -> Lab {
    let mut desired = declared(lab, DATABASE, &[("class", "db.m9x.large".into())]);
    desired.resources.get_mut(&id(KEY)).expect("declared").attributes.set(attr("description"), format!("at {}", lab.moment()));
    lab.with(desired)
}

/// Applies while AWS refuses this call.
fn refuse(lab: &Lab, call: &str, class: ErrorClass) {
    lab.fail(call, class, Moment::Before, 0);
    lab.apply();
    lab.heal();
}

#[test]
fn what_aws_refused_to_change_was_not_sent() {
    for (of, call, path, value, class) in [
        (DATABASE, CALL, "class", Value::from("db.t4g.small"), ErrorClass::Invalid),
        (DATABASE, CALL, "backup_retention_days", 33.into(), ErrorClass::Quota),
        (PLAN, "update backup-plan", "rules[daily].delete_after_days", 41.into(), ErrorClass::AccessDenied),
        (VPC, "update vpc", "dns_hostnames", false.into(), ErrorClass::ExpiredCredentials),
        (KEY, "update kms-key", "description", "another".into(), ErrorClass::InUse),
    ] {
        let before = converged();
        let lab = before.with(with_value(&before, of, path, &value));
        refuse(&lab, call, class);
        assert_eq!(drifted(&lab), Vec::<String>::new(), "{of} {path}: nothing was made");
        for desired in [(*before.desired).clone(), (*lab.desired).clone()] {
            let lab = before.with(desired);
            lab.set(&id(of), path, &value).expect("by hand");
            assert_eq!(drifted(&lab), [format!("{of} {path}")], "{class:?}");
        }
        // What tokaido makes in the end is its own.
        lab.converge();
        assert_eq!(drifted(&lab), Vec::<String>::new(), "{of} {path}");
    }
}

/// A refusal says nothing of what an earlier apply sent, and of which nothing is known.
#[test]
fn a_refusal_settles_its_own_step_alone() {
    let value = Value::from("16:00-16:30");
    for another in [Value::from("16:00-16:30"), "18:00-18:30".into()] {
        let before = converged();
        let lab = before.with(declared(&before, DATABASE, &[("backup_window", value.clone())]));
        lab.fail(CALL, ErrorClass::Internal, Moment::Before, 0);
        dies(&lab, BEGUN_AND_INTENT);
        lab.heal();
        let lab = lab.with(declared(&before, DATABASE, &[("backup_window", another)]));
        refuse(&lab, CALL, ErrorClass::AccessDenied);
        let lab = before.with((*before.desired).clone());
        lab.set(&id(DATABASE), "backup_window", &value).expect("AWS makes it late");
        assert_eq!(drifted(&lab), Vec::<String>::new());
        lab.set(&id(DATABASE), "backup_window", &"18:00-18:30".into()).expect("by hand");
        assert_eq!(drifted(&lab), [format!("{DATABASE} backup_window")]);
    }
}

/// A part of an update was made before a call of it was refused.
#[test]
fn what_was_made_in_part_was_sent() {
    let before = converged();
    let lab = before.with(declared(&before, DATABASE, &[("backup_retention_days", 33.into())]));
    lab.fail(CALL, ErrorClass::AccessDenied, Moment::Midway, 0);
    lab.apply();
    lab.heal();
    let lab = before.with((*before.desired).clone());
    lab.set(&id(DATABASE), "backup_retention_days", &33.into()).expect("as AWS has it");
    assert_eq!(drifted(&lab), Vec::<String>::new());
}

/// A look long after an update shows what was there before it, while the resource is never as declared.
#[test]
fn a_later_look_settles_the_path() {
    let sent = Value::from("16:00-16:30");
    // Another value that a person has set meanwhile is no value of the update either.
    for meanwhile in [None, Some(Value::from("19:00-19:30"))] {
        for (passed, seen) in [(SignedDuration::ZERO, false), (HOUR, true)] {
            let before = converged();
            let first = before.row(&id(DATABASE)).attributes.get(attr("backup_window")).cloned().expect("a value");
            let lab = before.with(declared(&before, DATABASE, &[("backup_window", sent.clone())]));
            lab.fail(CALL, ErrorClass::Internal, Moment::Before, 0);
            dies(&lab, BEGUN_AND_INTENT);
            lab.heal();
            if let Some(value) = &meanwhile {
                lab.set(&id(DATABASE), "backup_window", value).expect("by hand");
            }
            lab.wait(passed);
            let lab = held_back(&lab.with(declared(&before, DATABASE, &[("backup_window", meanwhile.clone().unwrap_or(first))])));
            let report = lab.apply();
            assert_eq!(report.blocked, 1, "{report:#?}");
            lab.set(&id(DATABASE), "backup_window", &sent).expect("by hand");
            let drift = drifted(&lab).contains(&format!("{DATABASE} backup_window"));
            assert_eq!(drift, seen, "after {passed}, {meanwhile:?}");
        }
    }
}

/// What AWS holds for the window is not settled by a look that shows the value of before.
#[test]
fn a_look_does_not_settle_what_waits() {
    let before = converged();
    let lab = before.with(declared(&before, DATABASE, &[("multi_az", true.into())]));
    dies(&lab, BEGUN_AND_INTENT);
    lab.wait(HOUR);
    let held = held_back(&lab);
    assert_eq!(held.apply().blocked, 1);
    assert_eq!(drifted(&held), Vec::<String>::new());
    held.wait(SignedDuration::from_hours(24 * 8));
    assert_eq!(drifted(&held), Vec::<String>::new());
}

/// A lab with one more parameter group, and what declares it no more.
fn with_a_leaf() -> (Lab, DesiredState) {
    let before = converged();
    let mut with = (*before.desired).clone();
    let mut unused = with.resources[&id(GROUP)].clone();
    unused.attributes.set(attr("name"), "dev-unused");
    unused.tags.insert("tokaido:id", LEAF);
    with.resources.insert(id(LEAF), unused.clone());
    let mut without = (*before.desired).clone();
    without.retire.insert(id(LEAF), Tombstone { reason: "not used".to_owned(), source: unused.source });
    let lab = before.with(with);
    lab.converge();
    (lab, without)
}

fn missing(lab: &Lab) -> Vec<Class> {
    lab.drift().missing.iter().map(|missing| missing.class).collect()
}

#[test]
fn what_aws_refused_to_delete_is_missing_when_it_is_gone() {
    for class in [ErrorClass::AccessDenied, ErrorClass::InUse, ErrorClass::Invalid] {
        let (lab, without) = with_a_leaf();
        refuse(&lab.with(without.clone()), "delete db-parameter-group", class);
        assert_eq!(missing(&lab), [] as [Class; 0]);
        lab.remove(&id(LEAF)).expect("by hand");
        assert_eq!(missing(&lab), [Class::Drift], "{class:?}");
        assert_eq!(missing(&lab.with(without)), [Class::Drift], "a tombstone alone deletes nothing");
    }
}

/// A delete whose end is unknown, and a look that still shows the resource.
#[test]
fn a_later_look_settles_a_delete() {
    for (passed, class) in [(SignedDuration::ZERO, Class::Unknown), (HOUR, Class::Drift)] {
        let (lab, without) = with_a_leaf();
        lab.fail("delete db-parameter-group", ErrorClass::Internal, Moment::Before, 0);
        dies(&lab.with(without), BEGUN_AND_INTENT);
        lab.heal();
        lab.wait(passed);
        let held = held_back(&lab);
        assert_eq!(held.apply().blocked, 1);
        lab.remove(&id(LEAF)).expect("by hand");
        assert_eq!(missing(&lab), [class], "after {passed}");
    }
}
