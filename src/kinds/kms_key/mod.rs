//! A customer-managed KMS key with its alias, policy and rotation: one per owner and region, never multi-Region. Of keys that are
//! not ours the same is read: what they encrypt is judged by them.

use super::prelude::*;

/// Outputs: `id`, `arn`. A key guards data, so no plan deletes it; its alias is unique in account and region.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "KMS キー"]
#[kind("kms-key", "KMS key", "kms/latest/APIReference/API_CreateKey.html", stateful, unique(at::alias), wait(20 * 60))]
#[kind(holds_too(at::more_aliases))]
#[kind(identity(Identity::Uuid("kms", "key/")))]
#[calls(look = "kms:DescribeKey", create = "kms:CreateKey", change = "kms:UpdateKeyDescription")]
#[calls(delete = "kms:ScheduleKeyDeletion", tags = KMS, LIST = "kms:ListKeys")]
#[calls(ALIASES = "kms:ListAliases", CREATE_ALIAS = "kms:CreateAlias", DELETE_ALIAS = "kms:DeleteAlias")]
#[calls(DISABLE = "kms:DisableKey", ENABLE = "kms:EnableKey", GET_POLICY = "kms:GetKeyPolicy", PUT_POLICY = "kms:PutKeyPolicy")]
#[calls(GET_ROTATION = "kms:GetKeyRotationStatus", DISABLE_ROTATION = "kms:DisableKeyRotation")]
#[calls(ENABLE_ROTATION = "kms:EnableKeyRotation", GRANTS = "kms:ListGrants")]
pub struct Spec {
    /// The name by which people find the key. Moving an alias re-encrypts nothing: databases and vaults keep the key they
    /// were made with.
    // With the prefix `alias/`.
    #[ja = "人が鍵を見つけるための名前です。別の鍵に付け替えても再暗号化はされず、データベースとボールトは作成時の鍵を使い続"]
    #[ja = "けます。"]
    #[row("AliasName", "kms/latest/APIReference/API_UpdateAlias.html", promise(slug::ENCRYPTION_AT_REST), later)]
    pub alias: Option<String>,
    /// Further aliases that lead to the key. KMS accepts each alias once.
    #[ja = "この鍵を指すそのほかのエイリアスです。同じエイリアスは一つしか使えません。"]
    #[row("AliasName", "kms/latest/APIReference/API_ListAliases.html", compare(Comparison::ReadOnly))]
    pub more_aliases: Option<Vec<String>>,
    /// What the key is for, in words. No effect on its use.
    #[ja = "鍵の用途の説明です。動作には影響しません。"]
    #[row("Description", "kms/latest/APIReference/API_UpdateKeyDescription.html")]
    pub description: String,
    /// Whether the key can be used. Data under a key that is switched off cannot be read; a database goes down with it, and
    /// after seven days only a backup restores it.
    #[ja = "鍵を使えるかどうかです。無効にするとその鍵で暗号化したデータは読めなくなり、データベースも停止します。七日を過ぎ"]
    #[ja = "るとバックアップからしか復旧できません。"]
    #[row("EnableKey", "kms/latest/APIReference/API_DisableKey.html")]
    #[row(case("off → on", turned_on, Mutability::InPlace, Impact::InPlace), hazard(Risk::Encryption, Trigger::TurnedOff))]
    #[row(impact(Impact::Interruption), promise(slug::ENCRYPTION_AT_REST), later)]
    pub enabled: bool,
    /// Who may administer and use the key. Takes effect within minutes.
    #[ja = "鍵を管理、使用できる者を決めるポリシーです。数分のうちに反映されます。"]
    #[row("Policy", "kms/latest/APIReference/API_PutKeyPolicy.html")]
    #[row(hazard(Risk::Encryption, Trigger::Where("changed on a key in use", grants_anew)), compare(Comparison::Policy))]
    #[row(impact(Impact::Exposure), promise(slug::ENCRYPTION_AT_REST))]
    pub policy: Value,
    /// Days between two rotations, 90 to 2560. Rotation keeps the key and its old material, so nothing is re-encrypted and
    /// users notice nothing.
    // `None` when rotation is off.
    #[ja = "鍵を更新する間隔（90〜2560 日）です。更新しても鍵と古い鍵素材は残るため、再暗号化は起きず、利用者への影響もあり"]
    #[ja = "ません。"]
    #[row("RotationPeriodInDays", "kms/latest/APIReference/API_EnableKeyRotation.html")]
    #[row(hazard(Risk::Encryption, Trigger::Raised), unit("days"), promise(slug::ENCRYPTION_AT_REST), later)]
    pub rotation_days: Option<i64>,
    /// Who made the key material: `AWS_KMS`, or another source, whose material AWS does not rotate by itself.
    #[ja = "鍵素材の出所です。`AWS_KMS` 以外の鍵素材は AWS による自動更新の対象外です。"]
    #[row("Origin", "kms/latest/APIReference/API_KeyMetadata.html", compare(Comparison::ReadOnly))]
    pub origin: Option<String>,
    /// Every region that holds the material of a multi-Region key: that of its primary and those of its replicas. Empty for a
    /// key of one region.
    #[ja = "マルチリージョンキーの鍵素材があるすべてのリージョン（プライマリとレプリカ）です。単一リージョンの鍵では空です。"]
    #[row("MultiRegion", "kms/latest/APIReference/API_KeyMetadata.html", compare(Comparison::ReadOnly))]
    pub regions: Option<Vec<String>>,
}

/// Whether a statement is new or says something else. A statement that is removed only takes permission away.
fn grants_anew(_: &str, before: &Value, after: &Value) -> bool {
    // The whole document of a new key has no field `Effect`; its statements have.
    !after.is_null() && (!before.is_null() || after.as_map().is_some_and(|statement| statement.contains_key("Effect")))
}

/// How KMS behaves: rotation is off unless asked for, and a policy's statements come in another order on every read.
static SIM: Behaviour = Behaviour {
    defaults: &[
        (at::enabled.name(), Given::Bool(true)),
        (at::description.name(), Given::Text("")),
        (at::more_aliases.name(), Given::EmptyList),
    ],
    demands: &[
        Demand::new(
            at::rotation_days.name(),
            Measure::Number(90, 2560),
            "ValidationException",
            "RotationPeriodInDays {} is not between 90 and 2560",
        ),
        Demand::new(
            at::alias.name(),
            Measure::Begins("alias/", "alias/aws/"),
            "InvalidAliasNameException",
            "{} is not an alias of a customer key",
        ),
    ],
    exclusive: &[at::alias.name()],
    remains: Some("PendingDeletion"),
    creating: Some(("Creating", 3)),
    settled: "Enabled",
    deletable: |object, _| {
        Err(ApiRefusal::in_use("KMSInvalidStateException", format!("{} can only be scheduled for deletion", object.physical)))
    },
    shuffled: &[at::policy.name()],
    // A key that waits for its deletion is failed, not absent: data under it stays unreadable when a second key is made.
    states: States::Failed(&["Enabled", "Disabled"], &["Creating", "Updating"]),
    ..Behaviour::PLAIN
};
