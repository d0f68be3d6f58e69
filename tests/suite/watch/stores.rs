//! Many watchers of one environment, and what a look is made of.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use tokaido::govern::watch::{HEARTBEAT, Looked};
use tokaido::model::Environment::{Dev, Production};
use tokaido::model::{Environment, News, Open, Region, Sighting, Value, VerdictState, WatchRecord};
use tokaido::promises::Accounts;
use tokaido::store::{DirectoryStore, Store, StoreError, last_sighting, record_sighting, sightings};
use tokaido::world::{ErrorClass, Moment};

use crate::lease::contract::watch_key;
use crate::support::lab::{MemoryStore, START, block_on};
use crate::support::{Lab, id, project};

fn start() -> Timestamp {
    START.parse().expect("a time")
}

fn looked(at: Timestamp, open: &[Open]) -> Looked {
    let sighting = Sighting::Seen { open: open.iter().cloned().collect() };
    Looked { at, every: HEARTBEAT, declared: true, looks: 1, took_ms: 1, sighting, only_once: true }
}

fn unreadable(kind: &str) -> Open {
    Open::Unreadable { kind: kind.to_owned(), region: Region::Tokyo, physical: None, id: None }
}

fn transitions(records: &[WatchRecord]) -> usize {
    records.iter().filter(|record| matches!(record.news, News::Transition { .. })).count()
}

/// Eight watchers see the same at once: each change is written once, each look is in the history.
#[test]
fn watchers_at_once_write_a_transition_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let kinds = ["vpc", "subnet", "kms-key", "bucket"];
    for (round, kind) in (0_i64..).zip(kinds) {
        std::thread::scope(|scope| {
            for _ in 0..8 {
                let path = folder.path();
                scope.spawn(move || {
                    let store = DirectoryStore::new(path);
                    let at = start() + SignedDuration::from_mins(15 * round);
                    block_on(record_sighting(&store, Dev, &looked(at, &[unreadable(kind)]))).expect("recorded");
                });
            }
        });
    }
    let store = DirectoryStore::new(folder.path());
    let records = block_on(sightings(&store, Dev, start())).expect("readable");
    assert_eq!((records.len(), transitions(&records)), (32, 4));
}

/// A heartbeat leads to its transition, however many days ago that was, and whoever planned sees nothing of it.
#[test]
fn what_holds_is_found_again_after_months() {
    let store = MemoryStore::default();
    block_on(record_sighting(&store, Dev, &looked(start(), &[unreadable("vpc")]))).expect("recorded");
    for day in 1..40 {
        let at = start() + SignedDuration::from_hours(24 * day);
        block_on(record_sighting(&store, Dev, &looked(at, &[unreadable("vpc")]))).expect("recorded");
    }
    let much_later = start() + SignedDuration::from_hours(24 * 300);
    let last = block_on(last_sighting(&store, Dev, much_later)).expect("readable").expect("a record");
    assert_eq!(last.transition, (watch_key("2026-11-01/00000001"), start()));
    assert_eq!(last.picture.all().collect::<Vec<_>>(), [&unreadable("vpc")]);
    assert_eq!(last.key, watch_key("2026-12-10/00000001"));
    assert!(block_on(store.entries(Dev)).expect("readable").is_empty());
    assert_eq!(block_on(last_sighting(&store, Production, much_later)).expect("readable"), None);
}

#[test]
fn a_damaged_history_is_named_and_not_written_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = DirectoryStore::new(folder.path());
    for number in 0..3 {
        let at = start() + SignedDuration::from_mins(15 * number);
        block_on(record_sighting(&store, Dev, &looked(at, &[]))).expect("recorded");
    }
    let day = folder.path().join("dev/watch/2026-11-01");
    // The transition that a heartbeat leads to.
    std::fs::remove_file(day.join("00000001.json")).expect("a file");
    let error = block_on(record_sighting(&store, Dev, &looked(start(), &[]))).expect_err("the history has a hole");
    assert!(matches!(&error, StoreError::Damaged { path, .. } if path.contains("dev/watch/2026-11-01/00000001.json")), "{error}");
    std::fs::write(day.join("00000003.json"), "{").expect("a file");
    let error = block_on(record_sighting(&store, Dev, &looked(start(), &[]))).expect_err("half a file");
    assert!(matches!(&error, StoreError::Damaged { path, .. } if path.ends_with("00000003.json")), "{error}");
    assert_eq!(std::fs::read_dir(&day).expect("a folder").count(), 2, "nothing was added and no part is left");
}

