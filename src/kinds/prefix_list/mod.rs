//! A prefix list: blocks of addresses that rules and routes name together. No file declares one.

use super::prelude::*;

/// Outputs: `id`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "プレフィックスリスト"]
#[kind("prefix-list", "prefix list", "AWSEC2/latest/APIReference/API_ManagedPrefixList.html", observed)]
#[kind(identity(Identity::Ec2("pl")))]
#[calls(look = "ec2:DescribeManagedPrefixLists", ENTRIES = "ec2:GetManagedPrefixListEntries")]
pub struct Spec {
    /// Its name, which need not be unique.
    #[ja = "名前です。重複することがあります。"]
    #[row("PrefixListName")]
    pub name: String,
    /// `IPv4` or `IPv6`: one list holds one family.
    #[ja = "アドレスの種類（`IPv4` または `IPv6`）です。"]
    #[row("AddressFamily", mutability(GIVEN))]
    pub family: String,
    /// The account that owns it, which can change its entries; `AWS` for the lists of AWS's own services.
    #[ja = "所有し、内容を変更できるアカウントです。AWS のサービスのものは `AWS` です。"]
    #[row("OwnerId", mutability(GIVEN))]
    pub owner: String,
    /// The blocks of addresses in canonical form. Not asked of a list that AWS owns: it holds the addresses of AWS's services,
    /// which are no addresses of a network.
    #[ja = "アドレスブロックを正規の形で並べたものです。AWS が所有するリストの内容は読み取りません。AWS のサービスのアドレスで"]
    #[ja = "あり、ネットワーク内のアドレスではないためです。"]
    #[row("Entries", "AWSEC2/latest/APIReference/API_GetManagedPrefixListEntries.html", reads(&["Cidr"]))]
    #[row(compare(Comparison::Set))]
    pub entries: Option<Vec<String>>,
}

/// How EC2 behaves: a new list is empty.
static SIM: Behaviour = Behaviour { defaults: &[(at::entries.name(), Given::EmptyList)], ..Behaviour::PLAIN };
