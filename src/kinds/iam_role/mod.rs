//! Roles: the one that AWS Backup assumes (trust in that service alone, AWS's managed policies for backup and restore), and
//! the two that people and pipelines assume, one for reading and one for applying.

pub mod calls;
pub mod permissions;
mod sim;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Kind, TAGS, Wait, session};
use crate::model::schema::{AttributeSchema, Comparison, Mutability, NameRule};
use crate::model::{Hazard, Impact, KindSchema, Region, Risk, Status, Trigger, Value};

pub const NAME: &str = "iam-role";

/// Every role of tokaido lies under this path, so that a policy can be limited to it.
pub const PATH: &str = "/tokaido/";

/// AWS's managed policies for taking backups and copies.
pub const BACKUP_POLICIES: &[&str] = &[
    "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
    "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores",
];

/// Outputs: `name`, `arn`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Spec {
    pub name: String,
    pub path: String,
    pub description: String,
    pub trust: Value,
    /// ARNs.
    pub managed_policies: Vec<String>,
    /// Documents by name. One that nobody declared grants something that nobody declared.
    #[serde(default)]
    pub inline_policies: BTreeMap<String, Value>,
    /// The ARN of the one there is, or none.
    #[serde(default)]
    pub permissions_boundary: Vec<String>,
}

const FIXED: Mutability =
    Mutability::Forbidden("a role keeps its name and path: declare a new role, move its users, then retire this one");

pub static SCHEMA: KindSchema = KindSchema {
    kind: NAME,
    title: "IAM role",
    stateful: false,
    once_gone: Some("a role of the same name is another role: policies that name the old one do not follow"),
    name: Some((
        "name",
        NameRule { min: 1, max: 64, also: "+=,.@_-", rds: false, words: "IAM accepts letters, digits and +=,.@_-" },
    )),
    unique: Some("name"),
    attributes: &[
        AttributeSchema::new("name", "RoleName")
            .about("The role's name, unique in the account and fixed.", "アカウント内で一意なロール名です。変更できません。")
            .source("https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html")
            .mutability(FIXED),
        AttributeSchema::new("path", "Path")
            .about(
                "The path under which every role of tokaido lies, so that a policy can be limited to it. Fixed.",
                "tokaido のロールをまとめるパスです。ポリシーの範囲をここに限定できます。変更できません。",
            )
            .source("https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html")
            .mutability(FIXED),
        AttributeSchema::new("description", "Description")
            .about("What the role is for, in words.", "ロールの用途の説明です。")
            .source("https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html"),
        AttributeSchema::new("trust", "AssumeRolePolicyDocument")
            .about(
                "Who may assume the role: one AWS service for resources of this account, or the people and pipelines \
                that the environment file names.",
                "ロールを引き受けられる者です。このアカウントのリソースのための AWS サービス一つ、または環境ファイルに書か\
                れた利用者とパイプラインに限ります。",
            )
            .source("https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html")
            .compare(Comparison::Policy)
            .impact(Impact::Exposure),
        AttributeSchema::new("managed_policies", "AttachedPolicies")
            .about(
                "What the role may do, as AWS's own policies. Without those of its role backups stop.",
                "ロールに許す操作を、AWS が管理するポリシーで示します。バックアップのロールから外すとバックアップが止まり\
                ます。",
            )
            .source("https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html")
            .compare(Comparison::Set)
            .impact(Impact::Exposure),
        AttributeSchema::new("inline_policies", "RolePolicyList")
            .about(
                "What the role may do, as documents of its own, compared by statement. A document that nobody declared \
                is removed.",
                "ロールに許す操作を示す、そのロールだけの文書です。文ごとに比べます。宣言されていない文書は取り除きます。",
            )
            .source("https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html")
            .compare(Comparison::Policies)
            .impact(Impact::Exposure),
        AttributeSchema::new("permissions_boundary", "PermissionsBoundary")
            .about(
                "The policy that limits what the role may do whatever its own policies say. None is declared; one that \
                somebody attached can stop backups or an apply half-way.",
                "ロール自身のポリシーにかかわらず上限を定めるポリシーです。宣言はしていません。人手で付けられると、バック\
                アップや適用が途中で止まることがあります。",
            )
            .source("https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePermissionsBoundary.html")
            .compare(Comparison::Set)
            .hazards(&[Hazard::new(Risk::Exposes, Trigger::Removed)]),
        TAGS,
    ],
    reference: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html",
};

pub static KIND: Kind = Kind {
    schema: &SCHEMA,
    behaviour: &sim::IamRole,
    regions: &[Region::Global],
    wait: Wait { poll: 2, limit: 2 * 60 },
    reads: calls::READS,
    writes: calls::WRITES,
    deletes: calls::DELETE,
    typed: super::typed::<Spec>,
    shape: super::shape::<Spec>,
    example: include_str!("example.yaml"),
};

/// A role has no states: it exists or not.
#[must_use]
pub const fn readiness(_state: &str) -> Status {
    Status::Ready
}

/// Lets one AWS service assume the role, for resources of this account only.
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
