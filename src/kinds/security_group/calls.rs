//! What AWS calls the operations on a security group, as IAM spells them.

use crate::kinds::tagging;

pub const ALLOW_EGRESS: &str = "ec2:AuthorizeSecurityGroupEgress";
pub const ALLOW_INGRESS: &str = "ec2:AuthorizeSecurityGroupIngress";
pub const CREATE: &str = "ec2:CreateSecurityGroup";
pub const DELETE: &str = "ec2:DeleteSecurityGroup";
pub const DESCRIBE: &str = "ec2:DescribeSecurityGroups";
pub const REVOKE_EGRESS: &str = "ec2:RevokeSecurityGroupEgress";
pub const REVOKE_INGRESS: &str = "ec2:RevokeSecurityGroupIngress";
pub const RULES: &str = "ec2:DescribeSecurityGroupRules";

pub const READS: &[&str] = &[RULES, DESCRIBE];

pub const WRITES: &[&str] =
    &[ALLOW_EGRESS, ALLOW_INGRESS, CREATE, tagging::ec2::PUT, DELETE, tagging::ec2::REMOVE, REVOKE_EGRESS, REVOKE_INGRESS];
