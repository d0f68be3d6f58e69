//! A NAT gateway: it sends packets of other hosts on under its own addresses. No file declares one.

use super::prelude::*;

/// Outputs: `id`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "NAT ゲートウェイ"]
#[kind("nat-gateway", "NAT gateway", "AWSEC2/latest/APIReference/API_NatGateway.html", observed)]
#[kind(identity(Identity::Ec2("nat")))]
#[calls(look = "ec2:DescribeNatGateways")]
pub struct Spec {
    /// The network in which it stands.
    #[ja = "NAT ゲートウェイがあるネットワークです。"]
    #[row("VpcId", link("vpc", "id"), mutability(GIVEN), place)]
    pub vpc: Link,
    /// The subnet in which it stands. A regional one serves every zone of its network and has none.
    #[ja = "NAT ゲートウェイがあるサブネットです。リージョン型にはありません。"]
    #[row("SubnetId", link("subnet", "id"), mutability(GIVEN))]
    pub subnet: Option<Link>,
    /// Its addresses inside the network.
    #[ja = "ネットワーク内のアドレスです。"]
    #[row("NatGatewayAddresses", reads(&["PrivateIp"]), compare(Comparison::Set))]
    pub addresses: Vec<String>,
    /// Its public addresses.
    #[ja = "公開アドレスです。"]
    #[row("NatGatewayAddresses", reads(&["PublicIp"]), compare(Comparison::Set))]
    pub public_addresses: Vec<String>,
    /// `public`, or `private` where its packets go to other networks alone.
    #[ja = "`public`、またはほかのネットワークへの通信だけに使う `private` です。"]
    #[row("ConnectivityType", mutability(GIVEN))]
    pub connectivity: String,
    /// AWS's word for its state: `pending`, `failed`, `available`, `deleting`, `deleted`.
    #[ja = "AWS が示す状態です（`pending`、`failed`、`available`、`deleting`、`deleted`）。"]
    #[row("State")]
    pub state: String,
}

/// How EC2 behaves: a gateway is public unless asked for otherwise.
static SIM: Behaviour = Behaviour {
    defaults: &[
        (at::addresses.name(), Given::EmptyList),
        (at::public_addresses.name(), Given::EmptyList),
        (at::connectivity.name(), Given::Text("public")),
        (at::state.name(), Given::Text("available")),
    ],
    links: &[
        LinkCheck::new(at::vpc.name(), "InvalidVpcID.NotFound", "The vpc ID '{}' does not exist"),
        LinkCheck::new(at::subnet.name(), "InvalidSubnetID.NotFound", "The subnet ID '{}' does not exist").optional(),
    ],
    ..Behaviour::PLAIN
};
