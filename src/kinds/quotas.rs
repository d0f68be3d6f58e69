//! What AWS grants an account and region before anybody asks for more: one table for `validate` and `doctor`.

use super::{backup_plan, backup_vault, db_instance, db_parameter_group, db_subnet_group, kms_key};
use super::{security_group, subnet, vpc};
use crate::model::Name;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    pub kind: &'static str,
    pub most: usize,
    /// As the Service Quotas console calls it.
    pub title: &'static str,
    /// Counted for each value of this attribute; otherwise for each region of the account.
    pub per: Option<Name>,
}

const fn region(kind: &'static str, most: usize, title: &'static str) -> Quota {
    Quota { kind, most, title, per: None }
}

/// Rules of one security group in one direction.
pub const RULES: usize = 60;

/// Sources: Amazon VPC quotas, Quotas for Amazon RDS, AWS KMS quotas, AWS Backup quotas. Roles
/// are not here: only those under our path are listed, so the others cannot be counted.
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
