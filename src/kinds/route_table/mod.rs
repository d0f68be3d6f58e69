//! A route table: where the packets go that leave its subnets. No file declares one; AWS makes the main one of each network.

use super::prelude::*;
use super::vpc;

/// One route. Of two that match, AWS takes the one with the longer prefix.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Typed)]
pub struct Route {
    /// A block of addresses in canonical form, or the id of a prefix list.
    pub destination: String,
    /// `local`, or the identifier of what gets the packet: `igw-…`, `nat-…`, `pcx-…`, an ARN. Absent where AWS names nothing
    /// that tokaido knows.
    pub target: Option<String>,
    /// `active`; `blackhole` where the target is gone and the packet is lost; `filtered`.
    pub state: Option<String>,
    /// AWS's word for who made it: `CreateRouteTable`, `CreateRoute`, `EnableVgwRoutePropagation`, `Advertisement`.
    pub origin: Option<String>,
}

/// Outputs: `id`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "ルートテーブル"]
#[kind("route-table", "route table", "AWSEC2/latest/APIReference/API_RouteTable.html", observed)]
#[kind(identity(Identity::Ec2("rtb")))]
#[calls(look = "ec2:DescribeRouteTables")]
pub struct Spec {
    /// The network to which the table belongs.
    #[ja = "ルートテーブルが属するネットワークです。"]
    #[row("VpcId", link("vpc", "id"), mutability(GIVEN), place)]
    pub vpc: Link,
    /// Whether it serves every subnet of the network that is associated with no other table.
    #[ja = "ほかのテーブルに関連付けられていない、ネットワーク内のすべてのサブネットで使われるかどうかです。"]
    #[row("Associations", reads(&["Main"]), mutability(GIVEN))]
    pub main: bool,
    /// The subnets that are associated with it explicitly.
    #[ja = "明示的に関連付けられたサブネットです。"]
    #[row("Associations", reads(&["SubnetId", "AssociationState.State"]), compare(Comparison::Set), link("subnet", "id"))]
    pub subnets: Vec<Link>,
    /// The gateways whose incoming packets it routes.
    #[ja = "受信した通信の経路をこのテーブルで決めるゲートウェイです。"]
    #[row("Associations", reads(&["GatewayId"]), compare(Comparison::Set))]
    pub gateways: Vec<String>,
    /// Where packets go, by their destination.
    #[ja = "宛先ごとの経路です。"]
    #[row("Routes", compare(Comparison::Keyed(&["destination"])))]
    #[row(reads(&["CarrierGatewayId", "CoreNetworkArn", "DestinationCidrBlock", "DestinationIpv6CidrBlock",
        "DestinationPrefixListId", "EgressOnlyInternetGatewayId", "GatewayId", "InstanceId", "IpAddress", "LocalGatewayId",
        "NatGatewayId", "NetworkInterfaceId", "OdbNetworkArn", "Origin", "State", "TransitGatewayId", "VpcPeeringConnectionId"]))]
    pub routes: Vec<Route>,
    /// The virtual private gateways that may add routes.
    #[ja = "経路を追加できる仮想プライベートゲートウェイです。"]
    #[row("PropagatingVgws", compare(Comparison::Set))]
    pub propagating: Vec<String>,
}

/// How EC2 behaves: each network has a main table, which sends its own addresses to `local`.
static SIM: Behaviour = Behaviour {
    made_with: Some(MadeWith::new(
        vpc::NAME,
        main,
        ("DependencyViolation", "The routeTable '{}' has dependencies and cannot be deleted."),
    )),
    associates: Some(Associates { attribute: at::subnets.name(), kind: "subnet", others: None }),
    links: &[LinkCheck::new(at::vpc.name(), "InvalidVpcID.NotFound", "The vpc ID '{}' does not exist")],
    ..Behaviour::PLAIN
};

fn main(network: &str, _: &str, attributes: &Attributes) -> Attributes {
    let word = |word: &str| Some(word.to_owned());
    let destination = attributes.text(vpc::at::cidr).unwrap_or_default().to_owned();
    Spec {
        vpc: Link::Physical(network.to_owned()),
        main: true,
        subnets: Vec::new(),
        gateways: Vec::new(),
        routes: vec![Route { destination, target: word("local"), state: word("active"), origin: word("CreateRouteTable") }],
        propagating: Vec::new(),
    }
    .lower()
}
