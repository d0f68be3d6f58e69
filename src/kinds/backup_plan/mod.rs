//! A backup plan: the daily rule, the copy to Osaka with its own lifecycle, and the selections that name databases.
//!
//! Selections cannot be tagged and are immutable, so they belong to the plan: the driver creates the new one before it
//! deletes the old one. AWS lets two plans share a name, so a foreign plan with our name blocks nothing. Continuous backup is never enabled: RDS itself owns point-in-time recovery (design 5).

pub mod calls;
mod sim;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Kind, TAGS, Wait};
use crate::model::schema::{AttributeSchema, Comparison, Mutability, NameRule};
use crate::model::value::Link;
use crate::model::{Hazard, KindSchema, Region, Risk, Status, Trigger};

pub const NAME: &str = "backup-plan";

/// Databases in one selection. AWS accepts 500 ARNs; the rest is room for wildcards nobody here writes.
pub const SELECTION_CHUNK: usize = 400;

/// Outputs: `id`, `arn`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Spec {
    pub name: String,
    pub rules: Vec<Rule>,
    pub copies: Vec<Copy>,
    pub selections: Vec<Selection>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rule {
    pub name: String,
    pub vault: Link,
    /// An AWS cron expression, in `timezone`.
    pub schedule: String,
    pub timezone: String,
    pub start_window_minutes: i64,
    pub completion_window_minutes: i64,
    /// Days after the creation of the recovery point.
    pub delete_after_days: i64,
    pub continuous: bool,
}

/// A copy that a rule makes. Its lifecycle counts from the creation of the *source* recovery point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Copy {
    pub rule: String,
    pub vault: Link,
    /// `None` is what AWS calls forever; desired state always has a number.
    pub delete_after_days: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Selection {
    pub name: String,
    pub role: Link,
    /// ARNs, sorted.
    pub resources: Vec<Link>,
}

pub static SCHEMA: KindSchema = KindSchema {
    kind: NAME,
    title: "AWS Backup plan",
    stateful: false,
    once_gone: Some("a new plan has another id; its history stays with the old one"),
    name: Some((
        "name",
        NameRule {
            min: 1,
            max: 50,
            also: "-_.",
            rds: false,
            words: "AWS Backup accepts letters, digits, hyphens, underscores and dots",
        },
    )),
    unique: None,
    attributes: &[
        AttributeSchema::new("name", "BackupPlanName")
            .about(
                "The plan's name. tokaido keeps it, so that no day is without a backup.",
                "バックアッププランの名前です。バックアップのない日を作らないため、tokaido は変更しません。",
            )
            .source("https://docs.aws.amazon.com/aws-backup/latest/devguide/API_UpdateBackupPlan.html")
            .mutability(Mutability::Forbidden(
                "a backup plan keeps its name: declare a new plan before retiring this one, so that no day is without a backup",
            )),
        AttributeSchema::new("rules", "Rules")
            .about(
                "When snapshots are taken and how long they are kept. Counts for snapshots that are yet to be taken.",
                "スナップショットを取る時刻と保管期間です。これから取るものに適用されます。",
            )
            .source("https://docs.aws.amazon.com/aws-backup/latest/devguide/API_UpdateBackupPlan.html")
            .hazards(&[
                Hazard::new(Risk::Protection, Trigger::Removed),
                Hazard::new(Risk::Protection, Trigger::Shortened("delete_after_days")),
            ])
            .compare(Comparison::Keyed(&["name"]))
            .refers_to(&[("backup-vault", "name")])
            .promise("recovery-copies"),
        AttributeSchema::new("copies", "CopyActions")
            .about(
                "Copies in the other region and how long they live, counted from the creation of the snapshot. \
                Counts for copies that are yet to be made.",
                "もう一方のリージョンに置く複製と保管期間です。期間はスナップショットの作成時から数え、これから作\
                る複製に適用されます。",
            )
            .source("https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CopyAction.html")
            .hazards(&[
                Hazard::new(Risk::Protection, Trigger::Removed),
                Hazard::new(Risk::Protection, Trigger::Shortened("delete_after_days")),
            ])
            .compare(Comparison::Keyed(&["rule", "vault"]))
            .refers_to(&[("backup-vault", "arn")])
            .promise("recovery-copies"),
        AttributeSchema::new("selections", "BackupSelection")
            .about(
                "The databases that the plan protects. A selection cannot change: the new one is made before the \
                old one goes.",
                "プランが対象とするデータベースです。選択は変更できないため、新しいものを作ってから古いものを消し\
                ます。",
            )
            .source("https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupSelection.html")
            .hazards(&[Hazard::new(Risk::Protection, Trigger::Removed)])
            .compare(Comparison::Keyed(&["name"]))
            .refers_to(&[("iam-role", "arn"), ("db-instance", "arn")])
            .promise("recovery-copies"),
        TAGS,
    ],
    reference: "https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupPlan.html",
};

pub static KIND: Kind = Kind {
    schema: &SCHEMA,
    behaviour: &sim::BackupPlan,
    regions: &[Region::Tokyo, Region::Osaka],
    wait: Wait { poll: 2, limit: 5 * 60 },
    reads: calls::READS,
    writes: calls::WRITES,
    deletes: calls::DELETE,
    typed: super::typed::<Spec>,
    shape: super::shape::<Spec>,
    example: include_str!("example.yaml"),
};

/// A plan has no states: it exists or not.
#[must_use]
pub const fn readiness(_state: &str) -> Status {
    Status::Ready
}