/// What a record says of itself is checked: an emptied list with the old digest would be a "clean" that nobody saw.
#[test]
fn a_picture_that_was_changed_is_not_believed() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = DirectoryStore::new(folder.path());
    for number in 0..2 {
        let at = start() + SignedDuration::from_mins(15 * number);
        block_on(record_sighting(&store, Dev, &looked(at, &[unreadable("vpc")]))).expect("recorded");
    }
    let later = start() + SignedDuration::from_mins(30);
    let refused = |name: &str| {
        let error = block_on(last_sighting(&store, Dev, later)).expect_err("changed by a hand");
        assert!(matches!(&error, StoreError::Damaged { path, .. } if path.ends_with(name)), "{error}");
        let error = block_on(record_sighting(&store, Dev, &looked(later, &[]))).expect_err("nothing goes on from there");
        assert!(error.to_string().contains("digest"), "{error}");
    };
    let changed = |name: &str, change: &dyn Fn(&mut serde_json::Value)| {
        let path = folder.path().join("dev/watch/2026-11-01").join(name);
        let text = std::fs::read_to_string(&path).expect("a record");
        let mut record = serde_json::from_str(&text).expect("a record");
        change(&mut record);
        std::fs::write(&path, record.to_string()).expect("a file");
        refused(name);
        let error = block_on(sightings(&store, Dev, start()));
        assert!(name.ends_with("2.json") || error.is_err(), "gaps are not counted from it either");
        std::fs::write(&path, text).expect("a file");
    };
    changed("00000001.json", &|record| record["picture"]["open"] = serde_json::json!([]));
    // A heartbeat says how it stood as well.
    changed("00000002.json", &|record| record["digest"] = "0".repeat(64).into());
    assert!(block_on(last_sighting(&store, Dev, later)).expect("as it was").is_some());
}

fn accounts(lab: &Lab) -> Accounts {
    let mut declared: BTreeMap<Environment, String> =
        Environment::ALL.map(|environment| (environment, format!("{environment} has its own"))).into();
    declared.insert(lab.desired.environment, lab.desired.account.clone());
    Accounts { declared, caller: String::new() }
}

/// One look says what drift and audit say, from fewer calls than both, and changes nothing.
#[test]
fn a_look_is_drift_and_audit_at_once() {
    let lab = Lab::new(project::load(project::root(), Environment::Production));
    lab.converge();
    let database = id("db-instance.catalog@tokyo");
    let disturbances: [&dyn Fn(); 4] = [
        &|| {},
        &|| lab.set(&database, "backup_retention_days", &Value::Int(1)).expect("a hand"),
        &|| lab.fail("list kms-key", ErrorClass::Throttled, Moment::Before, 0),
        &|| lab.fail("@osaka", ErrorClass::Unreachable, Moment::Before, 0),
    ];
    for disturb in disturbances {
        disturb();
        let session = lab.session();
        let look = block_on(session.look(&accounts(&lab))).expect("a look");
        assert_eq!(session.world.calls().mutating(), 0);
        assert_eq!((&look.drift, &look.verdicts), (&lab.drift(), &lab.audit().verdicts));
        let calls = |session: &tokaido::pipeline::Session| session.world.calls().total();
        let (drift, audit) = (lab.session(), lab.session());
        block_on(drift.drift()).expect("drift");
        block_on(audit.audit(&accounts(&lab))).expect("an audit");
        assert_eq!(calls(&session), calls(&audit), "no call more than an audit");
        assert!(calls(&session) < calls(&drift) + calls(&audit));
    }
    // Osaka is dead: Tokyo's drift is seen all the same, and no promise of Osaka is called kept.
    let look = block_on(lab.session().look(&accounts(&lab))).expect("a look");
    assert!(look.drift.drifted.iter().any(|note| note.id == database));
    assert!(look.drift.unreadable.iter().any(|failed| failed.region == Region::Osaka));
    let state = |promise: &str| look.verdicts.iter().find(|verdict| verdict.promise == promise).expect("a promise").state;
    assert_eq!(state("recovery-copies"), VerdictState::Unknown);
    assert_eq!(state("point-in-time-recovery"), VerdictState::Broken);
}
