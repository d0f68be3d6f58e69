//! The decision alone: any sequence of looks, lost records and restarts keeps the history whole.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use tokaido::govern::watch::{Circumstances, HEARTBEAT, Last, Looked, allowed, decide, digest, gap, is_news, watched};
use tokaido::model::{
    Environment, Gap, Happened, News, Open, Picture, Region, Sighting, UnknownCause, Value, VerdictState, WatchKey, WatchRecord,
};

use crate::support::lab::START;
use crate::support::{id, soak};

fn start() -> Timestamp {
    START.parse().expect("a time")
}

fn drifted(id_of: &str, after: i64) -> Open {
    Open::Drifted { id: id(id_of), path: "backup_retention_days".to_owned(), before: Value::Int(35), after: Value::Int(after) }
}

fn promise(state: VerdictState, member: &str) -> Open {
    let unknown = (state == VerdictState::Unknown).then_some(UnknownCause::ReadFailed);
    Open::Promise { promise: "point-in-time-recovery".to_owned(), state, unknown, member: Some(member.to_owned()) }
}

fn unreadable(kind: &str, region: Region) -> Open {
    Open::Unreadable { kind: kind.to_owned(), region, physical: None, id: None }
}

fn seen(open: &[Open]) -> Sighting {
    Sighting::Seen { open: open.iter().cloned().collect() }
}

fn blind(class: &str) -> Sighting {
    Sighting::Blind { class: class.to_owned(), words: format!("{class}, request id 1234") }
}

fn looked(at: Timestamp, sighting: Sighting) -> Looked {
    Looked { at, every: HEARTBEAT, declared: true, looks: 1, took_ms: 10, sighting, only_once: false }
}

/// A history as a store keeps it.
#[derive(Default)]
struct History {
    records: Vec<(WatchKey, WatchRecord)>,
}

impl History {
    fn last(&self) -> Option<Last> {
        let (key, record) = self.records.last()?;
        let transition = match &record.news {
            News::Transition { .. } => *key,
            News::Heartbeat { since } => *since,
        };
        let (_, of) = self.records.iter().find(|(key, _)| *key == transition).expect("it is there");
        let News::Transition { picture, .. } = &of.news else { panic!("a heartbeat leads to a transition") };
        Some(Last { key: *key, record: record.clone(), transition: (transition, of.at), picture: picture.clone() })
    }

    /// Looks and writes; how things stand.
    fn look(&mut self, looked: &Looked) -> (Picture, bool) {
        let decision = decide(self.last().as_ref(), looked);
        let written = decision.write.is_some();
        self.records.extend(decision.write);
        (decision.picture, written)
    }

    fn newest(&self) -> &WatchRecord {
        &self.records.last().expect("a record").1
    }
}

fn minutes(minutes: i64) -> Timestamp {
    start() + SignedDuration::from_mins(minutes)
}

fn all(picture: &Picture) -> BTreeSet<Open> {
    picture.all().cloned().collect()
}

#[test]
fn only_what_changes_is_a_transition() {
    let mut history = History::default();
    let drift = drifted("db-instance.catalog@tokyo", 1);
    let (picture, _) = history.look(&looked(minutes(0), seen(&[])));
    assert!(picture.is_clean() && matches!(history.newest().news, News::Transition { .. }), "the first look says how it is");
    history.look(&looked(minutes(15), seen(&[])));
    assert!(matches!(history.newest().news, News::Heartbeat { .. }));
    let (picture, _) = history.look(&looked(minutes(30), seen(std::slice::from_ref(&drift))));
    assert_eq!((picture.open[0].since, &picture.open[0].what), (minutes(30), &drift));
    let News::Transition { appeared, went, .. } = &history.newest().news else { panic!("something appeared") };
    assert_eq!((appeared.as_slice(), went.as_slice()), ([drift.clone()].as_slice(), [].as_slice()));
    let (picture, _) = history.look(&looked(minutes(45), seen(&[drift.clone(), unreadable("vpc", Region::Osaka)])));
    assert_eq!(
        picture.open.iter().find(|still| still.what == drift).expect("open").since,
        minutes(30),
        "since it was seen first"
    );
    // Another value by another hand is news.
    let other = drifted("db-instance.catalog@tokyo", 2);
    history.look(&looked(minutes(60), seen(std::slice::from_ref(&other))));
    let News::Transition { appeared, went, .. } = &history.newest().news else { panic!("another value") };
    assert_eq!(appeared, &[other]);
    assert_eq!(went.len(), 2);
}

