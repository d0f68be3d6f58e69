//! Chains of flows, by plain search: who sends next, until nothing new is reached.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use tokaido::reach::{Packet, PointAt, Role};

use super::walk::{Arrival, Run, Walk, is_bare};

/// Who begins the next flow of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sender {
    /// A point, under its own addresses and groups.
    Own(PointAt),
    /// A router, under an address that it got a packet from, without groups.
    Under(PointAt, IpAddr),
    /// Places that are not read. Bare points are a world of their own.
    Outside { bare: bool },
}

/// What one sender reaches by one flow; asked once for each sender.
pub struct Search<'a> {
    walk: Walk<'a>,
    flows: BTreeMap<Sender, BTreeSet<Arrival>>,
}

impl<'a> Search<'a> {
    pub fn new(walk: Walk<'a>) -> Self {
        Self { walk, flows: BTreeMap::new() }
    }

    pub const fn run(&self) -> Run {
        self.walk.run
    }

    /// Every point at which something of `start` arrives. Without `through_shared`, a declared shared forwarder passes nothing on.
    pub fn reached(&mut self, start: PointAt, through_shared: bool) -> BTreeSet<PointAt> {
        let points = &self.walk.facts.points;
        let bare = is_bare(&points[start]);
        let (mut open, mut seen) = (vec![Sender::Own(start)], BTreeSet::from([Sender::Own(start)]));
        let mut reached = BTreeSet::new();
        while let Some(sender) = open.pop() {
            for arrival in self.flows_of(sender) {
                let next: Vec<Sender> = match arrival {
                    Arrival::Outside => vec![Sender::Outside { bare }],
                    Arrival::At(point, source) => {
                        reached.insert(point);
                        match &points[point].role {
                            Role::End | Role::Meeting => vec![],
                            Role::Obscure(_) if self.walk.run == Run::Least => vec![],
                            Role::Obscure(_) => vec![Sender::Own(point), Sender::Outside { bare }],
                            Role::Router => vec![Sender::Own(point), Sender::Under(point, source)],
                            Role::Forwarder { shared: Some(_), .. } if !through_shared => vec![],
                            Role::Forwarder { of, .. } => {
                                let same = |role: &Role| matches!(role, Role::Forwarder { of: other, .. } if other == of);
                                (0..points.len()).filter(|at| same(&points[*at].role)).map(Sender::Own).collect()
                            }
                        }
                    }
                };
                open.extend(next.into_iter().filter(|sender| seen.insert(*sender)));
            }
        }
        reached
    }

    fn flows_of(&mut self, sender: Sender) -> BTreeSet<Arrival> {
        let walk = self.walk;
        self.flows
            .entry(sender)
            .or_insert_with(|| match sender {
                Sender::Own(from) => flows(walk, from, true, &walk.candidates.points[from]),
                Sender::Under(from, source) => flows(walk, from, false, &[source]),
                Sender::Outside { bare } => from_outside(walk, bare),
            })
            .clone()
    }
}

/// Every packet of a point under these sources, to each other point and, for the way outside, to addresses of nobody.
fn flows(walk: Walk<'_>, from: PointAt, own: bool, sources: &[IpAddr]) -> BTreeSet<Arrival> {
    let points = &walk.facts.points;
    let mut found = BTreeSet::new();
    if walk.run == Run::Least && matches!(points[from].role, Role::Obscure(_)) {
        return found;
    }
    if walk.named(walk.facts.subnets[points[from].subnet].network) && walk.run == Run::Most && walk.may(from, false) {
        found.insert(Arrival::Outside);
    }
    let alike = |to: &PointAt| *to != from && is_bare(&points[*to]) == is_bare(&points[from]);
    for to in (0..points.len()).filter(alike) {
        let known = |found: &BTreeSet<Arrival>| {
            // What ends there remembers no source; one arrival is all that there is to learn when nothing else can happen.
            points[to].role != Role::Router
                && walk.direct
                && found.iter().any(|one| matches!(one, Arrival::At(at, _) if *at == to))
        };
        each_packet(sources, &walk.candidates.points[to], &walk.candidates.traffic, |packet| {
            if !known(&found) {
                found.extend(walk.flow(from, own, packet, Some(to)).into_iter().map(|one| forgetful(walk, one)));
            }
        });
    }
    if walk.run == Run::Most && !walk.direct {
        each_packet(sources, &walk.candidates.anywhere, &walk.candidates.traffic, |packet| {
            if !found.contains(&Arrival::Outside) {
                found.extend(walk.flow(from, own, packet, None));
            }
        });
    }
    found
}

/// Only a router needs the source of what it got; for others one is as good as another.
fn forgetful(walk: Walk<'_>, arrival: Arrival) -> Arrival {
    match arrival {
        Arrival::At(to, source) if walk.facts.points[to].role != Role::Router => {
            let any = if source.is_ipv4() { [0; 4].into() } else { [0; 16].into() };
            Arrival::At(to, any)
        }
        other => other,
    }
}

fn from_outside(walk: Walk<'_>, bare: bool) -> BTreeSet<Arrival> {
    let mut found = BTreeSet::new();
    for (to, point) in walk.facts.points.iter().enumerate() {
        let network = walk.facts.subnets[point.subnet].network;
        if is_bare(point) == bare && walk.open(network) {
            let candidates = walk.candidates;
            let unknown = walk.named(network) && walk.may(to, true);
            each_packet(&candidates.anywhere, &candidates.points[to], &candidates.traffic, |packet| {
                if unknown || walk.comes_in(to, &packet) {
                    found.insert(forgetful(walk, Arrival::At(to, packet.source)));
                }
            });
        }
    }
    found
}

pub fn each_packet(sources: &[IpAddr], destinations: &[IpAddr], traffic: &[(u8, u16)], mut each: impl FnMut(Packet)) {
    for &source in sources {
        for &destination in destinations.iter().filter(|to| to.is_ipv4() == source.is_ipv4()) {
            for &(protocol, port) in traffic {
                each(Packet { source, destination, protocol, port });
            }
        }
    }
}
