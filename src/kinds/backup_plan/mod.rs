//! A backup plan: the daily rule, the copy to Osaka with its own lifecycle, and the selections that name databases.
//! [`Choice`] says which databases a selection means.
//!
//! Selections cannot be tagged and are immutable, so they belong to the plan: the driver creates the new one before it
//! deletes the old one. AWS lets two plans share a name, so a foreign plan with our name blocks no create. Continuous backup
//! is never enabled: RDS itself owns point-in-time recovery (design 5).

mod choice;

pub use choice::{Candidate, Choice, Chosen};

use super::prelude::*;

/// How many databases one selection names. AWS accepts 500 ARNs; the rest is room for wildcards, which tokaido never writes.
pub const SELECTION_CHUNK: usize = 400;

/// AWS Backup begins a job of tokaido's plan at its time, or up to this many minutes later. AWS accepts no fewer (field notes 4.4).
pub const START_WINDOW: i32 = 60;

/// Outputs: `id`, `arn`. A name is not unique: AWS lets two plans share one.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "AWS Backup プラン"]
#[kind("backup-plan", "AWS Backup plan", "aws-backup/latest/devguide/API_CreateBackupPlan.html", name(at::name, NAMES))]
#[kind(identity(Identity::Uuid("backup", "backup-plan:")))]
#[kind(once_gone(
    "a new plan has another id; its history stays with the old one",
    "新しいプランは別の ID になり、履歴は元のプランに残ります"
))]
#[calls(look = "backup:GetBackupPlan", create = "backup:CreateBackupPlan", change = "backup:UpdateBackupPlan")]
#[calls(delete = "backup:DeleteBackupPlan", tags = BACKUP, LIST = "backup:ListBackupPlans")]
#[calls(SELECTIONS = "backup:ListBackupSelections", SELECTION = "backup:GetBackupSelection")]
#[calls(SELECT = "backup:CreateBackupSelection", DESELECT = "backup:DeleteBackupSelection")]
pub struct Spec {
    /// The plan's name. AWS lets two plans share one, so a plan of ours that was renamed is known by its tags.
    #[ja = "バックアッププランの名前です。AWS では重複が許されるため、名前を変えられたプランもタグで見分けます。"]
    #[row("BackupPlan.BackupPlanName", "aws-backup/latest/devguide/API_UpdateBackupPlan.html")]
    pub name: String,
    /// When snapshots are taken and how long they are kept. Counts for snapshots that are yet to be taken.
    #[ja = "スナップショットを取る時刻と保管期間です。これから取るものに適用されます。"]
    #[row(
        "BackupPlan.Rules",
        "aws-backup/latest/devguide/API_UpdateBackupPlan.html",
        hazard(Risk::Protection, Trigger::Removed)
    )]
    #[row(reads(&["RuleName", "TargetBackupVaultName", "ScheduleExpression", "ScheduleExpressionTimezone", "StartWindowMinutes",
        "CompletionWindowMinutes", "Lifecycle.DeleteAfterDays", "EnableContinuousBackup"]))]
    #[row(hazard(Risk::Protection, Trigger::Shortened("delete_after_days")), compare(Comparison::Keyed(&["name"])))]
    #[row(spelled(&[("schedule", Spelling::Schedule), ("timezone", Spelling::Zone)]))]
    #[row(link("backup-vault", "name"), promise(slug::RECOVERY_COPIES))]
    pub rules: Vec<Rule>,
    /// Copies in the other region and how long they live, counted from the creation of the snapshot. Counts for copies that
    /// are yet to be made.
    #[ja = "もう一方のリージョンに置く複製と保管期間です。期間はスナップショットの作成時から数え、これから作る複製に適用され"]
    #[ja = "ます。"]
    #[row("BackupPlan.Rules.CopyActions", "aws-backup/latest/devguide/API_CopyAction.html")]
    #[row(reads(&["DestinationBackupVaultArn", "Lifecycle.DeleteAfterDays"]), hazard(Risk::Protection, Trigger::Removed))]
    #[row(hazard(Risk::Protection, Trigger::Shortened("delete_after_days")), compare(Comparison::Keyed(&["rule", "vault"])))]
    // Whether a vault of another region exists is not asked when a plan is written.
    #[row(link("backup-vault", "arn"), unasked(&["backup-vault"]), inside(at::rules.name()), promise(slug::RECOVERY_COPIES))]
    pub copies: Vec<Copy>,
    /// The databases that the plan protects. A selection cannot change: the new one is made before the old one goes.
    #[ja = "プランが対象とするデータベースです。選択は変更できないため、新しいものを作ってから古いものを消します。"]
    #[row("BackupSelection", "aws-backup/latest/devguide/API_CreateBackupSelection.html")]
    #[row(reads(&["SelectionName", "IamRoleArn", "Resources", "NotResources", "ListOfTags.ConditionKey",
        "ListOfTags.ConditionType", "ListOfTags.ConditionValue", "Conditions.StringEquals.ConditionKey",
        "Conditions.StringEquals.ConditionValue", "Conditions.StringLike.ConditionKey", "Conditions.StringLike.ConditionValue",
        "Conditions.StringNotEquals.ConditionKey", "Conditions.StringNotEquals.ConditionValue",
        "Conditions.StringNotLike.ConditionKey", "Conditions.StringNotLike.ConditionValue"]))]
    #[row(hazard(Risk::Protection, Trigger::Where("removed", deselects)), compare(Comparison::Keyed(&["name"])))]
    #[row(link("iam-role", "arn"))]
    #[row(link("db-instance", "arn"), unasked(&["db-instance"]), promise(slug::RECOVERY_COPIES), later)]
    pub selections: Vec<Selection>,
}

