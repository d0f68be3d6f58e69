//! An AWS Backup vault, encrypted with its own region's key. One in Tokyo, one in Osaka.

#[cfg(feature = "aws")]
mod aws;
mod sim;

use schemars::JsonSchema;
use tokaido_derive::Kind;

use super::{REGIONAL, Wait, kit};
use crate::model::schema::{Mutability, NameRule};
use crate::model::value::Link;
use crate::model::{KindSchema, Status};

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
    #[row(mutability(FIXED), link("kms-key", "arn"), promise("encryption-at-rest"))]
    pub kms_key: Link,
}

const FIXED: Mutability = Mutability::Forbidden(
    "a vault keeps its name and key: declare a new vault and move the rules; recovery points stay \
                where they are until they expire",
);

pub static SCHEMA: KindSchema = KindSchema {
    kind: NAME,
    title: "AWS Backup vault",
    stateful: true,
    once_gone: None,
    name: Some((
        "name",
        NameRule {
            min: 2,
            max: 50,
            also: "-_",
            rds: false,
            words: "AWS Backup accepts letters, digits, hyphens and underscores",
        },
    )),
    unique: Some("name"),
    attributes: Spec::ROWS,
    reference: "https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html",
};

pub static KIND: super::Kind = super::Kind {
    schema: &SCHEMA,
    behaviour: &sim::BackupVault,
    regions: REGIONAL,
    wait: Wait { poll: 2, limit: 5 * 60 },
    reads: &["backup:ListBackupVaults", "backup:ListRecoveryPointsByBackupVault", "backup:ListTags"],
    typed: kit::typed::<Spec>,
    shape: kit::shape::<Spec>,
    example: include_str!("example.yaml"),
    #[cfg(feature = "aws")]
    driver: aws::driver,
};

#[must_use]
pub fn readiness(state: &str) -> Status {
    match state {
        "AVAILABLE" | "available" => Status::Ready,
        "CREATING" => Status::Working(state.to_owned()),
        other => Status::Failed(other.to_owned()),
    }
}
