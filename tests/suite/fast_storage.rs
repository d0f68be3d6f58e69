//! gp3 storage from 400 GiB on (C1): RDS refuses a change of it that does not name its IOPS, and smaller storage refuses to be told.

use tokaido::model::{Class, DesiredState, Environment, Value};
use tokaido::sim::{LogEntry, ManualError};

use crate::support::attr;
use crate::support::lab::{Lab, all_done, id};
use crate::support::project;

const DATABASE: &str = "db-instance.catalog@tokyo";

/// Dev with a shared database of this engine and size, in GiB.
fn wanted(engine: &str, version: &str, gib: i64) -> DesiredState {
    let folder = project::copy();
    let file = folder.path().join("environments/dev.yaml");
    let text = std::fs::read_to_string(&file).expect("the file");
    let text = text
        .replace("engine: postgres\n    version: \"16\"", &format!("engine: {engine}\n    version: \"{version}\""))
        .replace("at_least: 20 GiB, up_to: 100 GiB", &format!("at_least: {gib} GiB, up_to: 4 TiB"));
    std::fs::write(&file, text).expect("written");
    project::load(folder.path(), Environment::Dev)
}

fn numbers(lab: &Lab) -> [Option<i64>; 3] {
    let row = lab.row(&id(DATABASE));
    ["allocated_storage", "iops", "storage_throughput"].map(|name| row.attributes.int(attr(name)))
}

fn paths(lab: &Lab) -> Vec<String> {
    let body = lab.plan().plan.body;
    assert!(body.blocked.is_empty(), "{:#?}", body.blocked);
    body.changes.iter().flat_map(|change| change.diffs.iter().map(|diff| diff.path.clone())).collect()
}

/// The maintenance window comes: RDS applies what it has queued.
fn in_the_window(lab: &Lab) {
    lab.world()
        .log()
        .commit(|state| {
            let database = state.objects.values().find(|object| object.kind == "db-instance").expect("a database");
            let mut database = database.clone();
            let queued = std::mem::take(&mut database.pending);
            database.attributes.extend(queued.into_iter().map(|queued| (queued.attribute, queued.value)));
            (vec![LogEntry::put(state.now, "rds", "window", database)], ())
        })
        .expect("a world in memory");
}

fn grow(lab: &Lab) {
    let report = lab.apply();
    assert!(all_done(&report), "{report:#?}");
    in_the_window(lab);
    lab.assert_settled();
}

#[test]
fn every_growth_converges_below_at_and_over_the_size() {
    for (engine, version) in [("postgres", "16"), ("mysql", "8.4"), ("mariadb", "11.4")] {
        for (from, to, more) in [(20, 30, false), (100, 400, true), (399, 401, true), (400, 441, false), (500, 600, false)] {
            let lab = Lab::new(wanted(engine, version, from));
            lab.converge();
            let lab = lab.with(wanted(engine, version, to));
            let all: &[&str] = if more { &["allocated_storage", "iops", "storage_throughput"] } else { &["allocated_storage"] };
            assert_eq!(paths(&lab), all, "{engine} {from} → {to}");
            grow(&lab);
            let speed = if to < 400 { [3000, 125] } else { [12000, 500] };
            assert_eq!(numbers(&lab), [to, speed[0], speed[1]].map(Some), "{engine} {from} → {to}");
        }
    }
}

/// Another type of storage, chosen by hand, is taken back whatever the size is: RDS is told all of it. Before and in the window.
#[test]
fn another_type_of_storage_is_taken_back() {
    for gib in [20, 399, 400, 500] {
        for other in ["gp2", "io1", "standard"] {
            for applied in [false, true] {
                let lab = Lab::new(wanted("postgres", "16", gib));
                lab.converge();
                lab.set(&id(DATABASE), "storage_type", &other.into()).expect("by hand");
                if applied {
                    in_the_window(&lab);
                }
                assert!(lab.drift().has_drift(), "{gib} {other}");
                let report = lab.apply();
                assert!(all_done(&report), "{gib} {other}: {report:#?}");
                in_the_window(&lab);
                lab.assert_settled();
                assert_eq!(lab.row(&id(DATABASE)).attributes.text(attr("storage_type")), Some("gp3"));
            }
        }
    }
}