/// When AWS Backup takes snapshots, into which vault, and how long it keeps them.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Typed)]
pub struct Rule {
    /// The rule's name, unique in the plan.
    pub name: String,
    /// The vault of the snapshots, by its `name`.
    pub vault: Link,
    /// An AWS cron expression, in `timezone`.
    pub schedule: String,
    /// The IANA name of the schedule's time zone, such as `Asia/Tokyo`.
    pub timezone: String,
    /// Minutes within which a job must start after its scheduled time, or AWS Backup cancels it; at least 60.
    pub start_window_minutes: i64,
    /// Minutes within which a job must end after its start, or AWS Backup cancels it.
    pub completion_window_minutes: i64,
    /// Days after the creation of the recovery point on which AWS Backup deletes it.
    pub delete_after_days: i64,
    /// Whether AWS Backup takes continuous backups; `false` in every declaration.
    pub continuous: bool,
}

/// A copy that a rule makes. Its lifecycle counts from the creation of the *source* recovery point.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Typed)]
pub struct Copy {
    /// The `name` of the rule whose snapshots are copied.
    pub rule: String,
    /// The vault of the copies, by its `arn`.
    pub vault: Link,
    /// Days; absent where AWS keeps the copies forever. Desired state always has a number.
    #[typed(null)]
    pub delete_after_days: Option<i64>,
}

/// Databases that the plan protects, and the role with which AWS Backup does it.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Typed)]
pub struct Selection {
    /// The selection's name, unique in the plan.
    pub name: String,
    /// The role that AWS Backup assumes, by its `arn`.
    pub role: Link,
    /// The databases by their ARNs, sorted. Another hand may have written wildcards.
    pub resources: Vec<Link>,
    /// What is not selected although something else here selects it, by ARNs, sorted; none in every declaration.
    #[typed(omit)]
    #[schemars(default)]
    pub not_resources: Vec<Link>,
    /// Tags of which one is enough to be selected; none in every declaration.
    #[typed(omit)]
    #[schemars(default)]
    pub tags: Vec<TagTest>,
    /// Tests that a resource has to pass, all of them; none in every declaration.
    #[typed(omit)]
    #[schemars(default)]
    pub conditions: Vec<TagTest>,
}

/// A test of a resource's tags.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, JsonSchema, Typed)]
pub struct TagTest {
    /// AWS's name of the comparison: `StringEquals`, `StringNotEquals`, `StringLike`, `StringNotLike`.
    pub test: String,
    /// The key of the tag, in a condition as `aws:ResourceTag/<key>`.
    pub key: String,
    /// The value with which the tag's value is compared.
    pub value: String,
}

/// Whether something of a selection goes that may select. An exclusion or a condition that goes leaves nothing out any more.
fn deselects(path: &str, before: &Value, after: &Value) -> bool {
    let narrows = ["].not_resources", "].conditions"].iter().any(|part| path.contains(part));
    !before.is_null() && after.is_null() && !narrows
}

const NAMES: NameRule = NameRule::new(1, 50, "-_.", "AWS Backup accepts letters, digits, hyphens, underscores and dots");

const INVALID: &str = "InvalidParameterValueException";

/// How AWS Backup behaves: plan names are not unique, a rule needs its vault, start windows are at least an hour.
static SIM: Behaviour = Behaviour {
    defaults: &[
        (at::rules.name(), Given::EmptyList),
        (at::copies.name(), Given::EmptyList),
        (at::selections.name(), Given::EmptyList),
    ],
    demands: &[Demand::new(
        at::rules.name(),
        Measure::EachNumber("start_window_minutes", 60, i64::MAX),
        INVALID,
        "StartWindowMinutes must be at least 60",
    )],
    links: &[LinkCheck::new(at::rules.name(), INVALID, "{} does not exist").within("vault")],
    // AWS refuses to delete a plan with selections; the driver removes the selections first.
    deletable: |_, _| Ok(()),
    ..Behaviour::PLAIN
};
