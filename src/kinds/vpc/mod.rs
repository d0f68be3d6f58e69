//! A VPC with its DNS attributes and the DHCP option set that it uses.

use ipnet::Ipv4Net;

use super::prelude::*;

/// The kind in ids, as in `vpc.main@tokyo`.
pub const NAME: &str = "vpc";

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

/// Outputs: `id`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
pub struct Spec {
    /// The addresses of the network. AWS cannot change the first block of a VPC.
    #[ja = "ネットワークのアドレス範囲です。VPC の最初のブロックは変更できません。"]
    #[aws("CidrBlock", "AWSEC2/latest/APIReference/API_CreateVpc.html")]
    #[row(
        fixed(
            "a VPC keeps its block: declare a second network, move what lives here, then retire this one",
            "VPC のアドレス範囲は変えられません。二つ目のネットワークを宣言し、中のものを移してから撤去します"
        ),
        addresses,
        promise(slug::TENANT_ISOLATION)
    )]
    pub cidr: String,
    /// Whether Amazon's name server answers inside the network. Switched off, hosts find no database by name.
    #[ja = "ネットワーク内で Amazon の名前解決を使えるかどうかです。無効にすると、名前でデータベースに接続できなくなります。"]
    #[aws("enableDnsSupport", "AWSEC2/latest/APIReference/API_ModifyVpcAttribute.html")]
    #[row(
        cases(&[Case {
                words: "on → off",
                applies: switched_off,
                mutability: Mutability::InPlace,
                impact: Impact::Interruption,
            }]),
    )]
    pub dns_support: bool,
    /// Whether hosts with public addresses get names.
    #[ja = "公開アドレスを持つホストに名前を付けるかどうかです。"]
    #[aws("enableDnsHostnames", "AWSEC2/latest/APIReference/API_ModifyVpcAttribute.html")]
    pub dns_hostnames: bool,
    /// The option set of the network. Running hosts take it over when they renew their lease, which can take hours.
    // The set's id; the text `default` when the VPC uses no set.
    #[ja = "ネットワークが使う DHCP オプションセットです。稼働中のホストには次のリース更新時に反映され、数時間かかることがあ"]
    #[ja = "ります。"]
    #[aws("DhcpOptionsId", "vpc/latest/userguide/DHCPOptionSet.html")]
    #[row(
        mutability(Mutability::Staged(Explained::new(
            "now; running hosts follow when they renew their lease, within hours",
            "すぐに反映。稼働中のホストはリースの更新時（数時間以内）に従う"
        ))),
        link("dhcp-options", "id"),
        promise(slug::CLOCK)
    )]
    pub dhcp_options: Link,
}

/// The rows. The block is unique.
pub static SCHEMA: KindSchema = KindSchema {
    once_gone: Some(Explained::new(
        "a new VPC has another id, and everything inside was made for the old one",
        "新しい VPC は別の ID になり、中のものはすべて元の VPC のために作られています",
    )),
    unique: Some(at::cidr.name()),
    ..KindSchema::new(NAME, "VPC", Spec::ROWS, "AWSEC2/latest/APIReference/API_CreateVpc.html")
};

/// Whether Amazon's name server is switched off: no host finds its database then.
fn switched_off(before: &Value, after: &Value) -> bool {
    *before == Value::Bool(true) && *after == Value::Bool(false)
}

/// How EC2 behaves: DNS hostnames are off, and the VPC uses no option set, unless asked for.
static SIM: Behaviour = Behaviour {
    defaults: &[
        (at::dns_support.name(), Given::Bool(true)),
        (at::dns_hostnames.name(), Given::Bool(false)),
        (at::dhcp_options.name(), Given::Text(NO_OPTIONS)),
    ],
    links: &[LinkCheck {
        except: Some(NO_OPTIONS),
        ..LinkCheck::new(at::dhcp_options.name(), "InvalidDhcpOptionsID.NotFound", "The dhcpOptions ID '{}' does not exist")
    }],
    creating: Some(("pending", 2)),
    check,
    readiness: |state| if state == "available" { Status::Ready } else { Status::Working(state.to_owned()) },
    ..Behaviour::of(Identity::Ec2("vpc"))
};

fn check(attributes: &Attributes, _: &dyn Neighbours) -> Result<(), ApiRefusal> {
    let cidr = attributes.typed(at::cidr).unwrap_or_default();
    match cidr.parse::<Ipv4Net>() {
        Ok(block) if (16..=28).contains(&block.prefix_len()) => Ok(()),
        _ => Err(ApiRefusal::invalid("InvalidVpc.Range", format!("The CIDR '{cidr}' is invalid."))),
    }
}

/// The operations of a VPC beside those that every kind has, as IAM spells them.
pub mod calls {
    /// Gives a VPC its DHCP option set.
    pub const ASSOCIATE: &str = "ec2:AssociateDhcpOptions";
    /// Reads one DNS attribute of a VPC.
    pub const ATTRIBUTE: &str = "ec2:DescribeVpcAttribute";
}

const CALLS: Operations = Operations {
    look: "ec2:DescribeVpcs",
    create: "ec2:CreateVpc",
    change: "ec2:ModifyVpcAttribute",
    delete: "ec2:DeleteVpc",
    tags: tagging::EC2,
    more: &[calls::ASSOCIATE, calls::ATTRIBUTE],
};

/// This kind's entry in [`crate::kinds::ALL`]: both regions, a wait of at most 10 minutes.
pub static KIND: Kind =
    Kind { wait: Wait { poll: 2, limit: 10 * 60 }, ..Kind::of::<Spec>(&SCHEMA, &SIM, CALLS, include_str!("example.yaml")) };
