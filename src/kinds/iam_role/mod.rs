//! IAM roles: the role that AWS Backup assumes (trust in that service alone, AWS's managed policies for backup and restore),
//! and the two roles that people and pipelines assume, one for reading and one for applying.

pub mod calls;
pub mod permissions;
mod sim;

use std::collections::BTreeMap;

use super::prelude::*;
use super::session;

/// The kind in ids, as in `iam-role.backup@global`.
pub const NAME: &str = "iam-role";

/// Every role of tokaido lies under this path, so that a policy can be limited to it.
pub const PATH: &str = "/tokaido/";

/// The ARNs of AWS's managed policies for taking backups and copies.
pub const BACKUP_POLICIES: &[&str] = &[
    "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
    "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores",
];

/// Outputs: `name`, `arn`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
pub struct Spec {
    /// The role's name, unique in the account and fixed.
    #[ja = "アカウント内で一意なロール名です。変更できません。"]
    #[aws("RoleName", "IAM/latest/APIReference/API_CreateRole.html")]
    #[row(mutability(FIXED))]
    pub name: String,
    /// The path under which every role of tokaido lies, so that a policy can be limited to it. Fixed.
    #[ja = "tokaido のロールをまとめるパスです。ポリシーの範囲をここに限定できます。変更できません。"]
    #[aws("Path", "IAM/latest/APIReference/API_CreateRole.html")]
    #[row(mutability(FIXED))]
    pub path: String,
    /// What the role is for, in words.
    #[ja = "ロールの用途の説明です。"]
    #[aws("Description", "IAM/latest/APIReference/API_UpdateRole.html")]
    pub description: String,
    /// Who may assume the role: one AWS service for resources of this account, or the people and pipelines that the
    /// environment file names.
    #[ja = "ロールを引き受けられる者です。このアカウントのリソースのための AWS サービス一つ、または環境ファイルに書かれた利"]
    #[ja = "用者とパイプラインに限ります。"]
    #[aws("AssumeRolePolicyDocument", "IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html")]
    #[row(compare(Comparison::Policy), impact(Impact::Exposure))]
    pub trust: Value,
    /// What the role may do, as AWS's own policies. Without those of its role backups stop.
    // ARNs.
    #[ja = "ロールに許す操作を、AWS が管理するポリシーで示します。バックアップのロールから外すとバックアップが止まります。"]
    #[aws("AttachedPolicies", "IAM/latest/APIReference/API_AttachRolePolicy.html")]
    #[row(compare(Comparison::Set), impact(Impact::Exposure))]
    pub managed_policies: Vec<String>,
    /// What the role may do, as documents of its own, compared by statement. An undeclared document is removed.
    // Documents by name. An undeclared document grants undeclared permissions.
    #[typed(default)]
    #[schemars(default)]
    #[ja = "ロールに許す操作を示す、そのロールだけの文書です。文ごとに比べます。宣言されていない文書は取り除きます。"]
    #[aws("RolePolicyList", "IAM/latest/APIReference/API_PutRolePolicy.html")]
    #[row(compare(Comparison::Policies), impact(Impact::Exposure))]
    pub inline_policies: BTreeMap<String, Value>,
    /// The policy that limits what the role may do whatever its own policies say. None is declared; one that was
    /// attached by hand can stop backups or an apply half-way.
    // At most one ARN.
    #[typed(default)]
    #[schemars(default)]
    #[ja = "ロール自身のポリシーにかかわらず上限を定めるポリシーです。宣言はしていません。人手で付けられると、バックアップや"]
    #[ja = "適用が途中で止まることがあります。"]
    #[aws("PermissionsBoundary", "IAM/latest/APIReference/API_PutRolePermissionsBoundary.html")]
    #[row(compare(Comparison::Set), hazards(&[Hazard::new(Risk::Exposes, Trigger::Removed)]))]
    pub permissions_boundary: Vec<String>,
}

const FIXED: Mutability = Mutability::Forbidden(Explained::new(
    "a role keeps its name and path: declare a new role, move its users, then retire this one",
    "ロールの名前とパスは変えられません。新しいロールを宣言し、使う側を移してから撤去します",
));

/// The rows and the rule for names. The name is unique in the account.
pub static SCHEMA: KindSchema = KindSchema {
    once_gone: Some(Explained::new(
        "a role of the same name is another role: policies that name the old one do not follow",
        "同じ名前のロールでも別のロールであり、元のロールを指すポリシーは追従しません",
    )),
    name: Some((
        at::name.name(),
        NameRule { min: 1, max: 64, also: "+=,.@_-", rds: false, words: "IAM accepts letters, digits and +=,.@_-" },
    )),
    unique: Some(at::name.name()),
    title_ja: "IAM ロール",
    ..KindSchema::new(NAME, "IAM role", Spec::ROWS, "IAM/latest/APIReference/API_CreateRole.html")
};

const CALLS: Operations = Operations {
    look: "iam:GetRole",
    create: "iam:CreateRole",
    change: "iam:UpdateRole",
    delete: "iam:DeleteRole",
    tags: tagging::IAM,
    more: calls::MORE,
};

/// This kind's entry in [`crate::kinds::ALL`]: global, a wait of at most 2 minutes.
pub static KIND: Kind = Kind {
    regions: &[Region::Global],
    wait: Wait { poll: 2, limit: 2 * 60 },
    ..Kind::of::<Spec>(&SCHEMA, &sim::SIM, CALLS, include_str!("example.yaml"))
};

/// The trust policy that lets one AWS service (`backup.amazonaws.com`) assume the role, for resources of the account of these
/// twelve digits only.
#[must_use]
pub fn trust(service: &str, account: &str) -> Value {
    let json = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "ServiceOfThisAccount",
            "Effect": "Allow",
            "Principal": { "Service": service },
            "Action": session::ASSUME_ROLE,
            "Condition": { "StringEquals": { "aws:SourceAccount": account } }
        }]
    });
    serde_json::from_value(json).unwrap_or(Value::Null)
}
