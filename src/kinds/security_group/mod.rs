//! A security group that owns all its rules. One rule is one keyed element; AWS's allow-all egress is not among them.

pub mod calls;
mod sim;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::vpc::MOVE;
use super::{Kind, REGIONAL, TAGS, Wait};
use crate::model::schema::{AttributeSchema, Comparison, Mutability, NameRule};
use crate::model::value::Link;
use crate::model::{Hazard, Impact, KindSchema, Risk, Status, Trigger, Value};

pub const NAME: &str = "security-group";

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Ingress,
    Egress,
}

/// Outputs: `id`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Spec {
    pub name: String,
    pub description: String,
    pub vpc: Link,
    /// Sorted.
    pub rules: Vec<Rule>,
}

/// `from` and `to` are ports (ICMP: type and code, -1 for any); absent for protocol `all`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Rule {
    pub direction: Direction,
    /// `tcp`, `udp`, `icmp`, `icmpv6`, `all`, or a protocol number.
    pub protocol: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<i64>,
    /// A CIDR in canonical form, a prefix list id, or another group's id.
    pub peer: Link,
}

pub static SCHEMA: KindSchema = KindSchema {
    kind: NAME,
    title: "security group",
    stateful: false,
    once_gone: Some("a new group has another id: rules that name the old one do not follow"),
    name: Some((
        "name",
        NameRule {
            min: 1,
            max: 255,
            also: " ._-:/()#,@[]+=&;{}!$*",
            rds: false,
            words: "EC2 accepts letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*",
        },
    )),
    unique: Some("name"),
    attributes: &[
        AttributeSchema::new("name", "GroupName")
            .about("The group's name, unique in its VPC. Fixed.", "VPC 内で一意なグループ名です。変更できません。")
            .source("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html")
            .mutability(FIXED),
        AttributeSchema::new("description", "GroupDescription")
            .about("What the group is for. Fixed.", "グループの用途の説明です。変更できません。")
            .source("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html")
            .mutability(FIXED),
        AttributeSchema::new("vpc", "VpcId")
            .about("The network whose traffic it judges. Fixed.", "通信を判定するネットワークです。変更できません。")
            .source("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html")
            .refers_to(&[("vpc", "id")])
            .mutability(MOVE)
            .place()
            .promise("tenant-isolation"),
        AttributeSchema::new("rules", "IpPermissions, IpPermissionsEgress")
            .about(
                "Who may connect, and where to. All of the group's rules belong to tokaido: one that was added \
                by hand is removed. Changes take effect at once; a connection that is open may outlive its rule.",
                "接続を許す相手と宛先です。規則はすべて tokaido が管理し、手作業で加えたものは取り除きます。すぐ\
                に反映されますが、張られている接続は規則が消えた後も続くことがあります。",
            )
            .source("https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html")
            .hazards(&[
                Hazard::new(Risk::Exposes, Trigger::Where("admits somebody", admits)),
                Hazard::new(Risk::Tenants, Trigger::Where("admits another group", admits_a_group)),
            ])
            .compare(Comparison::Keyed(&["direction", "protocol", "from", "to", "peer"]))
            .impact(Impact::Exposure)
            .refers_to(&[("security-group", "id")])
            .promise("tenant-isolation"),
        TAGS,
    ],
    reference: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html",
};

const FIXED: Mutability = Mutability::Forbidden(
    "a security group keeps its name and description: declare a new one, attach it beside this one, then retire this one",
);

/// A rule, or any rule of a new group, that lets somebody in.
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

pub static KIND: Kind = Kind {
    schema: &SCHEMA,
    behaviour: &sim::SecurityGroup,
    regions: REGIONAL,
    wait: Wait { poll: 2, limit: 15 * 60 },
    reads: calls::READS,
    writes: calls::WRITES,
    deletes: calls::DELETE,
    typed: super::typed::<Spec>,
    shape: super::shape::<Spec>,
    example: include_str!("example.yaml"),
};

/// A group has no states: it exists or not.
#[must_use]
pub const fn readiness(_state: &str) -> Status {
    Status::Ready
}
