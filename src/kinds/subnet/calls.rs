//! What AWS calls the operations on a subnet, as IAM spells them.

use crate::kinds::tagging;

pub const CREATE: &str = "ec2:CreateSubnet";
pub const DELETE: &str = "ec2:DeleteSubnet";
pub const DESCRIBE: &str = "ec2:DescribeSubnets";
pub const MODIFY: &str = "ec2:ModifySubnetAttribute";

pub const READS: &[&str] = &[DESCRIBE];

pub const WRITES: &[&str] = &[CREATE, tagging::ec2::PUT, DELETE, tagging::ec2::REMOVE, MODIFY];
