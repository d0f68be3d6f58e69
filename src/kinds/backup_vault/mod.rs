//! An AWS Backup vault, encrypted with its own region's key. One in Tokyo, one in Osaka.

use super::prelude::*;

/// Outputs: `name`, `arn`. A vault holds data, so no plan deletes it; its name is unique in account and region.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "AWS Backup ボールト"]
#[kind("backup-vault", "AWS Backup vault", "aws-backup/latest/devguide/API_CreateBackupVault.html", stateful)]
#[kind(identity(Identity::Named("backup", "backup-vault:")), name(at::name, NAMES), unique(at::name))]
#[calls(look = "backup:ListBackupVaults", create = "backup:CreateBackupVault", change = "backup:CreateBackupVault")]
#[calls(delete = "backup:DeleteBackupVault", tags = BACKUP, POINTS = "backup:ListRecoveryPointsByBackupVault")]
#[calls(POLICY = "backup:GetBackupVaultAccessPolicy")]
pub struct Spec {
    /// The vault's name. Fixed.
    #[ja = "ボールトの名前です。変更できません。"]
    #[row("BackupVaultName", mutability(FIXED))]
    pub name: String,
    /// The key of the recovery points in this vault. Fixed; recovery points stay where they are until they expire.
    #[ja = "このボールトの復旧ポイントを暗号化する鍵です。変更できず、復旧ポイントは期限までここに残ります。"]
    #[row("EncryptionKeyArn", mutability(FIXED), link("kms-key", "arn"), promise(slug::ENCRYPTION_AT_REST))]
    pub kms_key: Link,
    /// For how long the lock lets recovery points live. A job with another lifetime fails. Absent: no lock limits it. No file
    /// declares a lock.
    #[ja = "ロックが許す復旧ポイントの保管期間です。範囲外の期間を指定したジョブは失敗します。ロックは宣言の対象外で、ない場合"]
    #[ja = "は制限がありません。"]
    #[row("PutBackupVaultLockConfiguration", "aws-backup/latest/devguide/API_PutBackupVaultLockConfiguration.html")]
    #[row(reads(&["MinRetentionDays", "MaxRetentionDays"]), compare(Comparison::ReadOnly), promise(slug::RECOVERY_COPIES))]
    pub lock: Option<Lock>,
    /// Who may use the vault, beside what roles say. A statement that denies copies stops them; one that admits another account
    /// lets recovery points out. Absent: nobody but this account. No file declares it.
    #[ja = "ロールの権限とは別に、ボールトを使える者を決めるポリシーです。複製を拒否する文があると複製が届かず、別のアカウントを"]
    #[ja = "許可する文があると復旧ポイントが外部に渡ります。宣言の対象外で、ない場合はこのアカウントだけが使えます。"]
    #[row("PutBackupVaultAccessPolicy", "aws-backup/latest/devguide/API_PutBackupVaultAccessPolicy.html")]
    #[row(compare(Comparison::ReadOnly), promise(slug::DATA_RESIDENCY))]
    pub policy: Option<Value>,
}

/// The days that a vault's lock demands of a recovery point.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Typed)]
pub struct Lock {
    /// The fewest; absent where the lock names none.
    pub min_days: Option<i64>,
    /// The most; absent where the lock names none.
    pub max_days: Option<i64>,
}

const NAMES: NameRule = NameRule::new(2, 50, "-_", "AWS Backup accepts letters, digits, hyphens and underscores");

const FIXED: Mutability = Mutability::Forbidden(Explained::new(
    "a vault keeps its name and key: declare a new vault and move the rules; recovery points stay \
                where they are until they expire",
    "ボールトの名前と鍵は変えられません。新しいボールトを宣言して規則を移します。復旧ポイントは期限まで元の場所に残ります",
));

/// How AWS Backup behaves: a vault needs a key of its own region. A plan that names the vault does not keep it from deletion.
static SIM: Behaviour = Behaviour {
    links: &[LinkCheck::new(at::kms_key.name(), "InvalidParameterValueException", "The key {} does not exist in this region")],
    settled: "AVAILABLE",
    states: States::Failed(&["AVAILABLE", "available"], &["CREATING"]),
    deletable: |_, _| Ok(()),
    ..Behaviour::PLAIN
};
