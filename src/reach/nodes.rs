//! What can stand between two tenants: routers and forwarders that send under their own address, databases where two meet, and all
//! that is not read. For each, who reaches it, whom it reaches, and which others it reaches.

use std::collections::{BTreeMap, BTreeSet};

use super::atlas::{Atlas, Mode, Via};
use super::facts::{PointAt, TenantAt, UnreadAt};
use super::packets::Span;
use super::routers::{Link, Origin, Routers};
use super::walk::Walk;

/// The nodes that one tenant reaches, the nearest first.
struct Ways {
    order: Vec<usize>,
    /// By node: the one before it, unless the tenant reaches it by itself.
    before: Vec<Option<usize>>,
}

/// All by the position of a tenant among those chosen.
pub(super) struct Nodes {
    names: Vec<String>,
    /// Whether a node is declared as shared.
    shared: Vec<bool>,
    pub(super) origins: Vec<Origin>,
    /// By node and tenant. The last node is what is not read, which is one place.
    into: Vec<Vec<Option<Link>>>,
    out: Vec<Vec<Option<Link>>>,
    /// By node and node.
    next: Vec<Vec<Option<Link>>>,
    /// By meeting and tenant, and by meeting and node.
    meets: Vec<Vec<Option<Link>>>,
    met: Vec<Vec<Option<Link>>>,
    /// By meeting and tenant: whether it holds rows of the tenant.
    uses: Vec<Vec<bool>>,
    /// By router that holds something, and by tenant: under which sources the one reaches the other.
    admitted: BTreeMap<PointAt, Vec<Vec<Span>>>,
    /// Hosts without a group: those of which tenants send to what is not read, and get something from there.
    bare: [Vec<Option<Link>>; 2],
    /// By tenant: without and with what is declared as shared.
    ways: [Vec<Ways>; 2],
}

/// What is decided on besides: where a flow of a chain begins.
pub(super) struct Chosen<'c> {
    pub(super) tenants: &'c [TenantAt],
    pub(super) worn: &'c [Vec<PointAt>],
    pub(super) bare: &'c [Vec<PointAt>],
    pub(super) routers: &'c Routers,
}

