//! An RDS database instance: encrypted, private, 35 days of point-in-time recovery, growing storage, protected.
//!
//! The driver sends a value for every setting whose default at AWS is dangerous (field notes 3.1).

pub mod gp3;
mod sim;

use super::prelude::*;
use super::vpc::MOVE;
use sim::SIM;

/// Outputs: `arn`, `name`. A database holds data, so no plan deletes it; its name is unique in account and region.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "RDS データベースインスタンス"]
#[kind("db-instance", "RDS database instance", "AmazonRDS/latest/APIReference/API_CreateDBInstance.html", stateful)]
#[kind(identity(Identity::Named("rds", "db:")), name(at::name, NameRule::rds(63)), unique(at::name), poll(20), wait(80 * 60))]
#[kind(remedy(GROW), offered(OFFERED))]
#[calls(look = "rds:DescribeDBInstances", create = "rds:CreateDBInstance", change = "rds:ModifyDBInstance")]
#[calls(delete = "rds:DeleteDBInstance", tags = RDS, BACKUPS = "rds:DescribeDBInstanceAutomatedBackups")]
#[calls(OFFERS = "rds:DescribeOrderableDBInstanceOptions")]
pub struct Spec {
    /// The identifier, from which the endpoint's name is made. AWS could rename a database with a reboot and a new endpoint;
    /// tokaido does not.
    #[ja = "識別子で、エンドポイント名の元になります。AWS は再起動とエンドポイントの変更を伴う改名を認めますが、tokaido は行"]
    #[ja = "いません。"]
    #[row("DBInstanceIdentifier", "AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html")]
    #[row(compare(Comparison::CaseFolded), mutability(CREATED_WITH))]
    pub name: String,
    /// The database engine. Fixed.
    #[ja = "データベースエンジンです。変更できません。"]
    #[row("Engine", compare(Comparison::CaseFolded), mutability(CREATED_WITH))]
    pub engine: String,
    /// A minimum. An upgrade interrupts the database in its maintenance window, and there is no downgrade.
    // AWS may hold a newer minor version.
    #[ja = "最低限のバージョンです。上げるとメンテナンス時間帯にデータベースが中断し、下げることはできません。"]
    #[row("EngineVersion", "AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html")]
    #[row(one_way(
        Trigger::Changed,
        "RDS has no downgrade: an older version is only reached by restoring into a new database",
        "RDS はバージョンを下げられません。古いバージョンに戻すには新しいデータベースへの復元が必要です"
    ))]
    #[row(compare(Comparison::Version { engine: at::engine.name() }), window, impact(Impact::Interruption))]
    pub engine_version: String,
    /// How large the database's host is. A change interrupts it in the maintenance window, with a standby for about the time
    /// of a failover.
    #[ja = "データベースのホストの大きさです。変更するとメンテナンス時間帯に中断します。待機系があれば、中断はフェイルオーバ"]
    #[ja = "ーの間だけです。"]
    #[row("DBInstanceClass", "AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html")]
    #[row(window, impact(Impact::Interruption))]
    pub class: String,
    /// The kind of disk. Changed in the maintenance window without an outage; afterwards storage cannot change again for six
    /// hours.
    #[ja = "ディスクの種類です。停止を伴わずにメンテナンス時間帯に変わります。その後の六時間はストレージを変更できません。"]
    #[row("StorageType", "AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html", window)]
    pub storage_type: String,
    /// GiB. Grows by itself, by tokaido in the maintenance window, and never shrinks. A growth is at least a tenth, and the
    /// next one is possible after six hours.
    // The live value may have grown.
    #[ja = "GiB 単位の容量です。自動で増えるほか、tokaido による拡張はメンテナンス時間帯に行われます。縮小はできません。拡張"]
    #[ja = "は一割以上で、次の拡張まで六時間かかります。"]
    #[row("AllocatedStorage", "AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html", window)]
    #[row(one_way(Trigger::Changed, "RDS storage never shrinks", "RDS の容量は減らせません"), compare(Comparison::AtLeast))]
    #[row(impact(Impact::Irreversible), unit("GiB"), promise(slug::CAPACITY_GROWTH))]
    pub allocated_storage: i64,
    /// Operations that the disk makes in a second. Declared from 400 GiB on, where RDS wants to be told at every change of the
    /// storage; more is accepted. Raised in the maintenance window together with the storage.
    // Below 400 GiB RDS refuses to be told.
    #[ja = "ディスクの一秒あたりの操作回数です。ストレージの変更のたびに RDS が指定を求める 400 GiB 以上でだけ宣言し、宣言より"]
    #[ja = "多い値は認めます。ストレージとともにメンテナンス時間帯に変わります。"]
    #[row("Iops", "AmazonRDS/latest/UserGuide/CHAP_Storage.html", window, compare(Comparison::AtLeast))]
    #[row(inside(at::allocated_storage.name()))]
    pub iops: Option<i64>,
    /// MiB that the disk moves in a second. Declared, accepted and changed as the operations are.
    #[ja = "ディスクの一秒あたりの転送量（MiB）です。宣言、判定、変更の規則は操作回数と同じです。"]
    #[row("StorageThroughput", "AmazonRDS/latest/UserGuide/CHAP_Storage.html", window, compare(Comparison::AtLeast))]
    #[row(inside(at::allocated_storage.name()))]
    pub storage_throughput: Option<i64>,
    /// GiB up to which RDS lets the storage grow by itself. Changed at once; users notice nothing.
    #[ja = "RDS が自動で拡張する上限（GiB）です。すぐに変わり、利用者への影響はありません。"]
    #[row("MaxAllocatedStorage", "AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html")]
    #[row(unit("GiB"), promise(slug::CAPACITY_GROWTH))]
    pub max_allocated_storage: i64,
    /// Encryption of the storage. Only a copy of a snapshot can be encrypted, never a running database.
    #[ja = "ストレージの暗号化です。稼働中のデータベースには後から適用できず、スナップショットの複製だけが暗号化できます。"]
    #[row("StorageEncrypted", "AmazonRDS/latest/UserGuide/Overview.Encryption.html")]
    #[row(mutability(SNAPSHOT), promise(slug::ENCRYPTION_AT_REST))]
    pub storage_encrypted: bool,
    /// The key of the storage. A database keeps the key that it was made with.
    #[ja = "ストレージの鍵です。データベースは作成時の鍵を使い続けます。"]
    #[row("KmsKeyId", "AmazonRDS/latest/UserGuide/Overview.Encryption.html")]
    #[row(mutability(SNAPSHOT), link("kms-key", "arn"), promise(slug::ENCRYPTION_AT_REST))]
    pub kms_key: Link,
    /// A standby in a second zone. Added or removed in the maintenance window without an outage.
    #[ja = "二つ目のゾーンに置く待機系です。追加も削除も、停止を伴わずにメンテナンス時間帯に行われます。"]
    #[row("MultiAZ", "AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html", window)]
    pub multi_az: bool,
    /// The TCP port. RDS would restart the database at once, outside every window, so tokaido keeps it.
    #[ja = "TCP ポートです。変更すると時間帯に関係なくデータベースが直ちに再起動するため、tokaido は変更しません。"]
    #[row("DBPortNumber", "AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html", mutability(PORT), entry)]
    pub port: i64,
    /// The network in which the database is. A group of subnets in another network means another database.
    // Not sent: it follows from the subnet group. Declared so that a database in another network is seen.
    #[ja = "データベースが属するネットワークです。別のネットワークのサブネットグループに移すことはできません。"]
    #[row("DBSubnetGroup.VpcId", "AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html")]
    #[row(mutability(MOVE), place, link("vpc", "id"), promise(slug::TENANT_ISOLATION))]
    pub vpc: Link,
    /// The subnets in which the database may be. AWS can move it with an outage; tokaido does not.
    #[ja = "データベースを置けるサブネットの組です。AWS では停止を伴って移動できますが、tokaido は行いません。"]
    #[row("DBSubnetGroupName", "AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html")]
    #[row(mutability(CREATED_WITH), link("db-subnet-group", "name"))]
    pub subnet_group: Link,
    /// The groups that decide who may connect. Changed at once.
    #[ja = "接続できる相手を決めるグループです。すぐに変わります。"]
    #[row("VpcSecurityGroupIds", "AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html")]
    #[row(compare(Comparison::Set), impact(Impact::Exposure), link("security-group", "id"), promise(slug::TENANT_ISOLATION))]
    pub security_groups: Vec<Link>,
    /// The settings that the database runs with. The group is exchanged at once, its values count only after the operator
    /// reboots the database.
    #[ja = "データベースが使う設定の組です。組はすぐに切り替わりますが、値は誰かが再起動するまで効きません。"]
    #[row("DBParameterGroupName", "AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html", mutability(Mutability::Reboot))]
    #[row(impact(Impact::Interruption), link("db-parameter-group", "name"), promise(slug::ENCRYPTION_IN_TRANSIT))]
    pub parameter_group: Link,
    /// Whether the endpoint's name leads to a public address. Always false; takes effect at once.
    #[ja = "エンドポイント名が公開アドレスを指すかどうかです。常に false とし、すぐに反映されます。"]
    #[row("PubliclyAccessible", "AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html")]
    #[row(impact(Impact::Exposure), promise(slug::ENCRYPTION_IN_TRANSIT))]
    pub publicly_accessible: bool,
    /// AWS refuses to delete the database while this is on. Changed at once.
    #[ja = "有効な間、AWS はデータベースの削除を拒否します。すぐに変わります。"]
    #[row("DeletionProtection", "AmazonRDS/latest/UserGuide/USER_DeleteInstance.html")]
    #[row(hazard(Risk::Protection, Trigger::TurnedOff), promise(slug::POINT_IN_TIME_RECOVERY))]
    pub deletion_protection: bool,
    /// Days to which the database can be restored, 1 to 35. More or fewer days take effect soon, without an interruption;
    /// fewer discard the older recovery points. From or to 0 interrupts the database in its maintenance window.
    #[ja = "復元できる日数（1〜35 日）です。日数の増減は停止を伴わずに間もなく反映され、減らすと古い復旧ポイントが失われます"]
    #[ja = "。0 との切り替えはメンテナンス時間帯に中断を伴います。"]
    #[row("BackupRetentionPeriod", "AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html", unit("days"))]
    #[row(case("0 ↔ n", from_or_to_none, Mutability::Window, Impact::Interruption), hazard(Risk::Protection, Trigger::Lowered))]
    #[row(one_way(
        Trigger::Lowered,
        "recovery points older than the new number of days are discarded and do not return",
        "新しい日数より古い復旧ポイントは破棄され、戻りません"
    ))]
    #[row(promise(slug::POINT_IN_TIME_RECOVERY))]
    pub backup_retention_days: i64,
    /// When RDS takes the daily backup, in UTC. Changed at once.
    // UTC, `17:00-17:30`.
    #[ja = "RDS が毎日のバックアップを取る時間帯（UTC）です。すぐに変わります。"]
    #[row("PreferredBackupWindow", "AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html")]
    #[row(spelled(&[("", Spelling::Window)]), promise(slug::POINT_IN_TIME_RECOVERY))]
    pub backup_window: String,
    /// When RDS may restart the database, in UTC. Changed at once: a window that covers the present moment can start what is
    /// waiting.
    // UTC, `sat:20:00-sat:20:30`.
    #[ja = "RDS がデータベースを再起動してよい時間帯（UTC）です。すぐに変わるため、現在を含む時間帯にすると待機中の変更が始"]
    #[ja = "まることがあります。"]
    #[row("PreferredMaintenanceWindow", "AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Maintenance.html")]
    #[row(spelled(&[("", Spelling::Window)]))]
    pub maintenance_window: String,
    /// Whether AWS upgrades minor versions by itself in the window. Off in production, where it would break the week's
    /// notice.
    #[ja = "AWS がマイナーバージョンを自動で上げるかどうかです。本番では一週間前の通知を守るために無効にします。"]
    #[row("AutoMinorVersionUpgrade", "AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html")]
    pub auto_minor_version_upgrade: bool,
    /// Whether snapshots carry the tags of their database.
    #[ja = "スナップショットにデータベースのタグを引き継ぐかどうかです。"]
    #[row("CopyTagsToSnapshot", "AmazonRDS/latest/UserGuide/USER_Tagging.html", promise(slug::LABELLING))]
    pub copy_tags_to_snapshot: bool,
    /// Logs that RDS sends to CloudWatch Logs. Changed at once; what was not sent is not sent later.
    #[ja = "RDS が CloudWatch Logs に送るログです。すぐに変わりますが、送られなかった分が後から届くことはありません。"]
    #[row("EnableCloudwatchLogsExports", "AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html")]
    #[row(hazard(Risk::Logging, Trigger::Changed), compare(Comparison::Set), promise(slug::EVENT_LOGS))]
    pub log_exports: Vec<String>,
    /// The first user. Fixed.
    #[ja = "最初のユーザーの名前です。変更できません。"]
    #[row("MasterUsername", mutability(CREATED_WITH))]
    pub master_username: String,
    /// The password is made, kept and rotated by AWS in Secrets Manager. Switching this on gives the user a new password.
    // tokaido never reads the password.
    #[ja = "パスワードを AWS が Secrets Manager で作成、保管、更新します。有効にするとパスワードは新しくなります。"]
    #[row("ManageMasterUserPassword", "AmazonRDS/latest/UserGuide/rds-secrets-manager.html")]
    pub managed_master_password: bool,
    /// The authority that signs the database's certificate. Exchanged in the window, with a restart where the engine needs
    /// one; clients must trust the new authority first.
    #[ja = "データベースの証明書を発行する認証局です。時間帯内に切り替わり、エンジンによっては再起動します。先に接続元が新し"]
    #[ja = "い認証局を信頼している必要があります。"]
    #[row("CACertificateIdentifier", "AmazonRDS/latest/UserGuide/UsingWithRDS.SSL-certificate-rotation.html")]
    #[row(window, impact(Impact::Interruption), promise(slug::ENCRYPTION_IN_TRANSIT))]
    pub ca_certificate: String,
    /// Sent when the database is made: no paid extended support. AWS does not say it in every answer, so it is never
    /// compared.
    #[ja = "作成時に送る値で、有償の延長サポートを使わないことを示します。AWS が常に返すとは限らないため、比較はしません。"]
    #[row("EngineLifecycleSupport", "AmazonRDS/latest/UserGuide/extended-support.html", compare(Comparison::WriteOnly))]
    pub engine_lifecycle_support: String,
    /// The cluster of which it is a member. Then its backups and its encryption are the cluster's.
    #[ja = "属しているクラスターです。バックアップと暗号化はクラスターのものです。"]
    #[row("DBClusterIdentifier", "AmazonRDS/latest/APIReference/API_DBInstance.html", compare(Comparison::ReadOnly))]
    pub cluster: Option<String>,
    /// The database or the cluster that it replicates: an identifier, or an ARN where it is in another region.
    #[ja = "複製元のデータベースまたはクラスターです。別のリージョンにある場合は ARN です。"]
    #[row(
        "ReadReplicaSourceDBInstanceIdentifier",
        "AmazonRDS/latest/APIReference/API_DBInstance.html",
        compare(Comparison::ReadOnly)
    )]
    pub replica_of: Option<String>,
    /// The databases and clusters that replicate it: identifiers, or ARNs where they are in another region.
    #[ja = "このデータベースを複製しているデータベースやクラスターです。別のリージョンにある場合は ARN です。"]
    #[row(
        "ReadReplicaDBInstanceIdentifiers",
        "AmazonRDS/latest/APIReference/API_DBInstance.html",
        compare(Comparison::ReadOnly)
    )]
    pub replicas: Option<Vec<String>>,
}

