//! The kinds of store: which operation lists each, and where its reply says what. Names are those of AWS's service models.

use super::caller::{Protocol, Service};
use crate::kinds::data_store::{AUTOMATED_BACKUP, CLUSTER_BACKUP, KIND, calls};

/// `DescribeVolumes` of `ec2:DescribeVolumes`.
pub fn operation(call: &'static str) -> &'static str {
    call.split_once(':').map_or(call, |(_, operation)| operation)
}

/// How a listing is asked for its next page: the parameters of the size of a page, of its number, and of the token.
#[derive(Debug, Clone, Copy)]
pub struct Pages {
    pub size: (&'static str, &'static str),
    pub token: &'static str,
}

/// Where a reply says whether a store is encrypted.
#[derive(Debug, Clone, Copy)]
pub enum Encrypted {
    At(&'static str),
    /// The service encrypts everything: DynamoDB with a key of its own at least (developer guide, "DynamoDB encryption at rest"),
    /// AWS Backup with the key of the vault.
    Always,
}

/// Who may share a store with another account, and where it is said.
#[derive(Debug, Clone, Copy)]
pub enum Sharing {
    /// AWS does not offer it.
    Never,
    /// The listing names the accounts.
    Listed(&'static str),
    /// Another call says it. Stores of which the text at this path is one of these cannot be shared.
    Asked { call: Asking, unless: Option<(&'static str, &'static [&'static str])> },
}

/// The call that says with whom one store is shared.
#[derive(Debug, Clone, Copy)]
pub struct Asking {
    pub call: &'static str,
    /// The parameter that names the store.
    pub of: &'static str,
    pub send: &'static [(&'static str, &'static str)],
    /// Where the reply names accounts, and groups such as `all`.
    pub named: &'static [&'static str],
}

/// Where a store is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    Everywhere,
    /// In Tokyo and Osaka it is a kind of its own.
    Elsewhere,
}

/// One kind of store.
#[derive(Debug, Clone, Copy)]
pub struct Store {
    pub name: &'static str,
    pub service: &'static Service,
    /// As IAM spells it.
    pub call: &'static str,
    pub path: &'static str,
    pub send: &'static [(&'static str, &'static str)],
    pub pages: Pages,
    pub items: &'static str,
    /// AWS's name of the store. Empty: the item is the name.
    pub id: &'static str,
    pub arn: Option<&'static str>,
    pub encrypted: Encrypted,
    pub key: Option<&'static str>,
    /// The first that is there.
    pub source: &'static [&'static str],
    /// Items of the tags. Each has a key and a value.
    pub tags: Option<&'static str>,
    pub sharing: Sharing,
    pub place: Where,
}

pub static EC2: Service = Service { iam: "ec2", id: "EC2", protocol: Protocol::Query("2016-11-15") };
static RDS: Service = Service { iam: "rds", id: "RDS", protocol: Protocol::Query("2014-10-31") };
static REDSHIFT: Service = Service { iam: "redshift", id: "Redshift", protocol: Protocol::Query("2012-12-01") };
static DYNAMODB: Service = Service { iam: "dynamodb", id: "DynamoDB", protocol: Protocol::Json("DynamoDB_20120810") };
static EFS: Service = Service { iam: "elasticfilesystem", id: "EFS", protocol: Protocol::Rest };
static BACKUP: Service = Service { iam: "backup", id: "Backup", protocol: Protocol::Rest };

const OF_EC2: Pages = Pages { size: ("MaxResults", "500"), token: "NextToken" };
const OF_RDS: Pages = Pages { size: ("MaxRecords", "100"), token: "Marker" };

const PLAIN: Store = Store {
    name: "",
    service: &EC2,
    call: "",
    path: "/",
    send: &[],
    pages: OF_EC2,
    items: "",
    id: "",
    arn: None,
    encrypted: Encrypted::At("encrypted"),
    key: Some("kmsKeyId"),
    source: &[],
    tags: Some("tagSet[]"),
    sharing: Sharing::Never,
    place: Where::Everywhere,
};

const OF_DATABASES: Store = Store {
    service: &RDS,
    pages: OF_RDS,
    encrypted: Encrypted::At("StorageEncrypted"),
    key: Some("KmsKeyId"),
    tags: Some("TagList[]"),
    ..PLAIN
};

pub static STORES: [Store; 14] = [
    // A service's own volumes are shown only where they are asked for.
    Store {
        name: "ebs-volume",
        call: KIND.calls.look,
        send: &[("IncludeManagedResources", "true")],
        items: "volumeSet[]",
        id: "volumeId",
        ..PLAIN
    },
    Store {
        name: "ebs-snapshot",
        call: calls::SNAPSHOTS,
        send: &[("Owner.1", "self")],
        items: "snapshotSet[]",
        id: "snapshotId",
        source: &["volumeId"],
        sharing: Sharing::Asked {
            call: Asking {
                call: calls::SNAPSHOT_SHARING,
                of: "SnapshotId",
                send: &[("Attribute", "createVolumePermission")],
                named: &["createVolumePermission[].userId", "createVolumePermission[].group"],
            },
            unless: None,
        },
        ..PLAIN
    },
    Store {
        name: "machine-image",
        call: calls::IMAGES,
        send: &[("Owner.1", "self"), ("IncludeDeprecated", "true"), ("IncludeDisabled", "true")],
        items: "imagesSet[]",
        id: "imageId",
        // An image has the encryption of its snapshots, which are listed themselves.
        encrypted: Encrypted::At("blockDeviceMapping[].ebs.encrypted"),
        key: None,
        source: &["sourceInstanceId"],
        sharing: Sharing::Asked {
            call: Asking {
                call: calls::IMAGE_SHARING,
                of: "ImageId",
                send: &[("Attribute", "launchPermission")],
                named: &[
                    "launchPermission[].userId",
                    "launchPermission[].group",
                    "launchPermission[].organizationArn",
                    "launchPermission[].organizationalUnitArn",
                ],
            },
            unless: None,
        },
        ..PLAIN
    },
    Store {
        name: "db-instance",
        call: calls::DATABASES,
        items: "DescribeDBInstancesResult.DBInstances[]",
        id: "DBInstanceIdentifier",
        arn: Some("DBInstanceArn"),
        place: Where::Elsewhere,
        ..OF_DATABASES
    },
    // Aurora, Neptune, DocumentDB and Multi-AZ clusters.
    Store {
        name: "db-cluster",
        call: calls::DB_CLUSTERS,
        items: "DescribeDBClustersResult.DBClusters[]",
        id: "DBClusterIdentifier",
        arn: Some("DBClusterArn"),
        place: Where::Elsewhere,
        ..OF_DATABASES
    },
    Store {
        name: "db-snapshot",
        call: calls::DB_SNAPSHOTS,
        items: "DescribeDBSnapshotsResult.DBSnapshots[]",
        id: "DBSnapshotIdentifier",
        arn: Some("DBSnapshotArn"),
        encrypted: Encrypted::At("Encrypted"),
        source: &["DBInstanceIdentifier"],
        sharing: Sharing::Asked {
            call: Asking {
                call: calls::DB_SNAPSHOT_SHARING,
                of: "DBSnapshotIdentifier",
                send: &[],
                named: &[
                    "DescribeDBSnapshotAttributesResult.DBSnapshotAttributesResult.DBSnapshotAttributes[].AttributeValues[]",
                ],
            },
            unless: Some(("SnapshotType", &["automated"])),
        },
        ..OF_DATABASES
    },
    Store {
        name: "db-cluster-snapshot",
        call: calls::CLUSTER_SNAPSHOTS,
        items: "DescribeDBClusterSnapshotsResult.DBClusterSnapshots[]",
        id: "DBClusterSnapshotIdentifier",
        arn: Some("DBClusterSnapshotArn"),
        source: &["DBClusterIdentifier"],
        sharing: Sharing::Asked {
            call: Asking {
                call: calls::CLUSTER_SNAPSHOT_SHARING,
                of: "DBClusterSnapshotIdentifier",
                send: &[],
                named: &[
                    "DescribeDBClusterSnapshotAttributesResult.DBClusterSnapshotAttributesResult.DBClusterSnapshotAttributes[]\
                     .AttributeValues[]",
                ],
            },
            unless: Some(("SnapshotType", &["automated"])),
        },
        ..OF_DATABASES
    },
    Store {
        name: AUTOMATED_BACKUP,
        call: calls::DB_BACKUPS,
        items: "DescribeDBInstanceAutomatedBackupsResult.DBInstanceAutomatedBackups[]",
        id: "DBInstanceIdentifier",
        arn: Some("DBInstanceAutomatedBackupsArn"),
        encrypted: Encrypted::At("Encrypted"),
        source: &["DBInstanceArn", "DBInstanceIdentifier"],
        ..OF_DATABASES
    },
    Store {
        name: CLUSTER_BACKUP,
        call: calls::CLUSTER_BACKUPS,
        items: "DescribeDBClusterAutomatedBackupsResult.DBClusterAutomatedBackups[]",
        id: "DbClusterResourceId",
        arn: Some("DBClusterAutomatedBackupsArn"),
        source: &["DBClusterArn"],
        ..OF_DATABASES
    },
    Store {
        name: "dynamodb-table",
        service: &DYNAMODB,
        call: calls::TABLES,
        pages: Pages { size: ("Limit", "100"), token: "ExclusiveStartTableName" },
        items: "TableNames[]",
        encrypted: Encrypted::Always,
        key: None,
        tags: None,
        ..PLAIN
    },
    Store {
        name: "efs-file-system",
        service: &EFS,
        call: calls::FILE_SYSTEMS,
        path: "/2015-02-01/file-systems",
        pages: Pages { size: ("MaxItems", "100"), token: "Marker" },
        items: "FileSystems[]",
        id: "FileSystemId",
        arn: Some("FileSystemArn"),
        encrypted: Encrypted::At("Encrypted"),
        key: Some("KmsKeyId"),
        tags: Some("Tags[]"),
        ..PLAIN
    },
    Store {
        name: "redshift-cluster",
        service: &REDSHIFT,
        call: calls::WAREHOUSES,
        items: "DescribeClustersResult.Clusters[]",
        id: "ClusterIdentifier",
        encrypted: Encrypted::At("Encrypted"),
        tags: Some("Tags[]"),
        ..OF_DATABASES
    },
    Store {
        name: "redshift-snapshot",
        service: &REDSHIFT,
        call: calls::WAREHOUSE_SNAPSHOTS,
        items: "DescribeClusterSnapshotsResult.Snapshots[]",
        id: "SnapshotIdentifier",
        arn: Some("SnapshotArn"),
        encrypted: Encrypted::At("Encrypted"),
        source: &["ClusterIdentifier"],
        tags: Some("Tags[]"),
        sharing: Sharing::Listed("AccountsWithRestoreAccess[].AccountId"),
        ..OF_DATABASES
    },
    Store {
        name: "backup-vault",
        service: &BACKUP,
        call: calls::VAULTS,
        path: "/backup-vaults/",
        pages: Pages { size: ("maxResults", "1000"), token: "nextToken" },
        items: "BackupVaultList[]",
        id: "BackupVaultName",
        arn: Some("BackupVaultArn"),
        encrypted: Encrypted::Always,
        key: Some("EncryptionKeyArn"),
        tags: None,
        place: Where::Elsewhere,
        ..PLAIN
    },
];
