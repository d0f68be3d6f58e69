//! A data store: what holds data and is no kind of its own, and in every region but Tokyo and Osaka whatever holds data. No file
//! declares one; an audit looks for them.

use super::db_instance;
use super::prelude::*;

/// Outputs: `id`; AWS's own name of the store, or its ARN.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "データの保管先"]
#[kind("data-store", "data store", "whitepapers/latest/aws-overview/storage-services.html", observed, audit_only)]
#[kind(identity(Identity::Ec2("ab")), regions(&[Region::Tokyo, Region::Osaka, Region::Global]))]
#[calls(look = "ec2:DescribeVolumes", REGIONS = "ec2:DescribeRegions", SNAPSHOTS = "ec2:DescribeSnapshots")]
#[calls(SNAPSHOT_SHARING = "ec2:DescribeSnapshotAttribute", IMAGES = "ec2:DescribeImages")]
#[calls(IMAGE_SHARING = "ec2:DescribeImageAttribute", DB_SNAPSHOTS = "rds:DescribeDBSnapshots")]
#[calls(DB_SNAPSHOT_SHARING = "rds:DescribeDBSnapshotAttributes", CLUSTER_SNAPSHOTS = "rds:DescribeDBClusterSnapshots")]
#[calls(CLUSTER_SNAPSHOT_SHARING = "rds:DescribeDBClusterSnapshotAttributes")]
#[calls(DB_BACKUPS = "rds:DescribeDBInstanceAutomatedBackups", CLUSTER_BACKUPS = "rds:DescribeDBClusterAutomatedBackups")]
#[calls(DATABASES = "rds:DescribeDBInstances", DB_CLUSTERS = "rds:DescribeDBClusters", TABLES = "dynamodb:ListTables")]
#[calls(FILE_SYSTEMS = "elasticfilesystem:DescribeFileSystems", WAREHOUSES = "redshift:DescribeClusters")]
#[calls(WAREHOUSE_SNAPSHOTS = "redshift:DescribeClusterSnapshots", VAULTS = "backup:ListBackupVaults")]
#[calls(BUCKETS = "s3:ListAllMyBuckets", BUCKET_ENCRYPTION = "s3:GetEncryptionConfiguration")]
#[calls(BUCKET_SHARING = "s3:GetBucketPolicyStatus", BUCKET_BLOCK = "s3:GetBucketPublicAccessBlock")]
#[calls(BUCKET_REGION = "s3:GetBucketLocation", BUCKET_POLICY = "s3:GetBucketPolicy")]
pub struct Spec {
    /// What it is: `ebs-volume`, `ebs-snapshot`, `machine-image`, `db-snapshot`, `db-cluster-snapshot`, `db-automated-backup`,
    /// `db-cluster-automated-backup`, `dynamodb-table`, `efs-file-system`, `redshift-cluster`, `redshift-snapshot` or `s3-bucket`;
    /// in other regions also `db-instance`, `db-cluster` or `backup-vault`.
    #[ja = "保管先の種類です（`ebs-volume`、`ebs-snapshot`、`machine-image`、`db-snapshot`、`db-cluster-snapshot`、"]
    #[ja = "`db-automated-backup`、`db-cluster-automated-backup`、`dynamodb-table`、`efs-file-system`、`redshift-cluster`、"]
    #[ja = "`redshift-snapshot`、`s3-bucket`。ほかのリージョンでは `db-instance`、`db-cluster`、`backup-vault` も含みます）。"]
    #[row("Type", mutability(GIVEN))]
    pub store: String,
    /// AWS's code of the region in which it is. Absent in Tokyo and Osaka, which are listed by themselves.
    #[ja = "保管先があるリージョンのコードです。東京と大阪は個別に一覧を読み取るため、値はありません。"]
    #[row("Region", mutability(GIVEN))]
    pub region: Option<String>,
    /// Whether it is encrypted at rest. Absent where AWS does not say it.
    #[ja = "保管時に暗号化されているかどうかです。"]
    #[row("Encrypted")]
    pub encrypted: Option<bool>,
    /// The key with which it is encrypted. Absent where AWS's own key is used.
    #[ja = "暗号化に使う鍵です。AWS 所有の鍵の場合は値がありません。"]
    #[row("KmsKeyId", link("kms-key", "arn"), link("kms-key", "id"))]
    pub kms_key: Option<Link>,
    /// The accounts that may copy or restore it; `all` for everybody. Absent where AWS offers no sharing.
    #[ja = "複製または復元できるほかのアカウントです。`all` は誰でもできることを示します。"]
    #[row("Sharing", compare(Comparison::Set))]
    pub shared_with: Option<Vec<String>>,
    /// What its data is of: a database, a volume. Absent where it is a source itself.
    #[ja = "データの元（データベース、ボリュームなど）です。"]
    #[row("Source", link("db-instance", "arn"), link("db-instance", "name"))]
    pub source: Option<Link>,
}

/// The automated backups of a database, as a [`Spec::store`].
pub const AUTOMATED_BACKUP: &str = "db-automated-backup";
/// The same of a cluster.
pub const CLUSTER_BACKUP: &str = "db-cluster-automated-backup";

/// How RDS behaves: each database has automated backups, which are encrypted as it is.
static SIM: Behaviour = Behaviour {
    made_with: Some(MadeWith::new(
        db_instance::NAME,
        automated_backup,
        ("InvalidDBInstanceAutomatedBackupState", "The automated backup {} belongs to a DB instance."),
    )),
    ..Behaviour::PLAIN
};

fn automated_backup(database: &str, _: &str, attributes: &Attributes) -> Attributes {
    Spec {
        store: AUTOMATED_BACKUP.to_owned(),
        region: None,
        encrypted: attributes.typed(db_instance::at::storage_encrypted),
        kms_key: attributes.typed(db_instance::at::kms_key),
        shared_with: None,
        source: Some(Link::Physical(database.to_owned())),
    }
    .lower()
}
