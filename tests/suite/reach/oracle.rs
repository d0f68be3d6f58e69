//! ADR 0032 once more, in the plainest way: every packet of a small network is walked, one by one, and chains are searched. It
//! shares no line with the solver. It is slow, so that it can be read beside the ADR.
//!
//! Where the ADR leaves a choice, this is the one taken:
//! - *Bare* points are a world of their own: they send to bare points and to places that are not read, and nothing else sends to
//!   them. So no router and no forwarder stands between them.
//! - A packet leaves what is read whatever its destination is, an address of nobody too; a route hands to a router only what is
//!   sent to an address of a point. What a router got it passes on to anybody.
//! - Of a network that an unread part names nothing is known: a point with any rule for ingress gets anything from outside there,
//!   as one with any rule for egress sends anything there. Neither ACL nor peer is asked.
//! - A router sends under the very address from which a packet reached it.
//! - An unread table of a transit gateway leads to all attachments of the gateway, and outside.
//! - A pair is `assumed` if it is isolated (`most`) without the declared forwarders, and not isolated with them.
//! - Where hosts may be hidden nothing is assumed either: nobody knows that nothing passes by another way.
//! - Of routes with prefixes of one length the first counts. AWS has no two of them, except through prefix lists.

mod classes;
mod search;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use tokaido::reach::{Facts, Packet, PointAt, PointKind, Role, TenantAt};

pub use classes::{Candidates, Trying, holds};
use search::{Search, each_packet};
pub use walk::{Arrival, Run, Walk};

/// What is decided about one ordered pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Isolated,
    Leak,
    Undecided,
    /// Isolated but for declared shared forwarders.
    Assumed,
}

/// Everything that is compared with a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    pub pairs: BTreeMap<(TenantAt, TenantAt), Verdict>,
    /// Points to which the Internet can send more than is allowed.
    pub entries: BTreeSet<PointAt>,
    /// Points of which that depends on what was not read.
    pub unsure: BTreeSet<PointAt>,
}

pub fn decide(facts: &Facts) -> Decided {
    decide_trying(facts, Trying::OneOfEach)
}

pub fn decide_trying(facts: &Facts, trying: Trying) -> Decided {
    let candidates = Candidates::of(facts, trying);
    let walk = |run| Walk::new(facts, &candidates, run);
    let mut least = Search::new(walk(Run::Least));
    let mut most = Search::new(walk(Run::Most));
    let leaks = passing(facts, &mut least, false);
    let possible = passing(facts, &mut most, false);
    let any_shared = facts.points.iter().any(|point| matches!(point.role, Role::Forwarder { shared: Some(_), .. }));
    let assumed = if any_shared { passing(facts, &mut most, true) } else { BTreeSet::new() };
    let tenants = 0..facts.tenants.len();
    let pairs = tenants.clone().flat_map(|from| tenants.clone().map(move |to| (from, to))).filter(|(from, to)| from != to);
    let hidden = facts.unread.iter().any(|unread| unread.hides);
    let verdict = |pair: (TenantAt, TenantAt)| {
        if leaks.contains(&pair) {
            Verdict::Leak
        } else if hidden || possible.contains(&pair) {
            Verdict::Undecided
        } else if assumed.contains(&pair) {
            Verdict::Assumed
        } else {
            Verdict::Isolated
        }
    };
    let (surely, perhaps) = (entries(walk(Run::Least)), entries(walk(Run::Most)));
    let unsure = perhaps.difference(&surely).copied().collect();
    Decided { pairs: pairs.map(|pair| (pair, verdict(pair))).collect(), entries: surely, unsure }
}

/// The ordered pairs between which something passes.
fn passing(facts: &Facts, search: &mut Search<'_>, through_shared: bool) -> BTreeSet<(TenantAt, TenantAt)> {
    let most = search.run() == Run::Most;
    let mut found = BTreeSet::new();
    let mut meets: BTreeMap<PointAt, BTreeSet<TenantAt>> = BTreeMap::new();
    for (start, point) in facts.points.iter().enumerate().filter(|(_, point)| !point.tenants.is_empty()) {
        // A point of two tenants joins them, whatever arrives there.
        found.extend(point.tenants.iter().flat_map(|from| point.tenants.iter().map(move |to| (*from, *to))));
        for end in search.reached(start, through_shared) {
            let to = &facts.points[end];
            if to.role == Role::Meeting || most && matches!(to.role, Role::Obscure(_)) {
                meets.entry(end).or_default().extend(point.tenants.iter());
            }
            if start != end {
                found.extend(point.tenants.iter().flat_map(|from| to.tenants.iter().map(move |to| (*from, *to))));
            }
        }
    }
    for (at, point) in facts.points.iter().enumerate().filter(|(_, point)| point.role == Role::Meeting) {
        meets.entry(at).or_default().extend(point.users.iter());
    }
    for (at, tenants) in meets {
        let uses = |tenant: &TenantAt| facts.points[at].users.contains(tenant);
        let pairs = tenants.iter().flat_map(|from| tenants.iter().map(move |to| (*from, *to)));
        found.extend(pairs.filter(|(from, to)| !(uses(from) && uses(to))));
    }
    found.retain(|(from, to)| from != to);
    found
}

/// Points of tenants and databases with a public address in a network with an Internet gateway, and a packet that is not allowed.
fn entries(walk: Walk<'_>) -> BTreeSet<PointAt> {
    let (facts, candidates) = (walk.facts, walk.candidates);
    let hosts: Vec<IpAddr> = candidates.anywhere.iter().copied().filter(|at| of_the_internet(*at)).collect();
    let mut found = BTreeSet::new();
    for (to, point) in facts.points.iter().enumerate() {
        let asked = !point.tenants.is_empty() || point.kind == PointKind::Database;
        if !asked || !facts.networks[facts.subnets[point.subnet].network].internet {
            continue;
        }
        each_packet(&hosts, &candidates.points[to], &candidates.traffic, |packet| {
            let public = point.public || packet.destination.is_ipv6();
            if public && walk.comes_in(to, &packet) && !allowed(facts, &point.tenants, &packet) {
                found.insert(to);
            }
        });
    }
    found
}

/// Whether a host of the Internet may have this address.
pub fn of_the_internet(at: IpAddr) -> bool {
    let within = |blocks: &[&str]| blocks.iter().any(|block| block.parse().is_ok_and(|block| holds(&block, at)));
    if at.is_ipv4() { !within(&classes::OF_NOBODY) } else { within(&[classes::PUBLIC_SIX]) }
}

fn allowed(facts: &Facts, tenants: &[TenantAt], packet: &Packet) -> bool {
    facts.allowed.iter().any(|one| {
        let (protocol, port) = (one.traffic.protocol, one.traffic.port);
        tenants.contains(&one.tenant)
            && holds(&one.block, packet.source)
            && (protocol.0..=protocol.1).contains(&packet.protocol)
            && (port.0..=port.1).contains(&packet.port)
    })
}
