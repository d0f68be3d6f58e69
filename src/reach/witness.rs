//! A packet that passes, and what let it pass, by name.

use std::net::IpAddr;
use std::ops::ControlFlow;

use super::facts::{Part, PointAt, Traffic};
use super::packets::{Packets, Span};
use super::proof::{Answer, Flow, Hop, Packet};
use super::walk::{Goal, Step, Trail, Walk};

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

impl Walk<'_, '_> {
    /// The flow in words.
    pub(super) fn flow(&self, from: PointAt, to: PointAt, trail: &Trail) -> Flow {
        let packet = packet(&trail.packets, trail.sent.unwrap_or(trail.packets.source));
        Flow { from, to, packet, hops: trail.steps.iter().map(|step| self.hop(*step)).collect() }
    }

    /// Whether an answer comes back to the sender of these packets.
    pub(super) fn answer(&self, from: PointAt, to: PointAt, trail: &Trail) -> Answer {
        if trail.sent.is_some() {
            return Answer::NotAsked;
        }
        let Packets { source, destination, traffic } = trail.packets;
        let back = Packets { source: destination, destination: source, traffic: Traffic { port: (0, u16::MAX), ..traffic } };
        let start = Trail { packets: back, steps: Vec::new(), wears: None, sent: None };
        let open = Self { atlas: self.atlas, mode: self.mode, bare: self.bare, remembered: true };
        let subnet = self.atlas.facts.points[to].subnet;
        match open.carry(&start, subnet, Goal::Point(from), &mut |_| ControlFlow::Break(())) {
            ControlFlow::Break(()) => Answer::Returns,
            ControlFlow::Continue(()) => Answer::OneWay,
        }
    }

    pub(super) fn hop(&self, step: Step) -> Hop {
        let facts = self.atlas.facts;
        let rule = |group: usize, rule: usize| {
            let group = &facts.groups[group];
            (group.name.clone(), words(&group.rules, rule, |rule| &rule.words))
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
                Hop::Crosses { acl: acl.name.clone(), entry: words(&acl.entries, entry, |entry| &entry.words) }
            }
            Step::Routed { table, route } => {
                let table = &facts.tables[table];
                Hop::Routed { table: table.name.clone(), route: words(&table.routes, route, |route| &route.words) }
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
fn words<T>(part: &Part<Vec<T>>, at: usize, words: impl Fn(&T) -> &String) -> String {
    part.read().and_then(|all| all.get(at)).map(words).cloned().unwrap_or_default()
}
