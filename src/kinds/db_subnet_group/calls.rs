//! What AWS calls the operations on a subnet group, as IAM spells them.

use crate::kinds::tagging;

pub const CREATE: &str = "rds:CreateDBSubnetGroup";
pub const DELETE: &str = "rds:DeleteDBSubnetGroup";
pub const DESCRIBE: &str = "rds:DescribeDBSubnetGroups";
pub const MODIFY: &str = "rds:ModifyDBSubnetGroup";

pub const READS: &[&str] = &[DESCRIBE, tagging::rds::LIST];

pub const WRITES: &[&str] = &[tagging::rds::PUT, CREATE, DELETE, MODIFY, tagging::rds::REMOVE];
