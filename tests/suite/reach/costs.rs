//! A proof costs in proportion to what there is, in estates as tokaido compiles them and in those where everybody sends
//! everywhere. Ratios of processor time within one run: a slow machine does not fail here (`make bench` has the figures).

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use tokaido::reach::{Cause, Facts, Proof, Unread, prove};

use super::clean::{Rules, estate};

/// In proportion it would be 10, and 100 if every tenant was compared with every other.
const MOST: f64 = 15.0;
/// Of each size the quickest of so many runs counts.
const RUNS: usize = 3;

/// Processor seconds of this thread alone: other tests run beside it.
fn spent() -> f64 {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).expect("time is not negative").as_secs_f64()
}

/// Seconds of the proofs of all of these, one after the other.
fn quickest(estates: &[Facts], leaks: bool) -> f64 {
    let once = || {
        let before = spent();
        let proofs: Vec<Proof> = estates.iter().map(prove).collect();
        let after = spent();
        assert!(proofs.iter().all(|proof| proof.leaks.is_empty() != leaks && proof.undecided.is_empty()));
        after - before
    };
    (0..RUNS).map(|_| once()).fold(f64::INFINITY, f64::min)
}

#[test]
#[expect(clippy::print_stdout, reason = "the ratios")]
fn ten_times_the_tenants_cost_about_ten_times_as_much() {
    for rules in [Rules::Clean, Rules::Dense] {
        // Ten small ones: as much memory as the large one, so that the processor's cache helps neither.
        let small: Vec<Facts> = (1..=10).map(|seed| estate(100, seed, rules)).collect();
        let large = [estate(1_000, 1, rules)];
        let once = || quickest(&large, rules == Rules::Dense) * 10.0 / quickest(&small, rules == Rules::Dense);
        // Fresh memory makes the large one up to half as dear again: what counts is the best of three measurements.
        let ratio = (0..3).map(|_| once()).find(|ratio| *ratio <= MOST).unwrap_or(f64::INFINITY);
        println!("{rules:?}: 1,000 tenants cost {ratio:.1} times what 100 cost");
        assert!(ratio <= MOST, "{rules:?}: more than {MOST} times, three times");
        assert!(ratio > 1.0, "{rules:?}: nothing grew, so nothing was measured");
    }
}

/// As where a call about each object of a kind is denied, and none of them is at a way between tenants.
#[test]
fn what_was_not_read_elsewhere_costs_next_to_nothing() {
    let plain = [estate(200, 1, Rules::Clean)];
    let mut unsure = plain.clone();
    let unread = |at| Unread { what: format!("network-acl {at}"), cause: Cause::NotUnderstood, networks: vec![], hides: false };
    unsure[0].unread.extend((0..50_000).map(unread));
    let (plain, unsure) = (quickest(&plain, false), quickest(&unsure, false));
    // Looked at for each of the points it would be far more than ten times as much.
    assert!(unsure <= plain * 3.0, "{unsure} s beside 50,000 things that were not read, {plain} s without");
}
