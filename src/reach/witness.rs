//! A packet that passes, and what let it pass, by name.

use std::net::IpAddr;
use std::ops::ControlFlow;

use super::facts::{Part, PointAt, Target, Traffic};
use super::packets::{Packets, Span};
use super::proof::{Answer, Flow, Hop, Packet};
use super::routers::Leg;
use super::trail::{Goal, Step, Trail};
use super::walk::Walk;
use crate::model::Shared;

/// An address of a span. In a subnet the first four are AWS's own (VPC user guide, "Subnet sizing"), so a later one is named.
fn address(span: Span) -> IpAddr {
    let at = if span.last - span.first > 16 { span.first + 10 } else { span.first };
    if span.six { IpAddr::V6(at.into()) } else { IpAddr::V4(u32::try_from(at).unwrap_or(u32::MAX).into()) }
}

/// One packet of a box: TCP where it can be.
pub(super) fn packet(packets: &Packets, sent_from: Span) -> Packet {
    let (first, last) = packets.traffic.protocol;
    let holds = |protocol: &u8| (first..=last).contains(protocol);
    let protocol = [6, 17, 1, 58].into_iter().find(holds).unwrap_or(first);
    let ports = packets.traffic.port;
    let port = if ports == (0, u16::MAX) { if [6, 17].contains(&protocol) { 443 } else { 0 } } else { ports.0 };
    Packet { source: address(sent_from), destination: address(packets.destination), protocol, port }
}

/// Whether an answer by the one way belongs to a packet that went by the other.
fn is_way_back(there: Option<Target>, back: Option<Target>) -> bool {
    match there {
        _ if back.is_none() => true,
        Some(Target::Local | Target::Point(_)) => back == Some(Target::Local),
        Some(Target::Peering(_)) => matches!(back, Some(Target::Peering(_))),
        Some(Target::Gateway(_)) => matches!(back, Some(Target::Gateway(_))),
        _ => false,
    }
}

impl Walk<'_, '_> {
    /// Flows in words, each of which begins with what the one before left at a router: it has the source with which that arrived.
    pub(super) fn flows(&self, legs: &[Leg]) -> Vec<Flow> {
        let mut flows: Vec<Flow> = Vec::new();
        for leg in legs.iter().rev() {
            let mut trail = leg.trail.clone();
            if let Some(next) = flows.last() {
                trail.packets.source = Span::of(&next.packet.source.into());
            }
            flows.push(self.flow(leg.from, leg.to, &trail));
        }
        flows.reverse();
        flows
    }

    fn flow(&self, from: PointAt, to: PointAt, trail: &Trail) -> Flow {
        let packet = packet(&trail.packets, trail.sent.unwrap_or(trail.packets.source));
        let hop = |step: &Step| match self.hop(*step) {
            Hop::Translated { by, .. } => Hop::Translated { by, source: address(trail.packets.source) },
            hop => hop,
        };
        Flow { from, to, packet, hops: trail.steps.iter().map(hop).collect() }
    }

    /// Whether an answer to the packet that the flow names comes back to its sender.
    pub(super) fn answer(&self, from: PointAt, to: PointAt, trail: &Trail) -> Answer {
        if trail.sent.is_some() {
            return Answer::NotAsked;
        }
        let sent = packet(&trail.packets, trail.packets.source);
        let one = |address: IpAddr| Span::of(&address.into());
        let back = Packets {
            source: one(sent.destination),
            destination: one(sent.source),
            traffic: Traffic { protocol: (sent.protocol, sent.protocol), port: (0, u16::MAX) },
        };
        let start = Trail { packets: back, steps: Vec::new(), wears: None, sent: None };
        let open = Self { atlas: self.atlas, mode: self.mode, remembered: true };
        let subnet = self.atlas.facts.points[to].subnet;
        let there = self.way(trail);
        let returned = open.carry(&start, subnet, Goal::Point(from), &mut |back| {
            // What a NAT gateway sends has another source: it is no answer.
            let same = back.sent.is_none() && is_way_back(there, self.way(&back));
            if same { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        if returned.is_break() { Answer::Returns } else { Answer::OneWay }
    }

    /// The target of the first route. `None`: it did not leave its subnet.
    fn way(&self, trail: &Trail) -> Option<Target> {
        trail.steps.iter().find_map(|step| match step {
            Step::Routed { table, route } => {
                self.atlas.facts.tables[*table].routes.read().and_then(|routes| Some(routes.get(*route)?.target))
            }
            _ => None,
        })
    }

    pub(super) fn hop(&self, step: Step) -> Hop {
        let facts = self.atlas.facts;
        let rule = |group: usize, rule: usize| {
            let group = &facts.groups[group];
            (group.name.to_string(), words(&group.rules, rule, |rule| &rule.words))
        };
        match step {
            Step::Leaves { group, rule: at } => {
                let (group, rule) = rule(group, at);
                Hop::Leaves { group, rule }
            }
            Step::Enters { group, rule: at } => {
                let (group, rule) = rule(group, at);
                Hop::Enters { group, rule }
            }
            Step::Crosses { acl, entry } => {
                let acl = &facts.acls[acl];
                Hop::Crosses { acl: acl.name.to_string(), entry: words(&acl.entries, entry, |entry| &entry.words) }
            }
            Step::Routed { table, route } => {
                let table = &facts.tables[table];
                Hop::Routed { table: table.name.to_string(), route: words(&table.routes, route, |route| &route.words) }
            }
            Step::Switched { table, route } => {
                let table = &facts.gateway_tables[table];
                Hop::Switched { table: table.name.clone(), route: words(&table.routes, route, |route| &route.words) }
            }
            Step::Translated { by, block } => {
                let translator = &facts.translators[by];
                let source = translator.blocks[block].addr();
                Hop::Translated { by: translator.name.clone(), source }
            }
            Step::Unread(why) => Hop::Unread { what: facts.unread[why].what.clone() },
        }
    }
}

/// The words of one member of a list that was read.
fn words<T, L: AsRef<[T]>>(part: &Part<L>, at: usize, words: impl Fn(&T) -> &Shared) -> String {
    part.read().and_then(|all| all.as_ref().get(at)).map(words).map(Shared::to_string).unwrap_or_default()
}
