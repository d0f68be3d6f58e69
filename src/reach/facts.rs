//! What the proof reads: networks, walls, ways and hosts, as plain data. Lists refer to each other by position. What repeats is
//! shared: the addresses of a subnet, the groups of a tenant's hosts, the entries of default ACLs. The same data, as JSON, is what
//! `prove isolation --export` writes and what the independent checker of the tests replays.

use std::sync::Arc;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::model::Shared;

/// A position in `tenants`.
pub type TenantAt = usize;
/// A position in `networks`.
pub type NetworkAt = usize;
/// A position in `subnets`.
pub type SubnetAt = usize;
/// A position in `groups`.
pub type GroupAt = usize;
/// A position in `points`.
pub type PointAt = usize;
/// A position in `unread`.
pub type UnreadAt = usize;

/// A part that was read, or the position of what says why it was not.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part<T> {
    Read(T),
    Unread(UnreadAt),
}

impl<T> Part<T> {
    pub const fn read(&self) -> Option<&T> {
        match self {
            Self::Read(value) => Some(value),
            Self::Unread(_) => None,
        }
    }
}

/// Everything that decides whether a packet passes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The tenants, sorted.
    pub tenants: Vec<String>,
    pub networks: Vec<Network>,
    pub subnets: Vec<Subnet>,
    pub acls: Vec<Acl>,
    pub tables: Vec<Table>,
    pub groups: Vec<Group>,
    pub points: Vec<Point>,
    pub peerings: Vec<Peering>,
    pub attachments: Vec<Attachment>,
    pub gateway_tables: Vec<GatewayTable>,
    pub translators: Vec<Translator>,
    /// What of the Internet each tenant's customers may send (`ingress_allow`).
    pub allowed: Vec<Allowed>,
    /// What was not read.
    pub unread: Vec<Unread>,
}

/// Addresses of the Internet that may send this to a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowed {
    pub tenant: TenantAt,
    pub block: IpNet,
    pub traffic: Traffic,
}

/// What was not read, and what it keeps undecided.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unread {
    /// In one line, for a person: `list vpc-peering@tokyo: AccessDenied`.
    pub what: String,
    pub cause: Cause,
    /// Nothing is known of these networks but what the other facts say: anything may pass in and out.
    pub networks: Vec<NetworkAt>,
    /// It may hide hosts of any tenant: no pair is isolated.
    pub hides: bool,
}

/// Why it was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// A call failed or was denied.
    Failed,
    /// No call asks for it.
    NotAsked,
    /// The answer is there and has a form that is not known.
    NotUnderstood,
    /// It lies in another account. A role under `readers:` could read it.
    OtherAccount,
}

/// A VPC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    pub name: Shared,
    pub region: Shared,
    /// All its blocks, of both families.
    pub blocks: Part<Vec<IpNet>>,
    /// Ways by which packets of places that are not read can come in: a virtual private gateway, a peering with a network of
    /// another account.
    pub open: Vec<UnreadAt>,
    /// Whether an Internet gateway is attached, as far as route tables show.
    pub internet: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subnet {
    pub name: Shared,
    pub network: NetworkAt,
    pub zone: Shared,
    /// Its blocks, of both families.
    pub blocks: Arc<[IpNet]>,
    /// A position in `acls`.
    pub acl: Part<usize>,
    /// A position in `tables`.
    pub table: Part<usize>,
}

/// A network ACL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acl {
    pub name: Shared,
    /// In the order of their numbers. The first that matches decides; what none matches is denied.
    pub entries: Part<Arc<[Entry]>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub words: Shared,
    pub ingress: bool,
    pub allow: bool,
    pub traffic: Traffic,
    pub block: IpNet,
}

/// Which traffic a rule is about, from whomever to whomever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Traffic {
    /// The first and the last protocol number.
    pub protocol: (u8, u8),
    /// The first and the last destination port; of ICMP, 256 times the type plus the code.
    pub port: (u16, u16),
}

impl Traffic {
    pub const ALL: Self = Self { protocol: (0, u8::MAX), port: (0, u16::MAX) };
}

/// A route table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub name: Shared,
    pub routes: Part<Vec<Route>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// As AWS writes it: a block, or the id of a prefix list.
    pub words: Shared,
    /// The blocks of the destination: one, or the entries of a list. The longest prefix that holds the address decides.
    pub blocks: Part<Vec<IpNet>>,
    pub target: Target,
}