impl Nodes {
    pub(super) fn of(atlas: &Atlas<'_>, mode: Mode, chosen: &Chosen<'_>) -> Self {
        let walk = Walk { atlas, mode, remembered: false };
        let routers = chosen.routers;
        let origin = |points: &[PointAt]| walk.origin(routers, points);
        let origins: Vec<Origin> = chosen.worn.iter().map(|points| origin(points)).collect();
        let most = mode == Mode::Most;
        let vias: Vec<&Via> = atlas.vias.iter().filter(|via| most || via.obscure.is_none()).collect();
        let senders: Vec<Origin> = vias.iter().map(|via| origin(&via.points)).collect();
        let meetings: Vec<&(PointAt, Option<UnreadAt>)> =
            atlas.meetings.iter().filter(|(_, why)| most || why.is_none()).collect();
        let to = |from: &Origin, via: &Via| walk.reach(from, &via.points).map(|link| link.over(via.obscure));
        let meet = |from: &Origin, (at, why): &(PointAt, Option<UnreadAt>)| Some(walk.reach(from, &[*at])?.over(*why));
        let uses = |(at, _): &&(PointAt, Option<UnreadAt>)| {
            let users = &atlas.facts.points[*at].users;
            chosen.tenants.iter().map(|tenant| users.binary_search(tenant).is_ok()).collect()
        };
        let holding: BTreeSet<PointAt> = origins.iter().flat_map(|origin| &origin.held).map(|held| held.router).collect();
        let admitted = |router: &PointAt| chosen.worn.iter().map(|own| walk.admitted(*router, own)).collect();
        let each = |from: &[Origin], link: &dyn Fn(&Origin) -> Option<Link>| from.iter().map(link).collect::<Vec<_>>();
        let mut nodes = Self {
            names: vias.iter().map(|via| via.name.to_string()).collect(),
            shared: vias.iter().map(|via| via.shared).collect(),
            into: vias.iter().map(|via| each(&origins, &|from| to(from, via))).collect(),
            out: senders.iter().map(|from| chosen.worn.iter().map(|own| walk.reach(from, own)).collect()).collect(),
            next: senders.iter().map(|from| vias.iter().map(|via| to(from, via)).collect()).collect(),
            meets: meetings.iter().map(|meeting| each(&origins, &|from| meet(from, meeting))).collect(),
            uses: meetings.iter().map(uses).collect(),
            met: meetings.iter().map(|meeting| each(&senders, &|from| meet(from, meeting))).collect(),
            admitted: holding.iter().map(|router| (*router, admitted(router))).collect(),
            bare: [Vec::new(), Vec::new()],
            ways: [Vec::new(), Vec::new()],
            origins,
        };
        if walk.is_open() {
            let beyond = walk.origin_outside(routers, |router| walk.comes_from(router));
            let comes = |points: &[PointAt]| walk.comes(points).or_else(|| walk.reach(&beyond, points));
            nodes.names.push(String::new());
            nodes.shared.push(false);
            nodes.into.push(each(&nodes.origins, &|from| walk.leaves(from)));
            nodes.out.push(chosen.worn.iter().map(|own| comes(own)).collect());
            for ((row, via), from) in nodes.next.iter_mut().zip(&vias).zip(&senders) {
                row.push(via.obscure.map(|why| Link::default().over([why])).or_else(|| walk.leaves(from)));
            }
            nodes.next.push(vias.iter().map(|via| Some(comes(&via.points)?.over(via.obscure))).chain([None]).collect());
            for (row, (at, why)) in nodes.met.iter_mut().zip(meetings) {
                row.push(comes(&[*at]).map(|link| link.over(*why)));
            }
            let own = |points: &[PointAt]| Origin { points: points.to_vec(), held: Vec::new() };
            let (leave, come) = (chosen.bare.iter().map(|bare| walk.leaves(&own(bare))), chosen.bare.iter());
            nodes.bare = [leave.collect(), come.map(|bare| walk.comes(bare)).collect()];
        }
        let ways = |shared: bool| (0..chosen.worn.len()).map(|tenant| nodes.ways_of(tenant, shared)).collect();
        nodes.ways = [ways(false), if nodes.shared.contains(&true) { ways(true) } else { Vec::new() }];
        nodes
    }

    fn ways_of(&self, tenant: usize, shared: bool) -> Ways {
        let many = self.shared.len();
        let open = |node: &usize| shared || !self.shared[*node];
        let order: Vec<usize> = (0..many).filter(open).filter(|node| self.into[*node][tenant].is_some()).collect();
        let mut ways = Ways { order, before: vec![None; many] };
        let mut met = vec![false; many];
        for node in &ways.order {
            met[*node] = true;
        }
        let mut at = 0;
        while let Some(node) = ways.order.get(at).copied() {
            at += 1;
            for next in (0..many).filter(open) {
                if !met[next] && self.next[node][next].is_some() {
                    (met[next], ways.before[next]) = (true, Some(node));
                    ways.order.push(next);
                }
            }
        }
        ways
    }

    fn ways(&self, tenant: usize, shared: bool) -> Option<&Ways> {
        self.ways[usize::from(shared)].get(tenant)
    }

    /// The links from a tenant to a node that it reaches.
    fn links(&self, tenant: usize, ways: &Ways, node: usize) -> Vec<&Link> {
        let (mut links, mut here) = (Vec::new(), Some(node));
        while let Some(node) = here {
            let before = ways.before[node];
            links.extend(before.map_or(&self.into[node][tenant], |before| &self.next[before][node]));
            here = before;
        }
        links.reverse();
        links
    }

