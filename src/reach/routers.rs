//! What reaches what by flows of one sender: one flow, or several through routers that hand packets on under the source with which
//! they got them. Only these depend on whose packets they were; what a router or a forwarder sends under its own address does not.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

use foldhash::{HashMap, HashMapExt as _, HashSet};

use super::atlas::Atlas;
use super::facts::{Part, PointAt, Role, SubnetAt, Target, UnreadAt};
use super::packets::Span;
use super::trail::{EVERYWHERE, Goal, Sender, Trail};
use super::walk::Walk;

/// One flow.
#[derive(Debug, Clone)]
pub(super) struct Leg {
    pub(super) from: PointAt,
    pub(super) to: PointAt,
    pub(super) trail: Trail,
}

/// How somebody reaches something.
#[derive(Debug, Clone, Default)]
pub(super) struct Link {
    /// One flow, or several through routers. None for the way over what is not read.
    pub(super) legs: Vec<Leg>,
    /// What was not read on these flows, sorted.
    pub(super) unread: Vec<UnreadAt>,
}

impl Link {
    /// The same, and something more that was not read.
    pub(super) fn over(mut self, why: impl IntoIterator<Item = UnreadAt>) -> Self {
        self.unread.extend(why);
        self.unread.sort_unstable();
        self.unread.dedup();
        self
    }

    fn and(&self, from: PointAt, to: PointAt, trail: Trail) -> Self {
        let mut link = self.clone().over(trail.what_was_not_read());
        link.legs.push(Leg { from, to, trail });
        link
    }
}

/// Packets that a router got and hands on: from itself, under these sources, without groups.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) router: PointAt,
    pub(super) sources: Vec<Span>,
    /// How they came there.
    pub(super) link: Link,
}

impl Held {
    pub(super) fn sender(&self) -> Sender<'_> {
        Sender { point: self.router, spans: Cow::Borrowed(&self.sources), wears: None }
    }
}

/// Points that send under their own addresses, and what routers hold of what they sent.
#[derive(Debug, Clone, Default)]
pub(super) struct Origin {
    pub(super) points: Vec<PointAt>,
    pub(super) held: Vec<Held>,
}

/// The routers, and from where routes lead to them.
pub(super) struct Routers {
    all: Vec<PointAt>,
    /// For each router, the subnets from which a route leads to it, by a NAT gateway too.
    handing: HashMap<PointAt, HashSet<SubnetAt>>,
}

impl Routers {
    pub(super) fn of(atlas: &Atlas<'_>) -> Self {
        let facts = atlas.facts;
        let all: Vec<PointAt> = (0..facts.points.len()).filter(|at| facts.points[*at].role == Role::Router).collect();
        let leads = |at: SubnetAt, wanted: &dyn Fn(Target) -> bool| match &facts.subnets[at].table {
            Part::Read(table) => {
                facts.tables[*table].routes.read().is_some_and(|routes| routes.iter().any(|route| wanted(route.target)))
            }
            Part::Unread(_) => false,
        };
        let mut handing = HashMap::new();
        for router in &all {
            let at = |wanted: &dyn Fn(Target) -> bool| (0..facts.subnets.len()).filter(|at| leads(*at, wanted)).collect();
            let mut subnets: HashSet<SubnetAt> = at(&|target| target == Target::Point(*router));
            let translators: Vec<usize> = (0..facts.translators.len())
                .filter(|by| facts.translators[*by].subnet.read().is_some_and(|place| subnets.contains(place)))
                .collect();
            let behind: HashSet<SubnetAt> = at(&|target| translators.iter().any(|by| target == Target::Translator(*by)));
            subnets.extend(behind);
            handing.insert(*router, subnets);
        }
        Self { all, handing }
    }
}

/// What is left of a span without others.
fn fresh(span: Span, known: &[Span]) -> Vec<Span> {
    let without = |left: Vec<Span>, known: &Span| left.into_iter().flat_map(|span| span.without(*known)).collect();
    known.iter().fold(vec![span], without)
}