#[test]
fn what_is_hidden_stays_open_until_somebody_can_see_it() {
    let (tokyo, osaka) = (drifted("db-instance.a@tokyo", 1), drifted("db-instance.b@osaka", 1));
    let broken = promise(VerdictState::Broken, "db-instance.b@osaka");
    let foreign = promise(VerdictState::Broken, "theirs (db-instance@osaka)");
    let unknown = promise(VerdictState::Unknown, "every db-instance@osaka");
    let dead = unreadable("db-instance", Region::Osaka);
    let mut history = History::default();
    history.look(&looked(minutes(0), seen(&[tokyo.clone(), osaka.clone(), broken.clone(), foreign.clone()])));
    // Osaka does not answer, and Tokyo was mended meanwhile.
    let (picture, _) = history.look(&looked(minutes(15), seen(&[dead.clone(), unknown.clone()])));
    assert_eq!(all(&picture), [osaka.clone(), broken, foreign, dead, unknown].into(), "only Tokyo's is known to be mended");
    assert_eq!(picture.open.iter().find(|still| still.what == osaka).expect("open").since, minutes(0));
    // Nothing at all is seen.
    let before = all(&picture);
    let (picture, _) = history.look(&looked(minutes(30), blind("expired-credentials")));
    assert_eq!(all(&picture), before);
    let (picture, _) = history.look(&looked(minutes(45), blind("unreachable")));
    assert_eq!(picture.blind.as_ref().map(|blind| (blind.since, blind.class.as_str())), Some((minutes(45), "unreachable")));
    assert_eq!(all(&picture), before);
    let (picture, _) = history.look(&looked(minutes(60), seen(&[])));
    assert!(picture.is_clean(), "now somebody has seen that all is well");
    // A promise whose member became unknown is still as it was seen last, and unknown.
    let (was, is) = (promise(VerdictState::Broken, "db-instance.a@tokyo"), promise(VerdictState::Unknown, "db-instance.a@tokyo"));
    history.look(&looked(minutes(75), seen(std::slice::from_ref(&was))));
    let (picture, _) = history.look(&looked(minutes(90), seen(std::slice::from_ref(&is))));
    assert_eq!(all(&picture), [was, is].into());
    let (picture, _) = history.look(&looked(minutes(105), seen(&[])));
    assert!(picture.is_clean());
    // What nobody asks for would hide it for ever: it is open as that instead.
    let was = promise(VerdictState::Broken, "db-instance.a@tokyo");
    let mut is = promise(VerdictState::Unknown, "db-instance.a@tokyo");
    if let Open::Promise { unknown, .. } = &mut is {
        *unknown = Some(UnknownCause::NotAsked);
    }
    history.look(&looked(minutes(120), seen(std::slice::from_ref(&was))));
    let (picture, _) = history.look(&looked(minutes(135), seen(std::slice::from_ref(&is))));
    assert_eq!(all(&picture), [is.clone()].into());
    assert_eq!(is.said().en, "point-in-time-recovery is unknown, not asked (db-instance.a@tokyo)");
    assert_eq!(is.said().ja, "約束 point-in-time-recovery は不明（未照会）です（db-instance.a@tokyo）");
}

#[test]
fn a_reason_for_blindness_is_told_once_and_its_words_do_not_count() {
    let mut history = History::default();
    history.look(&looked(minutes(0), blind("throttled")));
    let again = Sighting::Blind { class: "throttled".to_owned(), words: "request id 5678".to_owned() };
    let (picture, _) = history.look(&looked(minutes(15), again));
    assert!(matches!(history.newest().news, News::Heartbeat { .. }));
    assert!(picture.blind.expect("blind").words.contains("1234"), "the words of the transition");
}

