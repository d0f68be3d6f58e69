//! An AWS Backup vault, encrypted with its own region's key. One in Tokyo, one in Osaka.

use super::prelude::*;

/// The kind in ids, as in `backup-vault.main@osaka`.
pub const NAME: &str = "backup-vault";

/// Outputs: `name`, `arn`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
pub struct Spec {
    /// The vault's name. Fixed.
    #[ja = "ボールトの名前です。変更できません。"]
    #[aws("BackupVaultName", "aws-backup/latest/devguide/API_CreateBackupVault.html")]
    #[row(mutability(FIXED))]
    pub name: String,
    /// The key of the recovery points in this vault. Fixed; recovery points stay where they are until they expire.
    #[ja = "このボールトの復旧ポイントを暗号化する鍵です。変更できず、復旧ポイントは期限までここに残ります。"]
    #[aws("EncryptionKeyArn", "aws-backup/latest/devguide/API_CreateBackupVault.html")]
    #[row(mutability(FIXED), link("kms-key", "arn"), promise(slug::ENCRYPTION_AT_REST))]
    pub kms_key: Link,
}

const FIXED: Mutability = Mutability::Forbidden(Explained::new(
    "a vault keeps its name and key: declare a new vault and move the rules; recovery points stay \
                where they are until they expire",
    "ボールトの名前と鍵は変えられません。新しいボールトを宣言して規則を移します。復旧ポイントは期限まで元の場所に残ります",
));

/// The rows and the rule for names. A vault holds data, so no plan deletes it; its name is unique in account and region.
pub static SCHEMA: KindSchema = KindSchema {
    stateful: true,
    name: Some((
        at::name.name(),
        NameRule {
            min: 2,
            max: 50,
            also: "-_",
            rds: false,
            words: "AWS Backup accepts letters, digits, hyphens and underscores",
        },
    )),
    unique: Some(at::name.name()),
    title_ja: "AWS Backup ボールト",
    ..KindSchema::new(NAME, "AWS Backup vault", Spec::ROWS, "aws-backup/latest/devguide/API_CreateBackupVault.html")
};

/// How AWS Backup behaves: a vault needs a key of its own region, and one that rules name cannot be deleted.
static SIM: Behaviour = Behaviour {
    links: &[LinkCheck::new(at::kms_key.name(), "InvalidParameterValueException", "The key {} does not exist in this region")],
    settled: "AVAILABLE",
    readiness: |state| match state {
        "AVAILABLE" | "available" => Status::Ready,
        "CREATING" => Status::Working(state.to_owned()),
        other => Status::Failed(other.to_owned()),
    },
    ..Behaviour::of(Identity::Named("backup", "backup-vault:"))
};

/// The operations of a vault beside those that every kind has, as IAM spells them.
pub mod calls {
    /// Lists the recovery points of a vault: a fact for the promise of copies.
    pub const POINTS: &str = "backup:ListRecoveryPointsByBackupVault";
}

const CALLS: Operations = Operations {
    look: "backup:ListBackupVaults",
    create: "backup:CreateBackupVault",
    change: "backup:CreateBackupVault",
    delete: "backup:DeleteBackupVault",
    tags: tagging::BACKUP,
    more: &[calls::POINTS],
};

/// This kind's entry in [`crate::kinds::ALL`]: both regions, a wait of at most 5 minutes.
pub static KIND: Kind = Kind::of::<Spec>(&SCHEMA, &SIM, CALLS, include_str!("example.yaml"));
