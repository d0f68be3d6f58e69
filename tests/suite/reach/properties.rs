//! Random networks and clean estates: the solver says what the enumerator says.

use std::collections::{BTreeMap, BTreeSet};

use tokaido::reach::{Facts, Part, Peer, Proof, Role, Target, Traffic, prove, prove_each};

use super::clean::{self, Dice, Rules, block};
use super::compare::decided;
use super::minimise::{minimise, told};
use super::oracle::{Decided, Trying, Verdict, decide, decide_trying};
use super::permute::permuted;
use super::{generate, witness};
use crate::support::soak;

/// `generate::network`, from 0.
const SEEDS: u32 = 10_000;

fn seeds() -> std::ops::Range<u64> {
    0..u64::from(soak::cases(SEEDS))
}

/// What differs, in the smallest network in which it still does.
fn dispute(seed: u64, facts: Facts) -> String {
    let differs = |facts: &Facts| {
        let (expected, said) = (decide(facts), decided(facts, &prove(facts)));
        let pair = expected.pairs.iter().find(|(pair, verdict)| said.pairs[pair] != **verdict);
        pair.map(|(pair, verdict)| (*verdict, said.pairs[pair])).or_else(|| {
            ((&expected.entries, &expected.unsure) != (&said.entries, &said.unsure))
                .then_some((Verdict::Isolated, Verdict::Isolated))
        })
    };
    let first = differs(&facts);
    let small = minimise(facts, |less| differs(less) == first);
    format!("seed {seed}: enumerator and solver {first:?}\n{:?}\n{}", decide(&small), told(&small))
}

#[test]
#[expect(clippy::print_stdout, reason = "the distribution")]
fn random_networks_are_judged_as_the_enumerator_judges_them() {
    let mut counts: BTreeMap<Verdict, usize> = BTreeMap::new();
    let (mut entries, mut wrong, mut unconfirmed) = (0, vec![], vec![]);
    for seed in seeds() {
        let facts = generate::network(seed);
        let expected = decide(&facts);
        let proof = prove(&facts);
        expected.pairs.values().for_each(|verdict| *counts.entry(*verdict).or_default() += 1);
        entries += expected.entries.len();
        if decided(&facts, &proof) != expected {
            wrong.push(seed);
            continue;
        }
        // How a transit gateway joins networks is not in the facts alone: then nothing that was not read need be named.
        if proof.undecided.iter().any(|one| one.unread.is_empty()) && facts.attachments.is_empty() {
            unconfirmed.push(format!("seed {seed}: it names nothing that was not read"));
        }
        let confirmed = proof.leaks.iter().try_for_each(|leak| witness::confirm(&facts, leak));
        unconfirmed.extend(confirmed.err().map(|error| format!("seed {seed}: {error}")));
        assert_eq!(decided(&facts, &prove_each(&facts)), expected, "seed {seed}: each tenant by itself");
    }
    println!("generate::network, seeds {:?}: {counts:?}, {entries} entries", seeds());
    let shown: Vec<String> = wrong.iter().take(3).map(|seed| dispute(*seed, generate::network(*seed))).collect();
    unconfirmed.truncate(10);
    assert!(
        wrong.is_empty() && unconfirmed.is_empty(),
        "{} networks are judged otherwise: {wrong:?}\n{}\nwitnesses:\n{}",
        wrong.len(),
        shown.join("\n\n"),
        unconfirmed.join("\n")
    );
    let all: usize = counts.values().sum();
    for verdict in [Verdict::Leak, Verdict::Undecided, Verdict::Isolated] {
        assert!(counts[&verdict] * 100 >= all * 15, "{verdict:?}: {} of {all}", counts[&verdict]);
    }
    assert!(counts[&Verdict::Assumed] * 100 >= all && entries > 0, "{counts:?} {entries}");
}

/// One address of each kind is enough: all candidates say the same.
#[test]
fn the_enumerator_misses_nothing_by_trying_one_of_each() {
    let mut tried = 0;
    for seed in soak::some(0..400) {
        let facts = generate::network(seed);
        assert_eq!(decide_trying(&facts, Trying::All), decide(&facts), "seed {seed}");
        tried += 1;
    }
    assert!(tried >= 40);
}

#[test]
fn neither_the_order_of_lists_nor_a_name_changes_a_verdict() {
    for seed in seeds() {
        let facts = generate::network(seed);
        let (other, now) = permuted(facts.clone(), seed);
        let (before, after) = (decided(&facts, &prove(&facts)), decided(&other, &prove(&other)));
        let moved: BTreeMap<_, _> = before.pairs.iter().map(|((from, to), verdict)| ((now[*from], now[*to]), *verdict)).collect();
        assert_eq!(moved, after.pairs, "seed {seed}");
        let names = |facts: &Facts, decided: &Decided| -> BTreeSet<(String, usize)> {
            decided
                .entries
                .iter()
                .chain(&decided.unsure)
                .map(|at| (facts.points[*at].name.to_string(), facts.points[*at].blocks.len()))
                .collect()
        };
        assert_eq!(names(&facts, &before), names(&other, &after), "seed {seed}");
    }
}

/// Takes every connector of a kind away.
type Without = fn(&mut Facts);

