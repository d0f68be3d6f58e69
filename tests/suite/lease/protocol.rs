//! The real protocol among machines with wrong clocks, a slow store, pauses and crashes: whatever happens, nobody sends
//! under an old fence after somebody sent under a new one, and nobody has to help.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::SignedDuration;
use tokaido::model::Environment;
use tokaido::store::Store;
use tokaido::store::lease::{Ask, LeaseState, Seen, Terms, Version, acquire, judge};
use tokaido::world::WriteFence;
use tokio::sync::watch;

use super::universe::{Chance, Distant, Node, NodeClock, Pause, Universe, run};
use super::{lease, start};
use crate::support::lab::MemoryStore;
use crate::support::soak;

const HOURS: Duration = Duration::from_hours(6);

/// One call that would have changed something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sent {
    at: Duration,
    fence: u64,
    node: usize,
}

struct Played {
    sent: Vec<Sent>,
    /// Leases taken, and those of them that a holder lost.
    taken: usize,
    lost: usize,
    /// Where the one that never fails got.
    last: Option<usize>,
}

/// A few processes that apply again and again, and one that comes last and must get through.
fn play(seed: u64) -> Played {
    let (universe, chance) = (Arc::new(Universe::default()), Arc::new(Chance::new(seed)));
    let dates = chance.percent(50);
    let inner = Arc::new(MemoryStore::default());
    let sent = Arc::new(Mutex::new(Vec::new()));
    let counts = Arc::new(Mutex::new((0_usize, 0_usize)));
    let count = 3 + usize::try_from(chance.below(3)).expect("small");
    let written = dates.then(|| Arc::new(Mutex::new(Duration::ZERO)));
    let distant = |failing| -> Arc<dyn Store> {
        Arc::new(Distant {
            universe: Arc::clone(&universe),
            chance: Arc::clone(&chance),
            inner: Arc::clone(&inner),
            written: written.clone(),
            failing,
        })
    };
    let mut nodes: Vec<Node> = (0..=count)
        .map(|node| {
            let steadfast = node == count;
            let mut pauses = Vec::new();
            let mut at = Duration::ZERO;
            for _ in 0..if steadfast { 0 } else { chance.below(4) } {
                let from = at + chance.millis(1_000, 300_000);
                at = from + chance.millis(1_000, 240_000);
                pauses.push(Pause { from, to: at, machine: chance.percent(50) });
            }
            let (off, fast) = (chance.below(601).cast_signed() - 300, chance.below(41).cast_signed() - 20);
            let clock = Arc::new(NodeClock { universe: Arc::clone(&universe), off, fast, pauses: pauses.clone() });
            let store = distant(if steadfast { 0 } else { chance.below(12) });
            let ends = (!steadfast && chance.percent(60)).then(|| chance.millis(1_000, 900_000));
            let begins = if steadfast { Duration::from_mins(15) } else { chance.millis(1, 200_000) };
            let (universe, chance) = (Arc::clone(&universe), Arc::clone(&chance));
            let (sent, counts) = (Arc::clone(&sent), Arc::clone(&counts));
            let work = async move {
                universe.sleep(begins).await;
                let terms = Terms { clock, wait: HOURS, look: Duration::from_secs(2) };
                for _ in 0..3 {
                    let write_fence = WriteFence::default();
                    // The sender stays alive with the process.
                    let (_go, stop) = watch::channel(false);
                    let ask = Ask {
                        store: &store,
                        environment: Environment::Dev,
                        caller: "alice",
                        plan: "plan",
                        floor: 0,
                        terms: &terms,
                        write_fence: &write_fence,
                        stop,
                    };
                    let Ok(lease) = acquire(&ask, &mut |_| {}).await else { continue };
                    counts.lock().expect("no panic").0 += 1;
                    let works = async {
                        for _ in 0..=chance.below(12) {
                            if lease.confirm().await.is_err() {
                                break;
                            }
                            // What a driver asks at the send site.
                            if write_fence.refusal().is_none() {
                                let (at, fence) = (universe.now(), lease.fence());
                                sent.lock().expect("no panic").push(Sent { at, fence, node });
                            }
                            universe.sleep(chance.millis(10, 40_000)).await;
                        }
                    };
                    lease.during(works).await;
                    counts.lock().expect("no panic").1 += usize::from(lease.lost().is_some());
                    lease.release().await;
                    universe.sleep(chance.millis(1, 20_000)).await;
                }
            };
            Node { work: Some(Box::pin(work)), pauses, ends }
        })
        .collect();
    run(&universe, &mut nodes, HOURS);
    let sent = sent.lock().expect("no panic").clone();
    let (taken, lost) = *counts.lock().expect("no panic");
    let last = sent.iter().rposition(|sent| sent.node == count);
    Played { sent, taken, lost, last }
}

