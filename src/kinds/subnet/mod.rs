//! A private subnet in one zone. Zones are named by id (`apne1-az1`): names are shuffled per account.

pub mod calls;
mod sim;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::vpc::MOVE;
use super::{Kind, REGIONAL, TAGS, Wait};
use crate::model::schema::{AttributeSchema, Mutability};
use crate::model::value::Link;
use crate::model::{Impact, KindSchema, Status};

pub const NAME: &str = "subnet";

/// Outputs: `id`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Spec {
    pub vpc: Link,
    pub cidr: String,
    pub zone: String,
    pub public_addresses: bool,
}

const FIXED: Mutability =
    Mutability::Forbidden("a subnet keeps its block and zone: declare a new one, move what lives here, then retire this one");

pub static SCHEMA: KindSchema = KindSchema {
    kind: NAME,
    title: "subnet",
    stateful: false,
    once_gone: Some("a new subnet has another id, and its addresses may be taken meanwhile"),
    name: None,
    unique: Some("cidr"),
    attributes: &[
        AttributeSchema::new("vpc", "VpcId")
            .about("The network that the subnet is a part of. Fixed.", "サブネットが属するネットワークです。変更できません。")
            .source("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html")
            .refers_to(&[("vpc", "id")])
            .mutability(MOVE)
            .place()
            .promise("tenant-isolation"),
        AttributeSchema::new("cidr", "CidrBlock")
            .about("The addresses of the subnet. Fixed.", "サブネットのアドレス範囲です。変更できません。")
            .source("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html")
            .mutability(FIXED)
            .addresses()
            .promise("tenant-isolation"),
        AttributeSchema::new("zone", "AvailabilityZoneId")
            .about(
                "The zone, by its id, which is the same in every account. Fixed.",
                "ゾーンです。どのアカウントでも同じ意味になる ID で指定します。変更できません。",
            )
            .source("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html")
            .mutability(FIXED),
        AttributeSchema::new("public_addresses", "MapPublicIpOnLaunch")
            .about(
                "Whether new hosts get public addresses. Never wished here; hosts that have one keep it.",
                "新しいホストに公開アドレスを付けるかどうかです。付けない設定だけを認めます。既に付いたアドレスは残ります。",
            )
            .source("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySubnetAttribute.html")
            .impact(Impact::Exposure)
            .promise("tenant-isolation"),
        TAGS,
    ],
    reference: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html",
};

pub static KIND: Kind = Kind {
    schema: &SCHEMA,
    behaviour: &sim::Subnet,
    regions: REGIONAL,
    wait: Wait { poll: 2, limit: 10 * 60 },
    reads: calls::READS,
    writes: calls::WRITES,
    deletes: calls::DELETE,
    typed: super::typed::<Spec>,
    shape: super::shape::<Spec>,
    example: include_str!("example.yaml"),
};

#[must_use]
pub fn readiness(state: &str) -> Status {
    match state {
        "available" => Status::Ready,
        "pending" => Status::Working(state.to_owned()),
        other => Status::Failed(other.to_owned()),
    }
}