/// Whatever the interval, who looks as often as he said leaves no gap, and one look left out is one.
#[test]
fn heartbeats_reach_as_far_as_they_must() {
    for every in [60, 7 * 60, 15 * 60, 40 * 60, 24 * 3600] {
        let every = SignedDuration::from_secs(every);
        let (mut history, mut looks, mut now) = (History::default(), 0, start());
        let days = 3 * 24 * 3600 / every.as_secs();
        for _ in 0..=days {
            looks += 1;
            let (_, written) = history.look(&Looked { every, looks, ..looked(now, seen(&[])) });
            looks = if written { 0 } else { looks };
            now += every;
        }
        assert!(history.records.iter().all(|(_, record)| record.gap.is_none()), "{every:?}");
        let a_day = history.records.len() / 3;
        assert!(a_day <= 144, "{every:?}: {a_day} objects a day");
        let counted: u32 = history.records.iter().map(|(_, record)| record.looks).sum();
        assert_eq!(i64::from(counted + looks), days + 1, "{every:?}: no look is lost");
        // Nobody comes for one heartbeat and the next look.
        let last = history.newest().clone();
        let late = last.at + every.max(HEARTBEAT) * 2;
        history.look(&Looked { every, ..looked(late, seen(&[])) });
        let gap = history.newest().gap.expect("a gap");
        assert_eq!((gap.from, gap.until), (last.at, late), "{every:?}");
    }
}

/// A timer's looks are all written down: nobody remembers them.
#[test]
fn a_single_look_is_always_written_down() {
    let mut history = History::default();
    for number in 0..3 {
        let look = Looked { every: SignedDuration::from_mins(1), only_once: true, ..looked(minutes(number), seen(&[])) };
        assert!(history.look(&look).1);
    }
    assert_eq!(history.records.len(), 3);
}

#[test]
fn a_clock_that_was_set_back_makes_no_older_record() {
    let mut history = History::default();
    history.look(&looked(minutes(60 * 24), seen(&[])));
    history.look(&looked(minutes(0), seen(&[unreadable("vpc", Region::Tokyo)])));
    let (before, after) = (&history.records[0], &history.records[1]);
    assert!(after.0 > before.0 && after.1.at == before.1.at);
}

/// A clock that was ahead by a month: nobody is told that all was well until then, and who does not look is missed.
#[test]
fn a_clock_that_was_ahead_hides_no_gap() {
    let mut history = History::default();
    history.look(&looked(minutes(0), seen(&[])));
    let month = 60 * 24 * 30;
    history.look(&looked(minutes(month), seen(&[])));
    let status = |history: &History, now: i64| {
        let records: Vec<WatchRecord> = history.records.iter().map(|(_, record)| record.clone()).collect();
        watched(&history.last().expect("a record"), &records, minutes(now))
    };
    let early = status(&history, 20);
    assert_eq!((early.ahead, early.clean_since), (Some(minutes(month)), None));
    assert!(early.gaps.iter().all(|gap| gap.until <= minutes(20)), "{:?}", early.gaps);
    // The clock is right again: that is written down at once, and from then on time is measured.
    assert!(history.look(&Looked { every: SignedDuration::from_mins(1), ..looked(minutes(15), seen(&[])) }).1);
    let right = status(&history, 20);
    assert_eq!((right.ahead, right.last_look, right.clean_since), (None, minutes(15), Some(minutes(0))));
    assert_eq!(status(&history, 200).gaps.last(), Some(&Gap { from: minutes(15), until: minutes(200) }));
    history.look(&looked(minutes(300), seen(&[])));
    assert_eq!(history.newest().gap, Some(Gap { from: minutes(15), until: minutes(300) }));
    let times: Vec<Timestamp> = history.records.iter().map(|(_, record)| record.at).collect();
    assert!(times.is_sorted());
}

