//! What every store does alike: records in the order of their appends, one winner per swap, sightings that are written once,
//! nothing shared between environments.

use std::fs;

use tokaido::model::Environment::{Dev, Production};
use tokaido::model::{Gap, News, Picture, WatchKey, WatchRecord};
use tokaido::store::lease::host;
use tokaido::store::{DirectoryStore, Entry, Record, Store, StoreError, Swap, Version};

use super::{lease, start};
use crate::support::lab::{MemoryStore, block_on};

fn begun(number: usize) -> Record {
    Record::Begun {
        basis: None,
        at: start(),
        plan: format!("plan {number}"),
        nonce: number.to_string(),
        caller: "alice".to_owned(),
        release: None,
    }
}

fn done(swap: Swap) -> Version {
    let Swap::Done(version) = swap else { panic!("the swap must succeed") };
    version
}

/// Two handles on one place, as two processes have.
pub async fn holds(one: &dyn Store, other: &dyn Store) {
    records(one, other).await;
    swaps(one, other).await;
    sightings(one, other).await;
}

/// Of this place and this many looks.
pub fn sighting(looks: u32) -> WatchRecord {
    WatchRecord {
        at: start(),
        clock: None,
        every_seconds: 900,
        looks,
        took_ms: 7,
        digest: "d".repeat(64),
        gap: looks.is_multiple_of(2).then(|| Gap { from: start(), until: start() + jiff::SignedDuration::from_hours(1) }),
        news: News::Transition { picture: Picture::default(), appeared: Vec::new(), went: Vec::new() },
    }
}

pub fn watch_key(text: &str) -> WatchKey {
    text.parse().expect("a key")
}

async fn sightings(one: &dyn Store, other: &dyn Store) {
    let records = one.entries(Dev).await.expect("readable").len();
    assert_eq!(one.watch().sighting_keys(Dev, None).await.expect("none yet"), []);
    let days =
        ["2026-10-31/00000001", "2026-11-01/00000001", "2026-11-01/00000002", "2026-11-01/00000010", "2026-12-01/00000001"];
    let keys = days.map(watch_key);
    // Not in order: what counts is the place.
    for (index, number) in [2, 0, 4, 1, 3].into_iter().enumerate() {
        let writer = if index % 2 == 0 { one } else { other };
        let record = sighting(u32::try_from(number).expect("small"));
        assert!(writer.watch().add_sighting(Dev, keys[number], &record).await.expect("answered"), "the place is free");
        let late = sighting(99);
        let reader = if index % 2 == 0 { other } else { one };
        assert!(!reader.watch().add_sighting(Dev, keys[number], &late).await.expect("answered"), "it is taken");
        assert_eq!(reader.watch().sighting(Dev, keys[number]).await.expect("readable"), Some(record), "and stays");
    }
    assert_eq!(one.watch().sighting_keys(Dev, None).await.expect("readable"), keys);
    let from = |day: &str| Some(day.parse().expect("a day"));
    assert_eq!(other.watch().sighting_keys(Dev, from("2026-11-01")).await.expect("readable"), keys[1..]);
    assert_eq!(other.watch().sighting_keys(Dev, from("2026-11-02")).await.expect("readable"), keys[4..]);
    assert_eq!(other.watch().sighting_keys(Dev, from("2027-01-01")).await.expect("readable"), []);
    assert_eq!(one.watch().sighting(Dev, watch_key("2026-11-01/00000003")).await.expect("readable"), None);
    assert_eq!(one.watch().sighting_keys(Production, None).await.expect("readable"), [], "another environment");
    assert_eq!(one.entries(Dev).await.expect("readable").len(), records, "nobody who plans reads them");
}

async fn records(one: &dyn Store, other: &dyn Store) {
    assert_eq!(one.entries(Dev).await.expect("none yet"), []);
    let mut wanted = Vec::new();
    for number in 0..12 {
        let entry = Entry { fence: (number % 3 != 0).then_some(number as u64 / 4), record: begun(number) };
        if number % 2 == 0 { one } else { other }.append_entry(Dev, &entry).await.expect("appended");
        wanted.push(entry);
    }
    assert_eq!(one.entries(Dev).await.expect("readable"), wanted);
    assert_eq!(other.entries(Dev).await.expect("readable"), wanted);
    assert_eq!(one.highest_fence(Dev).await.expect("readable"), 2);
    one.append(Production, &begun(99)).await.expect("appended");
    assert_eq!(other.entries(Production).await.expect("readable"), [Entry { fence: None, record: begun(99) }]);
    assert_eq!(other.records(Dev).await.expect("readable").len(), 12);
}

