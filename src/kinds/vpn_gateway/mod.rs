//! A virtual private gateway: what a network reaches over VPN and Direct Connect. No file declares one.

use super::prelude::*;

/// Outputs: `id`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "仮想プライベートゲートウェイ"]
#[kind("vpn-gateway", "virtual private gateway", "AWSEC2/latest/APIReference/API_VpnGateway.html", observed)]
#[kind(identity(Identity::Ec2("vgw")))]
#[calls(look = "ec2:DescribeVpnGateways")]
pub struct Spec {
    /// The networks to which it is attached; an attachment that AWS is making or ending counts.
    #[ja = "接続先のネットワークです。接続中と切断中のものも含みます。"]
    #[row("VpcAttachments", reads(&["State", "VpcId"]), compare(Comparison::Set), link("vpc", "id"))]
    pub networks: Vec<Link>,
    /// AWS's word for its state: `pending`, `available`, `deleting`, `deleted`.
    #[ja = "AWS が示す状態です（`pending`、`available`、`deleting`、`deleted`）。"]
    #[row("State")]
    pub state: String,
}

/// How EC2 behaves: a gateway is attached to networks that exist.
static SIM: Behaviour = Behaviour {
    defaults: &[(at::networks.name(), Given::EmptyList), (at::state.name(), Given::Text("available"))],
    links: &[LinkCheck::new(at::networks.name(), "InvalidVpcID.NotFound", "The vpc ID '{}' does not exist").optional()],
    ..Behaviour::PLAIN
};
