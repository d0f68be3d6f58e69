//! A database cluster of any engine that RDS lists: Aurora, Multi-AZ clusters, Neptune, DocumentDB. No file declares one. Backups,
//! encryption and protection belong to the cluster; its instances only show them.

use super::prelude::*;

/// Outputs: `id`, which is the identifier, and `arn`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "RDS データベースクラスター"]
#[kind("db-cluster", "RDS database cluster", "AmazonRDS/latest/APIReference/API_DBCluster.html", observed)]
#[kind(identity(Identity::Uuid("rds", "cluster:")))]
#[calls(look = "rds:DescribeDBClusters")]
pub struct Spec {
    /// The database engine, in the word of RDS.
    #[ja = "データベースエンジンです。"]
    #[row("Engine", mutability(GIVEN))]
    pub engine: String,
    /// Whether its storage is encrypted.
    #[ja = "ストレージが暗号化されているかどうかです。"]
    #[row("StorageEncrypted", mutability(GIVEN))]
    pub storage_encrypted: bool,
    /// The key with which its storage is encrypted.
    #[ja = "ストレージの暗号化に使う鍵です。"]
    #[row("KmsKeyId", link("kms-key", "arn"), mutability(GIVEN))]
    pub kms_key: Option<Link>,
    /// Days for which its automated backups are kept.
    #[ja = "自動バックアップを保持する日数です。"]
    #[row("BackupRetentionPeriod", unit("days"))]
    pub backup_retention_days: i64,
    /// Whether AWS refuses to delete it. Its instances are not protected by this.
    #[ja = "削除から保護されているかどうかです。クラスター内のインスタンスは保護されません。"]
    #[row("DeletionProtection")]
    pub deletion_protection: bool,
    /// The database instances that are in it.
    #[ja = "クラスターに含まれるデータベースインスタンスです。"]
    #[row("DBClusterMembers", reads(&["DBInstanceIdentifier"]), compare(Comparison::Set))]
    pub members: Vec<String>,
    /// The parameter group of the cluster, in which its engine's settings are.
    #[ja = "エンジンの設定を持つ、クラスターのパラメータグループです。"]
    #[row("DBClusterParameterGroup")]
    pub parameter_group: String,
    /// The ARN of the cluster or the instance that it replicates.
    #[ja = "複製元のクラスターまたはインスタンスの ARN です。"]
    #[row("ReplicationSourceIdentifier")]
    pub replica_of: Option<String>,
    /// The clusters that replicate it: ARNs.
    #[ja = "このクラスターを複製しているクラスターの ARN です。"]
    #[row("ReadReplicaIdentifiers", compare(Comparison::Set))]
    pub replicas: Vec<String>,
    /// The global cluster of which it is a part.
    #[ja = "属しているグローバルクラスターです。"]
    #[row("GlobalClusterIdentifier")]
    pub global_cluster: Option<String>,
    /// Whether its name leads to a public address. AWS says it of Multi-AZ clusters alone.
    #[ja = "公開アドレスで到達できるかどうかです。マルチ AZ クラスターだけが示します。"]
    #[row("PubliclyAccessible")]
    pub publicly_accessible: Option<bool>,
    /// Whether it is reached through the network of its subnets. An Aurora cluster can be moved out of it.
    #[ja = "サブネットのネットワークを通して接続するかどうかです。Aurora では外に出せます。"]
    #[row("VPCNetworkingEnabled")]
    pub vpc_networking: Option<bool>,
    /// Whether it is reached from the Internet through a gateway of AWS's own.
    #[ja = "AWS のゲートウェイを通してインターネットから到達できるかどうかです。"]
    #[row("InternetAccessGatewayEnabled")]
    pub internet_gateway: Option<bool>,
}

/// How RDS behaves: its words for the states of a cluster.
static SIM: Behaviour = Behaviour {
    states: States::Working(
        &["available"],
        &[
            "failed",
            "deleting",
            "stopped",
            "inaccessible-encryption-credentials",
            "inaccessible-encryption-credentials-recoverable",
        ],
    ),
    settled: "available",
    ..Behaviour::PLAIN
};
