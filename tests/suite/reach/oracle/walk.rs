//! How one packet walks: the steps of ADR 0032, for one concrete packet, in one run.

use std::collections::BTreeSet;
use std::net::IpAddr;

use tokaido::reach::{Attachment, Facts, Packet, Part, Peer, Point, PointAt, PointKind, Role, SubnetAt, Target, Traffic};

use super::classes::{Candidates, holds};

/// What an unread part lets pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Run {
    /// Nothing.
    Least,
    /// Everything.
    Most,
}

/// Where a flow ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Arrival {
    /// At a point, from this source. A router may get what was sent to another point.
    At(PointAt, IpAddr),
    /// Somewhere that is not read.
    Outside,
}

/// One run over one network.
#[derive(Clone, Copy)]
pub struct Walk<'a> {
    pub facts: &'a Facts,
    pub candidates: &'a Candidates,
    pub run: Run,
    /// No router is there, and no way back in from outside: one flow is all that there is to learn of two points.
    pub direct: bool,
}

/// What stays the same while a packet walks.
#[derive(Clone, Copy)]
struct Way {
    /// Whether it belongs to the world of bare points, where nothing else is.
    bare: bool,
    /// Whose address the destination is, if it is anybody's.
    to: Option<PointAt>,
}

pub fn is_bare(point: &Point) -> bool {
    point.kind == PointKind::Bare
}

fn has(traffic: Traffic, packet: &Packet) -> bool {
    (traffic.protocol.0..=traffic.protocol.1).contains(&packet.protocol)
        && (traffic.port.0..=traffic.port.1).contains(&packet.port)
}

impl<'a> Walk<'a> {
    pub fn new(facts: &'a Facts, candidates: &'a Candidates, run: Run) -> Self {
        let walk = Self { facts, candidates, run, direct: false };
        let routers = facts.points.iter().any(|point| point.role == Role::Router);
        let open = (0..facts.networks.len()).any(|network| walk.open(network));
        Self { direct: !routers && !open, ..walk }
    }

    fn most(&self) -> bool {
        self.run == Run::Most
    }

    fn wears(&self, point: PointAt, group: usize) -> bool {
        match &self.facts.points[point].groups {
            Part::Read(groups) => groups.contains(&group),
            Part::Unread(_) => self.most(),
        }
    }

    /// Steps 1 and 5. `far` is the address at the other end, `worn` the point whose groups count there.
    fn admitted(&self, at: PointAt, ingress: bool, packet: &Packet, far: IpAddr, worn: Option<PointAt>) -> bool {
        let Part::Read(groups) = &self.facts.points[at].groups else { return self.most() };
        groups.iter().any(|&group| {
            let Part::Read(rules) = &self.facts.groups[group].rules else { return self.most() };
            rules.iter().filter(|rule| rule.ingress == ingress && has(rule.traffic, packet)).any(|rule| match &rule.peer {
                Peer::Blocks(blocks) => blocks.iter().any(|block| holds(block, far)),
                // The rule of a default group that names the group itself does not count for a bare point.
                Peer::Group(named) if *named == group && is_bare(&self.facts.points[at]) => false,
                Peer::Group(named) => worn.is_some_and(|worn| self.wears(worn, *named)),
                Peer::Unread(_) => self.most(),
            })
        })
    }

    fn enters(&self, at: PointAt, packet: &Packet, worn: Option<PointAt>) -> bool {
        self.admitted(at, true, packet, packet.source, worn)
    }

    /// Whether the ACL of a subnet lets it in (by its source) or out (by its destination).
    fn crosses(&self, subnet: SubnetAt, ingress: bool, packet: &Packet) -> bool {
        let Part::Read(acl) = self.facts.subnets[subnet].acl else { return self.most() };
        let Part::Read(entries) = &self.facts.acls[acl].entries else { return self.most() };
        let end = if ingress { packet.source } else { packet.destination };
        let decides =
            |entry: &&tokaido::reach::Entry| entry.ingress == ingress && has(entry.traffic, packet) && holds(&entry.block, end);
        entries.iter().find(decides).is_some_and(|entry| entry.allow)
    }