const CONNECTORS: [(&str, Without); 10] = [
    ("local", |facts| retarget(facts, |target| *target == Target::Local)),
    ("peering", |facts| retarget(facts, |target| matches!(target, Target::Peering(_)))),
    ("transit gateway", |facts| retarget(facts, |target| matches!(target, Target::Gateway(_)))),
    ("translator", |facts| retarget(facts, |target| matches!(target, Target::Translator(_)))),
    ("router", |facts| without_role(facts, |role| *role == Role::Router)),
    ("forwarder", |facts| without_role(facts, |role| matches!(role, Role::Forwarder { .. }))),
    ("meeting", |facts| without_role(facts, |role| *role == Role::Meeting)),
    ("users of a meeting", |facts| facts.points.iter_mut().for_each(|point| point.users = [].into())),
    ("obscure service", |facts| without_role(facts, |role| matches!(role, Role::Obscure(_)))),
    ("open network", |facts| {
        facts.networks.iter_mut().for_each(|network| network.open.clear());
        facts.unread.iter_mut().for_each(|unread| unread.networks.clear());
    }),
];

fn retarget(facts: &mut Facts, which: impl Fn(&Target) -> bool) {
    for table in &mut facts.tables {
        if let Part::Read(routes) = &mut table.routes {
            routes.iter_mut().filter(|route| which(&route.target)).for_each(|route| route.target = Target::Away);
        }
    }
}

fn without_role(facts: &mut Facts, which: impl Fn(&Role) -> bool) {
    facts.points.iter_mut().filter(|point| which(&point.role)).for_each(|point| point.role = Role::End);
}

/// A generator that never needs a connector tests nothing of it.
#[test]
#[expect(clippy::print_stdout, reason = "the distribution")]
fn every_kind_of_connector_decides_some_pairs_of_random_networks() {
    let networks: Vec<Facts> = (0..1_000).map(generate::network).collect();
    let before: Vec<Decided> = networks.iter().map(decide).collect();
    for (name, without) in CONNECTORS {
        let mut pairs = 0;
        for (facts, before) in networks.iter().zip(&before) {
            let mut less = facts.clone();
            without(&mut less);
            if less != *facts {
                let after = decide(&less);
                pairs += before.pairs.iter().filter(|(pair, verdict)| after.pairs[pair] != **verdict).count();
            }
        }
        println!("{name} decides {pairs} pairs of {} networks", networks.len());
        assert!(pairs >= 20, "{name} decides {pairs} pairs");
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "what was judged")]
fn clean_estates_have_no_leak_and_nothing_undecided() {
    let (mut estates, mut tenants) = (0, 0);
    for seed in 0..1_000 {
        let count = match seed % 250 {
            7 => 200,
            rest => 1 + usize::try_from(rest % 6).expect("small"),
        };
        let facts = clean::estate(count, seed, Rules::Clean);
        let proof = prove(&facts);
        assert_eq!(proof, Proof::default(), "clean::estate, {count} tenants, seed {seed}");
        if seed < 60 && count < 7 {
            let none = decide(&facts);
            assert!(none.entries.is_empty() && none.pairs.values().all(|verdict| *verdict == Verdict::Isolated), "seed {seed}");
        }
        estates += 1;
        tenants += count;
    }
    println!("clean::estate, seeds 0..1000: {estates} estates of {tenants} tenants");
}

/// One more rule, or one rule changed, somewhere in the groups.
fn changed_rule(facts: &mut Facts, dice: &mut Dice) {
    let group = dice.below(facts.groups.len());
    let groups = facts.groups.len();
    let subnet = dice.below(facts.subnets.len());
    let wide = [vec![block("10.0.0.0/8")], vec![block("0.0.0.0/0")], facts.subnets[subnet].blocks.to_vec()];
    let peer = if dice.percent(30) { Peer::Group(dice.below(groups)) } else { Peer::Blocks(dice.of(&wide).clone()) };
    let ingress = dice.percent(60);
    let Part::Read(rules) = &mut facts.groups[group].rules else { return };
    if dice.percent(40) && !rules.is_empty() {
        let at = dice.below(rules.len());
        rules[at].peer = peer;
        if dice.percent(50) {
            rules[at].traffic = Traffic::ALL;
        }
    } else {
        rules.push(tokaido::reach::Rule { words: "by hand".into(), ingress, traffic: Traffic::ALL, peer });
    }
}

/// Clean estates in which rules are changed by hand, one after the other, until one of them is a leak: nothing is said before, the
/// leak is found then, and its packet arrives.
#[test]
#[expect(clippy::print_stdout, reason = "what was tried")]
fn the_one_rule_by_hand_that_is_a_leak_is_found() {
    let (mut found, mut changes, mut seed) = (0, 0, 0);
    while found < 200 {
        let dice = &mut Dice::new(seed);
        let mut facts = clean::estate(2 + dice.below(3), seed, Rules::Clean);
        for _ in 0..12 {
            changed_rule(&mut facts, dice);
            changes += 1;
            let (expected, proof) = (decide(&facts), prove(&facts));
            assert_eq!(decided(&facts, &proof), expected, "seed {seed}\n{}", told(&facts));
            if !proof.leaks.is_empty() {
                let confirmed = proof.leaks.iter().try_for_each(|leak| witness::confirm(&facts, leak));
                confirmed.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
                found += 1;
                break;
            }
        }
        seed += 1;
        assert!(seed < 1_000, "only {found} estates have a leak after all changes");
    }
    println!("clean::estate, seeds 0..{seed}: {changes} rules changed, {found} leaks found");
}
