//! A network interface: which host or service stands in which subnet, and which security groups it wears. No file declares one.

use super::prelude::*;

/// Outputs: `id`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "ネットワークインターフェイス"]
#[kind("network-interface", "network interface", "AWSEC2/latest/APIReference/API_NetworkInterface.html", observed)]
#[kind(identity(Identity::Ec2("eni")))]
#[calls(look = "ec2:DescribeNetworkInterfaces")]
pub struct Spec {
    /// The network in which it stands.
    #[ja = "インターフェイスがあるネットワークです。"]
    #[row("VpcId", link("vpc", "id"), mutability(GIVEN), place)]
    pub vpc: Link,
    /// The subnet in which it stands.
    #[ja = "インターフェイスがあるサブネットです。"]
    #[row("SubnetId", link("subnet", "id"), mutability(GIVEN))]
    pub subnet: Link,
    /// The security groups that it wears.
    #[ja = "付いているセキュリティグループです。"]
    #[row("Groups", reads(&["GroupId"]), compare(Comparison::Set), link("security-group", "id"))]
    pub groups: Vec<Link>,
    /// The account that owns it: of a shared subnet, each participant owns its own interfaces.
    #[ja = "所有しているアカウントです。共有サブネットでは、参加者がそれぞれのインターフェイスを所有します。"]
    #[row("OwnerId", mutability(GIVEN))]
    pub owner: String,
    /// What it is for, in words. Those of an interface that a service of AWS manages are the service's own, such as
    /// `ELB net/NAME/ID`. Whoever makes any other interface writes here what they like, so that text proves nothing.
    #[ja = "用途の説明文です。AWS のサービスが管理するインターフェイスでは、サービスが書き込みます（`ELB net/名前/ID` など）。"]
    #[ja = "ほかのインターフェイスでは作成者が自由に書けるため、根拠にはなりません。"]
    #[row("Description")]
    pub description: Option<String>,
    /// Its addresses inside the network, of both families.
    #[ja = "ネットワーク内のアドレス（IPv4、IPv6）です。"]
    #[row("PrivateIpAddresses, Ipv6Addresses", compare(Comparison::Set))]
    pub addresses: Vec<String>,
    /// The blocks of addresses that belong to it, of both families.
    #[ja = "割り当てられたアドレスブロック（IPv4、IPv6）です。"]
    #[row("Ipv4Prefixes, Ipv6Prefixes", compare(Comparison::Set))]
    pub prefixes: Vec<String>,
    /// Its public addresses.
    #[ja = "公開アドレスです。"]
    #[row("Association", reads(&["PublicIp"]), compare(Comparison::Set))]
    pub public_addresses: Vec<String>,
    /// Whether AWS drops packets that are neither from it nor for it. Without the check its host can forward packets of others.
    #[ja = "自分宛てでも自分発でもない通信を AWS が破棄するかどうかです。無効にすると他者の通信を中継できます。"]
    #[row("SourceDestCheck")]
    pub source_dest_check: bool,
    /// AWS's word for what it is: `interface`, `nat_gateway`, `vpc_endpoint`, `lambda`, and others.
    #[ja = "AWS による種別です。"]
    #[row("InterfaceType", mutability(GIVEN))]
    pub interface_type: String,
    /// Whether a service of AWS asked for it and manages it.
    #[ja = "AWS のサービスが要求し、管理しているかどうかです。"]
    #[row("RequesterManaged", mutability(GIVEN))]
    pub managed: Option<bool>,
    /// The service that asked for it, in the word of AWS: an account or a name such as `amazon-rds`.
    #[ja = "作成を要求したサービスです。"]
    #[row("RequesterId", mutability(GIVEN))]
    pub requester: Option<String>,
    /// The service of AWS that manages it.
    #[ja = "管理している AWS のサービスです。"]
    #[row("Operator", reads(&["Principal"]), mutability(GIVEN))]
    pub operator: Option<String>,
    /// The host to which it is attached, and which may have other interfaces.
    #[ja = "接続先のホストです。ホストはほかのインターフェイスも持てます。"]
    #[row("Attachment", reads(&["InstanceId"]))]
    pub instance: Option<String>,
    /// The account or the service to which that host belongs.
    #[ja = "接続先のホストを所有するアカウントまたはサービスです。"]
    #[row("Attachment", reads(&["InstanceOwnerId"]))]
    pub instance_owner: Option<String>,
}

/// How EC2 behaves: an interface is for ever in its subnet.
static SIM: Behaviour = Behaviour {
    links: &[
        LinkCheck::new(at::vpc.name(), "InvalidVpcID.NotFound", "The vpc ID '{}' does not exist"),
        LinkCheck::new(at::subnet.name(), "InvalidSubnetID.NotFound", "The subnet ID '{}' does not exist"),
        LinkCheck::new(at::groups.name(), "InvalidGroup.NotFound", "The security group '{}' does not exist"),
    ],
    ..Behaviour::PLAIN
};