/// The logs of an engine that go to CloudWatch Logs. None of an engine that no file can declare.
#[must_use]
pub fn log_exports(engine: &str) -> &'static [&'static str] {
    match &*Spelling::Case.form(engine) {
        "postgres" => &["postgresql", "upgrade"],
        "mysql" | "mariadb" => &["error", "slowquery"],
        _ => &[],
    }
}

/// A full database takes a growth of its storage and no other change (field notes 20).
const GROW: Remedy = Remedy {
    state: "storage-full",
    attribute: at::allocated_storage.name(),
    with: &[at::max_allocated_storage.name(), at::iops.name(), at::storage_throughput.name()],
    declare: Explained::new(
        "raise `storage.at_least` of the database by a tenth or more: AWS takes that change in this state, alone and at once",
        "データベースの `storage.at_least` を一割以上増やします。この状態でも AWS が受け付ける唯一の変更で、直ちに反映されます",
    ),
    by_hand: Explained::new(
        "grow the storage by hand when both may happen now (modify the database with more storage, applied immediately), then plan \
         again",
        "両方が今反映されてもよいときに、手動で容量を増やし（変更をすぐに適用）、もう一度計画します",
    ),
};

/// RDS refuses a class, a version or a combination that it does not offer in a region.
const OFFERED: OfferRule = OfferRule {
    asks: &[at::engine.name(), at::class.name()],
    has: &[at::engine_version.name(), at::storage_type.name(), at::storage_encrypted.name(), at::multi_az.name()],
    command: "aws rds describe-orderable-db-instance-options --region {region} --engine {engine} \
              --query 'OrderableDBInstanceOptions[].[DBInstanceClass,EngineVersion,StorageType]' --output text",
};

const SNAPSHOT: Mutability = Mutability::Forbidden(Explained::new(
    "a database keeps this: snapshot, copy or restore with the new value, verify, swap the names (docs/procedures.md)",
    "データベースでは変更できません。スナップショットを取り、新しい値で複製または復元し、確かめてから名前を入れ替えます (docs/procedures.md)",
));

const CREATED_WITH: Mutability = Mutability::Forbidden(Explained::new(
    "a database keeps this from its creation: make a new database and move the data",
    "データベースの作成時に決まります。新しいデータベースを作り、データを移します",
));

const PORT: Mutability = Mutability::Forbidden(Explained::new(
    "RDS would restart the database at once, whatever the window: make a new database with this port and move the data",
    "RDS は時間帯に関係なくすぐに再起動します。このポートで新しいデータベースを作り、データを移します",
));

/// Whether backups are switched on or off: the only change of the number of days that stops the database (field notes 3.1).
fn from_or_to_none(before: &Value, after: &Value) -> bool {
    let none = |value: &Value| value.as_int() == Some(0);
    none(before) != none(after)
}