async fn swaps(one: &dyn Store, other: &dyn Store) {
    let (alice, bob) = (lease("a1", 1, start()), lease("b1", 1, start()));
    assert_eq!(one.read_lease(Dev).await.expect("readable"), None);
    let stranger = Version("\"0123\"".to_owned());
    let swap = one.write_lease(Dev, &alice, Some(&stranger)).await.expect("answered");
    assert_eq!(swap, Swap::Conflict, "an expected lease that is not there");
    let first = done(one.write_lease(Dev, &alice, None).await.expect("answered"));
    assert_eq!(other.write_lease(Dev, &bob, None).await.expect("answered"), Swap::Conflict, "there is one already");
    let seen = other.read_lease(Dev).await.expect("readable").expect("a lease");
    assert_eq!((&seen.record, &seen.version, seen.dead), (&alice, &first, false));

    let mut beaten = alice.clone();
    beaten.heartbeat_at = start() + jiff::SignedDuration::from_secs(20);
    let second = done(one.write_lease(Dev, &beaten, Some(&first)).await.expect("answered"));
    assert_ne!(first, second);
    assert_eq!(other.write_lease(Dev, &bob, Some(&first)).await.expect("answered"), Swap::Conflict, "it was renewed meanwhile");

    let taken = lease("b1", 2, start());
    let third = done(other.write_lease(Dev, &taken, Some(&second)).await.expect("answered"));
    assert_eq!(one.write_lease(Dev, &beaten, Some(&second)).await.expect("answered"), Swap::Conflict, "it was taken over");
    let mut released = taken;
    released.released = true;
    done(other.write_lease(Dev, &released, Some(&third)).await.expect("answered"));
    let seen = one.read_lease(Dev).await.expect("readable").expect("it stays");
    assert_eq!((seen.record, seen.dead), (released, false));
    assert_eq!(one.read_lease(Production).await.expect("readable"), None, "another environment has another lease");
}

#[test]
fn memory_keeps_the_contract() {
    let store = MemoryStore::default();
    block_on(holds(&store, &store));
}

#[test]
fn a_folder_keeps_the_contract() {
    let folder = tempfile::tempdir().expect("a folder");
    let (one, other) = (DirectoryStore::new(folder.path()), DirectoryStore::new(folder.path()));
    block_on(holds(&one, &other));
}

/// Many writers at once: each record once, one winner per round.
#[test]
fn a_folder_takes_many_writers() {
    let folder = tempfile::tempdir().expect("a folder");
    let (writers, rounds) = (6, 8);
    std::thread::scope(|scope| {
        for writer in 0..writers {
            let folder = folder.path();
            scope.spawn(move || {
                let store = DirectoryStore::new(folder);
                for round in 0..rounds {
                    block_on(store.append(Dev, &begun(writer * 100 + round))).expect("appended");
                    let seen = block_on(store.read_lease(Dev)).expect("readable");
                    let mut wish = lease(&format!("{writer:x}"), seen.as_ref().map_or(0, |seen| seen.record.fence) + 1, start());
                    wish.plan = round.to_string();
                    let swap = block_on(store.write_lease(Dev, &wish, seen.as_ref().map(|seen| &seen.version)));
                    if matches!(swap.expect("answered"), Swap::Done(_)) {
                        let won = Record::Proven { at: start(), plan: wish.plan.clone(), release: None, violations: Vec::new() };
                        block_on(store.append_entry(Dev, &Entry { fence: Some(wish.fence), record: won })).expect("appended");
                    }
                }
            });
        }
    });
    let entries = block_on(DirectoryStore::new(folder.path()).entries(Dev)).expect("readable");
    let mut fences: Vec<u64> = entries.iter().filter_map(|entry| entry.fence).collect();
    assert_eq!(entries.len() - fences.len(), writers * rounds, "each record once");
    let last = block_on(DirectoryStore::new(folder.path()).read_lease(Dev)).expect("readable").expect("a lease").record.fence;
    fences.sort_unstable();
    assert_eq!(fences, (1..=last).collect::<Vec<_>>(), "one winner per fence");
}