    /// Where the table of a subnet may send it.
    fn targets(&self, subnet: SubnetAt, destination: IpAddr) -> Vec<Target> {
        let unread = |why| if self.most() { vec![Target::Local, Target::Outside(why)] } else { vec![] };
        let table = match self.facts.subnets[subnet].table {
            Part::Read(table) => table,
            Part::Unread(why) => return unread(why),
        };
        let routes = match &self.facts.tables[table].routes {
            Part::Read(routes) => routes,
            Part::Unread(why) => return unread(*why),
        };
        let dark = routes.iter().filter(|route| route.blocks.read().is_none()).map(|route| route.target);
        if !self.most() && dark.clone().next().is_some() {
            return vec![];
        }
        let longest = routes
            .iter()
            .flat_map(|route| route.blocks.read().into_iter().flatten().map(move |block| (block, route.target)))
            .filter(|(block, _)| holds(block, destination))
            .fold(None, |best: Option<(u8, Target)>, (block, target)| match best {
                Some((length, _)) if length >= block.prefix_len() => best,
                _ => Some((block.prefix_len(), target)),
            });
        longest.map(|(_, target)| target).into_iter().chain(dark).collect()
    }

    /// One flow: every place where this packet of `from` may end. `own`: under its own address and with its groups. `to`: the
    /// point at the destination, if there is one.
    pub fn flow(&self, from: PointAt, own: bool, packet: Packet, to: Option<PointAt>) -> BTreeSet<Arrival> {
        let mut found = BTreeSet::new();
        if self.admitted(from, false, &packet, packet.destination, to) {
            let point = &self.facts.points[from];
            let way = Way { bare: is_bare(point), to };
            self.onward(way, point.subnet, packet, own.then_some(from), false, &mut found);
        }
        found
    }

    /// Steps 2 to 5, from a subnet.
    fn onward(
        &self,
        way: Way,
        subnet: SubnetAt,
        packet: Packet,
        worn: Option<PointAt>,
        translated: bool,
        found: &mut BTreeSet<Arrival>,
    ) {
        let here = &self.facts.subnets[subnet];
        let stands = way.to.map(|to| self.facts.points[to].subnet);
        if stands == Some(subnet) {
            found.extend(way.to.filter(|to| self.enters(*to, &packet, worn)).map(|to| Arrival::At(to, packet.source)));
            return;
        }
        if !self.crosses(subnet, false, &packet) {
            return;
        }
        let region = |network: usize| &self.facts.networks[network].region;
        let arrive = |network: usize, worn: Option<PointAt>| {
            let to = way.to?;
            let stands = self.facts.points[to].subnet;
            let passes = self.facts.subnets[stands].network == network
                && self.crosses(stands, true, &packet)
                && self.enters(to, &packet, worn);
            passes.then_some(Arrival::At(to, packet.source))
        };
        for target in self.targets(subnet, packet.destination) {
            match target {
                Target::Local => found.extend(arrive(here.network, worn)),
                Target::Peering(peering) => {
                    let (one, other) = self.facts.peerings[peering].sides;
                    let far = if one == here.network { other } else { one };
                    if [one, other].contains(&here.network) {
                        found.extend(arrive(far, worn.filter(|_| region(far) == region(here.network))));
                    }
                }
                Target::Gateway(attachment) => {
                    let near = &self.facts.attachments[attachment];
                    let (reached, outside) = self.switched(near, packet.destination);
                    if outside {
                        found.insert(Arrival::Outside);
                    }
                    for far in reached {
                        let Part::Read(network) = far.network else {
                            found.extend(self.most().then_some(Arrival::Outside));
                            continue;
                        };
                        let lands = self.most()
                            || self.in_zone(near, subnet) && stands.is_some_and(|to| self.hands_over(far, to, &packet));
                        let kept = worn.filter(|_| self.most() && region(network) == region(here.network));
                        found.extend(arrive(network, kept).filter(|_| lands));
                    }
                }
                Target::Translator(_) if translated => {}
                Target::Translator(translator) => match self.facts.translators[translator].subnet {
                    Part::Unread(_) => found.extend(self.most().then_some(Arrival::Outside)),
                    Part::Read(stands) => {
                        if stands != subnet && !self.crosses(stands, true, &packet) {
                            continue;
                        }
                        for &source in &self.candidates.translators[translator] {
                            if source.is_ipv4() == packet.destination.is_ipv4() {
                                self.onward(way, stands, Packet { source, ..packet }, None, true, found);
                            }
                        }
                    }
                },
                Target::Point(router) => {
                    let point = &self.facts.points[router];
                    let handed = point.role == Role::Router
                        && way.to.is_some()
                        && is_bare(point) == way.bare
                        && (point.subnet == subnet || self.crosses(point.subnet, true, &packet))
                        && self.enters(router, &packet, worn);
                    found.extend(handed.then_some(Arrival::At(router, packet.source)));
                }
                Target::Internet | Target::Away => {}
                Target::Outside(_) => found.extend(self.most().then_some(Arrival::Outside)),
            }
        }
    }