/// What a service promised holds, whatever somebody says who looks once in between.
#[test]
fn a_look_by_hand_neither_hides_a_gap_nor_invents_one() {
    let hour = SignedDuration::from_hours(1);
    let by_hand = |at: i64| Looked { declared: false, only_once: true, ..looked(minutes(at), seen(&[])) };
    // A service that looks every hour, and a hand between two looks.
    let mut history = History::default();
    let service = |at: i64| Looked { every: hour, ..looked(minutes(at), seen(&[])) };
    for look in [service(0), service(60), by_hand(70), service(130)] {
        history.look(&look);
        assert_eq!(history.newest().gap, None);
    }
    // One every 15 minutes, and somebody who says that the next look is tomorrow.
    for every in [Some(hour * 24), None] {
        let mut history = History::default();
        history.look(&looked(minutes(0), seen(&[])));
        history.look(&Looked { declared: every.is_some(), every: every.unwrap_or(HEARTBEAT), ..by_hand(5) });
        let now = minutes(120);
        let status = watched(&history.last().expect("a record"), &[], now);
        assert_eq!(status.gaps, [Gap { from: minutes(5), until: now }], "{every:?}");
        history.look(&looked(now, seen(&[])));
        assert_eq!(history.newest().gap, Some(Gap { from: minutes(5), until: now }), "{every:?}");
    }
    // A timer that runs less often than before: that is one gap, and then its own interval holds.
    let timer = |at: i64| Looked { every: hour, only_once: true, ..looked(minutes(at), seen(&[])) };
    let mut history = History::default();
    history.look(&looked(minutes(0), seen(&[])));
    history.look(&timer(60));
    assert!(history.newest().gap.is_some());
    history.look(&timer(120));
    assert_eq!((history.newest().gap, history.newest().every_seconds), (None, 3600));
}

/// A simulated clock may stand still: two looks that could not be written down are two events all the same.
#[test]
fn two_unrecorded_looks_of_one_moment_are_two_events() {
    let around = Circumstances { environment: Environment::Dev, account: None, world: None, calls: 0, mutating_calls: 0 };
    let id = |looks| around.unrecorded(&Looked { looks, ..looked(minutes(0), seen(&[])) }, "full".to_owned()).id;
    assert_eq!(id(1), id(1));
    assert_ne!(id(1), id(2));
}

#[test]
fn status_counts_gaps_of_a_week_and_the_one_that_goes_on() {
    let mut history = History::default();
    let day = SignedDuration::from_hours(24);
    for offset in [0, 8, 9, 10] {
        history.look(&looked(start() + day * offset, seen(&[])));
    }
    let last = history.last().expect("a record");
    let records: Vec<WatchRecord> = history.records.iter().map(|(_, record)| record.clone()).collect();
    let now = start() + day * 10 + SignedDuration::from_mins(20);
    let status = watched(&last, &records, now);
    assert_eq!((status.gaps.len(), status.clean_since), (3, Some(start())));
    assert_eq!(status.gaps[0].from, now - SignedDuration::from_hours(7 * 24), "cut off where the week begins");
    let later = now + SignedDuration::from_hours(2);
    let gap = *watched(&last, &records, later).gaps.last().expect("nobody has looked for two hours");
    assert_eq!((gap.from, gap.until), (last.record.at, later));
}

/// Events have the same name whoever sends them, and another one for another record.
#[test]
fn events_can_be_told_apart_and_together() {
    let mut history = History::default();
    history.look(&looked(minutes(0), seen(&[])));
    history.look(&looked(minutes(300), seen(&[unreadable("vpc", Region::Tokyo)])));
    let around = |calls| Circumstances {
        environment: Environment::Dev,
        world: None,
        account: Some("111111111111".to_owned()),
        calls,
        mutating_calls: 0,
    };
    let of = |calls: u64| {
        let events = history.records.iter().flat_map(|(key, record)| {
            let News::Transition { picture, .. } = &record.news else { panic!("both are transitions") };
            around(calls).events(*key, record, picture)
        });
        events.collect::<Vec<_>>()
    };
    let (one, other) = (of(1), of(2));
    let ids = |events: &[tokaido::model::WatchEvent]| events.iter().map(|event| event.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&one), ids(&other));
    assert_eq!(ids(&one).iter().collect::<BTreeSet<_>>().len(), 3, "a transition, a gap, a transition");
    assert!(matches!(one[1].what, Happened::Gap { seconds: 18_000, .. }), "the gap comes before what was seen at its end");
    assert!(one.iter().all(is_news));
}

#[derive(Debug, Clone)]
struct Step {
    /// Since the step before.
    seconds: i64,
    sighting: Sighting,
    every: i64,
    only_once: bool,
    /// The process ends before it can write, and another one begins.
    lost: bool,
}