#[test]
fn nobody_sends_under_an_old_fence_and_nobody_has_to_unlock() {
    let (mut taken, mut lost, mut handed) = (0, 0, 0);
    let mut seeds = 0;
    for seed in soak::some(1..=500) {
        seeds += 1;
        let played = play(seed);
        for pair in played.sent.windows(2) {
            assert!(pair[0].at <= pair[1].at);
            assert!(pair[0].fence <= pair[1].fence, "seed {seed}: {pair:?}");
            assert!(
                pair[0].fence < pair[1].fence || pair[0].node == pair[1].node,
                "seed {seed}: one fence, one holder: {pair:?}"
            );
            handed += usize::from(pair[0].node != pair[1].node);
        }
        assert!(played.last.is_some(), "seed {seed}: the one who never fails got through");
        taken += played.taken;
        lost += played.lost;
    }
    // The seeds do what they are for: 2,500 leases taken in all of them, 100 lost, 1,200 handed on.
    assert!(taken > 5 * seeds && 5 * lost > seeds && 5 * handed > 12 * seeds, "{taken} taken, {lost} lost, {handed} handed on");
}

/// Every verdict, at its very edge.
#[test]
fn a_lease_is_free_dead_expired_or_held() {
    let at = |seconds: i64| start() + SignedDuration::from_secs(seconds);
    let seen = Seen { record: lease("a1", 3, start()), version: Version("1".to_owned()), age: None, dead: false };
    let (none, minute) = (Duration::ZERO, Duration::from_mins(1));
    let judged = |seen: &Seen, now, watched| judge(Some(seen), at(now), watched);
    assert_eq!(judge(None, at(0), none), LeaseState::Free);
    assert_eq!(judged(&seen, 0, none), LeaseState::Held);
    // What the holder's clock wrote is believed only when no clock can be that wrong.
    assert_eq!(judged(&seen, 60 + 600, none), LeaseState::Held);
    assert_eq!(judged(&seen, 60 + 601, none), LeaseState::Expired);
    assert_eq!(judged(&seen, 0, minute.saturating_sub(Duration::from_millis(1))), LeaseState::Held);
    assert_eq!(judged(&seen, -9999, minute), LeaseState::Expired, "our own steady clock is enough");
    let aged = |seconds| Seen { age: Some(Duration::from_secs(seconds)), ..seen.clone() };
    assert_eq!(judged(&aged(64), 0, none), LeaseState::Held);
    assert_eq!(judged(&aged(65), 0, none), LeaseState::Expired);
    assert_eq!(judged(&Seen { dead: true, ..seen.clone() }, 0, none), LeaseState::Dead);
    let mut released = seen.clone();
    released.record.released = true;
    assert_eq!(judged(&released, 0, none), LeaseState::Free);
    // A promise of a year, or of nothing, is not believed.
    let mut forever = seen;
    forever.record.expires_at = at(31_536_000);
    assert_eq!(judged(&forever, 0, Duration::from_hours(1)), LeaseState::Expired);
    forever.record.expires_at = at(-5);
    assert_eq!(judged(&forever, 0, Duration::from_millis(999)), LeaseState::Held);
}
