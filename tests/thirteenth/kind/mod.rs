//! An RDS event subscription: which events of which sources RDS announces to an SNS topic.

use super::prelude::*;

/// Outputs: `name`, `arn`. The name is unique in account and region.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "RDS イベントサブスクリプション"]
#[kind("db-event-subscription", "RDS event subscription", "AmazonRDS/latest/APIReference/API_CreateEventSubscription.html")]
#[kind(identity(Identity::Named("rds", "es:")), name(at::name, NameRule::rds(255)), unique(at::name))]
#[kind(keeps("name", "see that its events arrive", "名前", "イベントが届くことを確かめて"))]
#[calls(look = "rds:DescribeEventSubscriptions", create = "rds:CreateEventSubscription")]
#[calls(change = "rds:ModifyEventSubscription", delete = "rds:DeleteEventSubscription", tags = RDS_ASKED)]
pub struct Spec {
    /// The subscription's name. Fixed.
    #[ja = "サブスクリプションの名前です。変更できません。"]
    #[row("SubscriptionName", compare(Comparison::CaseFolded), kept)]
    pub name: String,
    /// The ARN of the SNS topic that receives the events. Changed at once.
    #[ja = "イベントを受け取る SNS トピックの ARN です。すぐに変わります。"]
    #[row("SnsTopicArn", "AmazonRDS/latest/APIReference/API_ModifyEventSubscription.html")]
    #[row(hazard(Risk::Logging, Trigger::Changed))]
    pub topic: String,
    /// What the events are about: all objects of this type. Changed at once.
    // `db-instance`, `db-parameter-group`, `db-security-group`, `db-snapshot`.
    #[ja = "対象とするイベント元の種類です。その種類のすべてが対象になります。すぐに変わります。"]
    #[row("SourceType", "AmazonRDS/latest/APIReference/API_ModifyEventSubscription.html")]
    pub source_type: String,
    /// The categories of the events. Changed at once; an event of another category is not announced later.
    #[ja = "イベントのカテゴリーです。すぐに変わりますが、対象外だったイベントが後から通知されることはありません。"]
    #[row("EventCategories", "AmazonRDS/latest/UserGuide/USER_Events.Messages.html")]
    #[row(compare(Comparison::Set), hazard(Risk::Logging, Trigger::Changed))]
    pub categories: Vec<String>,
    /// Whether events are announced. Those of the time in which they are not are lost to the topic.
    #[ja = "通知するかどうかです。無効にしている間のイベントはトピックに届きません。"]
    #[row("Enabled", "AmazonRDS/latest/APIReference/API_ModifyEventSubscription.html")]
    #[row(hazard(Risk::Logging, Trigger::TurnedOff))]
    pub enabled: bool,
}

/// How RDS behaves: on unless asked otherwise, and every topic has to be one.
static SIM: Behaviour = Behaviour {
    defaults: &[(at::enabled.name(), Given::Bool(true)), (at::categories.name(), Given::EmptyList)],
    folded: &[at::name.name()],
    demands: &[Demand::new(at::topic.name(), Measure::Begins("arn:aws:sns:", ""), "SNSInvalidTopic", "SNS topic {} is invalid.")],
    creating: Some(("creating", 5)),
    settled: "active",
    states: States::Working(&["active"], &["no-permission", "topic-not-exist", "deleting"]),
    ..Behaviour::PLAIN
};
