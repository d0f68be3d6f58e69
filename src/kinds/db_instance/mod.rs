//! An RDS database instance: encrypted, private, 35 days of point-in-time recovery, growing storage, protected.
//!
//! Every default that AWS would choose dangerously is sent explicitly (field notes 3.1).

#[cfg(feature = "aws")]
mod aws;
mod sim;

use serde::{Deserialize, Serialize};

use super::vpc::MOVE;
use super::{Kind, REGIONAL, TAGS, Wait};
use crate::model::schema::{AttributeSchema, Comparison, Mutability, NameRule};
use crate::model::value::Link;
use crate::model::{Impact, KindSchema, Status};

pub const NAME: &str = "db-instance";

/// Outputs: `arn`, `name`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spec {
    pub name: String,
    pub engine: String,
    /// A minimum: AWS may hold a newer minor version.
    pub engine_version: String,
    pub class: String,
    pub storage_type: String,
    /// GiB. Live may have grown.
    pub allocated_storage: i64,
    /// GiB.
    pub max_allocated_storage: i64,
    pub storage_encrypted: bool,
    pub kms_key: Link,
    pub multi_az: bool,
    pub port: i64,
    /// Not sent: it follows from the subnet group. Declared so that a database in another network is seen.
    pub vpc: Link,
    pub subnet_group: Link,
    pub security_groups: Vec<Link>,
    pub parameter_group: Link,
    pub publicly_accessible: bool,
    pub deletion_protection: bool,
    pub backup_retention_days: i64,
    /// UTC, `17:00-17:30`.
    pub backup_window: String,
    /// UTC, `sat:20:00-sat:20:30`.
    pub maintenance_window: String,
    pub auto_minor_version_upgrade: bool,
    pub copy_tags_to_snapshot: bool,
    pub log_exports: Vec<String>,
    pub master_username: String,
    /// The password is made and rotated by AWS in Secrets Manager; nobody here ever sees it.
    pub managed_master_password: bool,
    pub ca_certificate: String,
    pub engine_lifecycle_support: String,
}

const SNAPSHOT: Mutability = Mutability::Forbidden(
    "a database keeps this: snapshot, copy or restore with the new value, verify, swap the names (docs/procedures.md)",
);

const CREATED_WITH: Mutability =
    Mutability::Forbidden("a database keeps this from its creation: make a new database and move the data");

