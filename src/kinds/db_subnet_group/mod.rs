//! The subnets in which a database may be: one in each zone, so that the database survives a zone without capacity.

use std::collections::BTreeSet;

use super::prelude::*;
use super::subnet;

/// The kind in ids, as in `db-subnet-group.shared@tokyo`.
pub const NAME: &str = "db-subnet-group";

/// Outputs: `name`, `arn`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
pub struct Spec {
    /// The group's name. Fixed.
    #[ja = "グループ名です。変更できません。"]
    #[aws("DBSubnetGroupName", "AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html")]
    #[row(
        compare(Comparison::CaseFolded),
        fixed(
            "a subnet group keeps its name: declare a new one, move its databases, then retire this one",
            "サブネットグループの名前は変えられません。新しいものを宣言してデータベースを移し、その後で撤去します"
        )
    )]
    pub name: String,
    /// What the group is for, in words.
    #[ja = "グループの用途の説明です。"]
    #[aws("DBSubnetGroupDescription", "AmazonRDS/latest/APIReference/API_ModifyDBSubnetGroup.html")]
    pub description: String,
    /// The subnets in which a database may be, one in each zone. Existing databases do not move; failovers and new ones use
    /// the new list.
    #[ja = "データベースを置けるサブネットで、ゾーンごとに一つです。稼働中のデータベースは移動せず、フェイルオーバーと新規作"]
    #[ja = "成から新しい一覧が使われます。"]
    #[aws("SubnetIds", "AmazonRDS/latest/APIReference/API_ModifyDBSubnetGroup.html")]
    #[row(compare(Comparison::Set), impact(Impact::Exposure), link("subnet", "id"), promise(slug::TENANT_ISOLATION))]
    pub subnets: Vec<Link>,
}

/// The rows and the rule for names. The name is unique in account and region.
pub static SCHEMA: KindSchema = KindSchema {
    name: Some((at::name.name(), NameRule::rds(255))),
    unique: Some(at::name.name()),
    title_ja: "RDS サブネットグループ",
    ..KindSchema::new(NAME, "RDS subnet group", Spec::ROWS, "AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html")
};

const CALLS: Operations = Operations {
    look: "rds:DescribeDBSubnetGroups",
    create: "rds:CreateDBSubnetGroup",
    change: "rds:ModifyDBSubnetGroup",
    delete: "rds:DeleteDBSubnetGroup",
    tags: tagging::RDS_ASKED,
    more: &[],
};

/// This kind's entry in [`crate::kinds::ALL`]: both regions, a wait of at most 5 minutes.
pub static KIND: Kind = Kind::of::<Spec>(&SCHEMA, &SIM, CALLS, include_str!("example.yaml"));

/// How RDS behaves: it folds names to lower case, and demands subnets in at least two zones of one network.
static SIM: Behaviour = Behaviour {
    normalise: |attributes| fold(attributes, &[at::name.name()]),
    check,
    settled: "Complete",
    readiness: |state| match state {
        "Complete" | "complete" | "available" => Status::Ready,
        other => Status::Working(other.to_owned()),
    },
    ..Behaviour::of(Identity::Named("rds", "subgrp:"))
};

fn check(attributes: &Attributes, neighbours: &dyn Neighbours) -> Result<(), ApiRefusal> {
    let wanted = attributes.typed(at::subnets).unwrap_or_default();
    let wanted: BTreeSet<&str> = wanted.iter().filter_map(|link| link.physical().ok()).collect();
    let found: Vec<_> = wanted.iter().flat_map(|subnet| neighbours.called(subnet::NAME, subnet)).collect();
    if found.len() < wanted.len() {
        return Err(ApiRefusal::invalid("InvalidSubnet", "Some input subnets are invalid."));
    }
    let networks: BTreeSet<Link> = found.iter().filter_map(|object| object.attributes.typed(subnet::at::vpc)).collect();
    if networks.len() > 1 {
        return Err(ApiRefusal::invalid("InvalidVPCNetworkStateFault", "Subnets of a DB subnet group must be in one VPC."));
    }
    let zones: BTreeSet<String> = found.iter().filter_map(|object| object.attributes.typed(subnet::at::zone)).collect();
    if zones.len() < 2 {
        return Err(ApiRefusal::invalid(
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement.",
        ));
    }
    Ok(())
}
