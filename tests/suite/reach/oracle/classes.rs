//! Which packets are worth a try. A wall asks only whether a block holds an address and whether a rule has a protocol and a port,
//! so of the addresses that the same blocks hold one is enough, and so for traffic.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use tokaido::reach::{Facts, Peer, Traffic};

/// A block of at most so many addresses is tried address by address.
const FEW: u128 = 8;

/// Addresses of IPv4 that no host of the Internet has: private, shared, loopback, link-local, multicast, reserved.
pub const OF_NOBODY: [&str; 9] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "224.0.0.0/4",
    "240.0.0.0/4",
];
/// The addresses of IPv6 that hosts of the Internet have.
pub const PUBLIC_SIX: &str = "2000::/3";

/// The candidates of one network.
pub struct Candidates {
    /// Of each point, of its own blocks.
    pub points: Vec<Vec<IpAddr>>,
    /// Of each translator.
    pub translators: Vec<Vec<IpAddr>>,
    /// Of everything, for what comes from places that are not read and for what goes there.
    pub anywhere: Vec<IpAddr>,
    /// Protocols and ports.
    pub traffic: Vec<(u8, u16)>,
}

/// Whether all candidates are tried, or one of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trying {
    All,
    OneOfEach,
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(four) => u32::from(four).into(),
        IpAddr::V6(six) => six.into(),
    }
}

fn address(six: bool, number: u128) -> Option<IpAddr> {
    if six {
        return Some(IpAddr::V6(Ipv6Addr::from(number)));
    }
    u32::try_from(number).ok().map(|four| IpAddr::V4(Ipv4Addr::from(four)))
}

fn edges(block: &IpNet) -> (bool, u128, u128) {
    let host = u32::from(block.max_prefix_len() - block.prefix_len());
    let first = number(block.network());
    let rest = if host == 128 { u128::MAX } else { (1 << host) - 1 };
    (block.max_prefix_len() == 128, first, first + rest)
}

pub fn holds(block: &IpNet, at: IpAddr) -> bool {
    let shift = |bits: u8, length: u8| u32::from(bits - length);
    match (block, at) {
        (IpNet::V4(block), IpAddr::V4(at)) => {
            let differ = u32::from(block.addr()) ^ u32::from(at);
            differ.checked_shr(shift(32, block.prefix_len())).unwrap_or(0) == 0
        }
        (IpNet::V6(block), IpAddr::V6(at)) => {
            let differ = u128::from(block.addr()) ^ u128::from(at);
            differ.checked_shr(shift(128, block.prefix_len())).unwrap_or(0) == 0
        }
        _ => false,
    }
}

/// Every block that anything of the facts names, once.
fn blocks(facts: &Facts) -> BTreeSet<IpNet> {
    let known = OF_NOBODY.iter().chain([&PUBLIC_SIX]);
    let mut found: BTreeSet<IpNet> = known.filter_map(|block| block.parse().ok()).collect();
    found.extend(facts.networks.iter().filter_map(|network| network.blocks.read()).flatten());
    found.extend(facts.subnets.iter().flat_map(|subnet| subnet.blocks.iter()));
    found.extend(facts.points.iter().flat_map(|point| point.blocks.iter()));
    found.extend(facts.translators.iter().flat_map(|translator| &translator.blocks));
    found.extend(
        facts.acls.iter().filter_map(|acl| acl.entries.read()).flat_map(|entries| entries.iter()).map(|entry| entry.block),
    );
    let routes = facts.tables.iter().filter_map(|table| table.routes.read()).flatten();
    found.extend(routes.filter_map(|route| route.blocks.read()).flatten());
    let routes = facts.gateway_tables.iter().filter_map(|table| table.routes.read()).flatten();
    found.extend(routes.filter_map(|route| route.block.read()));
    for rule in facts.groups.iter().filter_map(|group| group.rules.read()).flatten() {
        if let Peer::Blocks(blocks) = &rule.peer {
            found.extend(blocks);
        }
    }
    found.extend(facts.allowed.iter().map(|allowed| allowed.block));
    found
}

fn traffics(facts: &Facts) -> BTreeSet<Traffic> {
    let rules = facts.groups.iter().filter_map(|group| group.rules.read()).flatten().map(|rule| rule.traffic);
    let entries =
        facts.acls.iter().filter_map(|acl| acl.entries.read()).flat_map(|entries| entries.iter()).map(|entry| entry.traffic);
    rules.chain(entries).chain(facts.allowed.iter().map(|allowed| allowed.traffic)).collect()
}

/// The first of each kind, where `kind` says what walls can tell apart.
fn first_of_each<T: Copy, K: Ord>(all: impl IntoIterator<Item = T>, kind: impl Fn(T) -> K) -> Vec<T> {
    let mut seen = BTreeSet::new();
    all.into_iter().filter(|one| seen.insert(kind(*one))).collect()
}

impl Candidates {
    pub fn of(facts: &Facts, trying: Trying) -> Self {
        let blocks = blocks(facts);
        // Where a block begins or ends, and the addresses beside it.
        let mut border = BTreeSet::new();
        for block in &blocks {
            let (six, first, last) = edges(block);
            let near = [first.checked_sub(1), Some(first), Some(last), last.checked_add(1)];
            border.extend(near.into_iter().flatten().filter_map(|number| address(six, number)));
        }
        let only = |all: Vec<IpAddr>| match trying {
            Trying::All => all,
            Trying::OneOfEach => first_of_each(all, |at| blocks.iter().map(|block| holds(block, at)).collect::<Vec<_>>()),
        };
        let inside = |own: &[IpNet]| {
            let mut all = BTreeSet::new();
            for block in own {
                let (six, first, last) = edges(block);
                if last - first < FEW {
                    all.extend((first..=last).filter_map(|number| address(six, number)));
                }
                all.extend(border.iter().filter(|at| holds(block, **at)));
            }
            only(all.into_iter().collect())
        };
        Self {
            points: facts.points.iter().map(|point| inside(&point.blocks)).collect(),
            translators: facts.translators.iter().map(|translator| inside(&translator.blocks)).collect(),
            anywhere: only(border.iter().copied().collect()),
            traffic: Self::traffic(&traffics(facts), trying),
        }
    }

    /// Protocols without ports have port 0.
    fn traffic(all: &BTreeSet<Traffic>, trying: Trying) -> Vec<(u8, u16)> {
        let mut protocols = BTreeSet::from([1, 6, 17]);
        let mut ports = BTreeSet::from([0]);
        for Traffic { protocol, port } in all {
            for bound in [protocol.0, protocol.1] {
                protocols.extend([bound.checked_sub(1), Some(bound), bound.checked_add(1)].into_iter().flatten());
            }
            for bound in [port.0, port.1] {
                ports.extend([bound.checked_sub(1), Some(bound), bound.checked_add(1)].into_iter().flatten());
            }
        }
        let with_ports = |protocol: u8| [1, 6, 17, 58].contains(&protocol);
        let pairs = protocols.iter().flat_map(|protocol| ports.iter().map(move |port| (*protocol, *port)));
        let pairs = pairs.filter(|(protocol, port)| *port == 0 || with_ports(*protocol));
        let kind = |(protocol, port): (u8, u16)| {
            let has = |traffic: &Traffic| {
                (traffic.protocol.0..=traffic.protocol.1).contains(&protocol) && (traffic.port.0..=traffic.port.1).contains(&port)
            };
            all.iter().map(has).collect::<Vec<_>>()
        };
        match trying {
            Trying::All => pairs.collect(),
            Trying::OneOfEach => first_of_each(pairs, kind),
        }
    }
}
