//! What the proof of isolation costs with a thousand tenants: as tokaido compiles them, and where everybody sends everywhere.

use tokaido::reach::prove;

use super::clean::{Rules, estate};
use super::measure::{Figures, median, timed};

const TENANTS: usize = 1_000;
const RUNS: usize = 5;

/// # Panics
/// If a proof is not the one that such an estate has.
pub fn measure(figures: &mut Figures) {
    for (name, rules) in [("clean", Rules::Clean), ("dense", Rules::Dense)] {
        let facts = estate(TENANTS, 1, rules);
        let seconds = (0..RUNS).map(|_| {
            let (proof, spent) = timed(|| prove(&facts));
            assert_eq!(proof.leaks.is_empty(), rules == Rules::Clean, "{} leaks of {name}", proof.leaks.len());
            assert!(proof.undecided.is_empty(), "everything is read");
            spent.cpu
        });
        figures.say(format!("reach_{TENANTS}_tenants/{name}"), median(seconds), "cpu-s");
    }
}
