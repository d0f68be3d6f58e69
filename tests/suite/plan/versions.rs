//! The versions of database engines (docs: `USER_UpgradeDBInstance.Upgrading`).

use std::cmp::Ordering::{self, Equal, Greater, Less};
use std::fs;

use tokaido::kinds::db_instance;
use tokaido::model::engine_version::family;
use tokaido::model::{Environment, Value};

use crate::support::{id, project};
use tokaido::model::engine_version::{accepts, is_older, major, major_step, moved_within};

#[test]
fn each_engine_numbers_its_major_versions_in_its_own_way() {
    for (engine, version, expected) in [
        ("postgres", "16", "16"),
        ("postgres", "16.4", "16"),
        ("postgres", "9.6.24", "9.6"),
        ("mysql", "8.0", "8.0"),
        ("mysql", "8.4.3", "8.4"),
        ("mysql", "5.7.44-rds.20240408", "5.7"),
        ("mariadb", "10.6", "10.6"),
        ("mariadb", "10.11.8", "10.11"),
        ("sqlserver-ex", "15.00.4345.5.v1", "15.00"),
    ] {
        assert_eq!(major(engine, version), expected, "{engine} {version}");
    }
    assert_eq!(family("mysql", "8.4.3"), "mysql8.4");
    assert_eq!(family("postgres", "16.4"), "postgres16");
    assert_eq!(family("postgres", "16.13-rds.20270115"), "postgres16");
    assert_eq!(family("mysql", "5.7.44-rds.20240408"), "mysql5.7");
}

#[test]
fn a_build_of_extended_support_can_be_declared() {
    let folder = project::copy();
    let file = folder.path().join("environments/production.yaml");
    let text = fs::read_to_string(&file).expect("a file");
    fs::write(&file, text.replacen("version: \"16\"", "version: \"16.13-rds.20270115\"", 1)).expect("a folder of ours");
    let desired = project::load(folder.path(), Environment::Production);
    let declared = &desired.resources[&id("db-instance.catalog@tokyo")].attributes;
    assert_eq!(declared[db_instance::at::engine_version].as_text(), Some("16.13-rds.20270115"));
    let Value::Ref(group) = &declared[db_instance::at::parameter_group] else { panic!("a link") };
    assert_eq!(group.to.to_string(), "db-parameter-group.postgres16@tokyo");
}

/// Engine, declared version, version that runs: whether it is as declared, and whether AWS moved it there.
#[test]
fn a_declared_version_accepts_what_begins_with_it_and_newer_minor_versions() {
    for (engine, declared, live, accepted, moved) in [
        ("mysql", "8.4", "8.4.3", true, false),
        ("mysql", "8.4", "8.5.1", false, false),
        ("mysql", "8.4", "8.40", false, false),
        ("mysql", "8.4", "8.0.39", false, false),
        ("mysql", "8.0.39", "8.0.39", true, false),
        ("mysql", "8.0.39", "8.0.41", true, true),
        ("mysql", "8.0.39", "8.0.9", false, false),
        ("mysql", "8.0.39", "8.4.40", false, false),
        ("mysql", "5.7.40", "5.7.44-rds.20240408", true, true),
        ("mariadb", "10.6", "10.6.14", true, false),
        ("mariadb", "10.6", "10.11.8", false, false),
        ("mariadb", "10.11.8", "11.4.2", false, false),
        ("postgres", "16", "16.10", true, false),
        ("postgres", "16", "17.1", false, false),
        ("postgres", "16.4", "16.10", true, true),
        ("postgres", "16.4", "16.3", false, false),
        ("postgres", "16.4", "17.4", false, false),
        ("postgres", "1", "16.4", false, false),
        // Builds of Extended Support.
        ("postgres", "16", "16.13-rds.20270115", true, false),
        ("postgres", "16.4", "16.13-rds.20270115", true, true),
        ("postgres", "16.13", "16.13-rds.20270115", true, true),
        ("postgres", "16.13-rds.20270115", "16.13-rds.20270115", true, false),
        ("postgres", "16.13-rds.20270115", "16.13-rds.20270301", true, true),
        ("postgres", "16.13-rds.20270301", "16.13-rds.20270115", false, false),
        ("postgres", "16.13-rds.20270115", "16.13", false, false),
        ("postgres", "16.14", "16.13-rds.20270115", false, false),
        ("postgres", "16.4", "17.1-rds.20270115", false, false),
    ] {
        assert_eq!(accepts(engine, declared, live), accepted, "{engine}: {declared} and {live}");
        assert_eq!(moved_within(engine, declared, live), moved, "{engine}: {declared} and {live}");
    }
}

/// Engine, version that runs, version that is wanted: the step of the major version, and whether it is a downgrade.
#[test]
fn a_step_to_another_major_version_is_told_from_a_step_within_it() {
    for (engine, live, wanted, step, older) in [
        ("mysql", "8.0.39", "8.4", Greater, false),
        ("mysql", "8.0.39", "8.0.41", Equal, false),
        ("mysql", "8.4.3", "8.0.39", Less, true),
        ("mysql", "8.5.1", "8.4", Less, true),
        ("mariadb", "10.6.14", "10.11", Greater, false),
        ("mariadb", "10.11.8", "11.4", Greater, false),
        ("postgres", "16.4", "16.9", Equal, false),
        ("postgres", "16.6", "16", Equal, false),
        ("postgres", "16.6", "16.4", Equal, true),
        ("postgres", "16.6", "17", Greater, false),
        ("postgres", "9.6.24", "10", Greater, false),
    ] as [(&str, &str, &str, Ordering, bool); 11]
    {
        assert_eq!(major_step(engine, live, wanted), step, "{engine}: {live} → {wanted}");
        assert_eq!(is_older(live, wanted), older, "{engine}: {live} → {wanted}");
    }
}
