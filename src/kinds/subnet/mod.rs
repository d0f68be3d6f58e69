//! A private subnet in one zone. Zones are named by id (`apne1-az1`): AWS shuffles their names per account.

use super::prelude::*;
use super::vpc::MOVE;

/// The kind in ids, as in `subnet.shared-a@tokyo`.
pub const NAME: &str = "subnet";

/// Outputs: `id`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
pub struct Spec {
    /// The network that the subnet is a part of. Fixed.
    #[ja = "サブネットが属するネットワークです。変更できません。"]
    #[aws("VpcId", "AWSEC2/latest/APIReference/API_CreateSubnet.html")]
    #[row(link("vpc", "id"), mutability(MOVE), place, promise(slug::TENANT_ISOLATION))]
    pub vpc: Link,
    /// The addresses of the subnet. Fixed.
    #[ja = "サブネットのアドレス範囲です。変更できません。"]
    #[aws("CidrBlock", "AWSEC2/latest/APIReference/API_CreateSubnet.html")]
    #[row(mutability(FIXED), addresses, promise(slug::TENANT_ISOLATION))]
    pub cidr: String,
    /// The zone, by its id, which is the same in every account. Fixed.
    #[ja = "ゾーンです。どのアカウントでも同じ意味になる ID で指定します。変更できません。"]
    #[aws("AvailabilityZoneId", "AWSEC2/latest/APIReference/API_CreateSubnet.html")]
    #[row(mutability(FIXED))]
    pub zone: String,
    /// Whether new hosts get public addresses. Always false here; hosts that have one keep it.
    #[ja = "新しいホストに公開アドレスを付けるかどうかです。付けない設定だけを認めます。既に付いたアドレスは残ります。"]
    #[aws("MapPublicIpOnLaunch", "AWSEC2/latest/APIReference/API_ModifySubnetAttribute.html")]
    #[row(impact(Impact::Exposure), promise(slug::TENANT_ISOLATION))]
    pub public_addresses: bool,
}

const FIXED: Mutability = Mutability::Forbidden(Explained::new(
    "a subnet keeps its block and zone: declare a new one, move what lives here, then retire this one",
    "サブネットのアドレス範囲とゾーンは変えられません。新しいものを宣言し、中のものを移してから撤去します",
));

/// The rows. The block is unique: it lies in the block of the VPC and overlaps no other subnet.
pub static SCHEMA: KindSchema = KindSchema {
    once_gone: Some(Explained::new(
        "a new subnet has another id, and its addresses may be taken meanwhile",
        "新しいサブネットは別の ID になり、その間にアドレスが使われることがあります",
    )),
    unique: Some(at::cidr.name()),
    title_ja: "サブネット",
    ..KindSchema::new(NAME, "subnet", Spec::ROWS, "AWSEC2/latest/APIReference/API_CreateSubnet.html")
};

static SIM: Behaviour = Behaviour {
    defaults: &[(at::public_addresses.name(), Given::Bool(false))],
    links: &[LinkCheck::new(at::vpc.name(), "InvalidVpcID.NotFound", "The vpc ID '{}' does not exist")],
    blocks: Some(BlockCodes { outside: "InvalidSubnet.Range" }),
    creating: Some(("pending", 2)),
    readiness: |state| match state {
        "available" => Status::Ready,
        "pending" => Status::Working(state.to_owned()),
        other => Status::Failed(other.to_owned()),
    },
    ..Behaviour::of(Identity::Ec2("subnet"))
};

const CALLS: Operations = Operations {
    look: "ec2:DescribeSubnets",
    create: "ec2:CreateSubnet",
    change: "ec2:ModifySubnetAttribute",
    delete: "ec2:DeleteSubnet",
    tags: tagging::EC2,
    more: &[],
};

/// This kind's entry in [`crate::kinds::ALL`]: both regions, a wait of at most 10 minutes.
pub static KIND: Kind =
    Kind { wait: Wait { poll: 2, limit: 10 * 60 }, ..Kind::of::<Spec>(&SCHEMA, &SIM, CALLS, include_str!("example.yaml")) };