/// What follows from a declared growth is a change: no drift is told before the apply, and none after it.
#[test]
fn a_declared_growth_is_no_drift() {
    for (engine, version) in [("postgres", "16"), ("mysql", "8.4"), ("mariadb", "11.4")] {
        for (from, to) in [(20, 30), (20, 500), (399, 441), (400, 500)] {
            let small = Lab::new(wanted(engine, version, from));
            small.converge();
            let lab = small.with(wanted(engine, version, to));
            let drift = lab.drift();
            assert!(!drift.has_drift(), "{engine} {from} → {to}: {drift:#?}");
            let changes = lab.plan().plan.body.changes;
            let mut diffs = changes.iter().flat_map(|change| &change.diffs);
            assert!(diffs.all(|diff| diff.class == Class::Change), "{engine} {from} → {to}: {changes:#?}");
            // A person is still seen.
            lab.set(&id(DATABASE), "backup_retention_days", &3.into()).expect("by hand");
            assert_eq!(lab.drift().drifted.iter().flat_map(|note| &note.diffs).count(), 1);
        }
    }
}

/// What somebody provisioned is accepted, is said, and is not taken away by a growth.
#[test]
fn a_growth_keeps_what_was_provisioned_by_hand() {
    let lab = Lab::new(wanted("postgres", "16", 500));
    lab.converge();
    for (name, value) in [("iops", 20_000), ("storage_throughput", 900)] {
        lab.set(&id(DATABASE), name, &value.into()).expect("by hand");
    }
    in_the_window(&lab);
    assert_eq!(paths(&lab), [""; 0]);
    assert!(lab.plan().plan.body.service_managed.iter().any(|note| note.diffs.iter().any(|diff| diff.path == "iops")));
    let lab = lab.with(wanted("postgres", "16", 600));
    grow(&lab);
    assert_eq!(numbers(&lab), [Some(600), Some(20_000), Some(900)]);
}

/// It grew by itself beyond the size from which RDS wants to be told, and the files ask for more.
#[test]
fn storage_that_grew_by_itself_grows_on() {
    let lab = Lab::new(wanted("postgres", "16", 100));
    lab.converge();
    lab.set(&id(DATABASE), "allocated_storage", &450.into()).expect("it grew");
    in_the_window(&lab);
    assert_eq!(numbers(&lab), [Some(450), Some(12_000), Some(500)]);
    let lab = lab.with(wanted("postgres", "16", 350));
    assert_eq!(paths(&lab), [""; 0], "less than it has");
    let lab = lab.with(wanted("postgres", "16", 500));
    assert_eq!(paths(&lab), ["allocated_storage"]);
    grow(&lab);
}

#[test]
fn rds_refuses_numbers_that_do_not_fit_the_size() {
    let refused = |lab: &Lab, name: &str, value: i64, words: &str| match lab.set(&id(DATABASE), name, &Value::from(value)) {
        Err(ManualError::Refused { code: "InvalidParameterCombination", message }) => {
            assert!(message.contains(words), "{name} {value}: {message}");
        }
        other => panic!("{name} {value}: {other:?}"),
    };
    let small = Lab::new(wanted("postgres", "16", 100));
    small.converge();
    refused(&small, "iops", 3000, "You can't specify IOPS or storage throughput for engine postgres");
    refused(&small, "storage_throughput", 125, "You can't specify IOPS or storage throughput for engine postgres");
    let large = Lab::new(wanted("mysql", "8.4", 400));
    large.converge();
    for (name, value) in [("iops", 3000), ("iops", 64_001), ("storage_throughput", 499), ("storage_throughput", 4001)] {
        refused(&large, name, value, "Invalid ");
    }
}

/// A full database grows over the size at once, and its numbers with it.
#[test]
fn a_full_database_may_grow_over_the_size() {
    let lab = Lab::new(wanted("postgres", "16", 100));
    lab.converge();
    lab.set(&id(DATABASE), "(state)", &"storage-full".into()).expect("a state");
    let lab = lab.with(wanted("postgres", "16", 400));
    let report = lab.apply();
    assert!(all_done(&report), "{report:#?}");
    assert_eq!(numbers(&lab), [Some(400), Some(12_000), Some(500)]);
    lab.assert_settled();
}
