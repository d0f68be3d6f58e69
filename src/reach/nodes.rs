//! What can stand between two hosts: routers, forwarders, databases where two meet, and all that is not read. For each node, who can
//! send to it, to whom it can send, and which other nodes it reaches.

use std::ops::ControlFlow;

use super::atlas::{Atlas, Mode, Via};
use super::facts::{PointAt, TenantAt, UnreadAt};
use super::proof::Flow;
use super::walk::{Goal, Sender, Step, Trail, Walk};

/// One flow of a chain, or the way over what is not read.
#[derive(Debug, Clone)]
pub(super) struct Link {
    /// `None` for the way over what is not read.
    pub(super) flow: Option<Flow>,
    /// What was not read on this flow, sorted.
    pub(super) unread: Vec<UnreadAt>,
}

impl Link {
    /// The same, to something of which it was not read what it does.
    pub(super) fn over(mut self, why: Option<UnreadAt>) -> Self {
        self.unread.extend(why);
        self.unread.sort_unstable();
        self.unread.dedup();
        self
    }
}

/// The last node: what is not read, which is one place.
#[derive(Debug)]
pub(super) struct Nodes {
    pub(super) shared: Vec<bool>,
    /// By node and tenant.
    into: Vec<Vec<Option<Link>>>,
    out: Vec<Vec<Option<Link>>>,
    /// By node and node.
    next: Vec<Vec<Option<Link>>>,
    /// By meeting and tenant.
    meets: Vec<Vec<Option<Link>>>,
}

/// What was not read on the way.
pub(super) fn unread(trail: &Trail) -> Vec<UnreadAt> {
    let mut unread: Vec<UnreadAt> =
        trail.steps.iter().filter_map(|step| if let Step::Unread(why) = step { Some(*why) } else { None }).collect();
    unread.sort_unstable();
    unread.dedup();
    unread
}

impl Walk<'_, '_> {
    pub(super) fn sender(&self, point: PointAt) -> Sender<'_> {
        Sender { point, spans: &self.atlas.spans[point], wears: Some(point) }
    }

    /// The first flow from one of these points to one of those.
    pub(super) fn between(&self, from: &[PointAt], to: &[PointAt]) -> Option<(PointAt, PointAt, Trail)> {
        let pairs = from.iter().flat_map(|a| to.iter().map(|b| (*a, *b))).filter(|(a, b)| a != b);
        pairs.map(|(a, b)| (a, b, self.first(&self.sender(a), Goal::Point(b)))).find_map(|(a, b, trail)| Some((a, b, trail?)))
    }

    fn link(&self, from: &[PointAt], to: &[PointAt]) -> Option<Link> {
        let (a, b, trail) = self.between(from, to)?;
        Some(Link { flow: Some(self.flow(a, b, &trail)), unread: unread(&trail) })
    }

    /// Whether one of these points can send to a place that is not read.
    fn leaves(&self, from: &[PointAt]) -> Option<Link> {
        let facts = self.atlas.facts;
        let mut unread: Vec<UnreadAt> = Vec::new();
        for point in from {
            let network = self.atlas.network_of(*point);
            let unsure = |why: &UnreadAt| facts.unread[*why].networks.contains(&network);
            if self.can(*point, false) {
                unread.extend((0..facts.unread.len()).filter(unsure));
            }
            let _whole = self.all(&self.sender(*point), Goal::Outside, &mut |trail| {
                unread.extend(self::unread(&trail));
                ControlFlow::Continue(())
            });
        }
        unread.sort_unstable();
        unread.dedup();
        (!unread.is_empty()).then_some(Link { flow: None, unread })
    }

    /// Whether one of these points can get something from a place that is not read.
    fn comes(&self, to: &[PointAt]) -> Option<Link> {
        let facts = self.atlas.facts;
        let mut found: Vec<UnreadAt> = Vec::new();
        for point in to {
            let network = self.atlas.network_of(*point);
            let unsure = (0..facts.unread.len()).filter(|why| facts.unread[*why].networks.contains(&network));
            if self.can(*point, true) {
                found.extend(unsure);
            }
            for why in &facts.networks[network].open {
                let _first = self.coming_in(*point, *why, &mut |trail| {
                    found.extend(unread(&trail));
                    ControlFlow::Break(())
                });
            }
        }
        found.sort_unstable();
        found.dedup();
        (!found.is_empty()).then_some(Link { flow: None, unread: found })
    }

    /// Whether a point has a rule of this direction at all.
    fn can(&self, point: PointAt, ingress: bool) -> bool {
        let groups = self.atlas.facts.points[point].groups.read();
        groups.is_none_or(|groups| {
            groups.iter().any(|group| self.atlas.groups[*group].rules(ingress).is_ok_and(|rules| !rules.is_empty()))
                || groups.iter().any(|group| self.atlas.groups[*group].rules(ingress).is_err())
        })
    }
}

