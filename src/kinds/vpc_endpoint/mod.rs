//! A VPC endpoint: a service that a network reaches without the Internet, which another account may own. No file declares one.

use super::prelude::*;

/// Outputs: `id`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "VPC エンドポイント"]
#[kind("vpc-endpoint", "VPC endpoint", "AWSEC2/latest/APIReference/API_VpcEndpoint.html", observed)]
#[kind(identity(Identity::Ec2("vpce")))]
#[calls(look = "ec2:DescribeVpcEndpoints")]
pub struct Spec {
    /// The network from which the service is reached.
    #[ja = "サービスに接続できるネットワークです。"]
    #[row("VpcId", link("vpc", "id"), mutability(GIVEN), place)]
    pub vpc: Link,
    /// AWS's word for what it is: `Interface`, `Gateway`, `GatewayLoadBalancer`, `Resource`, `ServiceNetwork`.
    #[ja = "AWS による種別です（`Interface`、`Gateway`、`GatewayLoadBalancer`、`Resource`、`ServiceNetwork`）。"]
    #[row("VpcEndpointType", mutability(GIVEN))]
    pub endpoint_type: String,
    /// The name of the service. One to a resource or to a service network has none.
    #[ja = "サービスの名前です。リソースとサービスネットワークへのエンドポイントにはありません。"]
    #[row("ServiceName", mutability(GIVEN))]
    pub service: Option<String>,
    /// The subnets in which it has interfaces.
    #[ja = "インターフェイスを置いているサブネットです。"]
    #[row("SubnetIds", compare(Comparison::Set), link("subnet", "id"))]
    pub subnets: Vec<Link>,
    /// The security groups that its interfaces wear.
    #[ja = "インターフェイスに付いているセキュリティグループです。"]
    #[row("Groups", reads(&["GroupId"]), compare(Comparison::Set), link("security-group", "id"))]
    pub groups: Vec<Link>,
    /// The ids of its interfaces.
    #[ja = "インターフェイスの ID です。"]
    #[row("NetworkInterfaceIds", compare(Comparison::Set))]
    pub interfaces: Vec<String>,
    /// The ids of the route tables that lead to it.
    #[ja = "このエンドポイントへの経路を持つルートテーブルの ID です。"]
    #[row("RouteTableIds", compare(Comparison::Set))]
    pub route_tables: Vec<String>,
    /// The account that owns it.
    #[ja = "所有しているアカウントです。"]
    #[row("OwnerId", mutability(GIVEN))]
    pub owner: Option<String>,
    /// AWS's word for its state in lower case: `pendingacceptance`, `available`, `rejected` and others.
    #[ja = "AWS が示す状態を小文字で表します（`pendingacceptance`、`available`、`rejected` など）。"]
    #[row("State")]
    pub state: String,
}

/// How EC2 behaves: an endpoint without a type leads through route tables.
static SIM: Behaviour = Behaviour {
    defaults: &[
        (at::endpoint_type.name(), Given::Text("Gateway")),
        (at::subnets.name(), Given::EmptyList),
        (at::groups.name(), Given::EmptyList),
        (at::interfaces.name(), Given::EmptyList),
        (at::route_tables.name(), Given::EmptyList),
        (at::state.name(), Given::Text("available")),
    ],
    folded: &[at::state.name()],
    links: &[
        LinkCheck::new(at::vpc.name(), "InvalidVpcID.NotFound", "The vpc ID '{}' does not exist"),
        LinkCheck::new(at::subnets.name(), "InvalidSubnetID.NotFound", "The subnet ID '{}' does not exist").optional(),
        LinkCheck::new(at::groups.name(), "InvalidGroup.NotFound", "The security group '{}' does not exist").optional(),
    ],
    ..Behaviour::PLAIN
};
