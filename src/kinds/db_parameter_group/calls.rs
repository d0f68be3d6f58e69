//! What AWS calls the operations on a parameter group, as IAM spells them.

use crate::kinds::tagging;

pub const CREATE: &str = "rds:CreateDBParameterGroup";
pub const DELETE: &str = "rds:DeleteDBParameterGroup";
pub const DESCRIBE: &str = "rds:DescribeDBParameterGroups";
pub const MODIFY: &str = "rds:ModifyDBParameterGroup";
pub const PARAMETERS: &str = "rds:DescribeDBParameters";
pub const RESET: &str = "rds:ResetDBParameterGroup";

pub const READS: &[&str] = &[DESCRIBE, PARAMETERS, tagging::rds::LIST];

pub const WRITES: &[&str] = &[tagging::rds::PUT, CREATE, DELETE, MODIFY, tagging::rds::REMOVE, RESET];
