//! What any host of the Internet can send to a tenant or to a database, beyond what its customers are allowed to send.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::ControlFlow;

use super::atlas::{Atlas, Mode};
use super::facts::{PointAt, PointKind};
use super::packets::{End, Packets, Span};
use super::proof::{Entering, UnsureEntry};
use super::trail::Trail;
use super::walk::Walk;
use super::witness::packet;

/// Addresses that no host of the Internet has: private, shared, loopback, link-local, multicast and reserved ones (IANA's
/// registries of special-purpose addresses, RFC 6890).
const INSIDE: [(Ipv4Addr, u8); 9] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Global unicast addresses.
const GLOBAL: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

fn internet() -> Vec<Span> {
    let block = |address: Ipv4Addr, prefix| ipnet::Ipv4Net::new_assert(address, prefix).into();
    let mut four = vec![Span::of(&block(Ipv4Addr::UNSPECIFIED, 0))];
    for (address, prefix) in INSIDE {
        let inside = Span::of(&block(address, prefix));
        four = four.into_iter().flat_map(|span| span.without(inside)).collect();
    }
    four.push(Span::of(&ipnet::Ipv6Net::new_assert(GLOBAL.0, GLOBAL.1).into()));
    four
}

/// For each point that the Internet can reach otherwise than allowed, the first packet; and the points of which it is not known.
pub(super) fn entries(atlas: &Atlas<'_>) -> (Vec<Entering>, Vec<UnsureEntry>) {
    let facts = atlas.facts;
    let internet = internet();
    let (mut found, mut unsure) = (Vec::new(), Vec::new());
    for (to, point) in facts.points.iter().enumerate() {
        let concerned = !point.tenants.is_empty() || point.kind == PointKind::Database;
        if !concerned || !facts.networks[atlas.network_of(to)].internet {
            continue;
        }
        let first = |mode| {
            let walk = Walk { atlas, mode, remembered: false };
            let mut first = None;
            first_entry(&walk, to, &internet, &mut first);
            first
        };
        if let Some((trail, packets)) = first(Mode::Least) {
            let walk = Walk { atlas, mode: Mode::Least, remembered: false };
            let hops = trail.steps.iter().map(|step| walk.hop(*step)).collect();
            found.push(Entering { to, packet: packet(&packets, packets.source), hops });
        } else if let Some((trail, _)) = first(Mode::Most) {
            unsure.push(UnsureEntry { to, unread: trail.what_was_not_read() });
        }
    }
    (found, unsure)
}

/// The first packets that arrive at a point and are not among those that its tenants' customers may send.
fn first_entry(walk: &Walk<'_, '_>, to: PointAt, internet: &[Span], first: &mut Option<(Trail, Packets)>) {
    let facts = walk.atlas.facts;
    let point = &facts.points[to];
    // An address of IPv6 is public by itself; one of IPv4 has a public one beside it.
    let own: Vec<Span> = walk.atlas.spans(to).filter(|span| span.six || point.public).collect();
    let allowed = facts.allowed.iter().filter(|allowed| point.tenants.contains(&allowed.tenant));
    let allowed: Vec<_> = allowed.map(|allowed| (Span::of(&allowed.block), allowed.traffic)).collect();
    let _ended = walk.entering(to, internet, &own, &mut |trail| {
        let mut left: Vec<Packets> = vec![trail.packets];
        for (block, traffic) in &allowed {
            left = left.into_iter().flat_map(|packets| packets.past(End::Source, *block, *traffic)).collect();
        }
        let Some(packets) = left.first() else { return ControlFlow::Continue(()) };
        *first = Some((trail, *packets));
        ControlFlow::Break(())
    });
}
