//! The proof: each ordered pair of tenants, equal tenants together.

use super::atlas::{Atlas, Mode};
use super::candidates::{Candidates, Places};
use super::classes::classes;
use super::facts::{Facts, PointAt, TenantAt, UnreadAt};
use super::internet;
use super::nodes::{Chosen, Nodes};
use super::proof::{Answer, Assumed, Flow, Leak, Proof, Undecided};
use super::routers::{Link, Routers};
use super::walk::Walk;

/// Proves which tenants are isolated from which. Tenants that are equal but for their names and addresses are judged once.
#[must_use]
pub fn prove(facts: &Facts) -> Proof {
    let atlas = Atlas::of(facts);
    let places = Places::of(&atlas);
    let groups = classes(&atlas, &places);
    decide_all(&atlas, &places, &groups)
}

/// The same, each tenant judged by itself. Tests compare both.
#[must_use]
pub fn prove_each(facts: &Facts) -> Proof {
    let atlas = Atlas::of(facts);
    let groups: Vec<Vec<TenantAt>> = (0..facts.tenants.len()).map(|tenant| vec![tenant]).collect();
    decide_all(&atlas, &Places::of(&atlas), &groups)
}

/// What was found about a pair. Nothing: it is isolated.
enum Decided {
    Leak { joined: Option<PointAt>, path: Vec<Flow>, answer: Answer },
    Undecided(Vec<UnreadAt>),
    Assumed(Vec<String>),
}

fn decide_all(atlas: &Atlas<'_>, places: &Places, groups: &[Vec<TenantAt>]) -> Proof {
    // The first of each group, and a second one for the pairs within it.
    let mut chosen: Vec<TenantAt> = Vec::new();
    let first: Vec<usize> = groups
        .iter()
        .map(|members| {
            chosen.extend(members.iter().take(2));
            chosen.len() - members.len().min(2)
        })
        .collect();
    let worn: Vec<Vec<PointAt>> = chosen.iter().map(|tenant| atlas.worn_points(*tenant)).collect();
    let bare: Vec<Vec<PointAt>> = chosen.iter().map(|tenant| atlas.bare_points(*tenant)).collect();
    let who = Chosen { tenants: &chosen, worn: &worn, bare: &bare, routers: &Routers::of(atlas) };
    let judge = Judge {
        atlas,
        candidates: Candidates::of(atlas, places, &chosen),
        least: Nodes::of(atlas, Mode::Least, &who),
        most: Nodes::of(atlas, Mode::Most, &who),
        hidden: (0..atlas.facts.unread.len()).filter(|why| atlas.facts.unread[*why].hides).collect(),
        chosen: &chosen,
        worn: &worn,
        bare: &bare,
    };
    let (entries, unsure_entries) = internet::entries(atlas);
    let mut proof = Proof { entries, unsure_entries, ..Proof::default() };
    for (a, senders) in groups.iter().enumerate() {
        for (b, receivers) in groups.iter().enumerate() {
            if a == b && senders.len() < 2 {
                continue;
            }
            let decided = judge.decide(first[a], first[b] + usize::from(a == b));
            let (from, to) = (senders.clone(), receivers.clone());
            match decided {
                None => {}
                Some(Decided::Leak { joined, path, answer }) => proof.leaks.push(Leak { from, to, joined, path, answer }),
                Some(Decided::Undecided(unread)) => proof.undecided.push(Undecided { from, to, unread }),
                Some(Decided::Assumed(forwarders)) => proof.assumed.push(Assumed { from, to, forwarders }),
            }
        }
    }
    proof
}

struct Judge<'j, 'a> {
    atlas: &'j Atlas<'a>,
    candidates: Candidates,
    least: Nodes,
    most: Nodes,
    /// What may hide hosts.
    hidden: Vec<UnreadAt>,
    /// The tenants of which the nodes know, and their points: those with groups, and hosts without one.
    chosen: &'j [TenantAt],
    worn: &'j [Vec<PointAt>],
    bare: &'j [Vec<PointAt>],
}

impl Judge<'_, '_> {
    /// Of two tenants, by their positions among the chosen.
    fn decide(&self, from: usize, to: usize) -> Option<Decided> {
        let (a, b) = (self.chosen[from], self.chosen[to]);
        let both = |point: &PointAt| self.atlas.facts.points[*point].tenants.contains(&b);
        if let Some(point) = self.atlas.joining[a].iter().copied().find(both) {
            return Some(Decided::Leak { joined: Some(point), path: Vec::new(), answer: Answer::Returns });
        }
        if let Some(path) = self.passes(from, to, Mode::Least) {
            return Some(self.leak(&path));
        }
        if let Some(path) = self.passes(from, to, Mode::Most) {
            let all = path.into_iter().flat_map(|link| link.unread);
            return Some(Decided::Undecided(Link::default().over(all).unread));
        }
        if !self.hidden.is_empty() {
            return Some(Decided::Undecided(self.hidden.clone()));
        }
        let shared = self.most.chain(from, to, true).is_some() || self.most.meeting(from, to, true).is_some();
        shared.then(|| Decided::Assumed(self.most.declared(from, to)))
    }

    fn walk(&self, mode: Mode) -> Walk<'_, '_> {
        Walk { atlas: self.atlas, mode, remembered: false }
    }

    fn leak(&self, path: &[Link]) -> Decided {
        let walk = self.walk(Mode::Least);
        let answer = match path {
            [Link { legs, .. }] if legs.len() == 1 => walk.answer(legs[0].from, legs[0].to, &legs[0].trail),
            _ => Answer::NotAsked,
        };
        Decided::Leak { joined: None, path: path.iter().flat_map(|link| walk.flows(&link.legs)).collect(), answer }
    }

    /// One flow, or a chain of them, without what is declared as shared.
    fn passes(&self, from: usize, to: usize, mode: Mode) -> Option<Vec<Link>> {
        let nodes = if mode == Mode::Least { &self.least } else { &self.most };
        let links = |all: Vec<&Link>| all.into_iter().cloned().collect::<Vec<_>>();
        if let Some(link) = self.direct(from, to, mode) {
            return Some(vec![link]);
        }
        let chain = nodes.chain(from, to, false).map(links);
        let met = || nodes.meeting(from, to, false).map(|both| links(both.concat()));
        let bare = || nodes.bare(from, to).map(|both| links(both.to_vec()));
        chain.or_else(met).or_else(bare)
    }

    /// One flow, or more through routers that keep the source.
    fn direct(&self, from: usize, to: usize, mode: Mode) -> Option<Link> {
        let nodes = if mode == Mode::Least { &self.least } else { &self.most };
        let (walk, origin) = (self.walk(mode), &nodes.origins[from]);
        let (a, b) = (self.chosen[from], self.chosen[to]);
        let worn = self.candidates.own(a, b).then(|| walk.between(&origin.points, &self.worn[to])).flatten();
        let bare = || self.candidates.bare(a, b).then(|| walk.between(&self.bare[from], &self.bare[to])).flatten();
        let handed = || nodes.is_handed(from, to, &self.worn[to]).then(|| walk.handed(origin, &self.worn[to])).flatten();
        worn.or_else(bare).or_else(handed)
    }
}
