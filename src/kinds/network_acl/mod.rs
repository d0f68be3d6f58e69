//! A network ACL: which packets pass the edge of its subnets. No file declares one; AWS makes the default one of each network.

use super::prelude::*;
use super::security_group::Direction;
use super::vpc;

/// One entry. The first that matches decides, in the order of the numbers; 32767 is AWS's own, which denies the rest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Typed)]
pub struct Entry {
    /// Into the subnet, or out of it.
    pub direction: Direction,
    /// The place in the order.
    pub number: i64,
    /// `allow` or `deny`.
    pub action: String,
    /// `tcp`, `udp`, `icmp`, `icmpv6`, `all`, or a protocol number.
    pub protocol: String,
    /// A block of addresses in canonical form, of either family: from where, or to where.
    pub block: String,
    /// The first port, or the ICMP type (-1 for any); absent for other protocols.
    pub from: Option<i64>,
    /// The last port, or the ICMP code (-1 for any); absent for other protocols.
    pub to: Option<i64>,
}

/// Outputs: `id`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "ネットワーク ACL"]
#[kind("network-acl", "network ACL", "AWSEC2/latest/APIReference/API_NetworkAcl.html", observed)]
#[kind(identity(Identity::Ec2("acl")))]
#[calls(look = "ec2:DescribeNetworkAcls")]
pub struct Spec {
    /// The network to which the ACL belongs.
    #[ja = "ネットワーク ACL が属するネットワークです。"]
    #[row("VpcId", link("vpc", "id"), mutability(GIVEN), place)]
    pub vpc: Link,
    /// Whether it is the one of the network that new subnets get.
    #[ja = "新しいサブネットに付くデフォルトのネットワーク ACL かどうかです。"]
    #[row("IsDefault", mutability(GIVEN))]
    pub default: bool,
    /// The subnets at whose edge it decides. Every subnet has exactly one ACL.
    #[ja = "通信の可否をこの ACL で決めるサブネットです。サブネットには必ず一つの ACL が付きます。"]
    #[row("Associations", reads(&["SubnetId"]), compare(Comparison::Set), link("subnet", "id"))]
    pub subnets: Vec<Link>,
    /// Which packets pass. An answer needs an entry of its own: nothing is remembered of the packet before.
    #[ja = "通信の可否を決める規則です。状態を保持しないため、応答にも規則が必要です。"]
    #[row("Entries", "vpc/latest/userguide/nacl-rules.html", compare(Comparison::Keyed(&["direction", "number"])))]
    pub entries: Vec<Entry>,
}

/// How EC2 behaves: each network has a default ACL, which lets everything pass and takes every subnet that no other ACL has.
static SIM: Behaviour = Behaviour {
    made_with: Some(MadeWith::new(vpc::NAME, default, ("InvalidParameterValue", "cannot delete default network ACL {}"))),
    associates: Some(Associates { attribute: at::subnets.name(), kind: "subnet", others: Some(at::default.name()) }),
    links: &[LinkCheck::new(at::vpc.name(), "InvalidVpcID.NotFound", "The vpc ID '{}' does not exist")],
    ..Behaviour::PLAIN
};

fn default(network: &str, _: &str, _: &Attributes) -> Attributes {
    let entry = |direction, number, action: &str| Entry {
        direction,
        number,
        action: action.to_owned(),
        protocol: "all".to_owned(),
        block: "0.0.0.0/0".to_owned(),
        from: None,
        to: None,
    };
    let both = |direction| [entry(direction, 100, "allow"), entry(direction, 32767, "deny")];
    Spec {
        vpc: Link::Physical(network.to_owned()),
        default: true,
        subnets: Vec::new(),
        entries: [Direction::Ingress, Direction::Egress].into_iter().flat_map(both).collect(),
    }
    .lower()
}
