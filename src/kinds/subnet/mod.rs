//! A private subnet in one zone. Zones are named by id (`apne1-az1`): AWS shuffles their names per account.

use super::prelude::*;
use super::vpc::MOVE;

/// Outputs: `id`. The block is unique: it lies in the block of the VPC and overlaps no other subnet.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "サブネット"]
#[kind("subnet", "subnet", "AWSEC2/latest/APIReference/API_CreateSubnet.html", identity(Identity::Ec2("subnet")), wait(10 * 60))]
#[kind(unique(at::cidr), keeps("block and zone", "move what lives here", "アドレス範囲とゾーン", "中のものを移して"))]
#[kind(once_gone(
    "a new subnet has another id, and its addresses may be taken meanwhile",
    "新しいサブネットは別の ID になり、その間にアドレスが使われることがあります"
))]
#[calls(look = "ec2:DescribeSubnets", create = "ec2:CreateSubnet", change = "ec2:ModifySubnetAttribute")]
#[calls(delete = "ec2:DeleteSubnet", tags = EC2, DISASSOCIATE = "ec2:DisassociateSubnetCidrBlock")]
pub struct Spec {
    /// The network that the subnet is a part of. Fixed.
    #[ja = "サブネットが属するネットワークです。変更できません。"]
    #[row("VpcId", link("vpc", "id"), mutability(MOVE), place, promise(slug::TENANT_ISOLATION))]
    pub vpc: Link,
    /// The addresses of the subnet. Fixed.
    #[ja = "サブネットのアドレス範囲です。変更できません。"]
    #[row("CidrBlock", kept, addresses, spelled(&[("", Spelling::Block)]), promise(slug::TENANT_ISOLATION))]
    pub cidr: String,
    /// The zone, by its id, which is the same in every account. Fixed.
    #[ja = "ゾーンです。どのアカウントでも同じ意味になる ID で指定します。変更できません。"]
    #[row("AvailabilityZoneId", kept)]
    pub zone: String,
    /// Whether new hosts get public addresses. Always false here; hosts that have one keep it.
    #[ja = "新しいホストに公開アドレスを付けるかどうかです。付けない設定だけを認めます。既に付いたアドレスは残ります。"]
    #[row("MapPublicIpOnLaunch", "AWSEC2/latest/APIReference/API_ModifySubnetAttribute.html")]
    #[row(impact(Impact::Exposure), promise(slug::TENANT_ISOLATION), later)]
    pub public_addresses: bool,
    /// Its IPv6 blocks. None is declared; one that was added by hand is removed, unless a host uses it: then AWS refuses.
    #[typed(default)]
    #[schemars(default)]
    #[ja = "IPv6 ブロックです。宣言はせず、手作業で加えたものは取り除きます。使用中のブロックの削除は AWS が拒みます。"]
    #[row("AssociateSubnetCidrBlock, Ipv6CidrBlock", "vpc/latest/userguide/subnet-associate-ipv6-cidr.html")]
    #[row(case("added", adds, NO_MORE_BLOCKS, Impact::Exposure), impact(Impact::Exposure), promise(slug::TENANT_ISOLATION))]
    #[row(compare(Comparison::Set))]
    pub ipv6_blocks: Vec<String>,
    /// Whether new hosts get IPv6 addresses. Always false here; hosts that have one keep it.
    #[ja = "新しいホストに IPv6 アドレスを付けるかどうかです。付けない設定だけを認めます。既に付いたアドレスは残ります。"]
    #[row("AssignIpv6AddressOnCreation", "AWSEC2/latest/APIReference/API_ModifySubnetAttribute.html")]
    #[row(impact(Impact::Exposure), promise(slug::TENANT_ISOLATION), later)]
    pub ipv6_addresses: bool,
}

static SIM: Behaviour = Behaviour {
    defaults: &[
        (at::public_addresses.name(), Given::Bool(false)),
        (at::ipv6_blocks.name(), Given::EmptyList),
        (at::ipv6_addresses.name(), Given::Bool(false)),
    ],
    links: &[LinkCheck::new(at::vpc.name(), "InvalidVpcID.NotFound", "The vpc ID '{}' does not exist")],
    outside: Some("InvalidSubnet.Range"),
    creating: Some(("pending", 2)),
    states: States::Failed(&["available"], &["pending"]),
    ..Behaviour::PLAIN
};
