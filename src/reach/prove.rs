//! The proof: each ordered pair of tenants, equal tenants together.

use super::atlas::{Atlas, Mode};
use super::candidates::{Candidates, Places};
use super::classes::classes;
use super::facts::{Facts, PointAt, TenantAt, UnreadAt};
use super::internet;
use super::nodes::{Link, Nodes, unread};
use super::proof::{Answer, Assumed, Flow, Leak, Proof, Undecided};
use super::routers::Routers;
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
    let judge = Judge {
        atlas,
        candidates: Candidates::of(atlas, places),
        least: Nodes::of(atlas, Mode::Least, &chosen),
        most: Nodes::of(atlas, Mode::Most, &chosen),
        routers: Routers::of(atlas),
        hidden: (0..atlas.facts.unread.len()).filter(|why| atlas.facts.unread[*why].hides).collect(),
        chosen: &chosen,
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
    routers: Routers,
    /// What may hide hosts.
    hidden: Vec<UnreadAt>,
    /// The tenants of which the nodes know.
    chosen: &'j [TenantAt],
}

impl Judge<'_, '_> {
    /// Of two tenants, by their positions among the chosen.
    fn decide(&self, from: usize, to: usize) -> Option<Decided> {
        let (a, b) = (self.chosen[from], self.chosen[to]);
        let both = |point: &PointAt| self.atlas.facts.points[*point].tenants.contains(&b);
        if let Some(point) = self.atlas.worn_points(a).into_iter().find(both) {
            return Some(Decided::Leak { joined: Some(point), path: Vec::new(), answer: Answer::Returns });
        }
        let leak = |(path, answer)| Decided::Leak { joined: None, path, answer };
        if let Some(found) = self.direct(a, b, Mode::Least).or_else(|| self.chained(from, to, false, Mode::Least)) {
            return Some(leak((found.0.into_iter().filter_map(|link| link.flow).collect(), found.1)));
        }
        if let Some((path, _)) = self.direct(a, b, Mode::Most).or_else(|| self.chained(from, to, false, Mode::Most)) {
            let mut unread: Vec<UnreadAt> = path.into_iter().flat_map(|link| link.unread).collect();
            unread.sort_unstable();
            unread.dedup();
            return Some(Decided::Undecided(unread));
        }
        if !self.hidden.is_empty() {
            return Some(Decided::Undecided(self.hidden.clone()));
        }
        self.shared(from, to).map(Decided::Assumed)
    }

    /// One flow.
    fn direct(&self, from: TenantAt, to: TenantAt, mode: Mode) -> Option<(Vec<Link>, Answer)> {
        let walk = |bare| Walk { atlas: self.atlas, mode, bare, remembered: false };
        let found = |bare: bool, senders: &[PointAt], receivers: &[PointAt]| {
            let walk = walk(bare);
            let (a, b, trail) = walk.between(senders, receivers)?;
            let link = Link { flow: Some(walk.flow(a, b, &trail)), unread: unread(&trail) };
            Some((vec![link], walk.answer(a, b, &trail)))
        };
        let (worn, bare) = (self.candidates.own(from, to), self.candidates.bare(from, to));
        let atlas = self.atlas;
        let own = worn.then(|| found(false, &atlas.worn_points(from), &atlas.worn_points(to))).flatten();
        own.or_else(|| bare.then(|| found(true, &atlas.bare_points(from), &atlas.bare_points(to))).flatten())
    }

    /// Several flows.
    fn chained(&self, from: usize, to: usize, shared: bool, mode: Mode) -> Option<(Vec<Link>, Answer)> {
        let nodes = if mode == Mode::Least { &self.least } else { &self.most };
        let links = |all: Vec<&Link>| all.into_iter().cloned().collect::<Vec<_>>();
        let chain = nodes.chain(from, to, shared).map(|chain| links(chain.into_iter().map(|(_, link)| link).collect()));
        let met = || nodes.meeting(from, to).map(|both| links(both.to_vec()));
        let routed = || {
            let walk = Walk { atlas: self.atlas, mode, bare: false, remembered: false };
            let found = self.routers.any.then(|| self.routers.chain(&walk, self.chosen[from], self.chosen[to], shared));
            Some(found??.0)
        };
        Some((chain.or_else(met).or_else(routed)?, Answer::NotAsked))
    }

    /// The declared forwarders by which something passes.
    fn shared(&self, from: usize, to: usize) -> Option<Vec<String>> {
        let walk = Walk { atlas: self.atlas, mode: Mode::Most, bare: false, remembered: false };
        let chain = self.most.chain(from, to, true).map(|chain| {
            let declared = |node: usize| self.atlas.vias.get(node).filter(|via| via.shared).map(|via| via.name.clone());
            chain.into_iter().filter_map(|(node, _)| declared(node?)).collect::<Vec<_>>()
        });
        let routed = || {
            let found = self.routers.any.then(|| self.routers.chain(&walk, self.chosen[from], self.chosen[to], true));
            Some(found??.1)
        };
        let mut named = chain.or_else(routed)?;
        named.sort_unstable();
        named.dedup();
        Some(named)
    }
}
