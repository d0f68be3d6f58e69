//! Walks the packets of a leak, one flow after the other, as the enumerator walks any packet; and looks up the names in the hops.

use std::collections::BTreeSet;
use std::net::IpAddr;

use tokaido::reach::{Answer, Facts, Flow, Hop, Leak, PointAt, Role};

use super::oracle::{Arrival, Candidates, Run, Trying, Walk, holds};

/// Says what is wrong with a leak.
pub fn confirm(facts: &Facts, leak: &Leak) -> Result<(), String> {
    if let Some(at) = leak.joined {
        let point = facts.points.get(at).ok_or_else(|| format!("no point {at}"))?;
        let both = |tenants: &[usize]| tenants.iter().any(|tenant| point.tenants.contains(tenant));
        let fits = point.tenants.len() > 1 && both(&leak.from) && both(&leak.to) && leak.path.is_empty();
        return if fits { Ok(()) } else { Err(format!("{} does not join {leak:?}", point.name)) };
    }
    let mut candidates = Candidates::of(facts, Trying::All);
    // The packets may use any address of a translator.
    for (translator, known) in facts.translators.iter().zip(&mut candidates.translators) {
        let named = leak.path.iter().flat_map(|flow| &flow.hops).filter_map(|hop| match hop {
            Hop::Translated { source, .. } => Some(*source),
            _ => None,
        });
        known.extend(named.filter(|source| translator.blocks.iter().any(|block| holds(block, *source))));
    }
    let walk = Walk::new(facts, &candidates, Run::Least);
    let mut arrived: Option<(PointAt, IpAddr)> = None;
    let mut first = None;
    // A meeting, and who begins the second chain to it.
    let mut meeting: Option<(PointAt, PointAt)> = None;
    for (number, flow) in leak.path.iter().enumerate() {
        flow.hops.iter().try_for_each(|hop| exists(facts, hop).map_err(|hop| format!("no such step: {hop:?}")))?;
        let sender = &facts.points[flow.from];
        let own = sender.blocks.iter().any(|block| holds(block, flow.packet.source));
        let passed_on = arrived.map(|(at, source)| {
            let point = &facts.points[at];
            match (&point.role, &sender.role) {
                (Role::Router, _) => flow.from == at && (own || flow.packet.source == source),
                (Role::Forwarder { of, shared: None }, Role::Forwarder { of: other, .. }) => own && of == other,
                (Role::Meeting, _) if meeting.is_none() => {
                    meeting = Some((at, flow.from));
                    own
                }
                _ => false,
            }
        });
        if !passed_on.unwrap_or(own) {
            return Err(format!("flow {number} does not follow: {flow:?}"));
        }
        first.get_or_insert(flow.from);
        arrived = Some((flow.to, arrives(walk, flow, own)?));
    }
    let (Some(first), Some((last, _))) = (first, arrived) else {
        return Err("a leak without a packet".to_owned());
    };
    let answer = match &leak.path[..] {
        [flow] => walk.returns(flow.from, flow.to, &flow.packet).map(|back| if back { Answer::Returns } else { Answer::OneWay }),
        _ => Some(Answer::NotAsked),
    };
    if let Some(answer) = answer.filter(|answer| *answer != leak.answer) {
        return Err(format!("it says of the answer {:?}, and it is {answer:?}: {leak:?}", leak.answer));
    }
    // Both tenants come to a meeting; of anything else the second one gets it.
    if let Some((at, _)) = meeting.filter(|(at, _)| *at != last) {
        return Err(format!("one comes to {} and the other to {}", facts.points[at].name, facts.points[last].name));
    }
    let other = meeting.map_or(last, |(_, second)| second);
    let (one, mut other): (BTreeSet<_>, BTreeSet<_>) = (tenants(facts, first), tenants(facts, other));
    // Whose rows lie at the meeting is there without a packet, whichever of the two it is.
    let users = &facts.points[last].users;
    let by_rows = meeting.is_none() && facts.points[last].role == Role::Meeting;
    other.extend(users.iter().filter(|user| by_rows && !one.contains(user)));
    let named = leak.from.iter().flat_map(|from| leak.to.iter().map(move |to| (from, to)));
    let mut named = named.filter(|(from, to)| from != to);
    let fits =
        named.any(|(from, to)| one.contains(from) && other.contains(to) || by_rows && one.contains(to) && other.contains(from));
    if fits { Ok(()) } else { Err(format!("the packet goes from {one:?} to {other:?}, not as {leak:?} says")) }
}

fn tenants(facts: &Facts, point: PointAt) -> BTreeSet<usize> {
    facts.points[point].tenants.iter().copied().collect()
}

/// The source with which the packet of a flow arrives.
fn arrives(walk: Walk<'_>, flow: &Flow, own: bool) -> Result<IpAddr, String> {
    let holder = |at: PointAt| walk.facts.points[at].blocks.iter().any(|block| holds(block, flow.packet.destination));
    // Two points may have one address; the packet is on its way to one of them.
    let to = (0..walk.facts.points.len()).filter(|at| *at != flow.from && holder(*at));
    let ways: &[bool] = if own { &[true, false] } else { &[false] };
    for to in to {
        for own in ways {
            for arrival in walk.flow(flow.from, *own, flow.packet, Some(to)) {
                if let Arrival::At(at, source) = arrival
                    && at == flow.to
                {
                    return Ok(source);
                }
            }
        }
    }
    Err(format!("the packet does not arrive: {flow:?}"))
}

/// Whether what a hop names is in the facts. Of a packet that passes in `least`, nothing was not read.
fn exists<'a>(facts: &Facts, hop: &'a Hop) -> Result<(), &'a Hop> {
    let found = match hop {
        Hop::Leaves { group, rule } | Hop::Enters { group, rule } => {
            let ingress = matches!(hop, Hop::Enters { .. });
            facts
                .groups
                .iter()
                .filter(|known| known.name == *group)
                .filter_map(|known| known.rules.read())
                .flatten()
                .any(|known| known.words == *rule && known.ingress == ingress)
        }
        Hop::Crosses { acl, entry } => {
            let known = facts.acls.iter().filter(|known| known.name == *acl).filter_map(|known| known.entries.read());
            known.flat_map(|entries| entries.iter()).any(|known| known.words == *entry && known.allow)
        }
        Hop::Routed { table, route } => {
            let known = facts.tables.iter().filter(|known| known.name == *table).filter_map(|known| known.routes.read());
            known.flatten().any(|known| known.words == *route)
        }
        Hop::Switched { table, route } => {
            let known = facts.gateway_tables.iter().filter(|known| known.name == *table).filter_map(|known| known.routes.read());
            known.flatten().any(|known| known.words == *route)
        }
        Hop::Translated { by, source } => {
            facts.translators.iter().any(|known| known.name == *by && known.blocks.iter().any(|block| holds(block, *source)))
        }
        Hop::Unread { .. } => false,
    };
    if found { Ok(()) } else { Err(hop) }
}
