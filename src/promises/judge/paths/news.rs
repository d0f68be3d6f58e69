//! The paths between tenants that a plan would open.

use std::collections::BTreeSet;

use super::proved::Proved;
use super::said::{Names, Way};
use crate::model::{Explanation, NewPath};
use crate::promises::judge::VerdictReason;
use crate::reach::{Answer, Leak};

/// The paths that are open afterwards and were not before, each with its first packet. Tenants are compared by their names.
#[must_use]
pub fn new_paths(before: &Proved, after: &Proved) -> Vec<NewPath> {
    let open: BTreeSet<(&str, &str)> = before.proof.leaks.iter().flat_map(|leak| pairs(before, leak)).collect();
    let news = after.proof.leaks.iter().filter_map(|leak| {
        let new: Vec<(&str, &str)> = pairs(after, leak).filter(|pair| !open.contains(pair)).collect();
        let from: BTreeSet<&str> = new.iter().map(|(from, _)| *from).collect();
        let to: BTreeSet<&str> = new.iter().map(|(_, to)| *to).collect();
        let names = |all: BTreeSet<&str>| all.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let from = names(from);
        (!from.is_empty()).then(|| NewPath { way: way(after, leak, &from), from, to: names(to) })
    });
    news.collect()
}

fn pairs<'p>(proved: &'p Proved, leak: &'p Leak) -> impl Iterator<Item = (&'p str, &'p str)> {
    let name = |tenant: &usize| proved.facts.tenants[*tenant].as_str();
    leak.from.iter().flat_map(move |from| leak.to.iter().map(move |to| (name(from), name(to)))).filter(|(from, to)| from != to)
}

fn way(proved: &Proved, leak: &Leak, from: &[String]) -> Explanation {
    let (facts, from) = (&proved.facts, Names(from.to_vec()));
    let way = Way::of(facts, &leak.path);
    Explanation::of(&match (leak.joined, leak.answer) {
        (Some(point), _) => VerdictReason::HostOfTwo { host: facts.points[point].name.to_string(), with: from },
        (None, Answer::OneWay) => VerdictReason::PacketArrivesOneWay { from, way },
        (None, Answer::Returns | Answer::NotAsked) => VerdictReason::PacketArrives { from, way },
    })
}