    /// The attachments to which a transit gateway sends what comes from this one, and whether it may lead outside.
    fn switched(&self, near: &Attachment, destination: IpAddr) -> (Vec<&Attachment>, bool) {
        let all = || self.facts.attachments.iter().filter(|other| other.gateway == near.gateway).collect();
        let unread = || if self.most() { (all(), true) } else { (vec![], false) };
        let table = match near.table {
            Part::Read(Some(table)) => table,
            Part::Read(None) => return (vec![], false),
            Part::Unread(_) => return unread(),
        };
        let Part::Read(routes) = &self.facts.gateway_tables[table].routes else { return unread() };
        let dark: Vec<_> = routes.iter().filter(|route| route.block.read().is_none()).collect();
        if !self.most() && !dark.is_empty() {
            return (vec![], false);
        }
        let mut longest = None;
        for route in routes {
            if let Part::Read(block) = &route.block
                && holds(block, destination)
                && longest.is_none_or(|(length, _)| length < block.prefix_len())
            {
                longest = Some((block.prefix_len(), route));
            }
        }
        let taken: Vec<_> = longest.map(|(_, route)| route).into_iter().chain(dark).collect();
        let outside = self.most() && taken.iter().any(|route| !route.outside.is_empty());
        (taken.iter().flat_map(|route| &route.attachments).map(|at| &self.facts.attachments[*at]).collect(), outside)
    }

    fn in_zone(&self, near: &Attachment, subnet: SubnetAt) -> bool {
        near.subnets.iter().any(|at| self.facts.subnets[*at].zone == self.facts.subnets[subnet].zone)
    }

    fn hands_over(&self, far: &Attachment, to: SubnetAt, packet: &Packet) -> bool {
        far.subnets.iter().any(|&at| {
            at == to || self.crosses(at, false, packet) && self.targets(at, packet.destination).contains(&Target::Local)
        })
    }

    /// Whether packets of places that are not read can come into a network.
    pub fn open(&self, network: usize) -> bool {
        self.most() && (!self.facts.networks[network].open.is_empty() || self.named(network))
    }

    /// Whether an unread part names the network.
    pub fn named(&self, network: usize) -> bool {
        self.facts.unread.iter().any(|unread| unread.networks.contains(&network))
    }

    /// Whether an answer to this packet of one flow comes back: the reverse of it, from any port to any port, by the same kind of
    /// way. `None`: by other ways than a subnet, a network and a peering it is not asked here.
    pub fn returns(&self, from: PointAt, to: PointAt, packet: &Packet) -> Option<bool> {
        let (near, far) = (self.facts.points[from].subnet, self.facts.points[to].subnet);
        if near == far {
            return Some(true);
        }
        let network = |subnet: SubnetAt| self.facts.subnets[subnet].network;
        let joins = |target: &Target| match *target {
            Target::Peering(at) => {
                let (one, other) = self.facts.peerings[at].sides;
                (one, other) == (network(near), network(far)) || (other, one) == (network(near), network(far))
            }
            _ => false,
        };
        let back = self.targets(far, packet.source);
        let routed = match self.targets(near, packet.destination)[..] {
            [Target::Local] => back == [Target::Local],
            [Target::Peering(_)] => back.iter().any(joins),
            _ => return None,
        };
        let reverse = |port| Packet { source: packet.destination, destination: packet.source, port, ..*packet };
        let ports = self.candidates.traffic.iter().filter(|(protocol, _)| *protocol == packet.protocol);
        let crosses = |packet: Packet| self.crosses(far, false, &packet) && self.crosses(near, true, &packet);
        Some(routed && ports.map(|(_, port)| reverse(*port)).any(crosses))
    }

    /// A packet of a place that is not read, or of the Internet: the ACL and step 5.
    pub fn comes_in(&self, to: PointAt, packet: &Packet) -> bool {
        self.crosses(self.facts.points[to].subnet, true, packet) && self.enters(to, packet, None)
    }

    /// Whether a point in a network of which nothing is known has any rule of this direction. Then neither ACL nor peer is asked.
    pub fn may(&self, at: PointAt, ingress: bool) -> bool {
        let point = &self.facts.points[at];
        let Part::Read(groups) = &point.groups else { return self.most() };
        groups.iter().any(|group| {
            let Part::Read(rules) = &self.facts.groups[*group].rules else { return self.most() };
            rules.iter().any(|rule| rule.ingress == ingress && !(is_bare(point) && rule.peer == Peer::Group(*group)))
        })
    }
}
