//! A database in the state `storage-full` (C2): RDS takes a growth of its storage and no other change, and tokaido sends that one
//! alone and at once.

use tokaido::model::{DesiredState, Environment, Precondition, Value};
use tokaido::pipeline::{Gate, PipelineError};
use tokaido::sim::ManualError;

use crate::support::attr;
use crate::support::lab::{Lab, all_done, id};
use crate::support::project;

const DATABASE: &str = "db-instance.catalog@tokyo";
const STATE: &str = "(state)";

fn full() -> Lab {
    let lab = Lab::new(project::load(project::root(), Environment::Dev));
    lab.converge();
    lab.set(&id(DATABASE), STATE, &"storage-full".into()).expect("a state");
    lab
}

/// The files of the lab with other values of the database.
fn with(lab: &Lab, values: &[(&str, Value)]) -> DesiredState {
    let mut desired = (*lab.desired).clone();
    let database = desired.resources.get_mut(&id(DATABASE)).expect("declared");
    for (name, value) in values {
        database.attributes.set(attr(name), value.clone());
    }
    desired
}

fn int(lab: &Lab, name: &str) -> Option<i64> {
    lab.row(&id(DATABASE)).attributes.int(attr(name))
}

/// How many values AWS holds for the window.
fn queued(lab: &Lab) -> usize {
    lab.world()
        .log()
        .read(|state| {
            let database = state.objects.values().find(|object| object.kind == "db-instance").expect("a database");
            database.pending.len()
        })
        .expect("a world in memory")
}

#[test]
fn growth_is_planned_alone_applied_at_once_and_the_rest_follows() {
    let lab = full();
    let lab = lab.with(with(&lab, &[("allocated_storage", 40.into()), ("class", "db.t4g.large".into()), ("port", 5432.into())]));
    let planned = lab.plan();
    let body = &planned.plan.body;
    let [change] = &body.changes[..] else { panic!("{:#?}", body.changes) };
    assert_eq!(change.diffs.iter().map(|diff| diff.path.as_str()).collect::<Vec<_>>(), ["allocated_storage"]);
    assert_eq!(change.when.iter().map(ToString::to_string).collect::<Vec<_>>(), ["now"]);
    assert!(change.preconditions.contains(&Precondition::Failed { state: "storage-full".to_owned() }));
    let [blocked] = &body.blocked[..] else { panic!("{:#?}", body.blocked) };
    assert_eq!(blocked.diffs.iter().map(|diff| diff.path.as_str()).collect::<Vec<_>>(), ["class"]);

    let report = lab.apply_planned(&planned);
    assert!(all_done(&report), "{report:#?}");
    assert_eq!((int(&lab, "allocated_storage"), lab.row(&id(DATABASE)).state.as_str()), (Some(40), "available"));
    assert_eq!(queued(&lab), 0, "nothing waits for the window");
    // The class is planned for the window, as ever.
    lab.converge();
    assert_eq!(queued(&lab), 1);
}

#[test]
fn rds_refuses_every_other_change_of_a_full_database() {
    let lab = full();
    for (name, value) in
        [("class", "db.t4g.large".into()), ("backup_retention_days", 8.into()), ("max_allocated_storage", 500.into())]
    {
        let refused = lab.set(&id(DATABASE), name, &value);
        assert!(matches!(refused, Err(ManualError::Refused { code: "InvalidDBInstanceState", .. })), "{name}: {refused:?}");
    }
    lab.set(&id(DATABASE), "allocated_storage", &30.into()).expect("a growth");
    assert_eq!((int(&lab, "allocated_storage"), queued(&lab)), (Some(30), 0));
}

#[test]
fn without_a_growth_the_plan_says_what_to_declare() {
    let lab = full();
    let lab = lab.with(with(&lab, &[("backup_retention_days", 8.into())]));
    let body = lab.plan().plan.body;
    assert!(body.changes.is_empty(), "{:#?}", body.changes);
    assert!(body.blocked[0].next.to_string().contains("raise `storage.at_least`"), "{:#?}", body.blocked);
    assert_eq!(int(&lab, "backup_retention_days"), Some(7));
}

