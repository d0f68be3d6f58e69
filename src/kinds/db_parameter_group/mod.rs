//! A DB parameter group that owns its user-set parameters: TLS required, UTC. RDS refuses to delete a group in use.

use std::collections::BTreeMap;

use super::prelude::*;

/// The kind in ids, as in `db-parameter-group.postgres16@tokyo`.
pub const NAME: &str = "db-parameter-group";

/// Outputs: `name`, `arn`. Parameters have names in lower case; their values are compared as AWS returns them.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
pub struct Spec {
    /// The group's name. Fixed.
    #[ja = "グループ名です。変更できません。"]
    #[aws("DBParameterGroupName", "AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html")]
    #[row(compare(Comparison::CaseFolded), mutability(FIXED))]
    pub name: String,
    /// The engine and its major version. Fixed: another major version needs another group.
    #[ja = "エンジンとメジャーバージョンの組です。変更できないため、メジャーバージョンを変えるときは別のグループを作ります。"]
    #[aws("DBParameterGroupFamily", "AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html")]
    #[row(mutability(FIXED))]
    pub family: String,
    /// What the group is for. Fixed.
    #[ja = "グループの用途の説明です。変更できません。"]
    #[aws("Description", "AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html")]
    #[row(mutability(FIXED))]
    pub description: String,
    /// The engine's settings, such as TLS required and UTC. Dynamic ones act at once, static ones after a reboot by the operator.
    #[ja = "TLS の必須化や UTC など、エンジンの設定です。動的な項目はすぐに、静的な項目は誰かがデータベースを再起動したとき"]
    #[ja = "に反映されます。AWS が自動で再起動することはありません。"]
    #[aws("Parameters", "AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html")]
    #[row(
        mutability(Mutability::Staged(Explained::new("dynamic parameters now, static ones after a manual reboot", "動的なパラメータはすぐに、静的なものは手動で再起動した後に反映"))),
        hazards(&[
                Hazard::new(Risk::Encryption, Trigger::Where("TLS is not demanded any more", loses_encryption)),
                Hazard::new(Risk::Logging, Trigger::Where("what the log contains", logs)),
            ]),
        compare(Comparison::Map),
        impact(Impact::Interruption),
        promise(slug::ENCRYPTION_IN_TRANSIT),
    )]
    pub parameters: BTreeMap<String, String>,
}

/// Parameters that a promise needs. The driver reads them also where AWS lists them as engine defaults (field notes 3.6).
pub const PROMISED: [&str; 7] = [
    "rds.force_ssl",
    "timezone",
    "log_timezone",
    "require_secure_transport",
    "time_zone",
    "log_connections",
    "log_disconnections",
];

const FIXED: Mutability = Mutability::Forbidden(Explained::new(
    "a parameter group keeps its name, family and description: declare a new one, attach it to its \
                databases, then retire this one",
    "パラメータグループの名前、ファミリー、説明は変えられません。新しいものを宣言してデータベースに付け、その後で撤去します",
));

/// The rows and the rule for names. The name is unique in account and region; RDS folds it to lower case.
pub static SCHEMA: KindSchema = KindSchema {
    name: Some((at::name.name(), NameRule::rds(255))),
    unique: Some(at::name.name()),
    title_ja: "RDS パラメータグループ",
    ..KindSchema::new(NAME, "RDS parameter group", Spec::ROWS, "AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html")
};

fn loses_encryption(path: &str, before: &Value, after: &Value) -> bool {
    let on = |value: &Value| value.as_text().is_some_and(|text| ["1", "on"].contains(&text.to_ascii_lowercase().as_str()));
    ["parameters[rds.force_ssl]", "parameters[require_secure_transport]"].contains(&path) && on(before) && !on(after)
}

/// Whether what the engine logs changes. A new group has no such difference: its parameters come as one.
fn logs(path: &str, _: &Value, _: &Value) -> bool {
    ["parameters[log_connections]", "parameters[log_disconnections]", "parameters[log_timezone]"].contains(&path)
}

static SIM: Behaviour = Behaviour {
    defaults: &[(at::parameters.name(), Given::EmptyMap)],
    normalise: |attributes| fold(attributes, &[at::name.name()]),
    ..Behaviour::of(Identity::Named("rds", "pg:"))
};

/// The operations of a group beside those that every kind has, as IAM spells them.
pub mod calls {
    /// Lists the parameters of a group.
    pub const PARAMETERS: &str = "rds:DescribeDBParameters";
    /// Puts parameters back to the engine's default.
    pub const RESET: &str = "rds:ResetDBParameterGroup";
}

const CALLS: Operations = Operations {
    look: "rds:DescribeDBParameterGroups",
    create: "rds:CreateDBParameterGroup",
    change: "rds:ModifyDBParameterGroup",
    delete: "rds:DeleteDBParameterGroup",
    tags: tagging::RDS_ASKED,
    more: &[calls::PARAMETERS, calls::RESET],
};

/// This kind's entry in [`crate::kinds::ALL`]: both regions, a wait of at most 5 minutes.
pub static KIND: Kind = Kind::of::<Spec>(&SCHEMA, &SIM, CALLS, include_str!("example.yaml"));

/// The `family` of an engine's version: `postgres`, `16.4` → `postgres16`; `mysql`, `8.4.3` → `mysql8.4`.
#[must_use]
pub fn family(engine: &str, version: &str) -> String {
    format!("{engine}{}", engine_version::major(engine, version))
}
