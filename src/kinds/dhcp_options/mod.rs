//! A DHCP option set that names Amazon Time Sync. The association with a VPC is an attribute of the VPC.

use super::prelude::*;

/// Amazon Time Sync's IPv4 address, reachable from every VPC (white paper clause 14).
pub const TIME_SYNC: &str = crate::model::equality::TIME_SYNC[0];

/// Outputs: `id`. A set has neither a name nor a unique value, and AWS has no call that changes a set.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "DHCP オプションセット"]
#[kind("dhcp-options", "DHCP option set", "vpc/latest/userguide/VPC_DHCP_Options.html", identity(Identity::Ec2("dopt")))]
#[kind(once_gone("a new set has another id", "新しいオプションセットは別の ID になります"))]
#[calls(look = "ec2:DescribeDhcpOptions", create = "ec2:CreateDhcpOptions", change = "ec2:CreateDhcpOptions")]
#[calls(delete = "ec2:DeleteDhcpOptions", tags = EC2)]
pub struct Spec {
    /// The name servers that hosts are given. A set cannot change; a VPC changes to another set.
    #[ja = "ホストに配るネームサーバーです。セット自体は変更できず、VPC が別のセットに切り替わります。"]
    #[row("domain-name-servers", "AWSEC2/latest/APIReference/API_CreateDhcpOptions.html")]
    #[row(compare(Comparison::Set), mutability(FIXED))]
    pub domain_name_servers: Vec<String>,
    /// The clock that hosts are given: Amazon Time Sync. A set cannot change.
    #[ja = "ホストに配る時刻サーバー（Amazon Time Sync）です。セット自体は変更できません。"]
    #[row("ntp-servers", "AWSEC2/latest/APIReference/API_CreateDhcpOptions.html")]
    #[row(compare(Comparison::Set), spelled(&[("", Spelling::Clock)]), mutability(FIXED), promise(slug::CLOCK))]
    pub ntp_servers: Vec<String>,
}

const FIXED: Mutability = Mutability::Forbidden(Explained::new(
    "AWS cannot change a DHCP option set: declare it under another name, plan and apply, then retire the old one",
    "DHCP オプションセットは変えられません。別の名前で宣言し、計画して適用した後で、古いものを撤去します",
));

/// How EC2 behaves: it refuses a set with more than four clocks, and refuses to delete a set in use.
static SIM: Behaviour = Behaviour {
    demands: &[Demand::new(
        at::ntp_servers.name(),
        Measure::Items(0, 4),
        "InvalidParameterValue",
        "{} ntp-servers; at most 4 are accepted",
    )],
    ..Behaviour::PLAIN
};