/// A writer that was killed may have left a second name of a record, and in a container all have one process number.
#[test]
fn no_later_writer_touches_a_record_that_is_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = DirectoryStore::new(folder.path());
    block_on(store.append(Dev, &begun(1))).expect("appended");
    let dev = folder.path().join("dev");
    let first = fs::read(dev.join("00000001.json")).expect("a record");
    for count in 0..2000 {
        let left = dev.join(format!(".{}-{count}.part", std::process::id()));
        fs::hard_link(dev.join("00000001.json"), left).expect("a second name");
    }
    for count in 2..40 {
        block_on(store.append(Dev, &begun(count))).expect("appended");
    }
    assert_eq!(fs::read(dev.join("00000001.json")).expect("a record"), first);
    assert_eq!(block_on(store.entries(Dev)).expect("readable").len(), 39);
}

/// The operating system knows that a process of this machine has ended; of another machine's nothing is known.
#[test]
fn a_holder_that_ended_is_known_to_be_dead_on_its_own_machine_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let reader = DirectoryStore::new(folder.path());
    for (here, run) in [(true, "a1"), (false, "b2")] {
        let holder = DirectoryStore::new(folder.path());
        let mut wish = lease(run, 1, start());
        if here {
            wish.owner.host = host();
        }
        let expected = block_on(reader.read_lease(Dev)).expect("readable").map(|seen| seen.version);
        done(block_on(holder.write_lease(Dev, &wish, expected.as_ref())).expect("answered"));
        assert!(!block_on(reader.read_lease(Dev)).expect("readable").expect("a lease").dead, "it lives");
        drop(holder);
        let seen = block_on(reader.read_lease(Dev)).expect("readable").expect("a lease");
        assert_eq!((seen.dead, seen.age.is_some()), (here, here));
    }
}

/// Records of versions that knew no lease have no fence, and are read.
#[test]
fn old_records_are_read_and_damaged_ones_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = DirectoryStore::new(folder.path());
    let dev = folder.path().join("dev");
    fs::create_dir_all(&dev).expect("a folder");
    let old = r#"{"record":"begun","at":"2026-11-01T00:00:00Z","plan":"p","nonce":"n","caller":"c"}"#;
    fs::write(dev.join("00000001.json"), old).expect("a file");
    let entries = block_on(store.entries(Dev)).expect("readable");
    assert!(matches!(&entries[..], [Entry { fence: None, record: Record::Begun { plan, .. } }] if plan == "p"));
    fs::write(dev.join("lease.json"), "{").expect("a file");
    let error = block_on(store.read_lease(Dev)).expect_err("damaged");
    assert!(matches!(&error, StoreError::Damaged { path, .. } if path.ends_with("dev/lease.json")), "{error}");
    fs::write(dev.join("00000002.json"), "").expect("a file");
    assert!(matches!(block_on(store.entries(Dev)), Err(StoreError::Damaged { .. })));
}

/// Records are only ever added, each under the next number: what is not there in between was taken away, an emergency
/// perhaps. The first number is named, also when it is the very first.
#[test]
fn a_record_that_was_taken_away_is_missed() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = DirectoryStore::new(folder.path());
    for number in 0..4 {
        block_on(store.append(Dev, &begun(number))).expect("appended");
    }
    let path = |number: u32| folder.path().join(format!("dev/{number:08}.json"));
    for (gone, kept) in [(2, "aside-2"), (1, "aside-1")] {
        fs::rename(path(gone), folder.path().join(kept)).expect("a file");
        let error = block_on(store.entries(Dev)).expect_err("a gap");
        assert!(matches!(&error, StoreError::Missing { path } if path.ends_with(&format!("dev/{gone:08}.json"))), "{error}");
        assert!(error.to_string().contains("version history") && !error.to_string().contains("move it away"), "{error}");
    }
    for (gone, kept) in [(2, "aside-2"), (1, "aside-1")] {
        fs::rename(folder.path().join(kept), path(gone)).expect("a file");
    }
    assert_eq!(block_on(store.entries(Dev)).expect("readable").len(), 4);
}
