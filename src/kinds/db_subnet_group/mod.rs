//! The subnets in which a database may live: one per zone, so that it survives a zone without capacity.

#[cfg(feature = "aws")]
mod aws;
mod sim;

use schemars::JsonSchema;
use tokaido_derive::Kind;

use super::{REGIONAL, Wait, kit};
use crate::model::schema::{Comparison, NameRule};
use crate::model::value::Link;
use crate::model::{Impact, KindSchema, Status};

pub const NAME: &str = "db-subnet-group";

/// Outputs: `name`, `arn`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
pub struct Spec {
    /// The group's name. Fixed.
    #[ja = "グループ名です。変更できません。"]
    #[aws("DBSubnetGroupName", "AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html")]
    #[row(
        compare(Comparison::CaseFolded),
        fixed("a subnet group keeps its name: declare a new one, move its databases, then retire this one")
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
    #[row(compare(Comparison::Set), impact(Impact::Exposure), link("subnet", "id"), promise("tenant-isolation"))]
    pub subnets: Vec<Link>,
}

pub static SCHEMA: KindSchema = KindSchema {
    kind: NAME,
    title: "RDS subnet group",
    stateful: false,
    once_gone: None,
    name: Some((
        "name",
        NameRule {
            min: 1,
            max: 255,
            also: "-",
            rds: true,
            words: "RDS accepts lower-case letters, digits and single hyphens, beginning with a letter",
        },
    )),
    unique: Some("name"),
    attributes: Spec::ROWS,
    reference: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html",
};

pub static KIND: super::Kind = super::Kind {
    schema: &SCHEMA,
    behaviour: &sim::DbSubnetGroup,
    regions: REGIONAL,
    wait: Wait { poll: 2, limit: 5 * 60 },
    reads: &["rds:DescribeDBSubnetGroups", "rds:ListTagsForResource"],
    typed: kit::typed::<Spec>,
    shape: kit::shape::<Spec>,
    example: include_str!("example.yaml"),
    #[cfg(feature = "aws")]
    driver: aws::driver,
};

#[must_use]
pub fn readiness(state: &str) -> Status {
    match state {
        "Complete" | "complete" | "available" => Status::Ready,
        other => Status::Working(other.to_owned()),
    }
}
