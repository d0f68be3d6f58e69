//! An update that AWS made and no record tells of: the process died in between, or the answer was lost. It is no change by a person.

use std::sync::Arc;

use tokaido::model::{ApplyEvent, Class, DesiredState, Environment, Outcome, Value};
use tokaido::pipeline::Session;
use tokaido::world::{ErrorClass, Moment};
use tokio::sync::watch;

use crate::support::attr;
use crate::support::faulty_store::FaultyStore;
use crate::support::lab::{Lab, id};
use crate::support::project;

pub(super) const VPC: &str = "vpc.main@tokyo";
pub(super) const DATABASE: &str = "db-instance.catalog@tokyo";
const PLAN: &str = "backup-plan.main@tokyo";
pub(super) const GROUP: &str = "db-parameter-group.postgres16@tokyo";
pub(super) const KEY: &str = "kms-key.main@tokyo";

/// What an apply sets: several attributes of one resource, an entry of a map, a whole document.
fn changed(lab: &Lab) -> DesiredState {
    let mut desired = (*lab.desired).clone();
    let mut set = |of: &str, name: &str, value: Value| {
        desired.resources.get_mut(&id(of)).expect("declared").attributes.set(attr(name), value);
    };
    set(DATABASE, "backup_retention_days", 33.into());
    set(DATABASE, "backup_window", "16:00-16:30".into());
    set(VPC, "dns_hostnames", false.into());
    set(
        GROUP,
        "parameters",
        serde_json::from_value(serde_json::json!({ "rds.force_ssl": "1", "timezone": "Asia/Tokyo" })).expect("a map"),
    );
    set(KEY, "description", "another".into());
    desired
}

pub(super) fn converged() -> Lab {
    let lab = Lab::new(project::load(project::root(), Environment::Dev));
    lab.converge();
    lab
}

/// The drift as `id path`.
pub(super) fn drifted(lab: &Lab) -> Vec<String> {
    let drift = lab.drift();
    drift.drifted.iter().flat_map(|note| note.diffs.iter().map(move |diff| format!("{} {}", note.id, diff.path))).collect()
}

/// Applies while the answer of the database's update is lost, and no reading after it is answered.
fn lost(lab: &Lab, moment: Moment) {
    let planned = lab.plan();
    lab.fail("update db-instance", ErrorClass::Internal, moment, 0);
    let (_go, stop) = watch::channel(false);
    let mut on = |event: ApplyEvent| {
        if let ApplyEvent::Waiting { waiting_for, .. } = &event
            && waiting_for.contains("to read it back")
        {
            lab.fail("read db-instance", ErrorClass::Internal, Moment::Before, 0);
        }
    };
    let report = lab.let_pass(&lab.session(), &planned.plan, stop, &mut on).expect("a report");
    let unknown = report.steps.iter().filter(|step| matches!(step.outcome, Outcome::Unknown { .. }));
    assert_eq!(unknown.count(), 1, "{report:#?}");
    lab.heal();
}

#[test]
fn an_apply_that_dies_between_any_two_records_leaves_no_drift() {
    let (mut made_without_a_record, mut whole) = (0, false);
    for room in 1.. {
        let before = converged();
        let lab = before.with(changed(&before));
        let planned = lab.plan();
        let store = Arc::new(FaultyStore::over(lab.store()).with_room(room));
        let session = Session { store, ..lab.session() };
        let (_go, stop) = watch::channel(false);
        let ended = lab.let_pass(&session, &planned.plan, stop, &mut |_| {});
        let left = lab.plan().plan.body.changes;
        assert_eq!(drifted(&lab), Vec::<String>::new(), "{room} records: {ended:#?}");
        assert!(left.iter().flat_map(|change| &change.diffs).all(|diff| diff.class == Class::Change), "{room}: {left:#?}");
        let told = lab.records().iter().filter(|record| matches!(record, tokaido::store::Record::Ended { .. })).count();
        made_without_a_record +=
            usize::from(planned.plan.body.changes.len() - left.len() > told.saturating_sub(before.records().len()));
        // What is left is done by the next run.
        lab.converge();
        assert_eq!(drifted(&lab), Vec::<String>::new());
        whole = left.is_empty() && ended.is_ok_and(|report| report.steps.iter().all(|step| step.outcome == Outcome::Done));
        if whole {
            break;
        }
    }
    assert!(whole && made_without_a_record >= 2, "{made_without_a_record}");
}

/// The answer is lost and nothing can be read back: the apply says that it does not know, and the drift is silent either way.
#[test]
fn an_unknown_end_is_no_drift() {
    for moment in [Moment::After, Moment::Before] {
        let before = converged();
        let lab = before.with(changed(&before));
        lost(&lab, moment);
        assert_eq!(drifted(&lab), Vec::<String>::new(), "{moment:?}");
        let left = lab.plan().plan.body.changes;
        assert_eq!(left.iter().any(|change| change.id == id(DATABASE)), moment == Moment::Before, "{left:#?}");
        assert!(left.iter().flat_map(|change| &change.diffs).all(|diff| diff.class == Class::Change), "{left:#?}");
    }
}

/// What a person changes meanwhile is drift: another attribute, another value, and the value that was there before.
#[test]
fn a_person_is_still_seen() {
    let before = converged();
    let lab = before.with(changed(&before));
    lost(&lab, Moment::After);
    lab.set(&id(DATABASE), "backup_retention_days", &3.into()).expect("by hand");
    lab.set(&id(DATABASE), "deletion_protection", &false.into()).expect("by hand");
    lab.set(&id(PLAN), "rules[daily].delete_after_days", &1.into()).expect("by hand");
    assert_eq!(
        drifted(&lab),
        [
            format!("{PLAN} rules[daily].delete_after_days"),
            format!("{DATABASE} backup_retention_days"),
            format!("{DATABASE} deletion_protection"),
        ]
    );
    // Once an update has ended well, its values are records like any other.
    lab.converge();
    lab.set(&id(DATABASE), "backup_window", &"13:00-13:30".into()).expect("by hand");
    assert_eq!(drifted(&lab), [format!("{DATABASE} backup_window")]);
}
