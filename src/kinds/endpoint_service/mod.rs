//! An endpoint service: load balancers that networks of others may reach through endpoints. No file declares one.

use super::prelude::*;

/// Outputs: `id`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "エンドポイントサービス"]
#[kind("endpoint-service", "endpoint service", "AWSEC2/latest/APIReference/API_ServiceConfiguration.html", observed)]
#[kind(identity(Identity::Ec2("vpce-svc")))]
#[calls(look = "ec2:DescribeVpcEndpointServiceConfigurations")]
pub struct Spec {
    /// The name by which an endpoint asks for it.
    #[ja = "エンドポイントが指定するサービスの名前です。"]
    #[row("ServiceName", mutability(GIVEN))]
    pub service: String,
    /// The ARNs of the network and gateway load balancers behind it.
    #[ja = "背後にある Network Load Balancer と Gateway Load Balancer の ARN です。"]
    #[row("NetworkLoadBalancerArns, GatewayLoadBalancerArns", compare(Comparison::Set))]
    pub load_balancers: Vec<String>,
    /// Whether its owner must accept an endpoint before it works.
    #[ja = "エンドポイントを使う前に所有者の承認が必要かどうかです。"]
    #[row("AcceptanceRequired")]
    pub acceptance_required: bool,
    /// AWS's word for its state in lower case: `pending`, `available`, `deleting`, `deleted`, `failed`.
    #[ja = "AWS が示す状態を小文字で表します（`pending`、`available`、`deleting`、`deleted`、`failed`）。"]
    #[row("ServiceState")]
    pub state: String,
}

/// How EC2 behaves: an endpoint waits for the owner unless asked for otherwise.
static SIM: Behaviour = Behaviour {
    defaults: &[
        (at::load_balancers.name(), Given::EmptyList),
        (at::acceptance_required.name(), Given::Bool(true)),
        (at::state.name(), Given::Text("available")),
    ],
    folded: &[at::state.name()],
    ..Behaviour::PLAIN
};
