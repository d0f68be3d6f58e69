//! A route table of a transit gateway: to which attachment the packets of its associated attachments go. No file declares one.

use super::prelude::*;

/// One route. Of two that match, AWS takes the one with the longer prefix.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Typed)]
pub struct Route {
    /// A block of addresses in canonical form.
    pub block: String,
    /// `active`; `blackhole` where the packet is dropped.
    pub state: String,
    /// AWS's word for how it came: `static`, `propagated`.
    pub origin: String,
    /// The ids of the attachments to which packets go. A blackhole has none, or those that are gone.
    pub attachments: Vec<String>,
    /// The id of the prefix list from which the block is.
    pub list: Option<String>,
}

/// Outputs: `id`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "Transit Gateway ルートテーブル"]
#[kind("transit-gateway-table", "transit gateway route table", "AWSEC2/latest/APIReference/API_TransitGatewayRouteTable.html")]
#[kind(observed, identity(Identity::Ec2("tgw-rtb")))]
#[calls(look = "ec2:DescribeTransitGatewayRouteTables", ROUTES = "ec2:SearchTransitGatewayRoutes")]
pub struct Spec {
    /// The id of the transit gateway.
    #[ja = "Transit Gateway の ID です。"]
    #[row("TransitGatewayId", mutability(GIVEN))]
    pub gateway: String,
    /// Its active routes and blackholes. A failed reading where AWS says that there are more than it shows.
    #[ja = "有効な経路とブラックホールの経路です。AWS が全件を示さない場合は、読み取れなかったものとします。"]
    #[row("Routes", "AWSEC2/latest/APIReference/API_SearchTransitGatewayRoutes.html")]
    #[row(reads(&["DestinationCidrBlock", "PrefixListId", "State", "Type", "TransitGatewayAttachments.TransitGatewayAttachmentId"]))]
    #[row(compare(Comparison::Keyed(&["block", "origin"])))]
    pub routes: Vec<Route>,
    /// AWS's word for its state: `pending`, `available`, `deleting`, `deleted`.
    #[ja = "AWS が示す状態です（`pending`、`available`、`deleting`、`deleted`）。"]
    #[row("State")]
    pub state: String,
}

/// How EC2 behaves: a new table has no routes.
static SIM: Behaviour = Behaviour {
    defaults: &[(at::routes.name(), Given::EmptyList), (at::state.name(), Given::Text("available"))],
    ..Behaviour::PLAIN
};
