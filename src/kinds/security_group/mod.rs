//! A security group that owns all its rules. One rule is one keyed element; AWS's allow-all egress is not among them.

pub mod calls;

use super::prelude::*;
use super::vpc::MOVE;

/// The kind in ids, as in `security-group.catalog@tokyo`.
pub const NAME: &str = "security-group";

/// The direction of the traffic that a rule admits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Typed)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// To a member of the group.
    Ingress,
    /// From a member of the group.
    Egress,
}

/// Outputs: `id`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
pub struct Spec {
    /// The group's name, unique in its VPC. Fixed.
    #[ja = "VPC 内で一意なグループ名です。変更できません。"]
    #[aws("GroupName", "AWSEC2/latest/APIReference/API_CreateSecurityGroup.html")]
    #[row(mutability(FIXED))]
    pub name: String,
    /// What the group is for. Fixed.
    #[ja = "グループの用途の説明です。変更できません。"]
    #[aws("GroupDescription", "AWSEC2/latest/APIReference/API_CreateSecurityGroup.html")]
    #[row(mutability(FIXED))]
    pub description: String,
    /// The network whose traffic the group judges. Fixed.
    #[ja = "通信を判定するネットワークです。変更できません。"]
    #[aws("VpcId", "AWSEC2/latest/APIReference/API_CreateSecurityGroup.html")]
    #[row(link("vpc", "id"), mutability(MOVE), place, promise(slug::TENANT_ISOLATION))]
    pub vpc: Link,
    /// Who may connect, and where to. All of the group's rules belong to tokaido: one that was added by hand is removed.
    /// Changes take effect at once; a connection that is open may outlive its rule.
    #[ja = "接続を許す相手と宛先です。規則はすべて tokaido が管理し、手作業で加えたものは取り除きます。すぐに反映されますが"]
    #[ja = "、張られている接続は規則が消えた後も続くことがあります。"]
    #[aws("IpPermissions, IpPermissionsEgress", "vpc/latest/userguide/security-group-rules.html")]
    #[row(
        hazards(&[
                Hazard::new(Risk::Exposes, Trigger::Where("admits new addresses", admits)),
                Hazard::new(Risk::Tenants, Trigger::Where("admits another group", admits_a_group)),
            ]),
        compare(Comparison::Keyed(&["direction", "protocol", "from", "to", "peer"])),
        impact(Impact::Exposure),
        link("security-group", "id"),
        promise(slug::TENANT_ISOLATION),
    )]
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
    #[typed(omit)]
    #[schemars(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// The last port, or the ICMP code (-1 for any); absent for the protocol `all`.
    #[typed(omit)]
    #[schemars(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<i64>,
    /// A CIDR in canonical form, a prefix list id, or another group's id.
    pub peer: Link,
}

/// The rows and the rule for names. The name is unique in the VPC.
pub static SCHEMA: KindSchema = KindSchema {
    once_gone: Some(Explained::new(
        "a new group has another id: rules that name the old one do not follow",
        "新しいグループは別の ID になり、元のグループを指す規則は追従しません",
    )),
    name: Some((
        at::name.name(),
        NameRule {
            min: 1,
            max: 255,
            also: " ._-:/()#,@[]+=&;{}!$*",
            rds: false,
            words: "EC2 accepts letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*",
        },
    )),
    unique: Some(at::name.name()),
    title_ja: "セキュリティグループ",
    ..KindSchema::new(NAME, "security group", Spec::ROWS, "AWSEC2/latest/APIReference/API_CreateSecurityGroup.html")
};

const FIXED: Mutability = Mutability::Forbidden(Explained::new(
    "a security group keeps its name and description: declare a new one, attach it beside this one, then retire this one",
    "セキュリティグループの名前と説明は変えられません。新しいものを宣言して並べて付け、その後で撤去します",
));

/// Whether the difference is a rule that admits traffic, or a new group with such a rule.
fn admits(_: &str, _: &Value, after: &Value) -> bool {
    ingress(after).next().is_some()
}

fn admits_a_group(_: &str, _: &Value, after: &Value) -> bool {
    ingress(after).any(|rule| match rule.as_map().and_then(|rule| rule.get("peer")) {
        Some(Value::Ref(_)) => true,
        Some(Value::Text(text)) => text.starts_with("sg-"),
        _ => false,
    })
}

fn ingress(value: &Value) -> impl Iterator<Item = &Value> {
    let rules = value.as_list().unwrap_or(std::slice::from_ref(value)).iter();
    rules.filter(|rule| rule.as_map().and_then(|rule| rule.get("direction")).and_then(Value::as_text) == Some("ingress"))
}

const CALLS: Operations = Operations {
    look: "ec2:DescribeSecurityGroups",
    create: "ec2:CreateSecurityGroup",
    change: calls::ALLOW_INGRESS,
    delete: "ec2:DeleteSecurityGroup",
    tags: tagging::EC2,
    more: calls::MORE,
};

/// This kind's entry in [`crate::kinds::ALL`]: both regions, a wait of at most 15 minutes.
pub static KIND: Kind =
    Kind { wait: Wait { poll: 2, limit: 15 * 60 }, ..Kind::of::<Spec>(&SCHEMA, &SIM, CALLS, include_str!("example.yaml")) };

/// How many rules one security group may have in one direction, before AWS raises the quota on request (Amazon VPC quotas).
pub const MOST_RULES: usize = 60;

static SIM: Behaviour = Behaviour {
    defaults: &[(at::rules.name(), Given::Made(|| vec![everything_out()].into_value()))],
    links: &[LinkCheck::new(at::vpc.name(), "InvalidVpcID.NotFound", "The vpc ID '{}' does not exist")],
    linked: check,
    ..Behaviour::of(Identity::Ec2("sg"))
};

fn everything_out() -> Rule {
    let peer = Link::Physical("0.0.0.0/0".to_owned());
    Rule { direction: Direction::Egress, protocol: "all".to_owned(), from: None, to: None, peer }
}

/// EC2 knows no group of another VPC without a peering, and tokaido makes none.
fn in_vpc(group: &str, vpc: &Link, neighbours: &dyn Neighbours) -> bool {
    let groups = neighbours.called(NAME, group);
    groups.into_iter().any(|group| group.attributes.typed(at::vpc).as_ref() == Some(vpc))
}

fn check(attributes: &Attributes, neighbours: &dyn Neighbours) -> Result<(), ApiRefusal> {
    let (Some(vpc), Some(rules)) = (attributes.typed(at::vpc), attributes.typed(at::rules)) else {
        return Err(ApiRefusal::invalid("InvalidParameterValue", "a rule of the group cannot be read"));
    };
    for (direction, word) in [(Direction::Ingress, "ingress"), (Direction::Egress, "egress")] {
        let count = rules.iter().filter(|rule| rule.direction == direction).count();
        if count > MOST_RULES {
            return Err(ApiRefusal {
                class: ErrorClass::Quota,
                code: "RulesPerSecurityGroupLimitExceeded",
                message: format!("{count} {word} rules; the default quota is {MOST_RULES}"),
            });
        }
    }
    for peer in rules.iter().filter_map(|rule| rule.peer.physical().ok()) {
        if peer.starts_with("sg-") && !in_vpc(peer, &vpc, neighbours) {
            return Err(ApiRefusal::invalid("InvalidGroup.NotFound", format!("The security group '{peer}' does not exist")));
        }
    }
    Ok(())
}