pub static SCHEMA: KindSchema = KindSchema {
    kind: NAME,
    title: "RDS database instance",
    stateful: true,
    name: Some((
        "name",
        NameRule {
            min: 1,
            max: 63,
            also: "-",
            rds: true,
            words: "RDS accepts lower-case letters, digits and single hyphens, beginning with a letter",
        },
    )),
    unique: Some("name"),
    attributes: &[
        AttributeSchema::new("name", "DBInstanceIdentifier").compare(Comparison::CaseFolded).mutability(CREATED_WITH),
        AttributeSchema::new("engine", "Engine").compare(Comparison::CaseFolded).mutability(CREATED_WITH),
        AttributeSchema::new("engine_version", "EngineVersion")
            .compare(Comparison::Version)
            .mutability(Mutability::Window)
            .impact(Impact::Interruption),
        AttributeSchema::new("class", "DBInstanceClass").mutability(Mutability::Window).impact(Impact::Interruption),
        AttributeSchema::new("storage_type", "StorageType"),
        AttributeSchema::new("allocated_storage", "AllocatedStorage")
            .compare(Comparison::AtLeast)
            .impact(Impact::Irreversible)
            .unit("GiB")
            .promise("capacity-growth"),
        AttributeSchema::new("max_allocated_storage", "MaxAllocatedStorage").unit("GiB").promise("capacity-growth"),
        AttributeSchema::new("storage_encrypted", "StorageEncrypted").mutability(SNAPSHOT).promise("encryption-at-rest"),
        AttributeSchema::new("kms_key", "KmsKeyId")
            .mutability(SNAPSHOT)
            .refers_to(&[("kms-key", "arn")])
            .promise("encryption-at-rest"),
        AttributeSchema::new("multi_az", "MultiAZ").mutability(Mutability::Window),
        AttributeSchema::new("port", "DBPortNumber").mutability(CREATED_WITH),
        AttributeSchema::new("vpc", "DBSubnetGroup.VpcId")
            .mutability(MOVE)
            .place()
            .refers_to(&[("vpc", "id")])
            .promise("tenant-isolation"),
        AttributeSchema::new("subnet_group", "DBSubnetGroupName")
            .mutability(CREATED_WITH)
            .refers_to(&[("db-subnet-group", "name")]),
        AttributeSchema::new("security_groups", "VpcSecurityGroupIds")
            .compare(Comparison::Set)
            .impact(Impact::Exposure)
            .refers_to(&[("security-group", "id")])
            .promise("tenant-isolation"),
        AttributeSchema::new("parameter_group", "DBParameterGroupName")
            .mutability(Mutability::Reboot)
            .impact(Impact::Interruption)
            .refers_to(&[("db-parameter-group", "name")])
            .promise("encryption-in-transit"),
        AttributeSchema::new("publicly_accessible", "PubliclyAccessible")
            .impact(Impact::Exposure)
            .promise("encryption-in-transit"),
        AttributeSchema::new("deletion_protection", "DeletionProtection").promise("point-in-time-recovery"),
        AttributeSchema::new("backup_retention_days", "BackupRetentionPeriod").unit("days").promise("point-in-time-recovery"),
        AttributeSchema::new("backup_window", "PreferredBackupWindow")
            .compare(Comparison::CaseFolded)
            .promise("point-in-time-recovery"),
        AttributeSchema::new("maintenance_window", "PreferredMaintenanceWindow").compare(Comparison::CaseFolded),
        AttributeSchema::new("auto_minor_version_upgrade", "AutoMinorVersionUpgrade"),
        AttributeSchema::new("copy_tags_to_snapshot", "CopyTagsToSnapshot").promise("labelling"),
        AttributeSchema::new("log_exports", "EnabledCloudwatchLogsExports").compare(Comparison::Set).promise("event-logs"),
        AttributeSchema::new("master_username", "MasterUsername").mutability(CREATED_WITH),
        AttributeSchema::new("managed_master_password", "ManageMasterUserPassword"),
        AttributeSchema::new("ca_certificate", "CACertificateIdentifier")
            .mutability(Mutability::Window)
            .impact(Impact::Interruption)
            .promise("encryption-in-transit"),
        AttributeSchema::new("engine_lifecycle_support", "EngineLifecycleSupport").compare(Comparison::WriteOnly),
        TAGS,
    ],
    reference: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
};

pub static KIND: Kind = Kind {
    schema: &SCHEMA,
    behaviour: &sim::DbInstance,
    regions: REGIONAL,
    wait: Wait { poll: 20, limit: 80 * 60 },
    reads: &["rds:DescribeDBInstances"],
    example: include_str!("example.yaml"),
    #[cfg(feature = "aws")]
    driver: aws::driver,
};

/// RDS's words for a database's state (field notes 3.2). An unknown word is work in progress, never ready.
#[must_use]
pub fn readiness(state: &str) -> Status {
    match state {
        "available" | "storage-optimization" => Status::Ready,
        "failed"
        | "deleting"
        | "stopped"
        | "storage-full"
        | "insufficient-capacity"
        | "incompatible-network"
        | "incompatible-restore"
        | "incompatible-parameters"
        | "incompatible-option-group"
        | "incompatible-create"
        | "restore-error"
        | "inaccessible-encryption-credentials"
        | "inaccessible-encryption-credentials-recoverable" => Status::Failed(state.to_owned()),
        other => Status::Working(other.to_owned()),
    }
}
