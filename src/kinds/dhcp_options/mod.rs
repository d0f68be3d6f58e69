//! A DHCP option set that names Amazon Time Sync. Its association belongs to the VPC, which has the tags.

pub mod calls;
mod sim;

use schemars::JsonSchema;
use tokaido_derive::Kind;

use super::Wait;
use crate::model::schema::{Comparison, Mutability};
use crate::model::{Explained, KindSchema, Status};

pub const NAME: &str = "dhcp-options";

/// Amazon Time Sync's IPv4 address, reachable from every VPC (white paper clause 14).
pub const TIME_SYNC: &str = "169.254.169.123";

/// Outputs: `id`. AWS has no call that changes a set.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
pub struct Spec {
    /// The name servers that hosts are given. A set cannot change; a VPC changes to another set.
    #[ja = "ホストに配るネームサーバーです。セット自体は変更できず、VPC が別のセットに切り替わります。"]
    #[aws("domain-name-servers", "AWSEC2/latest/APIReference/API_CreateDhcpOptions.html")]
    #[row(compare(Comparison::Set), mutability(FIXED))]
    pub domain_name_servers: Vec<String>,
    /// The clock that hosts are given: Amazon Time Sync. A set cannot change.
    #[ja = "ホストに配る時刻サーバー（Amazon Time Sync）です。セット自体は変更できません。"]
    #[aws("ntp-servers", "AWSEC2/latest/APIReference/API_CreateDhcpOptions.html")]
    #[row(compare(Comparison::Set), mutability(FIXED), promise("clock"))]
    pub ntp_servers: Vec<String>,
}

const FIXED: Mutability = Mutability::Forbidden(Explained::new(
    "AWS cannot change a DHCP option set: declare it under another name, plan and apply, then retire the old one",
    "DHCP オプションセットは変えられません。別の名前で宣言し、計画して適用した後で、古いものを撤去します",
));

pub static SCHEMA: KindSchema = KindSchema {
    once_gone: Some(Explained::new("a new set has another id", "新しいオプションセットは別の ID になります")),
    ..KindSchema::new(NAME, "DHCP option set", Spec::ROWS, "vpc/latest/userguide/VPC_DHCP_Options.html")
};

pub static KIND: super::Kind = super::Kind {
    wait: Wait { poll: 2, limit: 5 * 60 },
    reads: calls::READS,
    writes: calls::WRITES,
    deletes: calls::DELETE,
    ..super::Kind::of::<Spec>(&SCHEMA, &sim::SIM, include_str!("example.yaml"))
};

/// A set has no states: it exists or not.
#[must_use]
pub const fn readiness(_state: &str) -> Status {
    Status::Ready
}
