//! An attachment of a transit gateway: a network, a VPN or another gateway that sends its packets there. No file declares one.

use super::prelude::*;

/// Outputs: `id`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "Transit Gateway アタッチメント"]
#[kind(
    "transit-gateway-attachment",
    "transit gateway attachment",
    "AWSEC2/latest/APIReference/API_TransitGatewayAttachment.html"
)]
#[kind(observed, identity(Identity::Ec2("tgw-attach")))]
#[calls(look = "ec2:DescribeTransitGatewayAttachments", SUBNETS = "ec2:DescribeTransitGatewayVpcAttachments")]
pub struct Spec {
    /// The id of the transit gateway.
    #[ja = "Transit Gateway の ID です。"]
    #[row("TransitGatewayId", mutability(GIVEN))]
    pub gateway: String,
    /// The account that owns the transit gateway.
    #[ja = "Transit Gateway を所有しているアカウントです。"]
    #[row("TransitGatewayOwnerId", mutability(GIVEN))]
    pub gateway_owner: Option<String>,
    /// What is attached: `vpc`, `vpn`, `direct-connect-gateway`, `connect`, `peering` and others.
    #[ja = "接続されているものの種別です（`vpc`、`vpn`、`direct-connect-gateway`、`connect`、`peering` など）。"]
    #[row("ResourceType", mutability(GIVEN))]
    pub resource_type: String,
    /// The network that is attached, where it is one.
    #[ja = "接続されているネットワークです。ネットワークでない場合はありません。"]
    #[row("ResourceId", link("vpc", "id"), mutability(GIVEN))]
    pub vpc: Option<Link>,
    /// The id of what is attached.
    #[ja = "接続されているものの ID です。"]
    #[row("ResourceId", mutability(GIVEN))]
    pub resource: Option<String>,
    /// The account that owns what is attached.
    #[ja = "接続されているものを所有しているアカウントです。"]
    #[row("ResourceOwnerId", mutability(GIVEN))]
    pub resource_owner: Option<String>,
    /// The subnets of an attached network in which the gateway has interfaces.
    #[ja = "接続されているネットワークのうち、Transit Gateway のインターフェイスがあるサブネットです。"]
    #[row("TransitGatewayVpcAttachments", "AWSEC2/latest/APIReference/API_TransitGatewayVpcAttachment.html")]
    #[row(reads(&["SubnetIds"]), compare(Comparison::Set), link("subnet", "id"))]
    pub subnets: Option<Vec<Link>>,
    /// The id of the route table that decides where packets from here go; absent where none is associated.
    #[ja = "ここからの通信の経路を決めるルートテーブルの ID です。関連付けがない場合はありません。"]
    #[row("Association", reads(&["State", "TransitGatewayRouteTableId"]))]
    pub table: Option<String>,
    /// AWS's word for its state: `pendingAcceptance`, `available`, `deleted` and others.
    #[ja = "AWS が示す状態です（`pendingAcceptance`、`available`、`deleted` など）。"]
    #[row("State")]
    pub state: String,
}

/// How EC2 behaves: the network may be of another account, so it is not asked whether it exists.
static SIM: Behaviour = Behaviour { defaults: &[(at::state.name(), Given::Text("available"))], ..Behaviour::PLAIN };
