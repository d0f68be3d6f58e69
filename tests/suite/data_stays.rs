//! Data that exists keeps its protection; one door into execution; nothing is made half, twice, or elsewhere.

use std::collections::BTreeSet;
use std::fs;

use tokaido::model::{DesiredState, DriftReport, Environment, ObservedState, Outcome, Value};
use tokaido::plan::PlanningInput;

use crate::support::attr;
use crate::support::lab::{Lab, all_done, id};
use crate::support::project;

fn production() -> Lab {
    Lab::new(project::load(project::root(), Environment::Production))
}

fn edited(from: &str, to: &str) -> DesiredState {
    let folder = project::copy();
    let file = folder.path().join("environments/production.yaml");
    let text = fs::read_to_string(&file).expect("the file");
    assert!(text.contains(from), "nothing to edit");
    fs::write(&file, text.replacen(from, to, 1)).expect("written");
    project::load(folder.path(), Environment::Production)
}

/// The question of `apply ENV` may stay open for hours: what was read before it is not the world after it.
#[test]
fn a_question_answered_late_makes_nothing_twice() {
    let lab = production();
    let asked = lab.plan();
    lab.converge();
    let report = lab.apply_planned(&asked);
    assert_eq!(report.mutating_calls, 0, "{} changing calls", report.mutating_calls);
    lab.assert_settled();
}

#[test]
fn a_fresh_plan_with_a_refusal_is_not_called_empty() {
    let lab = production();
    lab.converge();
    lab.set(&id("vpc.main@tokyo"), "dns_hostnames", &false.into()).expect("by hand");
    let asked = lab.plan();
    lab.world().log().remove_by_hand(Environment::Production, &id("kms-key.acme@tokyo")).expect("scheduled for deletion");
    let report = lab.apply_planned(&asked);
    assert!(all_done(&report));
    let body = lab.plan().plan.body;
    assert_eq!(body.blocked.len(), 1);
    assert!(
        report.blocked > 0 || report.remaining.as_ref().is_none_or(|left| !left.is_empty()),
        "exit 0 with a key on its way out: {report:#?}"
    );
}

#[test]
fn a_queued_newer_version_is_what_was_asked_for() {
    let lab = production();
    lab.converge();
    let lab = lab.with(edited("version: \"16\"", "version: \"17\""));
    let report = lab.apply();
    assert!(report.steps.iter().all(|step| !matches!(step.outcome, Outcome::Unknown { .. })), "{report:#?}");
}

/// `catalog` leaves the file with everything of it: it lives on as an orphan, and so do its backups.
#[test]
fn a_database_that_left_the_file_keeps_its_backups() {
    let lab = production();
    lab.converge();
    let database = id("db-instance.catalog@tokyo");
    let mut desired = (*lab.desired).clone();
    desired.resources.remove(&database);
    let plan = desired.resources.get_mut(&id("backup-plan.main@tokyo")).expect("a plan");
    plan.attributes.set(attr("selections"), without(&plan.attributes[attr("selections")], &database.to_string()));
    let lab = lab.with(desired);
    let body = lab.plan().plan.body;
    assert!(body.orphans.iter().any(|orphan| orphan.id == database), "still there, still full");
    assert!(body.blocked.iter().any(|blocked| blocked.code.as_str() == "protects-data"), "{:#?}", body.blocked);
    lab.apply();
    let selections = lab.row(&id("backup-plan.main@tokyo")).attributes[attr("selections")].to_string();
    assert!(selections.contains("catalog"), "its backups stopped: {selections}");
}

fn without(value: &Value, name: &str) -> Value {
    match value {
        Value::List(items) => Value::list(items.iter().filter(|item| item.to_string() != name).map(|item| without(item, name))),
        Value::Map(map) => Value::map(map.iter().map(|(key, item)| (key.clone(), without(item, name)))),
        leaf => leaf.clone(),
    }
}

#[test]
fn an_edited_envelope_is_refused() {
    let lab = production();
    lab.converge();
    let off = || lab.set(&id("vpc.main@tokyo"), "dns_hostnames", &false.into()).expect("by hand");
    off();
    let mut plan = lab.plan().plan;
    lab.apply_saved(&plan).expect("the first time");
    off();
    "another".clone_into(&mut plan.nonce);
    "2099-01-01T00:00:00Z".clone_into(&mut plan.expires_at);
    assert!(lab.apply_saved(&plan).is_err(), "a used plan, applied again after an edit");
}

#[test]
fn a_plan_of_one_world_is_refused_in_another() {
    let rehearsed = production();
    let plan = rehearsed.plan().plan;
    rehearsed.apply_saved(&plan).expect("in the sandbox");
    assert!(production().apply_saved(&plan).is_err(), "made, and used, in another world");
}

#[test]
fn a_name_to_take_over_that_nobody_holds_is_a_mistake() {
    let lab = production().with(edited("- name: catalog\n", "- name: catalog\n    physical_name: production-catalogue\n"));
    let body = lab.plan().plan.body;
    assert!(body.changes.iter().all(|change| change.id != id("db-instance.catalog@tokyo")), "a typo makes an empty database");
}

#[test]
fn what_another_environment_owns_is_not_adopted() {
    let lab = production();
    lab.converge();
    lab.set(&id("db-instance.catalog@tokyo"), "tags[tokaido:environment]", &Value::from("staging")).expect("by hand");
    let lab = lab.with(edited("- name: catalog\n", "- name: catalog\n    physical_name: production-catalog\n"));
    let body = lab.plan().plan.body;
    assert!(body.changes.is_empty(), "{:#?}", body.changes);
}

