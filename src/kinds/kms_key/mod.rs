//! A customer-managed KMS key with its alias, policy and rotation: one per owner and region, never multi-Region.

pub mod calls;
mod sim;

use super::prelude::*;

/// The kind in ids, as in `kms-key.main@tokyo`.
pub const NAME: &str = "kms-key";

/// Outputs: `id`, `arn`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
pub struct Spec {
    /// The name by which people find the key. Moving an alias re-encrypts nothing: databases and vaults keep the key they
    /// were made with.
    // With the prefix `alias/`.
    #[ja = "人が鍵を見つけるための名前です。別の鍵に付け替えても再暗号化はされず、データベースとボールトは作成時の鍵を使い続"]
    #[ja = "けます。"]
    #[aws("Alias", "kms/latest/APIReference/API_UpdateAlias.html")]
    #[row(promise(slug::ENCRYPTION_AT_REST))]
    pub alias: Option<String>,
    /// What the key is for, in words. No effect on its use.
    #[ja = "鍵の用途の説明です。動作には影響しません。"]
    #[aws("Description", "kms/latest/APIReference/API_UpdateKeyDescription.html")]
    pub description: String,
    /// Whether the key can be used. Data under a key that is switched off cannot be read; a database goes down with it, and
    /// after seven days only a backup restores it.
    #[ja = "鍵を使えるかどうかです。無効にするとその鍵で暗号化したデータは読めなくなり、データベースも停止します。七日を過ぎ"]
    #[ja = "るとバックアップからしか復旧できません。"]
    #[aws("Enabled", "kms/latest/APIReference/API_DisableKey.html")]
    #[row(
        cases(&[Case {
                words: "off → on", applies: switched_on, mutability: Mutability::InPlace, impact: Impact::InPlace
            }]),
        hazards(&[Hazard::new(Risk::Encryption, Trigger::TurnedOff)]),
        impact(Impact::Interruption),
        promise(slug::ENCRYPTION_AT_REST),
    )]
    pub enabled: bool,
    /// Who may administer and use the key. Takes effect within minutes.
    #[ja = "鍵を管理、使用できる者を決めるポリシーです。数分のうちに反映されます。"]
    #[aws("Policy", "kms/latest/APIReference/API_PutKeyPolicy.html")]
    #[row(
        hazards(&[Hazard::new(Risk::Encryption, Trigger::Where("changed on a key in use", grants_anew))]),
        compare(Comparison::Policy),
        impact(Impact::Exposure),
        promise(slug::ENCRYPTION_AT_REST),
    )]
    pub policy: Value,
    /// Days between two rotations, 90 to 2560. Rotation keeps the key and its old material, so nothing is re-encrypted and
    /// users notice nothing.
    // `None` when rotation is off.
    #[ja = "鍵を更新する間隔（90〜2560 日）です。更新しても鍵と古い鍵素材は残るため、再暗号化は起きず、利用者への影響もあり"]
    #[ja = "ません。"]
    #[aws("RotationPeriodInDays", "kms/latest/APIReference/API_EnableKeyRotation.html")]
    #[row(hazards(&[Hazard::new(Risk::Encryption, Trigger::Raised)]), unit("days"), promise(slug::ENCRYPTION_AT_REST))]
    pub rotation_days: Option<i64>,
}

/// The rows. A key guards data, so no plan deletes it; its alias is unique in account and region.
pub static SCHEMA: KindSchema = KindSchema {
    stateful: true,
    unique: Some(at::alias.name()),
    title_ja: "KMS キー",
    ..KindSchema::new(NAME, "KMS key", Spec::ROWS, "kms/latest/APIReference/API_CreateKey.html")
};

/// Whether a key is switched on, which interrupts no user of the key.
fn switched_on(before: &Value, after: &Value) -> bool {
    *before == Value::Bool(false) && *after == Value::Bool(true)
}

/// Whether a statement is new or says something else. A statement that is removed only takes permission away.
fn grants_anew(_: &str, before: &Value, after: &Value) -> bool {
    // The whole document of a new key has no field `Effect`; its statements have.
    !after.is_null() && (!before.is_null() || after.as_map().is_some_and(|statement| statement.contains_key("Effect")))
}

const CALLS: Operations = Operations {
    look: "kms:DescribeKey",
    create: "kms:CreateKey",
    change: "kms:UpdateKeyDescription",
    delete: "kms:ScheduleKeyDeletion",
    tags: tagging::KMS,
    more: calls::MORE,
};

/// This kind's entry in [`crate::kinds::ALL`]: both regions, a wait of at most 20 minutes.
pub static KIND: Kind =
    Kind { wait: Wait { poll: 2, limit: 20 * 60 }, ..Kind::of::<Spec>(&SCHEMA, &sim::SIM, CALLS, include_str!("example.yaml")) };

/// The key policy that tokaido declares: the IAM policies of the account (twelve digits) decide who administers and uses the
/// key, and AWS services use it through grants.
#[must_use]
pub fn policy(account: &str) -> Value {
    let json = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "AccountAdministration",
            "Effect": "Allow",
            "Principal": { "AWS": format!("arn:aws:iam::{account}:root") },
            "Action": "kms:*",
            "Resource": "*"
        }]
    });
    serde_json::from_value(json).unwrap_or(Value::Null)
}
