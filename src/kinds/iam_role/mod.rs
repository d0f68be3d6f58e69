//! IAM roles: the role that AWS Backup assumes (trust in that service alone, AWS's managed policies for backup and restore),
//! and the two roles that people and pipelines assume, one for reading and one for applying.

use std::collections::BTreeMap;

use super::prelude::*;

/// Every role of tokaido lies under this path, so that a policy can be limited to it.
pub const PATH: &str = "/tokaido/";

/// The ARNs of AWS's managed policies for taking backups and copies.
pub const BACKUP_POLICIES: &[&str] = &[
    "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
    "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores",
];

/// The service that assumes a role to take backups.
pub const BACKUP: &str = "backup.amazonaws.com";

/// The path under which AWS keeps the roles that it makes for its services.
pub const SERVICE_PATH: &str = "/aws-service-role/";

/// How the ARNs of AWS's managed policies for AWS Backup begin: each only grants.
pub const OF_BACKUP: [&str; 2] =
    ["arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicy", "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicy"];

/// How many characters IAM accepts in all inline policies of one role, blanks not counted (IAM quotas).
pub const INLINE_LIMIT: usize = 10_240;

/// Outputs: `name`, `arn`. The name is unique in the account.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "IAM ロール"]
#[kind("iam-role", "IAM role", "IAM/latest/APIReference/API_CreateRole.html", regions(&[Region::Global]), wait(2 * 60))]
#[kind(identity(Identity::NamedBy(arn)))]
#[kind(name(at::name, NAMES), unique(at::name), keeps("name and path", "move its users", "名前とパス", "使う側を移して"))]
#[kind(once_gone(
    "a role of the same name is another role: policies that name the old one do not follow",
    "同じ名前のロールでも別のロールであり、元のロールを指すポリシーは追従しません"
))]
#[calls(look = "iam:GetRole", create = "iam:CreateRole", change = "iam:UpdateRole", delete = "iam:DeleteRole", tags = IAM)]
#[calls(LIST = "iam:GetAccountAuthorizationDetails", UPDATE_TRUST = "iam:UpdateAssumeRolePolicy")]
#[calls(ATTACHED = "iam:ListAttachedRolePolicies", ATTACH = "iam:AttachRolePolicy", DETACH = "iam:DetachRolePolicy")]
#[calls(INLINE = "iam:ListRolePolicies", GET_INLINE = "iam:GetRolePolicy")]
#[calls(PUT_INLINE = "iam:PutRolePolicy", DELETE_INLINE = "iam:DeleteRolePolicy")]
#[calls(PUT_BOUNDARY = "iam:PutRolePermissionsBoundary", DELETE_BOUNDARY = "iam:DeleteRolePermissionsBoundary")]
pub struct Spec {
    /// The role's name, unique in the account and fixed.
    #[ja = "アカウント内で一意なロール名です。変更できません。"]
    #[row("RoleName", kept)]
    pub name: String,
    /// The path under which every role of tokaido lies, so that a policy can be limited to it. Fixed.
    #[ja = "tokaido のロールをまとめるパスです。ポリシーの範囲をここに限定できます。変更できません。"]
    #[row("Path", kept)]
    pub path: String,
    /// What the role is for, in words.
    #[ja = "ロールの用途の説明です。"]
    #[row("Description", "IAM/latest/APIReference/API_UpdateRole.html")]
    pub description: String,
    /// Who may assume the role: one AWS service for resources of this account, or the people and pipelines that the
    /// environment file names.
    #[ja = "ロールを引き受けられる者です。このアカウントのリソースのための AWS サービス一つ、または環境ファイルに書かれた利"]
    #[ja = "用者とパイプラインに限ります。"]
    #[row("AssumeRolePolicyDocument", "IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html")]
    #[row(compare(Comparison::Policy), impact(Impact::Exposure))]
    pub trust: Value,
    /// What the role may do, as AWS's own policies. Without those of its role backups stop.
    // ARNs.
    #[ja = "ロールに許す操作を、AWS が管理するポリシーで示します。バックアップのロールから外すとバックアップが止まります。"]
    #[row("PolicyArn", "IAM/latest/APIReference/API_AttachRolePolicy.html")]
    #[row(compare(Comparison::Set), impact(Impact::Exposure), later)]
    pub managed_policies: Vec<String>,
    /// What the role may do, as documents of its own, compared by statement. An undeclared document is removed.
    // Documents by name. An undeclared document grants undeclared permissions.
    #[typed(default)]
    #[schemars(default)]
    #[ja = "ロールに許す操作を示す、そのロールだけの文書です。文ごとに比べます。宣言されていない文書は取り除きます。"]
    #[row("PolicyName, PolicyDocument", "IAM/latest/APIReference/API_PutRolePolicy.html")]
    #[row(compare(Comparison::Policies), impact(Impact::Exposure), later)]
    pub inline_policies: BTreeMap<String, Value>,
    /// The policy that limits what the role may do whatever its own policies say. None is declared; one that was
    /// attached by hand can stop backups or an apply half-way.
    // At most one ARN.
    #[typed(default)]
    #[schemars(default)]
    #[ja = "ロール自身のポリシーにかかわらず上限を定めるポリシーです。宣言はしていません。人手で付けられると、バックアップや"]
    #[ja = "適用が途中で止まることがあります。"]
    #[row("PermissionsBoundary", "IAM/latest/APIReference/API_PutRolePermissionsBoundary.html")]
    #[row(compare(Comparison::Set), hazard(Risk::Exposes, Trigger::Removed))]
    pub permissions_boundary: Vec<String>,
}

const NAMES: NameRule = NameRule::new(1, 64, "+=,.@_-", "IAM accepts letters, digits and +=,.@_-");

/// How IAM behaves: inline policies have a limit together, and a role has one boundary.
static SIM: Behaviour = Behaviour {
    defaults: &[
        (at::managed_policies.name(), Given::EmptyList),
        (at::inline_policies.name(), Given::EmptyMap),
        (at::permissions_boundary.name(), Given::EmptyList),
        (at::path.name(), Given::Text("/")),
    ],
    demands: &[Demand::new(
        at::permissions_boundary.name(),
        Measure::Items(0, 1),
        "ValidationError",
        "a role has one permissions boundary",
    )],
    check,
    // IAM does not know who names a role.
    deletable: |_, _| Ok(()),
    ..Behaviour::PLAIN
};

/// A role's ARN contains its path.
fn arn(home: &Home<'_>, attributes: &Attributes) -> String {
    let path = attributes.typed(at::path).unwrap_or_else(|| "/".to_owned());
    home.arn("iam", &format!("role{path}{}", attributes.typed(at::name).unwrap_or_default()))
}

fn check(attributes: &Attributes, _: &dyn Neighbours) -> Result<(), ApiRefusal> {
    let all: usize = attributes.typed(at::inline_policies).unwrap_or_default().values().map(size).sum();
    let message = || format!("Maximum policy size of {INLINE_LIMIT} bytes exceeded for role");
    let refusal = || ApiRefusal { class: ErrorClass::Quota, code: "LimitExceeded", message: message() };
    if all > INLINE_LIMIT { Err(refusal()) } else { Ok(()) }
}

/// The characters of a policy document as IAM counts them: without blanks.
#[must_use]
pub fn size(document: &Value) -> usize {
    let text = serde_json::to_string(document).unwrap_or_default();
    text.chars().filter(|c| !c.is_whitespace()).count()
}