impl Walk<'_, '_> {
    pub(super) fn sender(&self, point: PointAt) -> Sender<'_> {
        Sender { point, spans: self.atlas.spans(point).collect(), wears: Some(point) }
    }

    /// These points as senders. Of a service of which it was not read what it does, nothing begins in `least`.
    pub(super) fn origin(&self, routers: &Routers, points: &[PointAt]) -> Origin {
        let begins = |at: &PointAt| self.most() || !matches!(self.atlas.facts.points[*at].role, Role::Obscure(_));
        let points: Vec<PointAt> = points.iter().copied().filter(begins).collect();
        let (mut held, mut known) = (Vec::new(), HashMap::new());
        for point in &points {
            self.hand(routers, &self.sender(*point), &Link::default(), &mut known, &mut held);
        }
        self.hand_on(routers, held, known, points)
    }

    /// What comes from places that are not read, at each router with how it came there, as a sender.
    pub(super) fn origin_outside(&self, routers: &Routers, comes: impl Fn(PointAt) -> Option<(Link, Vec<Span>)>) -> Origin {
        let (mut held, mut known) = (Vec::new(), HashMap::new());
        for router in routers.all.iter().copied() {
            if let Some((link, sources)) = comes(router) {
                known.insert(router, sources.clone());
                held.push(Held { router, sources, link });
            }
        }
        self.hand_on(routers, held, known, Vec::new())
    }

    fn hand_on(
        &self,
        routers: &Routers,
        mut held: Vec<Held>,
        mut known: HashMap<PointAt, Vec<Span>>,
        points: Vec<PointAt>,
    ) -> Origin {
        let mut at = 0;
        while let Some(next) = held.get(at).cloned() {
            self.hand(routers, &next.sender(), &next.link, &mut known, &mut held);
            at += 1;
        }
        Origin { points, held }
    }

    /// What routers get of a sender: what is sent to them, and what a route hands to them on the way to any other point.
    fn hand(
        &self,
        routers: &Routers,
        sender: &Sender<'_>,
        link: &Link,
        known: &mut HashMap<PointAt, Vec<Span>>,
        held: &mut Vec<Held>,
    ) {
        let facts = self.atlas.facts;
        let translated = facts.translators.iter().flat_map(|one| one.blocks.iter().map(Span::of));
        let possible: Vec<Span> = sender.spans.iter().copied().chain(translated).collect();
        for router in routers.all.iter().copied().filter(|router| *router != sender.point) {
            let handed = routers.handing[&router].contains(&facts.points[sender.point].subnet);
            let others = if handed { self.on_the_way(sender, router) } else { BTreeSet::new() };
            let others = others.into_iter().map(|to| Goal::Handed { router, to: Some(to) });
            let known: &mut Vec<Span> = known.entry(router).or_default();
            for goal in [Goal::Point(router)].into_iter().chain(others) {
                let _all = self.all(sender, goal, &mut |trail| {
                    let sources = fresh(trail.packets.source, known);
                    if !sources.is_empty() {
                        known.extend(&sources);
                        held.push(Held { router, sources, link: link.and(sender.point, router, trail) });
                    }
                    ControlFlow::Continue(())
                });
                if possible.iter().all(|span| fresh(*span, known).is_empty()) {
                    break;
                }
            }
        }
    }

    /// To which points a sender may send by a router. One walk to whatever destination says which need not be asked.
    fn on_the_way(&self, sender: &Sender<'_>, router: PointAt) -> BTreeSet<PointAt> {
        let mut ends: Vec<Span> = Vec::new();
        let _all = self.all(sender, Goal::Handed { router, to: None }, &mut |trail| {
            if !ends.contains(&trail.packets.destination) {
                ends.push(trail.packets.destination);
            }
            ControlFlow::Continue(())
        });
        let mut points = self.named_ends(sender);
        if !ends.is_empty() {
            let lies = |to: &PointAt| self.atlas.spans(*to).any(|own| ends.iter().any(|end| end.meet(own).is_some()));
            points.extend((0..self.atlas.facts.points.len()).filter(|to| !self.atlas.is_bare(*to) && lies(to)));
        }
        points.retain(|to| *to != router && *to != sender.point);
        points
    }

    /// The first flow from one of these points to one of those.
    pub(super) fn between(&self, from: &[PointAt], to: &[PointAt]) -> Option<Link> {
        let pairs = from.iter().flat_map(|a| to.iter().map(|b| (*a, *b))).filter(|(a, b)| a != b);
        let mut found = pairs.filter_map(|(a, b)| {
            let trail = self.first(&self.sender(a), Goal::Point(b))?;
            Some(Link::default().and(a, b, trail))
        });
        found.next()
    }

    /// How something of a sender comes to one of these points through routers.
    pub(super) fn handed(&self, origin: &Origin, to: &[PointAt]) -> Option<Link> {
        let held = |point: &PointAt| origin.held.iter().find(|held| held.router == *point);
        if let Some(held) = to.iter().find_map(held) {
            return Some(held.link.clone());
        }
        origin.held.iter().find_map(|held| {
            let others = to.iter().copied().filter(|point| *point != held.router);
            let mut found = others.filter_map(|point| {
                let trail = self.first(&held.sender(), Goal::Point(point))?;
                Some(held.link.and(held.router, point, trail))
            });
            found.next()
        })
    }

    /// Under which sources a router, without groups, reaches one of these points. Then what it holds under others need not walk.
    pub(super) fn admitted(&self, router: PointAt, to: &[PointAt]) -> Vec<Span> {
        let mut sources: Vec<Span> = Vec::new();
        let sender = Sender { point: router, spans: Cow::Borrowed(&EVERYWHERE), wears: None };
        for point in to.iter().filter(|point| **point != router) {
            let _all = self.all(&sender, Goal::Point(*point), &mut |trail| {
                sources.extend(fresh(trail.sent.unwrap_or(trail.packets.source), &sources));
                ControlFlow::Continue(())
            });
        }
        sources
    }

    /// How something of a sender comes to one of these points.
    pub(super) fn reach(&self, origin: &Origin, to: &[PointAt]) -> Option<Link> {
        self.between(&origin.points, to).or_else(|| self.handed(origin, to))
    }
}
