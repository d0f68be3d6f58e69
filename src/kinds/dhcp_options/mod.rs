//! A DHCP option set that names Amazon Time Sync. Its association belongs to the VPC, which has the tags.

#[cfg(feature = "aws")]
mod aws;
mod sim;

use serde::{Deserialize, Serialize};

use super::{Kind, REGIONAL, TAGS, Wait};
use crate::model::schema::{AttributeSchema, Comparison, Mutability};
use crate::model::{KindSchema, Status};

pub const NAME: &str = "dhcp-options";

/// Amazon Time Sync's IPv4 address, reachable from every VPC (white paper clause 14).
pub const TIME_SYNC: &str = "169.254.169.123";

/// Outputs: `id`. AWS has no call that changes a set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    name: None,
    unique: None,
    attributes: &[
        AttributeSchema::new("domain_name_servers", "domain-name-servers").compare(Comparison::Set).mutability(FIXED),
        AttributeSchema::new("ntp_servers", "ntp-servers").compare(Comparison::Set).mutability(FIXED).promise("clock"),
        TAGS,
    ],
    reference: "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_DHCP_Options.html",
};

pub static KIND: Kind = Kind {
    schema: &SCHEMA,
    behaviour: &sim::DhcpOptions,
    regions: REGIONAL,
    wait: Wait { poll: 2, limit: 5 * 60 },
    reads: &["ec2:DescribeDhcpOptions"],
    example: include_str!("example.yaml"),
    #[cfg(feature = "aws")]
    driver: aws::driver,
};

/// A set has no states: it exists or not.
#[must_use]
pub const fn readiness(_state: &str) -> Status {
    Status::Ready
}
