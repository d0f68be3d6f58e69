//! AWS's default quotas of an account and region, before AWS raises them on request: one table for `validate` and `doctor`. What
//! one object may contain, such as the rules of a security group, stands with its kind.

use super::{backup_plan, backup_vault, db_instance, db_parameter_group, db_subnet_group, kms_key};
use super::{security_group, subnet, vpc};
use crate::model::Name;

/// The default quota of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// The kind's name, such as `db-instance`.
    pub kind: &'static str,
    /// How many resources AWS allows.
    pub most: usize,
    /// The quota's name in the Service Quotas console.
    pub title: &'static str,
    /// Resources are counted for each value of this attribute; without one, for each region of the account.
    pub per: Option<Name>,
}

const fn region(kind: &'static str, most: usize, title: &'static str) -> Quota {
    Quota { kind, most, title, per: None }
}

/// The default quotas. Sources: Amazon VPC quotas, Quotas for Amazon RDS, AWS KMS quotas, AWS Backup quotas. Roles are not
/// here: tokaido lists only those under its own path, so it cannot count the others.
pub const DEFAULTS: [Quota; 9] = [
    region(vpc::NAME, 5, "VPCs per Region"),
    Quota { kind: subnet::NAME, most: 200, title: "Subnets per VPC", per: Some(subnet::at::vpc.name()) },
    region(security_group::NAME, 2500, "VPC security groups per Region"),
    region(db_instance::NAME, 40, "DB instances"),
    region(db_subnet_group::NAME, 50, "DB subnet groups"),
    region(db_parameter_group::NAME, 50, "Parameter groups"),
    region(kms_key::NAME, 100_000, "Customer Master Keys (CMKs)"),
    region(backup_vault::NAME, 300, "Backup vaults per Region per account"),
    region(backup_plan::NAME, 300, "Backup plans per Region per account"),
];
