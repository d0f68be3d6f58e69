//! What AWS calls the operations on a DHCP option set, as IAM spells them.

use crate::kinds::tagging;

pub const CREATE: &str = "ec2:CreateDhcpOptions";
pub const DELETE: &str = "ec2:DeleteDhcpOptions";
pub const DESCRIBE: &str = "ec2:DescribeDhcpOptions";

pub const READS: &[&str] = &[DESCRIBE];

pub const WRITES: &[&str] = &[CREATE, tagging::ec2::PUT, DELETE, tagging::ec2::REMOVE];
