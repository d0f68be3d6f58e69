//! One flow: which of the packets that somebody sends arrive (ADR 0032, "How one packet walks").

use std::ops::ControlFlow;

use super::atlas::{Atlas, Mode};
use super::facts::{Part, Peer, PointAt, Role, SubnetAt, Target, UnreadAt};
use super::packets::{End, Packets, Span};
use super::trail::{EVERYWHERE, Goal, Sender, Step, Trail};

pub(super) struct Walk<'w, 'a> {
    pub(super) atlas: &'w Atlas<'a>,
    pub(super) mode: Mode,
    /// The packets answer others: groups remember those and let them pass.
    pub(super) remembered: bool,
}

type Found<'f> = dyn FnMut(Trail) -> ControlFlow<()> + 'f;

impl Walk<'_, '_> {
    /// The first packets that arrive.
    pub(super) fn first(&self, sender: &Sender<'_>, goal: Goal) -> Option<Trail> {
        let mut first = None;
        let _ended = self.all(sender, goal, &mut |trail| {
            first = Some(trail);
            ControlFlow::Break(())
        });
        first
    }

    /// Everything that arrives, until the caller has enough.
    pub(super) fn all(&self, sender: &Sender<'_>, goal: Goal, found: &mut Found<'_>) -> ControlFlow<()> {
        let everywhere = goal.to().is_none().then_some(EVERYWHERE).into_iter().flatten();
        let destinations = everywhere.chain(goal.to().into_iter().flat_map(|to| self.atlas.spans(to)));
        let subnet = self.atlas.facts.points[sender.point].subnet;
        for source in sender.spans.iter().copied() {
            for packets in destinations.clone().filter_map(|destination| Packets::between(source, destination)) {
                let start = Trail { packets, steps: Vec::new(), wears: sender.wears, sent: None };
                self.leave(sender.point, &start, goal, &mut |trail| self.carry(&trail, subnet, goal, found))?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Rules of the sender's groups for egress.
    fn leave(&self, from: PointAt, trail: &Trail, goal: Goal, on: &mut Found<'_>) -> ControlFlow<()> {
        self.rules(from, false, goal.to(), trail, on)
    }

    /// The rules of a point's groups that let the packets out or in; `other` is whose groups they may name.
    fn rules(&self, of: PointAt, ingress: bool, other: Option<PointAt>, trail: &Trail, on: &mut Found<'_>) -> ControlFlow<()> {
        if self.remembered {
            return on(trail.clone());
        }
        let groups = match &self.atlas.facts.points[of].groups {
            Part::Read(groups) => groups,
            Part::Unread(why) => return if self.most() { on(trail.unread(*why)) } else { ControlFlow::Continue(()) },
        };
        let end = if ingress { End::Source } else { End::Destination };
        for group in groups.iter().copied() {
            let rules = match self.atlas.rules(group, ingress) {
                Ok(rules) => rules,
                Err(why) if self.most() => {
                    on(trail.unread(why))?;
                    continue;
                }
                Err(_) => continue,
            };
            for (at, rule) in rules {
                let step = if ingress { Step::Enters { group, rule: at } } else { Step::Leaves { group, rule: at } };
                match &rule.peer {
                    Peer::Blocks(blocks) => {
                        let blocks = blocks.iter().map(Span::of);
                        for packets in blocks.filter_map(|block| trail.packets.through(end, block, rule.traffic)) {
                            on(trail.on(packets, step))?;
                        }
                    }
                    Peer::Group(named) => {
                        let own = *named == group && self.atlas.is_bare(of);
                        let wears = other.filter(|_| !own).map_or(Ok(false), |other| self.atlas.wears(other, *named));
                        let Some(packets) = trail.packets.of(rule.traffic) else { continue };
                        match wears {
                            Ok(true) => on(trail.on(packets, step))?,
                            Err(why) if self.most() => on(trail.on(packets, step).unread(why))?,
                            Ok(false) | Err(_) => {}
                        }
                    }
                    Peer::Unread(why) => {
                        if let Some(packets) = trail.packets.of(rule.traffic).filter(|_| self.most()) {
                            on(trail.on(packets, step).unread(*why))?;
                        }
                    }
                }
            }
        }
        ControlFlow::Continue(())
    }

    pub(super) fn most(&self) -> bool {
        self.mode == Mode::Most
    }

    /// The packets are in this subnet and are to leave it.
    pub(super) fn carry(&self, trail: &Trail, subnet: SubnetAt, goal: Goal, found: &mut Found<'_>) -> ControlFlow<()> {
        if let Some(to) = goal.to().filter(|to| self.atlas.facts.points[*to].subnet == subnet) {
            return if goal == Goal::Point(to) { self.enter(trail, to, found) } else { ControlFlow::Continue(()) };
        }
        self.edge(trail, subnet, false, &mut |trail| {
            self.routes(&trail, subnet, &mut |trail, target| self.follow(&trail, subnet, target, goal, found))
        })
    }

    /// The ACL of a subnet.
    fn edge(&self, trail: &Trail, subnet: SubnetAt, ingress: bool, on: &mut Found<'_>) -> ControlFlow<()> {
        let unread =
            |why: UnreadAt, on: &mut Found<'_>| if self.most() { on(trail.unread(why)) } else { ControlFlow::Continue(()) };
        let acl = match &self.atlas.facts.subnets[subnet].acl {
            Part::Read(acl) => *acl,
            Part::Unread(why) => return unread(*why, on),
        };
        let entries = match &self.atlas.facts.acls[acl].entries {
            Part::Read(entries) => entries,
            Part::Unread(why) => return unread(*why, on),
        };
        let end = if ingress { End::Source } else { End::Destination };
        let mut left = vec![trail.packets];
        for (at, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.ingress == ingress) {
            let block = Span::of(&entry.block);
            let mut rest = Vec::with_capacity(left.len());
            for packets in left {
                let Some(here) = packets.through(end, block, entry.traffic) else {
                    rest.push(packets);
                    continue;
                };
                if entry.allow {
                    on(trail.on(here, Step::Crosses { acl, entry: at }))?;
                }
                rest.extend(packets.past(end, block, entry.traffic));
            }
            left = rest;
            if left.is_empty() {
                break;
            }
        }
        ControlFlow::Continue(())
    }

    /// The routes of a subnet's table, for each part of the destination the one with the longest prefix.
    fn routes(&self, trail: &Trail, subnet: SubnetAt, on: &mut dyn FnMut(Trail, Target) -> ControlFlow<()>) -> ControlFlow<()> {
        let unread = |why: UnreadAt, on: &mut dyn FnMut(Trail, Target) -> ControlFlow<()>| {
            if self.most() {
                on(trail.unread(why), Target::Local)?;
                on(trail.unread(why), Target::Outside(why))?;
            }
            ControlFlow::Continue(())
        };
        let table = match &self.atlas.facts.subnets[subnet].table {
            Part::Read(table) => *table,
            Part::Unread(why) => return unread(*why, on),
        };
        let routes = match &self.atlas.tables[table] {
            Part::Read(routes) => routes,
            Part::Unread(why) => return unread(*why, on),
        };
        // Any of the routes whose blocks were not read might hold a longer prefix than the one that wins.
        if !routes.unsure.is_empty() && !self.most() {
            return ControlFlow::Continue(());
        }
        let trail = &trail.all_unread(routes.unsure.iter().map(|(_, why, _)| *why));
        for (route, _, target) in &routes.unsure {
            on(trail.on(trail.packets, Step::Routed { table, route: *route }), *target)?;
        }
        let mut left = vec![trail.packets.destination];
        for route in &routes.routes {
            for here in left.iter().filter_map(|span| span.meet(route.span)) {
                let packets = trail.packets.with(End::Destination, here);
                on(trail.on(packets, Step::Routed { table, route: route.at }), route.target)?;
            }
            left = left.into_iter().flat_map(|span| span.without(route.span)).collect();
            if left.is_empty() {
                break;
            }
        }
        ControlFlow::Continue(())
    }

    /// Where a route leads.
    fn follow(&self, trail: &Trail, subnet: SubnetAt, target: Target, goal: Goal, found: &mut Found<'_>) -> ControlFlow<()> {
        let facts = self.atlas.facts;
        let network = facts.subnets[subnet].network;
        match (target, goal) {
            (Target::Local, Goal::Point(to)) if self.atlas.network_of(to) == network => self.deliver(trail, to, found),
            (Target::Peering(peering), Goal::Point(to)) => {
                let sides = facts.peerings[peering].sides;
                let other = if sides.0 == network { sides.1 } else { sides.0 };
                if self.atlas.network_of(to) != other || ![sides.0, sides.1].contains(&network) {
                    return ControlFlow::Continue(());
                }
                let near = facts.networks[other].region == facts.networks[network].region;
                let trail = Trail { wears: trail.wears.filter(|_| near), ..trail.clone() };
                self.deliver(&trail, to, found)
            }
            (Target::Gateway(attachment), _) => self.switch(trail, subnet, attachment, goal, found),
            (Target::Translator(translator), _) => self.translate(trail, subnet, translator, goal, found),
            // Sent to the router itself, or on the way to somebody else.
            (Target::Point(router), Goal::Point(wanted) | Goal::Handed { router: wanted, .. }) if router == wanted => {
                if facts.points[router].role != Role::Router {
                    return ControlFlow::Continue(());
                }
                let place = facts.points[router].subnet;
                if place == subnet {
                    return self.enter(trail, router, found);
                }
                self.edge(trail, place, true, &mut |trail| self.enter(&trail, router, found))
            }
            (Target::Outside(why), Goal::Outside(_)) => found(trail.unread(why)),
            (Target::Local | Target::Peering(_) | Target::Point(_) | Target::Internet | Target::Away | Target::Outside(_), _) => {
                ControlFlow::Continue(())
            }
        }
    }

    /// Into the subnet of the receiver.
    fn deliver(&self, trail: &Trail, to: PointAt, found: &mut Found<'_>) -> ControlFlow<()> {
        self.edge(trail, self.atlas.facts.points[to].subnet, true, &mut |trail| self.enter(&trail, to, found))
    }

    /// Rules of the receiver's groups for ingress.
    fn enter(&self, trail: &Trail, to: PointAt, found: &mut Found<'_>) -> ControlFlow<()> {
        self.rules(to, true, trail.wears, trail, found)
    }

    /// Through a transit gateway.
    fn switch(&self, trail: &Trail, subnet: SubnetAt, from: usize, goal: Goal, found: &mut Found<'_>) -> ControlFlow<()> {
        let facts = self.atlas.facts;
        let attachment = &facts.attachments[from];
        let zone = &facts.subnets[subnet].zone;
        if !self.most() && !attachment.subnets.iter().any(|at| facts.subnets[*at].zone == *zone) {
            return ControlFlow::Continue(());
        }
        let outside = |trail: &Trail, why: UnreadAt, found: &mut Found<'_>| {
            if matches!(goal, Goal::Outside(_)) { found(trail.unread(why)) } else { ControlFlow::Continue(()) }
        };
        let out = |trail: &Trail, to: usize, found: &mut Found<'_>| match &facts.attachments[to].network {
            Part::Read(network) => self.come_out(trail, subnet, to, *network, goal, found),
            Part::Unread(why) => outside(trail, *why, found),
        };
        // Of a table that was not read: to every attachment of the gateway, and outside.
        let anywhere = |why: UnreadAt, found: &mut Found<'_>| {
            if !self.most() {
                return ControlFlow::Continue(());
            }
            outside(trail, why, found)?;
            let trail = trail.unread(why);
            let all = (0..facts.attachments.len()).filter(|to| facts.attachments[*to].gateway == attachment.gateway);
            all.into_iter().try_for_each(|to| out(&trail, to, found))
        };
        let table = match &attachment.table {
            Part::Read(Some(table)) => *table,
            Part::Read(None) => return ControlFlow::Continue(()),
            Part::Unread(why) => return anywhere(*why, found),
        };
        let known = match &self.atlas.gateway_tables[table] {
            Part::Read(known) => known,
            Part::Unread(why) => return anywhere(*why, found),
        };
        if !known.unsure.is_empty() && !self.most() {
            return ControlFlow::Continue(());
        }
        let trail = &trail.all_unread(known.unsure.iter().map(|(_, why)| *why));
        let go = |trail: &Trail, route: usize, found: &mut Found<'_>| {
            let Some(route) = facts.gateway_tables[table].routes.read().and_then(|routes| routes.get(route)) else {
                return ControlFlow::Continue(());
            };
            route.attachments.iter().try_for_each(|to| out(trail, *to, found))?;
            route.outside.iter().try_for_each(|why| outside(trail, *why, found))
        };
        for (route, _) in &known.unsure {
            go(&trail.on(trail.packets, Step::Switched { table, route: *route }), *route, found)?;
        }
        let mut left = vec![trail.packets.destination];
        for (route, span) in &known.routes {
            for here in left.iter().filter_map(|part| part.meet(*span)) {
                let packets = trail.packets.with(End::Destination, here);
                go(&trail.on(packets, Step::Switched { table, route: *route }), *route, found)?;
            }
            left = left.into_iter().flat_map(|part| part.without(*span)).collect();
            if left.is_empty() {
                break;
            }
        }
        ControlFlow::Continue(())
    }

    /// Out of a transit gateway, into a network.
    fn come_out(
        &self,
        trail: &Trail,
        from: SubnetAt,
        attachment: usize,
        network: usize,
        goal: Goal,
        found: &mut Found<'_>,
    ) -> ControlFlow<()> {
        let facts = self.atlas.facts;
        let Goal::Point(to) = goal else { return ControlFlow::Continue(()) };
        if self.atlas.network_of(to) != network {
            return ControlFlow::Continue(());
        }
        if self.most() {
            let near = facts.networks[network].region == facts.networks[facts.subnets[from].network].region;
            let trail = Trail { wears: trail.wears.filter(|_| near), ..trail.clone() };
            return self.deliver(&trail, to, found);
        }
        let trail = Trail { wears: None, ..trail.clone() };
        for subnet in facts.attachments[attachment].subnets.iter().copied() {
            if subnet == facts.points[to].subnet {
                self.deliver(&trail, to, found)?;
                continue;
            }
            self.edge(&trail, subnet, false, &mut |trail| {
                self.routes(&trail, subnet, &mut |trail, target| match target {
                    Target::Local => self.deliver(&trail, to, found),
                    _ => ControlFlow::Continue(()),
                })
            })?;
        }
        ControlFlow::Continue(())
    }

    /// Through a NAT gateway.
    fn translate(&self, trail: &Trail, subnet: SubnetAt, by: usize, goal: Goal, found: &mut Found<'_>) -> ControlFlow<()> {
        if trail.sent.is_some() {
            return ControlFlow::Continue(());
        }
        let translator = &self.atlas.facts.translators[by];
        let place = match translator.subnet {
            Part::Read(place) => place,
            Part::Unread(why) if matches!(goal, Goal::Outside(_)) => return found(trail.unread(why)),
            Part::Unread(_) => return ControlFlow::Continue(()),
        };
        let mut go = |trail: Trail| {
            for (block, source) in translator.blocks.iter().map(Span::of).enumerate() {
                if source.six != trail.packets.destination.six {
                    continue;
                }
                let packets = trail.packets.with(End::Source, source);
                let mut on = trail.on(packets, Step::Translated { by, block });
                (on.wears, on.sent) = (None, Some(trail.packets.source));
                self.carry(&on, place, goal, found)?;
            }
            ControlFlow::Continue(())
        };
        if place == subnet { go(trail.clone()) } else { self.edge(trail, place, true, &mut go) }
    }

    /// Packets that come from outside of what is read, or from the Internet, and arrive at a point.
    pub(super) fn coming_in(&self, to: PointAt, from: UnreadAt, found: &mut Found<'_>) -> ControlFlow<()> {
        for source in EVERYWHERE {
            for packets in self.atlas.spans(to).filter_map(|own| Packets::between(source, own)) {
                let start = Trail { packets, steps: vec![Step::Unread(from)], wears: None, sent: None };
                self.deliver(&start, to, found)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// What the Internet sends to a point at these addresses of its own.
    pub(super) fn entering(&self, to: PointAt, internet: &[Span], own: &[Span], found: &mut Found<'_>) -> ControlFlow<()> {
        for source in internet {
            for packets in own.iter().filter_map(|own| Packets::between(*source, *own)) {
                self.deliver(&Trail { packets, steps: Vec::new(), wears: None, sent: None }, to, found)?;
            }
        }
        ControlFlow::Continue(())
    }
}
