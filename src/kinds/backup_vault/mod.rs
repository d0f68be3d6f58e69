//! An AWS Backup vault, encrypted with its own region's key. One in Tokyo, one in Osaka.

use super::prelude::*;

/// Outputs: `name`, `arn`. A vault holds data, so no plan deletes it; its name is unique in account and region.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "AWS Backup ボールト"]
#[kind("backup-vault", "AWS Backup vault", "aws-backup/latest/devguide/API_CreateBackupVault.html", stateful)]
#[kind(identity(Identity::Named("backup", "backup-vault:")), name(at::name, NAMES), unique(at::name))]
#[calls(look = "backup:ListBackupVaults", create = "backup:CreateBackupVault", change = "backup:CreateBackupVault")]
#[calls(delete = "backup:DeleteBackupVault", tags = BACKUP, POINTS = "backup:ListRecoveryPointsByBackupVault")]
pub struct Spec {
    /// The vault's name. Fixed.
    #[ja = "ボールトの名前です。変更できません。"]
    #[row("BackupVaultName", mutability(FIXED))]
    pub name: String,
    /// The key of the recovery points in this vault. Fixed; recovery points stay where they are until they expire.
    #[ja = "このボールトの復旧ポイントを暗号化する鍵です。変更できず、復旧ポイントは期限までここに残ります。"]
    #[row("EncryptionKeyArn", mutability(FIXED), link("kms-key", "arn"), promise(slug::ENCRYPTION_AT_REST))]
    pub kms_key: Link,
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
