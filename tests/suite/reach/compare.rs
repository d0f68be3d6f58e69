//! What a proof says, in the words of the enumerator.

use std::collections::BTreeMap;

use tokaido::reach::{Facts, Proof, TenantAt};

use super::oracle::{Decided, Verdict};

/// Every ordered pair with its verdict.
///
/// # Panics
/// If the proof has two verdicts about one pair, or one about a tenant and itself alone.
pub fn decided(facts: &Facts, proof: &Proof) -> Decided {
    let mut pairs = BTreeMap::new();
    let mut tell = |from: &[TenantAt], to: &[TenantAt], verdict: Verdict| {
        let each = from.iter().flat_map(|from| to.iter().map(move |to| (*from, *to))).filter(|(from, to)| from != to);
        let mut any = false;
        for pair in each {
            any = true;
            let before = pairs.insert(pair, verdict);
            assert!(before.is_none(), "{pair:?} is {before:?} and {verdict:?}");
        }
        assert!(any, "{verdict:?} of {from:?} and {to:?} is about no pair");
    };
    for leak in &proof.leaks {
        tell(&leak.from, &leak.to, Verdict::Leak);
    }
    for undecided in &proof.undecided {
        tell(&undecided.from, &undecided.to, Verdict::Undecided);
    }
    for assumed in &proof.assumed {
        tell(&assumed.from, &assumed.to, Verdict::Assumed);
    }
    let tenants = 0..facts.tenants.len();
    for from in tenants.clone() {
        for to in tenants.clone().filter(|to| *to != from) {
            pairs.entry((from, to)).or_insert(Verdict::Isolated);
        }
    }
    let unsure = proof.unsure_entries.iter().map(|entry| entry.to).collect();
    Decided { pairs, entries: proof.entries.iter().map(|entry| entry.to).collect(), unsure }
}