impl Nodes {
    /// Of the tenants named, by their positions there.
    pub(super) fn of(atlas: &Atlas<'_>, mode: Mode, tenants: &[TenantAt]) -> Self {
        let walk = Walk { atlas, mode, bare: false, remembered: false };
        let points: Vec<Vec<PointAt>> = tenants.iter().map(|tenant| atlas.worn_points(*tenant)).collect();
        let outside = mode == Mode::Most;
        let vias: Vec<&Via> = atlas.vias.iter().filter(|via| outside || via.obscure.is_none()).collect();
        let to = |own: &[PointAt], via: &Via| walk.link(own, &via.points).map(|link| link.over(via.obscure));
        let meetings = atlas.meetings.iter().filter(|(_, why)| outside || why.is_none());
        let mut nodes = Self {
            shared: vias.iter().map(|via| via.shared).collect(),
            into: vias.iter().map(|via| points.iter().map(|own| to(own, via)).collect()).collect(),
            out: vias.iter().map(|via| points.iter().map(|own| walk.link(&via.points, own)).collect()).collect(),
            next: vias.iter().map(|from| vias.iter().map(|via| to(&from.points, via)).collect()).collect(),
            meets: meetings
                .map(|(at, why)| points.iter().map(|own| walk.link(own, &[*at]).map(|link| link.over(*why))).collect())
                .collect(),
        };
        if outside {
            nodes.shared.push(false);
            nodes.into.push(points.iter().map(|own| walk.leaves(own)).collect());
            nodes.out.push(points.iter().map(|own| walk.comes(own)).collect());
            for (row, via) in nodes.next.iter_mut().zip(&vias) {
                let beyond = via.obscure.map(|why| Link { flow: None, unread: vec![why] });
                row.push(beyond.or_else(|| walk.leaves(&via.points)));
            }
            let last = vias.iter().map(|via| walk.comes(&via.points)).chain([None]).collect();
            nodes.next.push(last);
        }
        nodes
    }

    /// The shortest chain from one tenant to another, by their positions in the list of [`Self::of`]. Without `shared`, no chain
    /// goes through a forwarder that is declared as shared.
    pub(super) fn chain(&self, from: usize, to: usize, shared: bool) -> Option<Vec<(Option<usize>, &Link)>> {
        let open = |node: usize| shared || !self.shared[node];
        let mut before: Vec<Option<(Option<usize>, &Link)>> = vec![None; self.shared.len()];
        let mut queue: Vec<usize> = Vec::new();
        for node in (0..self.shared.len()).filter(|node| open(*node)) {
            if let Some(link) = &self.into[node][from] {
                before[node] = Some((None, link));
                queue.push(node);
            }
        }
        let mut at = 0;
        while let Some(node) = queue.get(at).copied() {
            at += 1;
            if let Some(last) = &self.out[node][to] {
                let mut chain = vec![(None, last)];
                let mut here = Some(node);
                while let Some(via) = here {
                    let (previous, link) = before[via]?;
                    chain.push((Some(via), link));
                    here = previous;
                }
                chain.reverse();
                return Some(chain);
            }
            for next in (0..self.shared.len()).filter(|next| open(*next)) {
                if before[next].is_none()
                    && let Some(link) = &self.next[node][next]
                {
                    before[next] = Some((Some(node), link));
                    queue.push(next);
                }
            }
        }
        None
    }

    /// The flows by which both reach one database of nobody.
    pub(super) fn meeting(&self, from: usize, to: usize) -> Option<[&Link; 2]> {
        self.meets.iter().find_map(|reach| Some([reach[from].as_ref()?, reach[to].as_ref()?]))
    }
}