#[test]
fn a_lost_database_is_not_replaced_by_an_empty_one() {
    let lab = production();
    lab.converge();
    let database = id("db-instance.catalog@tokyo");
    lab.set(&database, "deletion_protection", &false.into()).expect("by hand");
    lab.world().log().remove_by_hand(Environment::Production, &database).expect("removed");
    let body = lab.plan().plan.body;
    assert!(body.changes.iter().all(|change| change.id != database), "applied once, gone, and made again empty");
}

#[test]
fn no_half_of_a_moved_tenant_is_applied() {
    let lab = production();
    lab.converge();
    let lab = lab.with(edited("cidr: 10.30.32.0/20", "cidr: 10.30.64.0/20"));
    let body = lab.plan().plan.body;
    assert!(!body.blocked.is_empty());
    assert!(body.changes.is_empty(), "half of a move: {:#?}", body.changes);
}

#[test]
fn an_older_major_version_is_refused_by_the_plan() {
    let lab = production();
    lab.converge();
    let body = lab.with(edited("version: \"16\"", "version: \"15\"")).plan().plan.body;
    assert!(body.changes.iter().all(|change| change.id != id("db-instance.catalog@tokyo")), "{:#?}", body.changes);
}

/// RDS has no endpoint, and so no port, while a database is being created (aws/drivers/db_instance.rs removes the attribute).
#[test]
fn what_aws_does_not_tell_yet_is_not_a_difference() {
    let lab = production();
    lab.converge();
    lab.world()
        .log()
        .commit(|state| {
            let mut object = state.objects.values().find(|object| object.physical == "production-catalog").expect("it").clone();
            object.attributes.remove(attr("port"));
            "creating".clone_into(&mut object.state);
            object.settles_at = state.now.saturating_add(jiff::SignedDuration::from_secs(540)).expect("later");
            let put = tokaido::sim::LogEntry::put(state.now, "hand", "set", object);
            (vec![put], ())
        })
        .expect("in memory");
    let body = lab.plan().plan.body;
    let codes: Vec<_> =
        body.blocked.iter().map(|blocked| (blocked.id.to_string(), blocked.code, blocked.diffs.clone())).collect();
    assert!(codes.is_empty(), "{codes:#?}");
}

/// What somebody adopts must be able to become what is declared.
#[test]
fn a_database_that_can_never_fit_is_not_taken_over() {
    let lab = production();
    lab.converge();
    lab.world()
        .log()
        .commit(|state| {
            let mut object = state.objects.values().find(|object| object.physical == "production-catalog").expect("it").clone();
            object.tags.retain(|_, _| false);
            object.attributes.set(attr("storage_encrypted"), false);
            object.attributes.set(attr("engine"), "mysql");
            object.attributes.set(attr("backup_retention_days"), 1);
            let put = tokaido::sim::LogEntry::put(state.now, "hand", "set", object);
            (vec![put], ())
        })
        .expect("in memory");
    let lab = lab.with(edited("- name: catalog\n", "- name: catalog\n    physical_name: production-catalog\n"));
    let body = lab.plan().plan.body;
    assert!(body.blocked.iter().any(|blocked| blocked.code.as_str() == "forbidden"));
    assert!(
        body.changes.is_empty(),
        "{:?}",
        body.changes.iter().map(|change| (change.id.to_string(), change.action, change.diffs.len())).collect::<Vec<_>>()
    );
}

/// What a file names by `physical_name:` is there and not ours yet: neither missing nor drift.
#[test]
fn what_is_to_be_adopted_is_not_missing() {
    for lost in [&["tenant", "classification", "environment"][..], &["environment"], &["tenant", "id"], &["id"]] {
        adopted_later(lost);
    }
}

/// The database has lost these of its tags; the records say that it was made, or nothing.
fn adopted_later(lost: &[&str]) {
    let lab = production();
    lab.converge();
    let catalog = id("db-instance.catalog@tokyo");
    for tag in lost {
        lab.set(&catalog, &format!("tags[tokaido:{tag}]"), &Value::Null).expect("by hand");
    }
    let observed = lab.plan().observed;
    let named = edited("- name: catalog\n", "- name: catalog\n    physical_name: production-catalog\n");
    let report = compared(&named, &observed);
    assert_eq!(
        report.unadopted.iter().map(|there| (&there.id, there.physical.as_str())).collect::<Vec<_>>(),
        [(&catalog, "production-catalog")],
        "{lost:?}"
    );
    assert!(report.missing.is_empty() && !report.has_drift(), "{lost:?}: {:#?}", report.missing);
    // Without the line it is a stranger, and what is declared is not there.
    let report = compared(&lab.desired, &observed);
    assert!(report.unadopted.is_empty() && report.missing.iter().any(|gone| gone.id == catalog), "{lost:?}: {report:#?}");
    // Taken over, it is ours, with the line and without a record.
    let lab = lab.with(named);
    lab.converge();
    let report = compared(&lab.desired, &lab.plan().observed);
    assert!(report.unadopted.is_empty() && report.missing.is_empty() && !report.has_drift(), "{lost:?}: {report:#?}");
}

/// Drift, without records.
fn compared(desired: &DesiredState, observed: &ObservedState) -> DriftReport {
    let schemas = tokaido::kinds::schemas();
    let input = PlanningInput { desired, observed, recorded: None, schemas: &schemas, tool_version: "0.1.0" };
    tokaido::plan::drift(&input, "2026-11-01T00:00:00Z", &BTreeSet::new())
}
