//! What a proof says.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::facts::{PointAt, TenantAt, UnreadAt};

/// What was proved about each ordered pair of tenants. A pair that is in no list is isolated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Pairs between which a packet passes, although everything unread lets nothing pass.
    pub leaks: Vec<Leak>,
    /// Pairs of which it depends on what was not read.
    pub undecided: Vec<Undecided>,
    /// Pairs between which something passes through a declared shared forwarder, and by no other way.
    pub assumed: Vec<Assumed>,
    /// What the Internet can send beyond what is allowed.
    pub entries: Vec<Entering>,
    /// Points of which it depends on what was not read whether it can.
    pub unsure_entries: Vec<UnsureEntry>,
}

/// From each tenant of `from` to each other tenant of `to`. Tenants that are equal but for their names and addresses are grouped;
/// the path is that of the first two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leak {
    pub from: Vec<TenantAt>,
    pub to: Vec<TenantAt>,
    /// A point that belongs to both: what it gets, both have. Then there is no path.
    pub joined: Option<PointAt>,
    /// One flow, or a chain of flows through routers and forwarders. Of a meeting: the chain of the one to it, then that of the
    /// other.
    pub path: Vec<Flow>,
    pub answer: Answer,
}

/// From each tenant of `from` to each other tenant of `to`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undecided {
    pub from: Vec<TenantAt>,
    pub to: Vec<TenantAt>,
    /// What would have to be read, sorted.
    pub unread: Vec<UnreadAt>,
}

/// From each tenant of `from` to each other tenant of `to`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assumed {
    pub from: Vec<TenantAt>,
    pub to: Vec<TenantAt>,
    /// The declared forwarders on any way between them, sorted: isolation rests on all of them.
    pub forwarders: Vec<String>,
}

/// Whether an answer comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    Returns,
    /// The packet arrives, and no answer can come back.
    OneWay,
    /// Of a chain of several flows, and behind a NAT gateway, it is not asked.
    NotAsked,
}

/// A packet from one point to another, and what let it pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    pub from: PointAt,
    pub to: PointAt,
    pub packet: Packet,
    pub hops: Vec<Hop>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packet {
    pub source: IpAddr,
    pub destination: IpAddr,
    pub protocol: u8,
    /// The destination port; of ICMP, 256 times the type plus the code; 0 for other protocols.
    pub port: u16,
}

/// One step of a packet, with the names of what decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hop {
    /// A rule of a group of the sender.
    Leaves { group: String, rule: String },
    /// An entry of a network ACL.
    Crosses { acl: String, entry: String },
    /// A route.
    Routed { table: String, route: String },
    /// A route of a transit gateway.
    Switched { table: String, route: String },
    /// A NAT gateway; the source is now this address.
    Translated { by: String, source: IpAddr },
    /// A rule of a group of the receiver.
    Enters { group: String, rule: String },
    /// Something that was not read, taken to let it pass.
    Unread { what: String },
}

/// What any host of the Internet can send to a point, beyond what is allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entering {
    pub to: PointAt,
    pub packet: Packet,
    pub hops: Vec<Hop>,
}

/// A point to which the Internet may be able to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnsureEntry {
    pub to: PointAt,
    /// What would have to be read, sorted.
    pub unread: Vec<UnreadAt>,
}
