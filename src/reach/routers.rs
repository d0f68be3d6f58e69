//! Chains through routers, which hand packets on under the sender's own address, and which get what a route hands to them on the way
//! to another. Both depend on both ends, so such chains are searched for each pair of tenants; routers are few.

use std::collections::HashSet;

use super::atlas::Atlas;
use super::facts::{Part, PointAt, SubnetAt, Target, TenantAt};
use super::nodes::{Link, unread};
use super::walk::{Goal, Sender, Trail, Walk};

/// Who sends next, and the flows that led there.
struct State {
    point: PointAt,
    /// The point whose addresses the packets have.
    origin: PointAt,
    /// Whether the packets have the groups of `point`.
    own: bool,
    chain: Vec<Link>,
    /// The declared forwarders on the way.
    shared: Vec<String>,
}

pub(super) struct Routers {
    /// The subnets of which a route leads to a router.
    handing: HashSet<SubnetAt>,
    pub(super) any: bool,
}

impl Routers {
    pub(super) fn of(atlas: &Atlas<'_>) -> Self {
        let routers: HashSet<PointAt> =
            atlas.vias.iter().filter(|via| via.router).flat_map(|via| via.points.iter().copied()).collect();
        let hands = |at: &SubnetAt| match &atlas.facts.subnets[*at].table {
            Part::Read(table) => atlas.facts.tables[*table].routes.read().is_some_and(|routes| {
                routes.iter().any(|route| matches!(route.target, Target::Point(point) if routers.contains(&point)))
            }),
            Part::Unread(_) => false,
        };
        let handing = (0..atlas.facts.subnets.len()).filter(hands).collect();
        Self { handing, any: !routers.is_empty() }
    }

    /// The first chain of flows from one tenant to another that goes through a router, and the declared forwarders on it.
    pub(super) fn chain(
        &self,
        walk: &Walk<'_, '_>,
        from: TenantAt,
        to: TenantAt,
        shared: bool,
    ) -> Option<(Vec<Link>, Vec<String>)> {
        let atlas = walk.atlas;
        let goals = atlas.worn_points(to);
        let start = |point: PointAt| State { point, origin: point, own: true, chain: Vec::new(), shared: Vec::new() };
        let mut queue: Vec<State> = atlas.worn_points(from).into_iter().map(start).collect();
        let mut met: HashSet<(usize, PointAt)> = HashSet::new();
        let mut at = 0;
        while at < queue.len() {
            let state = &queue[at];
            at += 1;
            let sender = sender(atlas, state);
            if !state.chain.is_empty()
                && let Some((point, trail)) = goals
                    .iter()
                    .filter(|point| **point != state.point && **point != state.origin)
                    .find_map(|point| Some((*point, walk.first(&sender, Goal::Point(*point))?)))
            {
                let mut chain = state.chain.clone();
                chain.push(link(walk, state.point, point, &trail));
                return Some((chain, state.shared.clone()));
            }
            let mut grown = Vec::new();
            for (node, via) in atlas.vias.iter().enumerate() {
                let closed = via.shared && !shared || via.obscure.is_some() && !walk.most();
                if closed || met.contains(&(node, state.origin)) {
                    continue;
                }
                let Some((point, trail)) = self.reach(walk, state, &sender, node, &goals) else { continue };
                met.insert((node, state.origin));
                let mut chain = state.chain.clone();
                chain.push(link(walk, state.point, point, &trail).over(via.obscure));
                let mut named = state.shared.clone();
                named.extend(via.shared.then(|| via.name.clone()));
                for point in via.points.iter().copied() {
                    grown.push(State { point, origin: point, own: true, chain: chain.clone(), shared: named.clone() });
                    if via.router && state.origin != point {
                        let origin = state.origin;
                        grown.push(State { point, origin, own: false, chain: chain.clone(), shared: named.clone() });
                    }
                }
            }
            queue.extend(grown);
        }
        None
    }

    /// The first flow to a node: to its own address, or to a router on the way to somebody else.
    fn reach(
        &self,
        walk: &Walk<'_, '_>,
        state: &State,
        sender: &Sender<'_>,
        node: usize,
        goals: &[PointAt],
    ) -> Option<(PointAt, Trail)> {
        let atlas = walk.atlas;
        let via = &atlas.vias[node];
        let direct = via.points.iter().filter(|point| **point != state.point && **point != state.origin);
        let direct = direct.copied().find_map(|point| Some((point, walk.first(sender, Goal::Point(point))?)));
        if direct.is_some() || !via.router || !self.handing.contains(&atlas.facts.points[state.point].subnet) {
            return direct;
        }
        let router = via.points[0];
        let others = atlas.vias.iter().flat_map(|via| &via.points).filter(|point| **point != router);
        let targets = goals.iter().chain(others).filter(|to| **to != state.point && **to != state.origin);
        targets.copied().find_map(|to| Some((router, walk.first(sender, Goal::Handed { router, to })?)))
    }
}

fn sender<'s>(atlas: &'s Atlas<'_>, state: &State) -> Sender<'s> {
    Sender { point: state.point, spans: &atlas.spans[state.origin], wears: state.own.then_some(state.point) }
}

fn link(walk: &Walk<'_, '_>, from: PointAt, to: PointAt, trail: &Trail) -> Link {
    Link { flow: Some(walk.flow(from, to, trail)), unread: unread(trail) }
}
