//! A security group that owns all its rules. One rule is one keyed element; AWS's allow-all egress is not among them.

#[cfg(feature = "aws")]
mod aws;
mod sim;

use serde::{Deserialize, Serialize};

use super::vpc::MOVE;
use super::{Kind, REGIONAL, TAGS, Wait};
use crate::model::schema::{AttributeSchema, Comparison, Mutability, NameRule};
use crate::model::value::Link;
use crate::model::{Impact, KindSchema, Status};

pub const NAME: &str = "security-group";

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Ingress,
    Egress,
}

/// Outputs: `id`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    pub name: String,
    pub description: String,
    pub vpc: Link,
    /// Sorted.
    pub rules: Vec<Rule>,
}

/// `from` and `to` are ports (ICMP: type and code, -1 for any); absent for protocol `all`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
        AttributeSchema::new("name", "GroupName").mutability(FIXED),
        AttributeSchema::new("description", "GroupDescription").mutability(FIXED),
        AttributeSchema::new("vpc", "VpcId").refers_to(&[("vpc", "id")]).mutability(MOVE).place().promise("tenant-isolation"),
        AttributeSchema::new("rules", "IpPermissions, IpPermissionsEgress")
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

pub static KIND: Kind = Kind {
    schema: &SCHEMA,
    behaviour: &sim::SecurityGroup,
    regions: REGIONAL,
    wait: Wait { poll: 2, limit: 15 * 60 },
    reads: &["ec2:DescribeSecurityGroupRules", "ec2:DescribeSecurityGroups"],
    example: include_str!("example.yaml"),
    #[cfg(feature = "aws")]
    driver: aws::driver,
};

/// A group has no states: it exists or not.
#[must_use]
pub const fn readiness(_state: &str) -> Status {
    Status::Ready
}
