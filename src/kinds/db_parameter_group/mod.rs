//! A DB parameter group that owns its user-set parameters: TLS required, UTC. RDS refuses to delete a group in use.

use std::collections::BTreeMap;

use super::prelude::*;

/// Outputs: `name`, `arn`. The name is unique in account and region; RDS folds it to lower case. Parameters have names in lower
/// case; their values are compared as AWS returns them.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "RDS パラメータグループ"]
#[kind("db-parameter-group", "RDS parameter group", "AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html")]
#[kind(identity(Identity::Named("rds", "pg:")), name(at::name, NameRule::rds(255)), unique(at::name), made_by_aws(&["default."]))]
#[kind(keeps("name, family and description", "attach it to its databases", "名前、ファミリー、説明", "データベースに付けて"))]
#[calls(look = "rds:DescribeDBParameterGroups", create = "rds:CreateDBParameterGroup", change = "rds:ModifyDBParameterGroup")]
#[calls(delete = "rds:DeleteDBParameterGroup", tags = RDS_ASKED)]
#[calls(PARAMETERS = "rds:DescribeDBParameters", RESET = "rds:ResetDBParameterGroup")]
pub struct Spec {
    /// The group's name. Fixed.
    #[ja = "グループ名です。変更できません。"]
    #[row("DBParameterGroupName", compare(Comparison::CaseFolded), kept)]
    pub name: String,
    /// The engine and its major version. Fixed: another major version needs another group.
    #[ja = "エンジンとメジャーバージョンの組です。変更できないため、メジャーバージョンを変えるときは別のグループを作ります。"]
    #[row("DBParameterGroupFamily", kept)]
    pub family: String,
    /// What the group is for. Fixed.
    #[ja = "グループの用途の説明です。変更できません。"]
    #[row("Description", kept)]
    pub description: String,
    /// The engine's settings, such as TLS required and UTC. Dynamic ones act at once, static ones after a reboot by the operator.
    #[ja = "TLS の必須化や UTC など、エンジンの設定です。動的な項目はすぐに、静的な項目は誰かがデータベースを再起動したとき"]
    #[ja = "に反映されます。AWS が自動で再起動することはありません。"]
    #[row("Parameters", "AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html", impact(Impact::Interruption), later)]
    #[row(staged(
        "dynamic parameters now, static ones after a manual reboot",
        "動的なパラメータはすぐに、静的なものは手動で再起動した後に反映"
    ))]
    #[row(hazard(Risk::Encryption, Trigger::Where("TLS is not demanded any more", loses_encryption)), compare(Comparison::Map))]
    #[row(hazard(Risk::Logging, Trigger::Keys("what is logged", &["log_connections", "log_disconnections", "log_timezone"])))]
    #[row(spelled(&[("", Spelling::Parameters(at::family.name()))]), promise(slug::ENCRYPTION_IN_TRANSIT))]
    #[row(locked(at::unmodifiable.name()))]
    pub parameters: BTreeMap<String, String>,
    /// The promised parameters of which RDS accepts no change in this family. A plan refuses these, and changes the others.
    #[ja = "RDS がこのファミリーで変更を認めないパラメータです。計画はその変更だけを拒否し、ほかは変更します。"]
    #[row("IsModifiable", "AmazonRDS/latest/APIReference/API_Parameter.html", compare(Comparison::ReadOnly))]
    pub unmodifiable: Option<Vec<String>>,
}

/// Parameters that a promise needs, and the values that keep it as an engine's default. The driver reads them also where AWS
/// lists them as engine defaults (field notes 3.6): a parameter set to its default leaves the user-set list. A default that is
/// not here counts as not set, and the plan sets it.
pub const PROMISED: [(&str, &[&str]); 7] = [
    ("rds.force_ssl", &["1"]),
    ("timezone", &["UTC"]),
    ("log_timezone", &["UTC"]),
    ("require_secure_transport", &["1", "ON"]),
    ("time_zone", &["UTC"]),
    ("log_connections", &[]),
    ("log_disconnections", &[]),
];

fn loses_encryption(path: &str, before: &Value, after: &Value) -> bool {
    parameter::demands_tls(path, before) && !parameter::demands_tls(path, after)
}

static SIM: Behaviour = Behaviour {
    defaults: &[(at::parameters.name(), Given::EmptyMap), (at::unmodifiable.name(), Given::EmptyList)],
    folded: &[at::name.name()],
    ..Behaviour::PLAIN
};
