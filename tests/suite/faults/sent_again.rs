//! More than one thing was sent without an end: an update after an update, an update that waits for the window, a delete, a create.

use std::sync::Arc;

use tokaido::model::{Class, DesiredState, Environment, Tombstone, Value};
use tokaido::pipeline::Session;
use tokaido::store::Record;
use tokaido::world::{ErrorClass, Moment};
use tokio::sync::watch;

use super::sent::{DATABASE, GROUP, KEY, VPC, converged, drifted};
use crate::support::attr;
use crate::support::faulty_store::FaultyStore;
use crate::support::lab::{Lab, id};
use crate::support::project;

pub(super) fn declared(lab: &Lab, of: &str, values: &[(&str, Value)]) -> DesiredState {
    let mut desired = (*lab.desired).clone();
    for (name, value) in values {
        desired.resources.get_mut(&id(of)).expect("declared").attributes.set(attr(name), value.clone());
    }
    desired
}

/// An apply of one step dies after its call, and before anything is recorded of it.
pub(super) const BEGUN_AND_INTENT: usize = 2;

/// A lab whose database is declared so, and whose update was sent and has no end.
fn sent(lab: &Lab, values: &[(&str, Value)]) -> Lab {
    let lab = lab.with(declared(lab, DATABASE, values));
    dies(&lab, BEGUN_AND_INTENT);
    lab
}

/// The classes of what a plan changes in a resource.
pub(super) fn classes(lab: &Lab, of: &str) -> Vec<(String, Class)> {
    let body = lab.plan().plan.body;
    let of_it = body.changes.into_iter().filter(|change| change.id == id(of)).flat_map(|change| change.diffs);
    of_it.map(|diff| (diff.path, diff.class)).collect()
}

/// Two updates were sent, from the first value to the second, and from the second to the third.
#[test]
fn of_two_updates_without_an_end_the_last_counts() {
    let rows: [(&str, [Value; 4]); 3] = [
        ("backup_window", [Value::Null, "16:00-16:30".into(), "15:00-15:30".into(), "18:00-18:30".into()]),
        ("backup_retention_days", [Value::Null, 33.into(), 32.into(), 31.into()]),
        (
            "maintenance_window",
            [Value::Null, "sun:16:00-sun:16:30".into(), "sun:17:00-sun:17:30".into(), "sun:18:00-sun:18:30".into()],
        ),
    ];
    for (name, [_, second, third, other]) in rows {
        let before = converged();
        let first = before.row(&id(DATABASE)).attributes.get(attr(name)).cloned().expect("a value");
        let lab = sent(&sent(&before, &[(name, second.clone())]), &[(name, third.clone())]);
        assert_eq!(drifted(&lab), Vec::<String>::new(), "{name}");
        for (value, class) in [(second, Class::Unknown), (first, Class::Unknown), (other, Class::Drift)] {
            lab.set(&id(DATABASE), name, &value).expect("by hand");
            assert_eq!(drifted(&lab), [format!("{DATABASE} {name}")], "{value}");
            assert_eq!(classes(&lab, DATABASE), [(name.to_owned(), class)], "{value}");
        }
        lab.set(&id(DATABASE), name, &third).expect("by hand");
        lab.converge();
        assert_eq!(drifted(&lab), Vec::<String>::new(), "{name}");
    }
}

/// A value that AWS holds for the window is in effect for nobody yet, and was sent all the same.
#[test]
fn what_waits_for_the_window_was_sent_too() {
    for (name, value, other) in [
        ("class", Value::from("db.t4g.small"), Value::from("db.t4g.medium")),
        ("multi_az", true.into(), Value::Null),
        ("engine_version", "16.10".into(), Value::Null),
    ] {
        let before = converged();
        let live = before.row(&id(DATABASE)).attributes.get(attr(name)).cloned();
        let lab = sent(&before, &[(name, value.clone())]);
        assert_eq!(lab.row(&id(DATABASE)).attributes.get(attr(name)).cloned(), live, "{name} waits");
        let drift = lab.drift();
        assert_eq!(drifted(&lab), Vec::<String>::new(), "{name}: {drift:#?}");
        let pending: Vec<&str> = drift.pending.iter().flat_map(|note| &note.diffs).map(|diff| diff.path.as_str()).collect();
        assert_eq!(pending, [name]);
        // Once it is in effect, it is as it was sent; what a person does after that is seen.
        lab.wait(jiff::SignedDuration::from_hours(24 * 8));
        assert_eq!(drifted(&lab), Vec::<String>::new(), "{name}");
        if !other.is_null() {
            lab.set(&id(DATABASE), name, &other).expect("by hand");
            assert_eq!(drifted(&lab), [format!("{DATABASE} {name}")]);
        }
    }
}

