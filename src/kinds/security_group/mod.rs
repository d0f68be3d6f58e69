//! A security group that owns all its rules. One rule is one keyed element; AWS's allow-all egress is not among them.

use super::prelude::*;
use super::vpc::{self, MOVE};

/// The direction of the traffic that a rule admits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Typed)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// To a member of the group.
    Ingress,
    /// From a member of the group.
    Egress,
}

/// Outputs: `id`. The name is unique in the VPC.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "セキュリティグループ"]
#[kind("security-group", "security group", "AWSEC2/latest/APIReference/API_CreateSecurityGroup.html", wait(15 * 60))]
#[kind(identity(Identity::Ec2("sg")), name(at::name, NAMES), unique(at::name), made_by_aws(&["default"]))]
#[kind(keeps("name and description", "attach it beside this one", "名前と説明", "並べて付けて"))]
#[kind(once_gone(
    "a new group has another id: rules that name the old one do not follow",
    "新しいグループは別の ID になり、元のグループを指す規則は追従しません"
))]
#[calls(look = "ec2:DescribeSecurityGroups", create = "ec2:CreateSecurityGroup", change = calls::ALLOW_INGRESS)]
#[calls(delete = "ec2:DeleteSecurityGroup", tags = EC2, RULES = "ec2:DescribeSecurityGroupRules")]
#[calls(ALLOW_EGRESS = "ec2:AuthorizeSecurityGroupEgress", ALLOW_INGRESS = "ec2:AuthorizeSecurityGroupIngress")]
#[calls(REVOKE_EGRESS = "ec2:RevokeSecurityGroupEgress", REVOKE_INGRESS = "ec2:RevokeSecurityGroupIngress")]
pub struct Spec {
    /// The group's name, unique in its VPC. Fixed.
    #[ja = "VPC 内で一意なグループ名です。変更できません。"]
    #[row("GroupName", kept)]
    pub name: String,
    /// What the group is for. Fixed.
    #[ja = "グループの用途の説明です。変更できません。"]
    #[row("Description", kept)]
    pub description: String,
    /// The network whose traffic the group judges. Fixed.
    #[ja = "通信を判定するネットワークです。変更できません。"]
    #[row("VpcId", link("vpc", "id"), mutability(MOVE), place, promise(slug::TENANT_ISOLATION))]
    pub vpc: Link,
    /// Who may connect, and where to. All of the group's rules belong to tokaido: one that was added by hand is removed.
    /// Changes take effect at once; a connection that is open may outlive its rule.
    #[ja = "接続を許す相手と宛先です。規則はすべて tokaido が管理し、手作業で加えたものは取り除きます。すぐに反映されますが"]
    #[ja = "、張られている接続は規則が消えた後も続くことがあります。"]
    #[row("IpPermissions", "vpc/latest/userguide/security-group-rules.html", impact(Impact::Exposure), later)]
    #[row(reads(&["IpProtocol", "FromPort", "ToPort", "IpRanges.CidrIp", "Ipv6Ranges.CidrIpv6", "PrefixListIds.PrefixListId",
        "UserIdGroupPairs.GroupId"]))]
    #[row(hazard(Risk::Exposes, Trigger::Gains("admits new addresses", "direction", "ingress")))]
    #[row(hazard(Risk::Tenants, Trigger::Where("admits another group", admits_a_group)), link("security-group", "id"))]
    #[row(spelled(&[("protocol", Spelling::Protocol), ("peer", Spelling::Block)]))]
    #[row(compare(Comparison::Keyed(&["direction", "protocol", "from", "to", "peer"])), promise(slug::TENANT_ISOLATION))]
    pub rules: Vec<Rule>,
}

/// One rule. The rules of a group are sorted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Typed)]
pub struct Rule {
    /// Which way the traffic goes.
    pub direction: Direction,
    /// `tcp`, `udp`, `icmp`, `icmpv6`, `all`, or a protocol number.
    pub protocol: String,
    /// The first port, or the ICMP type (-1 for any); absent for the protocol `all`.
    pub from: Option<i64>,
    /// The last port, or the ICMP code (-1 for any); absent for the protocol `all`.
    pub to: Option<i64>,
    /// A CIDR in canonical form, a prefix list id, or another group's id.
    pub peer: Link,
}

/// How many rules one security group may have in one direction, before AWS raises the quota on request (Amazon VPC quotas).
pub const MOST_RULES: usize = 60;

const NAMES: NameRule =
    NameRule::new(1, 255, " ._-:/()#,@[]+=&;{}!$*", "EC2 accepts letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*");

/// Whether the difference is a rule that admits a group, or a new security group with such a rule.
fn admits_a_group(_: &str, _: &Value, after: &Value) -> bool {
    elements(after).any(|rule| has(rule, "direction", "ingress") && leads(rule, "peer", "sg-"))
}

/// How EC2 behaves: it puts allow-all egress into a new group, accepts so many rules in each direction, and knows
/// no group of another VPC without a peering, which tokaido never makes.
static SIM: Behaviour = Behaviour {
    made_with: Some(MadeWith::new(vpc::NAME, default, ("CannotDelete", "{} is a default group: it goes with its network"))),
    defaults: &[(at::rules.name(), Given::Element(&[("direction", "egress"), ("protocol", "all"), ("peer", "0.0.0.0/0")]))],
    demands: &[Demand::quota(
        at::rules.name(),
        Measure::ItemsOfEach("direction", MOST_RULES),
        "RulesPerSecurityGroupLimitExceeded",
        "{} rules are more than the default quota of one direction",
    )],
    links: &[
        LinkCheck::new(at::vpc.name(), "InvalidVpcID.NotFound", "The vpc ID '{}' does not exist"),
        LinkCheck::new(at::rules.name(), "InvalidGroup.NotFound", "The security group '{}' does not exist").here("peer", "sg-"),
    ],
    ..Behaviour::PLAIN
};

/// The group that AWS makes with a network: its members reach each other, and everything that they send passes.
fn default(network: &str, own: &str, _: &Attributes) -> Attributes {
    let to = |peer: &str| Link::Physical(peer.to_owned());
    let rule = |direction, peer| Rule { direction, protocol: "all".to_owned(), from: None, to: None, peer: to(peer) };
    let rules = vec![rule(Direction::Ingress, own), rule(Direction::Egress, "0.0.0.0/0")];
    let (name, description) = ("default".to_owned(), "default VPC security group".to_owned());
    Spec { name, description, vpc: to(network), rules }.lower()
}
