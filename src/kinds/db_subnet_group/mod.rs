//! The subnets in which a database may live: one per zone, so that it survives a zone without capacity.

pub mod calls;
mod sim;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Kind, REGIONAL, TAGS, Wait};
use crate::model::schema::{AttributeSchema, Comparison, Mutability, NameRule};
use crate::model::value::Link;
use crate::model::{Impact, KindSchema, Status};

pub const NAME: &str = "db-subnet-group";

/// Outputs: `name`, `arn`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Spec {
    pub name: String,
    pub description: String,
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
    attributes: &[
        AttributeSchema::new("name", "DBSubnetGroupName")
            .about("The group's name. Fixed.", "グループ名です。変更できません。")
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html")
            .compare(Comparison::CaseFolded)
            .mutability(Mutability::Forbidden(
                "a subnet group keeps its name: declare a new one, move its databases, then retire this one",
            )),
        AttributeSchema::new("description", "DBSubnetGroupDescription")
            .about("What the group is for, in words.", "グループの用途の説明です。")
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBSubnetGroup.html"),
        AttributeSchema::new("subnets", "SubnetIds")
            .about(
                "The subnets in which a database may be, one in each zone. Existing databases do not move; \
                failovers and new ones use the new list.",
                "データベースを置けるサブネットで、ゾーンごとに一つです。稼働中のデータベースは移動せず、フェイル\
                オーバーと新規作成から新しい一覧が使われます。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBSubnetGroup.html")
            .compare(Comparison::Set)
            .impact(Impact::Exposure)
            .refers_to(&[("subnet", "id")])
            .promise("tenant-isolation"),
        TAGS,
    ],
    reference: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html",
};

pub static KIND: Kind = Kind {
    schema: &SCHEMA,
    behaviour: &sim::DbSubnetGroup,
    regions: REGIONAL,
    wait: Wait { poll: 2, limit: 5 * 60 },
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
        "Complete" | "complete" | "available" => Status::Ready,
        other => Status::Working(other.to_owned()),
    }
}
