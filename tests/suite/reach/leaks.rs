//! Named leaks: clean estates with one hole, in each direction and in both families, and beside each kind of hole what looks like
//! it and lets nothing through.

mod closed;
mod holes;
mod kinds;

use std::collections::BTreeSet;

use tokaido::reach::{Answer, Facts, Target, prove};

use super::compare::decided;
use super::estate::{Estate, Family, TENANTS};
use super::oracle::{Verdict, decide};
use super::witness;
use holes::{Kind, Ways};

struct Case {
    name: String,
    facts: Facts,
    leaks: BTreeSet<(usize, usize)>,
}

fn holes() -> Vec<Case> {
    let mut cases = vec![];
    for kind in kinds::KINDS {
        each(kind, |estate, from, to, direction| {
            let leaks = match kind.ways {
                Ways::There => [(from, to)].into(),
                Ways::ThereAndBack => [(from, to), (to, from)].into(),
            };
            cases.push(Case { name: format!("{}, {direction}", kind.name), facts: estate.facts, leaks });
        });
    }
    cases
}

/// The hole in every direction between the first two tenants, and in both families.
fn each(kind: &Kind, mut each: impl FnMut(Estate, usize, usize, &str)) {
    for family in [Family::Four, Family::Six] {
        for (from, to) in [(0, 1), (1, 0)] {
            let mut estate = (kind.base)(family);
            let (sender, receiver) = (estate.homes[from], estate.homes[to]);
            (kind.hole)(&mut estate, sender, receiver);
            each(estate, from, to, &format!("{} to {}, {family:?}", TENANTS[from], TENANTS[to]));
        }
    }
}

fn look_alikes() -> Vec<Case> {
    let mut cases = vec![];
    for kind in kinds::KINDS {
        for (why, change) in kind.closed {
            each(kind, |mut estate, from, to, direction| {
                let (sender, receiver) = (estate.homes[from], estate.homes[to]);
                change(&mut estate, sender, receiver);
                cases.push(Case {
                    name: format!("{}, but {why}, {direction}", kind.name),
                    facts: estate.facts,
                    leaks: BTreeSet::new(),
                });
            });
        }
    }
    cases
}

fn leaking(pairs: impl IntoIterator<Item = ((usize, usize), Verdict)>) -> BTreeSet<(usize, usize)> {
    let mut found = BTreeSet::new();
    for (pair, verdict) in pairs {
        assert!([Verdict::Leak, Verdict::Isolated].contains(&verdict), "{pair:?} is {verdict:?} where everything is read");
        found.extend((verdict == Verdict::Leak).then_some(pair));
    }
    found
}

#[test]
fn the_estates_are_clean_without_a_hole() {
    for estate in [Estate::together(Family::Four), Estate::apart(Family::Six)] {
        assert_eq!(leaking(decide(&estate.facts).pairs), BTreeSet::new());
        assert_eq!(prove(&estate.facts), tokaido::reach::Proof::default());
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "how many cases there are")]
fn every_named_leak_is_found_with_a_packet_that_arrives() {
    let cases = holes();
    assert!(cases.len() >= 64, "{} leaks", cases.len());
    let mut wrong = vec![];
    for case in &cases {
        let proof = prove(&case.facts);
        assert_eq!(leaking(decide(&case.facts).pairs), case.leaks, "{}: the enumerator", case.name);
        let told = leaking(decided(&case.facts, &proof).pairs);
        if told != case.leaks {
            wrong.push(format!("{}: {told:?} instead of {:?}", case.name, case.leaks));
        }
        for leak in &proof.leaks {
            wrong.extend(witness::confirm(&case.facts, leak).err().map(|error| format!("{}: {error}", case.name)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{} leaks of {} kinds", cases.len(), kinds::KINDS.len());
}

#[test]
#[expect(clippy::print_stdout, reason = "how many cases there are")]
fn what_looks_like_a_leak_and_lets_nothing_through_is_isolated() {
    let cases = look_alikes();
    for kind in kinds::KINDS {
        assert!(kind.closed.len() >= 2, "{} has {} look-alikes", kind.name, kind.closed.len());
    }
    let mut wrong = vec![];
    for case in &cases {
        assert_eq!(leaking(decide(&case.facts).pairs), BTreeSet::new(), "{}: the enumerator", case.name);
        let proof = prove(&case.facts);
        wrong.extend((proof != tokaido::reach::Proof::default()).then(|| format!("{}: {proof:?}", case.name)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{} look-alikes", cases.len());
}

#[test]
fn an_answer_that_goes_another_way_does_not_come_back() {
    for family in [Family::Four, Family::Six] {
        for translated in [false, true] {
            let mut estate = Estate::together(family);
            let (from, to) = (estate.homes[0], estate.homes[1]);
            holes::both_walls(&mut estate, from, to);
            let target = if translated { estate.translator(estate.homes[2].subnet).0 } else { Target::Away };
            let back = estate.block(from.subnet);
            estate.route(to.subnet, back, target);
            let proof = prove(&estate.facts);
            let answers: Vec<Answer> = proof.leaks.iter().map(|leak| leak.answer).collect();
            assert_eq!(answers, [Answer::OneWay], "{family:?}, {target:?} is longer than the local route");
        }
    }
}

#[test]
fn a_datagram_without_an_answer_is_a_leak_that_says_so() {
    for kind in kinds::KINDS {
        each(kind, |estate, _, _, direction| {
            for leak in prove(&estate.facts).leaks {
                let expected = match (leak.path.len(), kind.name) {
                    (2.., _) => Answer::NotAsked,
                    (_, "a datagram without an answer" | "a peering" | "a peering by a prefix list" | "a peering and groups") => {
                        Answer::OneWay
                    }
                    (_, "a transit gateway" | "a translator") => leak.answer,
                    _ => Answer::Returns,
                };
                assert_eq!(leak.answer, expected, "{}, {direction}: {leak:?}", kind.name);
            }
        });
    }
}