/// A later apply that does a part of the resource, or nothing of it, does not make what was sent before a person's change.
#[test]
fn an_apply_elsewhere_does_not_forget_what_was_sent() {
    let refused = ("class", Value::from("db.m9x.large"));
    let window = ("backup_window", Value::from("16:00-16:30"));
    for more in [vec![("backup_retention_days", Value::from(33))], vec![("max_allocated_storage", 200.into())], Vec::new()] {
        let lab = sent(&converged(), std::slice::from_ref(&window));
        let values: Vec<_> = [window.clone(), refused.clone()].into_iter().chain(more).collect();
        let mut desired = declared(&lab, DATABASE, &values);
        desired.resources.get_mut(&id(KEY)).expect("declared").attributes.set(attr("description"), "another");
        let lab = lab.with(desired);
        let report = lab.apply();
        assert_eq!(report.blocked, 1, "{report:#?}");
        assert!(matches!(lab.records().last(), Some(Record::Baseline { .. })));
        assert_eq!(drifted(&lab), Vec::<String>::new(), "{values:?}");
        // The look has shown that it was made: the value before it is a person's now.
        lab.set(&id(DATABASE), "backup_window", &"13:00-13:30".into()).expect("by hand");
        assert_eq!(drifted(&lab), [format!("{DATABASE} backup_window")]);
    }
}

/// A look that shows that nothing was made ends the doubt as well, where the files ask for it no more.
#[test]
fn what_was_taken_back_is_not_sent_any_more() {
    let before = converged();
    let lab = before.with(declared(&before, DATABASE, &[("backup_window", "16:00-16:30".into())]));
    lab.fail("update db-instance", ErrorClass::Internal, Moment::Before, 0);
    dies(&lab, BEGUN_AND_INTENT);
    lab.heal();
    let mut desired = (*before.desired).clone();
    desired.resources.get_mut(&id(KEY)).expect("declared").attributes.set(attr("description"), "another");
    let lab = lab.with(desired);
    lab.converge();
    lab.set(&id(DATABASE), "backup_window", &"16:00-16:30".into()).expect("by hand");
    assert_eq!(drifted(&lab), [format!("{DATABASE} backup_window")]);
}

/// Applies, and dies after this many records.
pub(super) fn dies(lab: &Lab, room: usize) {
    let planned = lab.plan();
    let store = Arc::new(FaultyStore::over(lab.store()).with_room(room));
    let session = Session { store, ..lab.session() };
    let (_go, stop) = watch::channel(false);
    let _ = lab.let_pass(&session, &planned.plan, stop, &mut |_| {});
}

/// How many records an apply has written when it begins with this resource.
fn until(lab: &Lab, of: &str) -> usize {
    let at = lab.records().iter().position(|record| matches!(record, Record::Intent { id: begun, .. } if *begun == id(of)));
    at.expect("a step") + 1
}

#[test]
fn a_delete_without_an_end_is_nothing_missing() {
    let converged = converged();
    let leaf = "db-parameter-group.unused@tokyo";
    let mut with = (*converged.desired).clone();
    let mut unused = with.resources[&id(GROUP)].clone();
    unused.attributes.set(attr("name"), "dev-unused");
    unused.tags.insert("tokaido:id", leaf);
    with.resources.insert(id(leaf), unused.clone());
    let before = converged.with(with.clone());
    before.converge();
    let mut without = (*converged.desired).clone();
    without.retire.insert(id(leaf), Tombstone { reason: "not used".to_owned(), source: unused.source.clone() });
    let lab = before.with(without.clone());
    dies(&lab, BEGUN_AND_INTENT);
    assert!(lab.rows().iter().all(|row| row.id != Some(id(leaf))), "deleted");
    let drift = lab.drift();
    assert!(drift.missing.is_empty() && !drift.has_drift(), "{drift:#?}");
    // Declared again: whether tokaido deleted it is unknown, and the next apply makes it.
    let again = lab.with(with.clone());
    let missing: Vec<Class> = again.drift().missing.iter().map(|missing| missing.class).collect();
    assert_eq!(missing, [Class::Unknown]);
    again.converge();
    // What a person deletes is still seen, after an apply that showed that it was there.
    again.remove(&id(leaf)).expect("by hand");
    let missing: Vec<Class> = again.drift().missing.iter().map(|missing| missing.class).collect();
    assert_eq!(missing, [Class::Drift]);
}

#[test]
fn a_create_without_an_end_is_known_by_what_it_sent() {
    let empty = || Lab::new(project::load(project::root(), Environment::Dev));
    let whole = empty();
    whole.converge();
    for (of, name, value, by_hand) in [
        (DATABASE, "backup_retention_days", Value::from(33), ("backup_window", Value::from("16:00-16:30"))),
        (
            GROUP,
            "parameters",
            serde_json::from_value(serde_json::json!({ "timezone": "Asia/Tokyo" })).expect("a map"),
            ("", Value::Null),
        ),
        (VPC, "dns_hostnames", false.into(), ("dns_support", false.into())),
    ] {
        let lab = empty();
        dies(&lab, until(&whole, of));
        let record = lab.records().into_iter().any(|record| matches!(record, Record::Ended { id: ended, .. } if ended == id(of)));
        assert!(!record && lab.rows().iter().any(|row| row.id == Some(id(of))), "{of} was made without a record");
        let lab = lab.with(declared(&lab, of, &[(name, value)]));
        lab.wait(jiff::SignedDuration::from_hours(1));
        assert_eq!(drifted(&lab), Vec::<String>::new(), "{of}");
        let classes = classes(&lab, of);
        assert!(!classes.is_empty() && classes.iter().all(|(_, class)| *class == Class::Change), "{classes:?}");
        if !by_hand.0.is_empty() {
            lab.set(&id(of), by_hand.0, &by_hand.1).expect("by hand");
            assert_eq!(drifted(&lab), [format!("{of} {}", by_hand.0)]);
        }
        lab.converge();
    }
}
