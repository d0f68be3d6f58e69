//! An RDS database instance: encrypted, private, 35 days of point-in-time recovery, growing storage, protected.
//!
//! Every default that AWS would choose dangerously is sent explicitly (field notes 3.1).

pub mod calls;
mod sim;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::vpc::MOVE;
use super::{Kind, REGIONAL, TAGS, Wait};
use crate::model::schema::{AttributeSchema, Case, Comparison, Mutability, NameRule};
use crate::model::value::Link;
use crate::model::{Hazard, Impact, KindSchema, Risk, Status, Trigger, Value};

pub const NAME: &str = "db-instance";

/// Outputs: `arn`, `name`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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

const PORT: Mutability = Mutability::Forbidden(
    "RDS would restart the database at once, whatever the window: make a new database with this port and move the data",
);

/// Backups switched on or off: the only change of the number of days that stops the database (field notes 3.1).
fn from_or_to_none(before: &Value, after: &Value) -> bool {
    let none = |value: &Value| value.as_int() == Some(0);
    none(before) != none(after)
}

pub static SCHEMA: KindSchema = KindSchema {
    kind: NAME,
    title: "RDS database instance",
    stateful: true,
    once_gone: None,
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
        AttributeSchema::new("name", "DBInstanceIdentifier")
            .about(
                "The identifier, from which the endpoint's name is made. AWS could rename a database with a \
                reboot and a new endpoint; tokaido does not.",
                "識別子で、エンドポイント名の元になります。AWS は再起動とエンドポイントの変更を伴う改名を認めます\
                が、tokaido は行いません。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html")
            .compare(Comparison::CaseFolded)
            .mutability(CREATED_WITH),
        AttributeSchema::new("engine", "Engine")
            .about("The database engine. Fixed.", "データベースエンジンです。変更できません。")
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html")
            .compare(Comparison::CaseFolded)
            .mutability(CREATED_WITH),
        AttributeSchema::new("engine_version", "EngineVersion")
            .about(
                "A minimum. An upgrade interrupts the database in its maintenance window, and there is no downgrade.",
                "最低限のバージョンです。上げるとメンテナンス時間帯にデータベースが中断し、下げることはできません。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html")
            .one_way(Trigger::Changed, "RDS has no downgrade: an older version is only reached by restoring into a new database")
            .compare(Comparison::Version)
            .mutability(Mutability::Window)
            .impact(Impact::Interruption),
        AttributeSchema::new("class", "DBInstanceClass")
            .about(
                "How large the database's host is. A change interrupts it in the maintenance window, with a \
                standby for about the time of a failover.",
                "データベースのホストの大きさです。変更するとメンテナンス時間帯に中断します。待機系があれば、中断\
                はフェイルオーバーの間だけです。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html")
            .mutability(Mutability::Window)
            .impact(Impact::Interruption),
        AttributeSchema::new("storage_type", "StorageType")
            .about(
                "The kind of disk. Changed in the maintenance window without an outage; afterwards storage \
                cannot change again for six hours.",
                "ディスクの種類です。停止を伴わずにメンテナンス時間帯に変わります。その後の六時間はストレージを変\
                更できません。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html")
            .mutability(Mutability::Window),
        AttributeSchema::new("allocated_storage", "AllocatedStorage")
            .about(
                "GiB. Grows by itself, by tokaido in the maintenance window, and never shrinks. A growth is at \
                least a tenth, and the next one is possible after six hours.",
                "GiB 単位の容量です。自動で増えるほか、tokaido による拡張はメンテナンス時間帯に行われます。縮小は\
                できません。拡張は一割以上で、次の拡張まで六時間かかります。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html")
            .mutability(Mutability::Window)
            .one_way(Trigger::Changed, "RDS storage never shrinks")
            .compare(Comparison::AtLeast)
            .impact(Impact::Irreversible)
            .unit("GiB")
            .promise("capacity-growth"),
        AttributeSchema::new("max_allocated_storage", "MaxAllocatedStorage")
            .about(
                "GiB up to which RDS lets the storage grow by itself. Changed at once, felt by nobody.",
                "RDS が自動で拡張する上限（GiB）です。すぐに変わり、利用者への影響はありません。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html")
            .unit("GiB")
            .promise("capacity-growth"),
        AttributeSchema::new("storage_encrypted", "StorageEncrypted")
            .about(
                "Encryption of the storage. Only a copy of a snapshot can be encrypted, never a running database.",
                "ストレージの暗号化です。稼働中のデータベースには後から適用できず、スナップショットの複製だけが暗\
                号化できます。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html")
            .mutability(SNAPSHOT)
            .promise("encryption-at-rest"),
        AttributeSchema::new("kms_key", "KmsKeyId")
            .about(
                "The key of the storage. A database keeps the key that it was made with.",
                "ストレージの鍵です。データベースは作成時の鍵を使い続けます。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html")
            .mutability(SNAPSHOT)
            .refers_to(&[("kms-key", "arn")])
            .promise("encryption-at-rest"),
        AttributeSchema::new("multi_az", "MultiAZ")
            .about(
                "A standby in a second zone. Added or removed in the maintenance window without an outage.",
                "二つ目のゾーンに置く待機系です。追加も削除も、停止を伴わずにメンテナンス時間帯に行われます。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html")
            .mutability(Mutability::Window),
        AttributeSchema::new("port", "DBPortNumber")
            .about(
                "The TCP port. RDS would restart the database at once, outside every window, so tokaido keeps it.",
                "TCP ポートです。変更すると時間帯に関係なくデータベースが直ちに再起動するため、tokaido は変更しま\
                せん。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html")
            .mutability(PORT),
        AttributeSchema::new("vpc", "DBSubnetGroup.VpcId")
            .about(
                "The network in which the database is. A group of subnets in another network means another database.",
                "データベースが属するネットワークです。別のネットワークのサブネットグループに移すことはできません。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html")
            .mutability(MOVE)
            .place()
            .refers_to(&[("vpc", "id")])
            .promise("tenant-isolation"),
        AttributeSchema::new("subnet_group", "DBSubnetGroupName")
            .about(
                "The subnets in which the database may be. AWS can move it with an outage; tokaido does not.",
                "データベースを置けるサブネットの組です。AWS では停止を伴って移動できますが、tokaido は行いません。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html")
            .mutability(CREATED_WITH)
            .refers_to(&[("db-subnet-group", "name")]),
        AttributeSchema::new("security_groups", "VpcSecurityGroupIds")
            .about(
                "The groups that decide who may connect. Changed at once.",
                "接続できる相手を決めるグループです。すぐに変わります。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html")
            .compare(Comparison::Set)
            .impact(Impact::Exposure)
            .refers_to(&[("security-group", "id")])
            .promise("tenant-isolation"),
        AttributeSchema::new("parameter_group", "DBParameterGroupName")
            .about(
                "The settings that the database runs with. The group is exchanged at once, its values count only \
                after somebody reboots the database.",
                "データベースが使う設定の組です。組はすぐに切り替わりますが、値は誰かが再起動するまで効きません。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html")
            .mutability(Mutability::Reboot)
            .impact(Impact::Interruption)
            .refers_to(&[("db-parameter-group", "name")])
            .promise("encryption-in-transit"),
        AttributeSchema::new("publicly_accessible", "PubliclyAccessible")
            .about(
                "Whether the endpoint's name leads to a public address. Always false; takes effect at once.",
                "エンドポイント名が公開アドレスを指すかどうかです。常に false とし、すぐに反映されます。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html")
            .impact(Impact::Exposure)
            .promise("encryption-in-transit"),
        AttributeSchema::new("deletion_protection", "DeletionProtection")
            .about(
                "AWS refuses to delete the database while this is on. Changed at once.",
                "有効な間、AWS はデータベースの削除を拒否します。すぐに変わります。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html")
            .hazards(&[Hazard::new(Risk::Protection, Trigger::TurnedOff)])
            .promise("point-in-time-recovery"),
        AttributeSchema::new("backup_retention_days", "BackupRetentionPeriod")
            .about(
                "Days to which the database can be restored, 1 to 35. More or fewer days take effect soon, \
                without an interruption; fewer discard the older recovery points. From or to 0 interrupts the \
                database in its maintenance window.",
                "復元できる日数（1〜35 日）です。日数の増減は停止を伴わずに間もなく反映され、減らすと古い復旧ポイ\
                ントが失われます。0 との切り替えはメンテナンス時間帯に中断を伴います。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html")
            .cases(&[Case {
                words: "0 ↔ n",
                applies: from_or_to_none,
                mutability: Mutability::Window,
                impact: Impact::Interruption,
            }])
            .hazards(&[Hazard::new(Risk::Protection, Trigger::Lowered)])
            .one_way(Trigger::Lowered, "recovery points older than the new number of days are discarded and do not return")
            .unit("days")
            .promise("point-in-time-recovery"),
        AttributeSchema::new("backup_window", "PreferredBackupWindow")
            .about(
                "When RDS takes the daily backup, in UTC. Changed at once.",
                "RDS が毎日のバックアップを取る時間帯（UTC）です。すぐに変わります。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html")
            .compare(Comparison::CaseFolded)
            .promise("point-in-time-recovery"),
        AttributeSchema::new("maintenance_window", "PreferredMaintenanceWindow")
            .about(
                "When RDS may restart the database, in UTC. Changed at once: a window that covers the present \
                moment can start what is waiting.",
                "RDS がデータベースを再起動してよい時間帯（UTC）です。すぐに変わるため、現在を含む時間帯にすると\
                待機中の変更が始まることがあります。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Maintenance.html")
            .compare(Comparison::CaseFolded),
        AttributeSchema::new("auto_minor_version_upgrade", "AutoMinorVersionUpgrade")
            .about(
                "Whether AWS upgrades minor versions by itself in the window. Off in production, where it would \
                break the week's notice.",
                "AWS がマイナーバージョンを自動で上げるかどうかです。本番では一週間前の通知を守るために無効にします。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html"),
        AttributeSchema::new("copy_tags_to_snapshot", "CopyTagsToSnapshot")
            .about(
                "Whether snapshots carry the tags of their database.",
                "スナップショットにデータベースのタグを引き継ぐかどうかです。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.html")
            .promise("labelling"),
        AttributeSchema::new("log_exports", "EnabledCloudwatchLogsExports")
            .about(
                "Logs that RDS sends to CloudWatch Logs. Changed at once; what was not sent is not sent later.",
                "RDS が CloudWatch Logs に送るログです。すぐに変わりますが、送られなかった分が後から届くことはあ\
                りません。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Procedural.UploadtoCloudWatch.html")
            .hazards(&[Hazard::new(Risk::Logging, Trigger::Changed)])
            .compare(Comparison::Set)
            .promise("event-logs"),
        AttributeSchema::new("master_username", "MasterUsername")
            .about("The first user. Fixed.", "最初のユーザーの名前です。変更できません。")
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html")
            .mutability(CREATED_WITH),
        AttributeSchema::new("managed_master_password", "ManageMasterUserPassword")
            .about(
                "The password is made, kept and rotated by AWS in Secrets Manager. Switching this on gives the \
                user a new password.",
                "パスワードを AWS が Secrets Manager で作成、保管、更新します。有効にするとパスワードは新しくなり\
                ます。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html"),
        AttributeSchema::new("ca_certificate", "CACertificateIdentifier")
            .about(
                "The authority that signs the database's certificate. Exchanged in the window, with a restart \
                where the engine needs one; clients must trust the new authority first.",
                "データベースの証明書を発行する認証局です。時間帯内に切り替わり、エンジンによっては再起動します。\
                先に接続元が新しい認証局を信頼している必要があります。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL-certificate-rotation.html")
            .mutability(Mutability::Window)
            .impact(Impact::Interruption)
            .promise("encryption-in-transit"),
        AttributeSchema::new("engine_lifecycle_support", "EngineLifecycleSupport")
            .about(
                "Sent when the database is made: no paid extended support. AWS does not say it in every answer, \
                so it is never compared.",
                "作成時に送る値で、有償の延長サポートを使わないことを示します。AWS が常に返すとは限らないため、比\
                較はしません。",
            )
            .source("https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support.html")
            .compare(Comparison::WriteOnly),
        TAGS,
    ],
    reference: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
};

pub static KIND: Kind = Kind {
    schema: &SCHEMA,
    behaviour: &sim::DbInstance,
    regions: REGIONAL,
    wait: Wait { poll: 20, limit: 80 * 60 },
    reads: calls::READS,
    writes: calls::WRITES,
    deletes: calls::DELETE,
    typed: super::typed::<Spec>,
    shape: super::shape::<Spec>,
    example: include_str!("example.yaml"),
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