#[test]
fn a_growth_that_waited_for_the_window_is_sent_again() {
    let lab = Lab::new(project::load(project::root(), Environment::Dev));
    lab.converge();
    let lab = lab.with(with(&lab, &[("allocated_storage", 40.into())]));
    assert!(all_done(&lab.apply()));
    assert_eq!((int(&lab, "allocated_storage"), queued(&lab)), (Some(20), 1));
    lab.set(&id(DATABASE), STATE, &"storage-full".into()).expect("a state");
    let report = lab.apply();
    assert!(all_done(&report) && report.steps.len() == 1, "{report:#?}");
    assert_eq!((int(&lab, "allocated_storage"), queued(&lab)), (Some(40), 0));
    lab.assert_settled();
}

/// What is sent at once lets RDS apply everything else that is queued.
#[test]
fn what_somebody_queued_is_not_set_off_by_the_growth() {
    let lab = Lab::new(project::load(project::root(), Environment::Dev));
    lab.converge();
    lab.set(&id(DATABASE), "class", &"db.t4g.large".into()).expect("by hand");
    lab.set(&id(DATABASE), STATE, &"storage-full".into()).expect("a state");
    let lab = lab.with(with(&lab, &[("allocated_storage", 40.into())]));
    let body = lab.plan().plan.body;
    assert!(body.changes.is_empty(), "{:#?}", body.changes);
    assert!(
        body.blocked.iter().any(|blocked| blocked.reason.to_string().contains("also apply at once what it has queued: class"))
    );
    assert_eq!(int(&lab, "allocated_storage"), Some(20));
}

#[test]
fn a_plan_holds_for_the_state_that_it_was_made_in() {
    let lab = full();
    let lab = lab.with(with(&lab, &[("allocated_storage", 40.into())]));
    let at_once = lab.plan();
    lab.set(&id(DATABASE), STATE, &"available".into()).expect("a state");
    assert!(
        matches!(lab.apply_saved(&at_once.plan), Err(PipelineError::Gate(Gate::Stale { .. }))),
        "RDS would apply it at once all the same"
    );
    let in_the_window = lab.plan();
    lab.set(&id(DATABASE), STATE, &"storage-full".into()).expect("a state");
    assert!(matches!(lab.apply_saved(&in_the_window.plan), Err(PipelineError::Gate(Gate::Stale { .. }))), "nobody agreed to now");
    assert_eq!(int(&lab, "allocated_storage"), Some(20));
}

#[test]
fn in_any_other_failed_state_no_change_is_planned() {
    for word in ["incompatible-network", "failed", "stopped"] {
        let lab = full();
        lab.set(&id(DATABASE), STATE, &word.into()).expect("a state");
        let lab = lab.with(with(&lab, &[("allocated_storage", 40.into())]));
        let body = lab.plan().plan.body;
        assert!(body.changes.is_empty() && body.blocked.len() == 1, "{word}: {:#?}", body.changes);
        assert!(body.blocked[0].reason.to_string().contains("no change can be made"), "{word}");
    }
}

#[test]
fn a_forged_precondition_is_no_way_to_apply_at_once() {
    let lab = Lab::new(project::load(project::root(), Environment::Dev));
    lab.converge();
    let lab = lab.with(with(&lab, &[("class", "db.t4g.large".into())]));
    let mut planned = lab.plan();
    planned.plan.body.changes[0].preconditions.push(Precondition::Failed { state: "storage-full".to_owned() });
    assert!(lab.apply_saved(&planned.plan).is_err(), "a plan that does not follow from its differences");
    assert_eq!(lab.row(&id(DATABASE)).attributes.text(attr("class")), Some("db.t4g.micro"));
}

/// A part of the database was held back. What was sent is recorded all the same: it is nobody's change, and whoever undoes it is told.
#[test]
fn what_was_sent_beside_a_part_that_waits_is_remembered() {
    let lab = full();
    let values = [("allocated_storage", 40.into()), ("max_allocated_storage", 300.into()), ("class", "db.t4g.large".into())];
    let lab = lab.with(with(&lab, &values));
    assert!(all_done(&lab.apply()));
    assert_eq!(int(&lab, "max_allocated_storage"), Some(300));
    let drift = lab.drift();
    assert!(drift.drifted.is_empty(), "{:#?}", drift.drifted);
    lab.set(&id(DATABASE), "max_allocated_storage", &100.into()).expect("a limit");
    let drift = lab.drift();
    let [entry] = &drift.drifted[..] else { panic!("{:#?}", drift.drifted) };
    let paths: Vec<&str> = entry.diffs.iter().map(|diff| diff.path.as_str()).collect();
    assert_eq!((entry.id.to_string().as_str(), paths), (DATABASE, vec!["max_allocated_storage"]));
}
