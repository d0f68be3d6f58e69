//! A DHCP option set that names Amazon Time Sync. Its association belongs to the VPC, which has the tags.

pub mod calls;
mod sim;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Kind, REGIONAL, TAGS, Wait};
use crate::model::schema::{AttributeSchema, Comparison, Mutability};
use crate::model::{KindSchema, Status};

pub const NAME: &str = "dhcp-options";

/// Amazon Time Sync's IPv4 address, reachable from every VPC (white paper clause 14).
pub const TIME_SYNC: &str = "169.254.169.123";

/// Outputs: `id`. AWS has no call that changes a set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Spec {
    pub domain_name_servers: Vec<String>,
    pub ntp_servers: Vec<String>,
}

const FIXED: Mutability = Mutability::Forbidden(
    "AWS cannot change a DHCP option set: declare it under another name, plan and apply, then retire the old one",
);

pub static SCHEMA: KindSchema = KindSchema {
    kind: NAME,
    title: "DHCP option set",
    stateful: false,
    once_gone: Some("a new set has another id"),
    name: None,
    unique: None,
    attributes: &[
        AttributeSchema::new("domain_name_servers", "domain-name-servers")
            .about(
                "The name servers that hosts are given. A set cannot change; a VPC changes to another set.",
                "ホストに配るネームサーバーです。セット自体は変更できず、VPC が別のセットに切り替わります。",
            )
            .source("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateDhcpOptions.html")
            .compare(Comparison::Set)
            .mutability(FIXED),
        AttributeSchema::new("ntp_servers", "ntp-servers")
            .about(
                "The clock that hosts are given: Amazon Time Sync. A set cannot change.",
                "ホストに配る時刻サーバー（Amazon Time Sync）です。セット自体は変更できません。",
            )
            .source("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateDhcpOptions.html")
            .compare(Comparison::Set)
            .mutability(FIXED)
            .promise("clock"),
        TAGS,
    ],
    reference: "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_DHCP_Options.html",
};

pub static KIND: Kind = Kind {
    schema: &SCHEMA,
    behaviour: &sim::DhcpOptions,
    regions: REGIONAL,
    wait: Wait { poll: 2, limit: 5 * 60 },
    reads: calls::READS,
    writes: calls::WRITES,
    deletes: calls::DELETE,
    typed: super::typed::<Spec>,
    shape: super::shape::<Spec>,
    example: include_str!("example.yaml"),
};

/// A set has no states: it exists or not.
#[must_use]
pub const fn readiness(_state: &str) -> Status {
    Status::Ready
}