/// Where a route leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// The network itself.
    Local,
    /// A position in `peerings`.
    Peering(usize),
    /// The transit gateway to which this attachment (a position in `attachments`) of the network leads.
    Gateway(usize),
    /// A position in `translators`.
    Translator(usize),
    /// An interface, which passes it on if AWS does not check source and destination there.
    Point(PointAt),
    /// The Internet.
    Internet,
    /// Nobody: a service of AWS behind a gateway endpoint, a target that is gone.
    Away,
    /// A place that is not read.
    Outside(UnreadAt),
}

/// A security group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub name: Shared,
    pub region: Shared,
    pub rules: Part<Vec<Rule>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    pub words: Shared,
    pub ingress: bool,
    pub traffic: Traffic,
    pub peer: Peer,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Peer {
    /// One block, or the entries of a prefix list.
    Blocks(Vec<IpNet>),
    /// Whoever wears this group, by the addresses inside the network.
    Group(GroupAt),
    /// A list or a group that was not read.
    Unread(UnreadAt),
}

fn no_users(users: &Arc<[TenantAt]>) -> bool {
    users.is_empty()
}

/// A host or a service that sends and receives: one that exists, or one that a tenant could start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    pub name: Shared,
    pub subnet: SubnetAt,
    /// The tenants to which it belongs, sorted. A host that wears groups of two belongs to both.
    pub tenants: Arc<[TenantAt]>,
    /// Its addresses. Of what could be started: every address of the subnet.
    pub blocks: Arc<[IpNet]>,
    pub groups: Part<Arc<[GroupAt]>>,
    pub kind: PointKind,
    /// What it does with what it receives.
    pub role: Role,
    /// Of a meeting: the tenants whose rows it holds, sorted. They are there without a packet, and between them it is no meeting: the
    /// application separates their rows.
    #[serde(default, skip_serializing_if = "no_users")]
    pub users: Arc<[TenantAt]>,
    /// Whether it has a public address, or could get one. An address of IPv6 is public by itself.
    pub public: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PointKind {
    /// It is there.
    Here,
    /// A database, at an address of its subnet group.
    Database,
    /// A host that the tenant could start in this subnet with its own groups.
    Startable,
    /// A host that could be started there without a group. It wears the default group of the network. It is compared with its
    /// likes alone, and the rule of the default group that names the group itself does not count for it.
    Bare,
}

/// What a point does with what it receives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// It is where the packet ends.
    End,
    /// AWS checks neither source nor destination: it may pass on what it gets, under its own address or under that of the sender.
    Router,
    /// It ends a connection and begins another, from any of the points of the same forwarder, under its own address: a load
    /// balancer, a proxy, a service behind an endpoint.
    Forwarder {
        /// Which forwarder, by its name.
        of: Shared,
        /// Why it may stand between tenants, as `shared_forwarders:` says.
        shared: Option<Shared>,
    },
    /// Whatever can reach it meets there, and so do its users: a database of several tenants, or of nobody.
    Meeting,
    /// A service of which it is not read what it passes on, and to whom: in `least` an end; in `most` a forwarder, a meeting, and a
    /// way to places that are not read.
    Obscure(UnreadAt),
}

/// An active peering between two networks that are read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peering {
    pub name: String,
    pub sides: (NetworkAt, NetworkAt),
}

/// The attachment of something to a transit gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub name: String,
    pub gateway: String,
    /// The network, if it is one that is read; else what is not read behind it.
    pub network: Part<NetworkAt>,
    /// The subnets by which packets come in from the gateway.
    pub subnets: Vec<SubnetAt>,
    /// The table that decides where its packets go: a position in `gateway_tables`. `None` in an answer that was read: it has
    /// none, and its packets are dropped.
    pub table: Part<Option<usize>>,
}

/// A route table of a transit gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatewayTable {
    pub name: String,
    pub routes: Part<Vec<GatewayRoute>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatewayRoute {
    pub words: Shared,
    pub block: Part<IpNet>,
    /// Positions in `attachments`; none for a blackhole.
    pub attachments: Vec<usize>,
    /// Attachments that are not among them.
    pub outside: Vec<UnreadAt>,
}

/// A NAT gateway: it passes packets on under its own address. What comes in unasked it drops.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Translator {
    pub name: String,
    /// Where it stands; what is not known of a regional one.
    pub subnet: Part<SubnetAt>,
    pub blocks: Vec<IpNet>,
}
