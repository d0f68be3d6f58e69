//! A DHCP option set that names Amazon Time Sync. The association with a VPC is an attribute of the VPC.

use super::prelude::*;

/// The kind in ids, as in `dhcp-options.main@tokyo`.
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
    #[row(compare(Comparison::Set), mutability(FIXED), promise(slug::CLOCK))]
    pub ntp_servers: Vec<String>,
}

const FIXED: Mutability = Mutability::Forbidden(Explained::new(
    "AWS cannot change a DHCP option set: declare it under another name, plan and apply, then retire the old one",
    "DHCP オプションセットは変えられません。別の名前で宣言し、計画して適用した後で、古いものを撤去します",
));

/// The rows. A set has neither a name nor a unique value.
pub static SCHEMA: KindSchema = KindSchema {
    once_gone: Some(Explained::new("a new set has another id", "新しいオプションセットは別の ID になります")),
    title_ja: "DHCP オプションセット",
    ..KindSchema::new(NAME, "DHCP option set", Spec::ROWS, "vpc/latest/userguide/VPC_DHCP_Options.html")
};

/// How EC2 behaves: it refuses a set with more than four clocks, and refuses to delete a set in use.
static SIM: Behaviour = Behaviour { check, ..Behaviour::of(Identity::Ec2("dopt")) };

fn check(attributes: &Attributes, _: &dyn Neighbours) -> Result<(), ApiRefusal> {
    let servers = attributes.typed(at::ntp_servers).map_or(0, |servers| servers.len());
    if servers > 4 {
        return Err(ApiRefusal::invalid("InvalidParameterValue", format!("{servers} ntp-servers; at most 4 are accepted")));
    }
    Ok(())
}

const CALLS: Operations = Operations {
    look: "ec2:DescribeDhcpOptions",
    create: "ec2:CreateDhcpOptions",
    change: "ec2:CreateDhcpOptions",
    delete: "ec2:DeleteDhcpOptions",
    tags: tagging::EC2,
    more: &[],
};

/// This kind's entry in [`crate::kinds::ALL`]: both regions, a wait of at most 5 minutes.
pub static KIND: Kind = Kind::of::<Spec>(&SCHEMA, &SIM, CALLS, include_str!("example.yaml"));
