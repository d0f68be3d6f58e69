//! What AWS calls the operations on a VPC, as IAM spells them.

use crate::kinds::tagging;

pub const ASSOCIATE: &str = "ec2:AssociateDhcpOptions";
pub const ATTRIBUTE: &str = "ec2:DescribeVpcAttribute";
pub const CREATE: &str = "ec2:CreateVpc";
pub const DELETE: &str = "ec2:DeleteVpc";
pub const DESCRIBE: &str = "ec2:DescribeVpcs";
pub const MODIFY: &str = "ec2:ModifyVpcAttribute";

pub const READS: &[&str] = &[ATTRIBUTE, DESCRIBE];

pub const WRITES: &[&str] = &[ASSOCIATE, tagging::ec2::PUT, CREATE, tagging::ec2::REMOVE, DELETE, MODIFY];