    /// The shortest chain from one tenant to another. Without `shared`, none goes through what is declared as shared.
    pub(super) fn chain(&self, from: usize, to: usize, shared: bool) -> Option<Vec<&Link>> {
        let ways = self.ways(from, shared)?;
        let (node, last) = ways.order.iter().find_map(|node| Some((*node, self.out[*node][to].as_ref()?)))?;
        Some(self.links(from, ways, node).into_iter().chain([last]).collect())
    }

    /// The chain of a tenant to a meeting. Of one whose rows lie there it has no link.
    fn to_meeting(&self, tenant: usize, meeting: usize, shared: bool) -> Option<Vec<&Link>> {
        if self.uses[meeting][tenant] {
            return Some(Vec::new());
        }
        if let Some(link) = &self.meets[meeting][tenant] {
            return Some(vec![link]);
        }
        let ways = self.ways(tenant, shared)?;
        let (node, last) = ways.order.iter().find_map(|node| Some((*node, self.met[meeting][*node].as_ref()?)))?;
        Some(self.links(tenant, ways, node).into_iter().chain([last]).collect())
    }

    /// The chains by which both come to one meeting.
    fn both(&self, from: usize, to: usize, meeting: usize, shared: bool) -> Option<[Vec<&Link>; 2]> {
        let apart = self.uses[meeting][from] && self.uses[meeting][to];
        if apart { None } else { Some([self.to_meeting(from, meeting, shared)?, self.to_meeting(to, meeting, shared)?]) }
    }

    /// The chains by which both come to the first meeting that they have.
    pub(super) fn meeting(&self, from: usize, to: usize, shared: bool) -> Option<[Vec<&Link>; 2]> {
        (0..self.meets.len()).find_map(|meeting| self.both(from, to, meeting, shared))
    }

    /// Whether routers hold something of a tenant that can come to these points of another.
    pub(super) fn is_handed(&self, from: usize, to: usize, own: &[PointAt]) -> bool {
        self.origins[from].held.iter().any(|held| {
            let admitted = self.admitted.get(&held.router).map_or(&[][..], |all| &all[to]);
            own.contains(&held.router)
                || admitted.iter().any(|span| held.sources.iter().any(|source| source.meet(*span).is_some()))
        })
    }

    /// The way of hosts without a group over what is not read.
    pub(super) fn bare(&self, from: usize, to: usize) -> Option<[&Link; 2]> {
        Some([self.bare[0].get(from)?.as_ref()?, self.bare[1].get(to)?.as_ref()?])
    }

    /// The declared forwarders by which something passes from one to the other, or by which one of them comes where both meet.
    pub(super) fn declared(&self, from: usize, to: usize) -> Vec<String> {
        let mut named: Vec<String> = Vec::new();
        let mut tell = |tenant: usize, last: &dyn Fn(usize) -> bool| {
            let reached = self.ways(tenant, true).map_or(&[][..], |ways| &ways.order);
            let back = self.leading(last);
            let on = reached.iter().copied().filter(|node| self.shared[*node] && back[*node]);
            named.extend(on.map(|node| self.names[node].clone()));
        };
        tell(from, &|node| self.out[node][to].is_some());
        for meeting in 0..self.meets.len() {
            if self.both(from, to, meeting, true).is_some() {
                for tenant in [from, to].into_iter().filter(|tenant| !self.uses[meeting][*tenant]) {
                    tell(tenant, &|node| self.met[meeting][node].is_some());
                }
            }
        }
        named.sort_unstable();
        named.dedup();
        named
    }

    /// By node: whether it leads to one of these.
    fn leading(&self, last: &dyn Fn(usize) -> bool) -> Vec<bool> {
        let mut leading: Vec<bool> = (0..self.shared.len()).map(last).collect();
        let mut open: Vec<usize> = (0..leading.len()).filter(|node| leading[*node]).collect();
        while let Some(node) = open.pop() {
            for (before, known) in leading.iter_mut().enumerate() {
                if !*known && self.next[before][node].is_some() {
                    *known = true;
                    open.push(before);
                }
            }
        }
        leading
    }
}
