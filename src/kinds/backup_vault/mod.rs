//! An AWS Backup vault, encrypted with its own region's key. One in Tokyo, one in Osaka.

pub mod calls;
mod sim;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Kind, REGIONAL, TAGS, Wait};
use crate::model::schema::{AttributeSchema, Mutability, NameRule};
use crate::model::value::Link;
use crate::model::{KindSchema, Status};

pub const NAME: &str = "backup-vault";

/// Outputs: `name`, `arn`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Spec {
    pub name: String,
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
    attributes: &[
        AttributeSchema::new("name", "BackupVaultName")
            .about("The vault's name. Fixed.", "ボールトの名前です。変更できません。")
            .source("https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html")
            .mutability(FIXED),
        AttributeSchema::new("kms_key", "EncryptionKeyArn")
            .about(
                "The key of the recovery points in this vault. Fixed; recovery points stay where they are until they expire.",
                "このボールトの復旧ポイントを暗号化する鍵です。変更できず、復旧ポイントは期限までここに残ります。",
            )
            .source("https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html")
            .mutability(FIXED)
            .refers_to(&[("kms-key", "arn")])
            .promise("encryption-at-rest"),
        TAGS,
    ],
    reference: "https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html",
};

pub static KIND: Kind = Kind {
    schema: &SCHEMA,
    behaviour: &sim::BackupVault,
    regions: REGIONAL,
    wait: Wait { poll: 2, limit: 5 * 60 },
    reads: calls::READS,
    writes: calls::WRITES,
    deletes: calls::DELETE,
    typed: super::typed::<Spec>,
    shape: super::shape::<Spec>,
    example: include_str!("example.yaml"),
};

#[must_use]
pub fn readiness(state: &str) -> Status {
    match state {
        "AVAILABLE" | "available" => Status::Ready,
        "CREATING" => Status::Working(state.to_owned()),
        other => Status::Failed(other.to_owned()),
    }
}
