//! A VPC with its DNS attributes and the DHCP option set it uses.

pub mod calls;
mod sim;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Kind, REGIONAL, TAGS, Wait};
use crate::model::schema::{AttributeSchema, Case, Mutability};
use crate::model::value::Link;
use crate::model::{Impact, KindSchema, Status, Value};

pub const NAME: &str = "vpc";

/// For whatever lives in a VPC: AWS moves none of it, and a tenant that changes its isolation asks for just that.
pub const MOVE: Mutability = Mutability::Forbidden(
    "nothing moves from one VPC to another: write `isolation` and `cidr` as they were, then give the \
                customer a second tenant id in the new network, move the data, and retire the old id \
                (docs/procedures.md, \"A tenant must move to another network\")",
);

/// Outputs: `id`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Spec {
    pub cidr: String,
    pub dns_support: bool,
    pub dns_hostnames: bool,
    /// The set's id; the text `default` when the VPC uses no set.
    pub dhcp_options: Link,
}

pub static SCHEMA: KindSchema = KindSchema {
    kind: NAME,
    title: "VPC",
    stateful: false,
    once_gone: Some("a new VPC has another id, and everything inside was made for the old one"),
    name: None,
    unique: Some("cidr"),
    attributes: &[
        AttributeSchema::new("cidr", "CidrBlock")
            .about(
                "The addresses of the network. AWS cannot change the first block of a VPC.",
                "ネットワークのアドレス範囲です。VPC の最初のブロックは変更できません。",
            )
            .source("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html")
            .mutability(Mutability::Forbidden(
                "a VPC keeps its block: declare a second network, move what lives here, then retire this one",
            ))
            .addresses()
            .promise("tenant-isolation"),
        AttributeSchema::new("dns_support", "enableDnsSupport")
            .about(
                "Whether Amazon's name server answers inside the network. Switched off, hosts find no database \
                by name.",
                "ネットワーク内で Amazon の名前解決を使えるかどうかです。無効にすると、名前でデータベースに接続で\
                きなくなります。",
            )
            .source("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcAttribute.html")
            .cases(&[Case {
                words: "on → off",
                applies: switched_off,
                mutability: Mutability::InPlace,
                impact: Impact::Interruption,
            }]),
        AttributeSchema::new("dns_hostnames", "enableDnsHostnames")
            .about("Whether hosts with public addresses get names.", "公開アドレスを持つホストに名前を付けるかどうかです。")
            .source("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcAttribute.html"),
        AttributeSchema::new("dhcp_options", "DhcpOptionsId")
            .about(
                "The option set of the network. Running hosts take it over when they renew their lease, which \
                can take hours.",
                "ネットワークが使う DHCP オプションセットです。稼働中のホストには次のリース更新時に反映され、数時\
                間かかることがあります。",
            )
            .source("https://docs.aws.amazon.com/vpc/latest/userguide/DHCPOptionSet.html")
            .mutability(Mutability::Staged("now; running hosts follow when they renew their lease, within hours"))
            .refers_to(&[("dhcp-options", "id")])
            .promise("clock"),
        TAGS,
    ],
    reference: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html",
};

/// Without Amazon's name server no host finds its database.
fn switched_off(before: &Value, after: &Value) -> bool {
    *before == Value::Bool(true) && *after == Value::Bool(false)
}

pub static KIND: Kind = Kind {
    schema: &SCHEMA,
    behaviour: &sim::Vpc,
    regions: REGIONAL,
    wait: Wait { poll: 2, limit: 10 * 60 },
    reads: calls::READS,
    writes: calls::WRITES,
    deletes: calls::DELETE,
    typed: super::typed::<Spec>,
    shape: super::shape::<Spec>,
    example: include_str!("example.yaml"),
};

#[must_use]
pub fn readiness(state: &str) -> Status {
    match state {
        "available" => Status::Ready,
        other => Status::Working(other.to_owned()),
    }
}
