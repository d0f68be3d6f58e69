//! The subnets in which a database may be: one in each zone, so that the database survives a zone without capacity.

use std::collections::BTreeSet;

use super::prelude::*;
use super::subnet;

/// Outputs: `name`, `arn`. The name is unique in account and region.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "RDS サブネットグループ"]
#[kind("db-subnet-group", "RDS subnet group", "AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html")]
#[kind(name(at::name, NameRule::rds(255)), unique(at::name), made_by_aws(&["default"]))]
#[kind(identity(Identity::Named("rds", "subgrp:")), keeps("name", "move its databases", "名前", "データベースを移して"))]
#[calls(look = "rds:DescribeDBSubnetGroups", create = "rds:CreateDBSubnetGroup", change = "rds:ModifyDBSubnetGroup")]
#[calls(delete = "rds:DeleteDBSubnetGroup", tags = RDS_ASKED)]
pub struct Spec {
    /// The group's name. Fixed.
    #[ja = "グループ名です。変更できません。"]
    #[row("DBSubnetGroupName", compare(Comparison::CaseFolded), kept)]
    pub name: String,
    /// What the group is for, in words.
    #[ja = "グループの用途の説明です。"]
    #[row("DBSubnetGroupDescription", "AmazonRDS/latest/APIReference/API_ModifyDBSubnetGroup.html")]
    pub description: String,
    /// The subnets in which a database may be, one in each zone. Existing databases do not move; failovers and new ones use
    /// the new list.
    #[ja = "データベースを置けるサブネットで、ゾーンごとに一つです。稼働中のデータベースは移動せず、フェイルオーバーと新規作"]
    #[ja = "成から新しい一覧が使われます。"]
    #[row("SubnetIds", "AmazonRDS/latest/APIReference/API_ModifyDBSubnetGroup.html")]
    #[row(compare(Comparison::Set), impact(Impact::Exposure), link("subnet", "id"), promise(slug::TENANT_ISOLATION))]
    pub subnets: Vec<Link>,
}

/// How RDS behaves: it folds names to lower case, and demands subnets in at least two zones of one network.
static SIM: Behaviour = Behaviour {
    folded: &[at::name.name()],
    links: &[LinkCheck::new(at::subnets.name(), "InvalidSubnet", "Some input subnets are invalid.")],
    linked: check,
    settled: "Complete",
    states: States::Working(&["Complete", "complete", "available"], &[]),
    ..Behaviour::PLAIN
};

fn check(attributes: &Attributes, neighbours: &dyn Neighbours) -> Result<(), ApiRefusal> {
    let wanted = attributes.typed(at::subnets).unwrap_or_default();
    let found: Vec<_> =
        wanted.iter().filter_map(|link| link.physical().ok()).flat_map(|id| neighbours.called(subnet::NAME, id)).collect();
    let networks: BTreeSet<Link> = found.iter().filter_map(|object| object.attributes.typed(subnet::at::vpc)).collect();
    if networks.len() > 1 {
        return Err(ApiRefusal::invalid("InvalidVPCNetworkStateFault", "Subnets of a DB subnet group must be in one VPC."));
    }
    let zones: BTreeSet<String> = found.iter().filter_map(|object| object.attributes.typed(subnet::at::zone)).collect();
    if zones.len() < 2 {
        let message = "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement.";
        return Err(ApiRefusal::invalid("DBSubnetGroupDoesNotCoverEnoughAZs", message));
    }
    Ok(())
}
