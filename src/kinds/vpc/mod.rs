//! A VPC with its DNS attributes and the DHCP option set it uses.

#[cfg(feature = "aws")]
mod aws;
mod sim;

use serde::{Deserialize, Serialize};

use super::{Kind, REGIONAL, TAGS, Wait};
use crate::model::schema::{AttributeSchema, Mutability};
use crate::model::value::Link;
use crate::model::{KindSchema, Status};

pub const NAME: &str = "vpc";

/// For whatever lives in a VPC: AWS moves none of it, and a tenant that changes its isolation asks for just that.
pub const MOVE: Mutability = Mutability::Forbidden(
    "nothing moves from one VPC to another: write `isolation` and `cidr` as they were, then give the customer a second tenant id in the new network, move the data, and retire the old id (docs/procedures.md, \"A tenant must move to another network\")",
);

/// Outputs: `id`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    pub cidr: String,
    pub dns_support: bool,
    pub dns_hostnames: bool,
    /// The set's id; the text `default` when the VPC uses no set.
    pub dhcp_options: Link,
}

pub static SCHEMA: KindSchema = KindSchema {
    kind: NAME,
    title: "VPC",
    stateful: false,
    name: None,
    unique: Some("cidr"),
    attributes: &[
        AttributeSchema::new("cidr", "CidrBlock")
            .mutability(Mutability::Forbidden(
                "a VPC keeps its block: declare a second network, move what lives here, then retire this one",
            ))
            .promise("tenant-isolation"),
        AttributeSchema::new("dns_support", "enableDnsSupport"),
        AttributeSchema::new("dns_hostnames", "enableDnsHostnames"),
        AttributeSchema::new("dhcp_options", "DhcpOptionsId").refers_to(&[("dhcp-options", "id")]).promise("clock"),
        TAGS,
    ],
    reference: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html",
};

pub static KIND: Kind = Kind {
    schema: &SCHEMA,
    behaviour: &sim::Vpc,
    regions: REGIONAL,
    wait: Wait { poll: 2, limit: 10 * 60 },
    reads: &["ec2:DescribeVpcAttribute", "ec2:DescribeVpcs"],
    example: include_str!("example.yaml"),
    #[cfg(feature = "aws")]
    driver: aws::driver,
};

#[must_use]
pub fn readiness(state: &str) -> Status {
    match state {
        "available" => Status::Ready,
        other => Status::Working(other.to_owned()),
    }
}
