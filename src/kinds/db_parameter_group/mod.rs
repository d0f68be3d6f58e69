//! A DB parameter group that owns its user-set parameters: TLS required, UTC.

#[cfg(feature = "aws")]
mod aws;
mod sim;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Kind, REGIONAL, TAGS, Wait};
use crate::model::schema::{AttributeSchema, Comparison, Mutability, NameRule};
use crate::model::{Impact, KindSchema, Status};

pub const NAME: &str = "db-parameter-group";

/// Outputs: `name`, `arn`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    pub name: String,
    /// `postgres16`, `mysql8.4`: the engine's major version.
    pub family: String,
    pub description: String,
    /// Names in lower case. Values are compared as AWS returns them.
    pub parameters: BTreeMap<String, String>,
}

/// Parameters that a promise needs: the driver reads these even when AWS lists them as engine defaults, because a
/// parameter set to its default disappears from the user-set list (field notes 3.6).
pub const PROMISED: &[&str] = &[
    "rds.force_ssl",
    "timezone",
    "log_timezone",
    "require_secure_transport",
    "time_zone",
    "log_connections",
    "log_disconnections",
];

const FIXED: Mutability = Mutability::Forbidden(
    "a parameter group keeps its name, family and description: declare a new one, attach it to its databases, then retire this one",
);

pub static SCHEMA: KindSchema = KindSchema {
    kind: NAME,
    title: "RDS parameter group",
    stateful: false,
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
        AttributeSchema::new("name", "DBParameterGroupName").compare(Comparison::CaseFolded).mutability(FIXED),
        AttributeSchema::new("family", "DBParameterGroupFamily").mutability(FIXED),
        AttributeSchema::new("description", "Description").mutability(FIXED),
        AttributeSchema::new("parameters", "Parameters")
            .compare(Comparison::Map)
            .impact(Impact::Interruption)
            .promise("encryption-in-transit"),
        TAGS,
    ],
    reference: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html",
};

pub static KIND: Kind = Kind {
    schema: &SCHEMA,
    behaviour: &sim::DbParameterGroup,
    regions: REGIONAL,
    wait: Wait { poll: 2, limit: 5 * 60 },
    reads: &["rds:DescribeDBParameterGroups", "rds:DescribeDBParameters", "rds:ListTagsForResource"],
    example: include_str!("example.yaml"),
    #[cfg(feature = "aws")]
    driver: aws::driver,
};

/// A parameter group has no states: it exists or not.
#[must_use]
pub const fn readiness(_state: &str) -> Status {
    Status::Ready
}

/// `postgres` and `16` or `16.4` → `postgres16`; `mysql` and `8.4.3` → `mysql8.4` (the major of MySQL and MariaDB is X.Y).
#[must_use]
pub fn family(engine: &str, version: &str) -> String {
    let parts = if engine == "postgres" { 1 } else { 2 };
    format!("{engine}{}", version.split('.').take(parts).collect::<Vec<_>>().join("."))
}
