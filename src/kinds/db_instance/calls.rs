//! What AWS calls the operations on a database, as IAM spells them.

use crate::kinds::tagging;

pub const BACKUPS: &str = "rds:DescribeDBInstanceAutomatedBackups";
pub const CREATE: &str = "rds:CreateDBInstance";
/// Named to refuse it: a plan never deletes what holds data, and every role of ours is denied it.
pub const DELETE: &str = "rds:DeleteDBInstance";
pub const DESCRIBE: &str = "rds:DescribeDBInstances";
pub const MODIFY: &str = "rds:ModifyDBInstance";

pub const READS: &[&str] = &[BACKUPS, DESCRIBE];

pub const WRITES: &[&str] = &[tagging::rds::PUT, CREATE, MODIFY, tagging::rds::REMOVE];
