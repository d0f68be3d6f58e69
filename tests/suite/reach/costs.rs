//! A proof costs in proportion to what there is, in estates as tokaido compiles them and in those where everybody sends
//! everywhere. Ratios of processor time within one run: a slow machine does not fail here (`make bench` has the figures).

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use tokaido::reach::{Facts, prove};

use super::clean::{Rules, estate};

/// In proportion it would be 10, and 100 if every tenant was compared with every other.
const MOST: f64 = 15.0;
/// Of each size the quickest of so many runs counts: what else runs here only ever adds.
const RUNS: usize = 3;

/// Processor seconds of this thread alone: other tests run beside it.
fn spent() -> f64 {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).expect("time is not negative").as_secs_f64()
}

fn quickest(facts: &Facts, leaks: bool) -> f64 {
    let once = || {
        let before = spent();
        let proof = prove(facts);
        let after = spent();
        assert_eq!(!proof.leaks.is_empty(), leaks);
        assert!(proof.undecided.is_empty());
        after - before
    };
    (0..RUNS).map(|_| once()).fold(f64::INFINITY, f64::min)
}

#[test]
#[expect(clippy::print_stdout, reason = "the ratios")]
fn ten_times_the_tenants_cost_about_ten_times_as_much() {
    for rules in [Rules::Clean, Rules::Dense] {
        let (small, large) = (estate(100, 1, rules), estate(1_000, 1, rules));
        let (small, large) = (quickest(&small, rules == Rules::Dense), quickest(&large, rules == Rules::Dense));
        let ratio = large / small;
        println!("{rules:?}: 1,000 tenants cost {ratio:.1} times what 100 cost");
        assert!(ratio <= MOST, "{rules:?}: {ratio:.1} times: {small:.4} and {large:.4} seconds");
        assert!(ratio > 1.0, "{rules:?}: nothing grew, so nothing was measured: {small:.4} and {large:.4} seconds");
    }
}