fn universe() -> Vec<Open> {
    vec![
        drifted("db-instance.a@tokyo", 1),
        drifted("db-instance.a@tokyo", 2),
        drifted("db-instance.b@osaka", 1),
        Open::Missing { id: id("vpc.main@osaka") },
        Open::Orphaned { id: id("subnet.old@tokyo"), physical: "subnet-1".to_owned() },
        unreadable("db-instance", Region::Osaka),
        unreadable("vpc", Region::Osaka),
        promise(VerdictState::Broken, "db-instance.b@osaka"),
        promise(VerdictState::Unknown, "every db-instance@osaka"),
        promise(VerdictState::Pending, "db-instance.a@tokyo"),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let sighting = prop_oneof![
        1 => prop_oneof![Just(blind("throttled")), Just(blind("expired-credentials"))],
        4 => proptest::sample::subsequence(universe(), 0..=4).prop_map(|open| seen(&open)),
        4 => Just(seen(&[])),
    ];
    let seconds = prop_oneof![Just(0), Just(-50), Just(60), Just(900), 0..40_000_i64];
    let step = (seconds, sighting, prop_oneof![Just(60), Just(900), Just(3600)], any::<bool>(), proptest::bool::weighted(0.2));
    let step = step.prop_map(|(seconds, sighting, every, only_once, lost)| Step { seconds, sighting, every, only_once, lost });
    proptest::collection::vec(step, 1..40)
}

proptest! {
    #![proptest_config(soak::seeded(256, 67))]

    #[test]
    fn any_history_is_whole(steps in steps()) {
        let (mut history, mut now, mut looks, mut counted) = (History::default(), start(), 0_u32, 0_u32);
        // What is open by the events alone: appeared and went, folded.
        let mut folded: BTreeSet<Open> = BTreeSet::new();
        for step in &steps {
            now += SignedDuration::from_secs(step.seconds);
            looks += 1;
            let every = SignedDuration::from_secs(step.every);
            let look = Looked { every, looks, only_once: step.only_once, ..looked(now, step.sighting.clone()) };
            if step.lost {
                looks = 0;
                continue;
            }
            let before = history.last().map(|last| last.picture).unwrap_or_default();
            let (picture, written) = history.look(&look);
            match &step.sighting {
                Sighting::Blind { .. } => {
                    prop_assert!(picture.blind.is_some());
                    prop_assert_eq!(all(&picture), all(&before), "a blind look neither closes nor opens");
                }
                Sighting::Seen { open } => {
                    prop_assert!(picture.blind.is_none());
                    prop_assert!(open.is_subset(&all(&picture)), "what was seen is open");
                    let closed = !open.iter().any(|open| matches!(open, Open::Unreadable { .. } | Open::Promise { state: VerdictState::Unknown, .. }));
                    if closed {
                        prop_assert_eq!(&all(&picture), open, "who saw everything decides everything");
                    }
                    prop_assert!(all(&picture).is_subset(&all(&before).union(open).cloned().collect()), "nothing is invented");
                }
            }
            if !written {
                prop_assert!(picture.says_the_same(&before));
                continue;
            }
            counted += looks;
            looks = 0;
            let record = history.newest();
            if let News::Transition { appeared, went, picture: of } = &record.news {
                prop_assert!(history.records.len() == 1 || !of.says_the_same(&before), "a transition says something new");
                prop_assert!(went.iter().all(|open| folded.remove(open)));
                prop_assert!(appeared.iter().all(|open| folded.insert(open.clone())));
            }
            prop_assert_eq!(&folded, &all(&picture), "the transitions, folded, are the last sighting");
            prop_assert_eq!(&record.digest, &digest(&picture));
        }
        for pair in history.records.windows(2) {
            let ((key, record), (next_key, next)) = (&pair[0], &pair[1]);
            prop_assert!(key < next_key && record.at <= next.at);
            // Every moment between two records is in the reach of the first or in the second's gap, as the clock of each
            // said; of two intervals the shorter holds.
            let reach = WatchRecord { every_seconds: record.every_seconds.min(next.every_seconds), ..record.clone() };
            prop_assert_eq!(next.gap, gap(&reach, next.looked_at()));
            if next.looked_at().duration_since(record.looked_at()) > allowed(record) {
                prop_assert_eq!(next.gap.map(|gap| (gap.from, gap.until)), Some((record.looked_at(), next.looked_at())));
            }
        }
        prop_assert_eq!(history.records.iter().map(|(_, record)| record.looks).sum::<u32>(), counted);
    }
}
