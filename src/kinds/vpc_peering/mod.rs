//! A peering connection: packets between two networks, which may be of two accounts and two regions. No file declares one.

use super::prelude::*;

/// Outputs: `id`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "VPC ピアリング接続"]
#[kind("vpc-peering", "VPC peering connection", "AWSEC2/latest/APIReference/API_VpcPeeringConnection.html", observed)]
#[kind(identity(Identity::Ec2("pcx")))]
#[calls(look = "ec2:DescribeVpcPeeringConnections")]
pub struct Spec {
    /// The network whose owner asked for it.
    #[ja = "接続を要求した側のネットワークです。"]
    #[row("RequesterVpcInfo", reads(&["VpcId"]), link("vpc", "id"), mutability(GIVEN))]
    pub requester: Link,
    /// The account of that network.
    #[ja = "要求した側のアカウントです。"]
    #[row("RequesterVpcInfo", reads(&["OwnerId"]), mutability(GIVEN))]
    pub requester_account: String,
    /// AWS's code of the region of that network.
    #[ja = "要求した側のリージョンのコードです。"]
    #[row("RequesterVpcInfo", reads(&["Region"]), mutability(GIVEN))]
    pub requester_region: String,
    /// The blocks of addresses of that network, of both families. AWS tells them while the connection is active.
    #[ja = "要求した側のアドレスブロック（IPv4、IPv6）です。接続が有効な間だけ AWS が示します。"]
    #[row("RequesterVpcInfo", reads(&["CidrBlock", "CidrBlockSet", "Ipv6CidrBlockSet"]), compare(Comparison::Set))]
    pub requester_blocks: Option<Vec<String>>,
    /// The network whose owner was asked.
    #[ja = "接続を要求された側のネットワークです。"]
    #[row("AccepterVpcInfo", reads(&["VpcId"]), link("vpc", "id"), mutability(GIVEN))]
    pub accepter: Link,
    /// The account of that network.
    #[ja = "要求された側のアカウントです。"]
    #[row("AccepterVpcInfo", reads(&["OwnerId"]), mutability(GIVEN))]
    pub accepter_account: String,
    /// AWS's code of the region of that network.
    #[ja = "要求された側のリージョンのコードです。"]
    #[row("AccepterVpcInfo", reads(&["Region"]), mutability(GIVEN))]
    pub accepter_region: String,
    /// The blocks of addresses of that network, of both families. AWS tells them while the connection is active.
    #[ja = "要求された側のアドレスブロック（IPv4、IPv6）です。接続が有効な間だけ AWS が示します。"]
    #[row("AccepterVpcInfo", reads(&["CidrBlock", "CidrBlockSet", "Ipv6CidrBlockSet"]), compare(Comparison::Set))]
    pub accepter_blocks: Option<Vec<String>>,
    /// AWS's word for its state: `pending-acceptance`, `active`, `deleted` and others.
    #[ja = "AWS が示す状態です（`pending-acceptance`、`active`、`deleted` など）。"]
    #[row("Status", "vpc/latest/peering/vpc-peering-basics.html", reads(&["Code"]))]
    pub state: String,
}

/// How EC2 behaves: the networks may be of other accounts, so it is not asked whether they exist.
static SIM: Behaviour = Behaviour { defaults: &[(at::state.name(), Given::Text("active"))], ..Behaviour::PLAIN };
