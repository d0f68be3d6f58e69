//! An AWS Backup vault, encrypted with its own region's key. One in Tokyo, one in Osaka.

pub mod calls;
mod sim;

use schemars::JsonSchema;
use tokaido_derive::Kind;

use super::Wait;
use crate::model::schema::{Mutability, NameRule};
use crate::model::value::Link;
use crate::model::{Explained, KindSchema, Status};

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

const FIXED: Mutability = Mutability::Forbidden(Explained::new(
    "a vault keeps its name and key: declare a new vault and move the rules; recovery points stay \
                where they are until they expire",
    "ボールトの名前と鍵は変えられません。新しいボールトを宣言して規則を移します。復旧ポイントは期限まで元の場所に残ります",
));

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
    ..KindSchema::new(NAME, "AWS Backup vault", Spec::ROWS, "aws-backup/latest/devguide/API_CreateBackupVault.html")
};

pub static KIND: super::Kind = super::Kind {
    wait: Wait { poll: 2, limit: 5 * 60 },
    reads: calls::READS,
    writes: calls::WRITES,
    deletes: calls::DELETE,
    ..super::Kind::of::<Spec>(&SCHEMA, &sim::SIM, include_str!("example.yaml"))
};

#[must_use]
pub fn readiness(state: &str) -> Status {
    match state {
        "AVAILABLE" | "available" => Status::Ready,
        "CREATING" => Status::Working(state.to_owned()),
        other => Status::Failed(other.to_owned()),
    }
}
