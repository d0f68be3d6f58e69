//! A VPC with its DNS attributes and the DHCP option set that it uses.

use super::prelude::*;

/// AWS's word for the option set of a VPC that uses none.
pub const NO_OPTIONS: &str = "default";

/// The rule for the attribute `vpc` of what is in a VPC: AWS moves nothing to another VPC. A change of a tenant's `isolation`
/// would ask for such a move.
pub const MOVE: Mutability = Mutability::Forbidden(Explained::new(
    "nothing moves from one VPC to another: write `isolation` and `cidr` as they were, then give the \
                customer a second tenant id in the new network, move the data, and retire the old id \
                (docs/procedures.md, \"A tenant must move to another network\")",
    "VPC から別の VPC へは何も移せません。`isolation` と `cidr` を元に戻し、新しいネットワークにお客様の二つ目のテナント ID を作って\
                データを移し、古い ID を撤去します (docs/procedures.md)",
));

/// Outputs: `id`. The block is unique.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "VPC"]
#[kind("vpc", "VPC", "AWSEC2/latest/APIReference/API_CreateVpc.html", unique(at::cidr), wait(10 * 60))]
#[kind(identity(Identity::Ec2("vpc")), keeps("block", "move what lives here", "アドレス範囲", "中のものを移して"))]
#[kind(once_gone(
    "a new VPC has another id, and everything inside was made for the old one",
    "新しい VPC は別の ID になり、中のものはすべて元の VPC のために作られています"
))]
#[calls(look = "ec2:DescribeVpcs", create = "ec2:CreateVpc", change = "ec2:ModifyVpcAttribute", delete = "ec2:DeleteVpc")]
#[calls(tags = EC2, ASSOCIATE = "ec2:AssociateDhcpOptions", ATTRIBUTE = "ec2:DescribeVpcAttribute")]
#[calls(DISASSOCIATE = "ec2:DisassociateVpcCidrBlock")]
pub struct Spec {
    /// The addresses of the network. AWS cannot change the first block of a VPC.
    #[ja = "ネットワークのアドレス範囲です。VPC の最初のブロックは変更できません。"]
    #[row("CidrBlock", kept, addresses, spelled(&[("", Spelling::Block)]), promise(slug::TENANT_ISOLATION))]
    pub cidr: String,
    /// Every block of addresses of the network, of both families. No file declares another than the first; one that was added
    /// by hand is removed, unless something uses it: then AWS refuses.
    #[typed(default)]
    #[schemars(default)]
    #[ja = "ネットワークのすべてのアドレスブロック（IPv4、IPv6）です。最初のブロックのほかは宣言できません。手作業で加えたものは取り除き"]
    #[ja = "ます。使用中のブロックの削除は AWS が拒みます。"]
    #[row("AssociateVpcCidrBlock, Ipv6CidrBlock", "vpc/latest/userguide/vpc-cidr-blocks.html", compare(Comparison::Set))]
    #[row(case("added", adds, NO_MORE_BLOCKS, Impact::Exposure), impact(Impact::Exposure), promise(slug::TENANT_ISOLATION))]
    pub blocks: Vec<String>,
    /// Whether Amazon's name server answers inside the network. Switched off, hosts find no database by name.
    #[ja = "ネットワーク内で Amazon の名前解決を使えるかどうかです。無効にすると、名前でデータベースに接続できなくなります。"]
    #[row("EnableDnsSupport", "AWSEC2/latest/APIReference/API_ModifyVpcAttribute.html")]
    #[row(case("on → off", turned_off, Mutability::InPlace, Impact::Interruption), later)]
    pub dns_support: bool,
    /// Whether hosts with public addresses get names.
    #[ja = "公開アドレスを持つホストに名前を付けるかどうかです。"]
    #[row("EnableDnsHostnames", "AWSEC2/latest/APIReference/API_ModifyVpcAttribute.html", later)]
    pub dns_hostnames: bool,
    /// The option set of the network. Running hosts take it over when they renew their lease, which can take hours.
    // The set's id; the text `default` when the VPC uses no set.
    #[ja = "ネットワークが使う DHCP オプションセットです。稼働中のホストには次のリース更新時に反映され、数時間かかることがあ"]
    #[ja = "ります。"]
    #[row("DhcpOptionsId", "vpc/latest/userguide/DHCPOptionSet.html", link("dhcp-options", "id"), promise(slug::CLOCK), later)]
    #[row(staged(
        "now; running hosts follow when they renew their lease, within hours",
        "すぐに反映。稼働中のホストはリースの更新時（数時間以内）に従う"
    ))]
    pub dhcp_options: Link,
}

/// The first block comes with the network.
fn first_block(attributes: &mut Attributes) {
    let cidr = attributes.text(at::cidr).unwrap_or_default().to_owned();
    attributes.set_default(at::blocks, Value::list([Value::from(cidr)]));
}

fn keeps_first_block(before: &Attributes, after: &Attributes) -> Result<(), ApiRefusal> {
    let first = before.text(at::cidr).map(Value::from);
    let kept = after[at::blocks.name()].as_list().zip(first).is_some_and(|(blocks, first)| blocks.contains(&first));
    let refusal = || ApiRefusal::invalid("OperationNotPermitted", "The primary CIDR block of the VPC may not be disassociated");
    kept.then_some(()).ok_or_else(refusal)
}

/// How EC2 behaves: DNS hostnames are off, and the VPC uses no option set, unless asked for.
static SIM: Behaviour = Behaviour {
    defaults: &[
        (at::dns_support.name(), Given::Bool(true)),
        (at::dns_hostnames.name(), Given::Bool(false)),
        (at::dhcp_options.name(), Given::Text(NO_OPTIONS)),
    ],
    demands: &[Demand::new(at::cidr.name(), Measure::Prefix(16, 28), "InvalidVpc.Range", "The CIDR '{}' is invalid.")],
    links: &[LinkCheck::new(at::dhcp_options.name(), "InvalidDhcpOptionsID.NotFound", "The dhcpOptions ID '{}' does not exist")
        .except(NO_OPTIONS)],
    complete: first_block,
    changeable: keeps_first_block,
    creating: Some(("pending", 2)),
    states: States::Working(&["available"], &[]),
    ..Behaviour::PLAIN
};
