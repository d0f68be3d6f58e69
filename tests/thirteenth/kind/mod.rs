//! An RDS event subscription: which events of which sources RDS announces to an SNS topic.

use super::prelude::*;

/// The kind in ids, as in `db-event-subscription.main@tokyo`.
pub const NAME: &str = "db-event-subscription";

/// Outputs: `name`, `arn`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
pub struct Spec {
    /// The subscription's name. Fixed.
    #[ja = "サブスクリプションの名前です。変更できません。"]
    #[aws("SubscriptionName", "AmazonRDS/latest/APIReference/API_CreateEventSubscription.html")]
    #[row(
        compare(Comparison::CaseFolded),
        fixed(
            "a subscription keeps its name: declare a new one, see that its events arrive, then retire this one",
            "サブスクリプションの名前は変えられません。新しいものを宣言し、イベントが届くことを確かめてから撤去します"
        )
    )]
    pub name: String,
    /// The ARN of the SNS topic that receives the events. Changed at once.
    #[ja = "イベントを受け取る SNS トピックの ARN です。すぐに変わります。"]
    #[aws("SnsTopicArn", "AmazonRDS/latest/APIReference/API_ModifyEventSubscription.html")]
    #[row(hazards(&[Hazard::new(Risk::Logging, Trigger::Changed)]))]
    pub topic: String,
    /// What the events are about: all objects of this type. Changed at once.
    // `db-instance`, `db-parameter-group`, `db-security-group`, `db-snapshot`.
    #[ja = "対象とするイベント元の種類です。その種類のすべてが対象になります。すぐに変わります。"]
    #[aws("SourceType", "AmazonRDS/latest/APIReference/API_ModifyEventSubscription.html")]
    pub source_type: String,
    /// The categories of the events. Changed at once; an event of another category is not announced later.
    #[ja = "イベントのカテゴリーです。すぐに変わりますが、対象外だったイベントが後から通知されることはありません。"]
    #[aws("EventCategories", "AmazonRDS/latest/UserGuide/USER_Events.Messages.html")]
    #[row(compare(Comparison::Set), hazards(&[Hazard::new(Risk::Logging, Trigger::Changed)]))]
    pub categories: Vec<String>,
    /// Whether events are announced. Those of the time in which they are not are lost to the topic.
    #[ja = "通知するかどうかです。無効にしている間のイベントはトピックに届きません。"]
    #[aws("Enabled", "AmazonRDS/latest/APIReference/API_ModifyEventSubscription.html")]
    #[row(hazards(&[Hazard::new(Risk::Logging, Trigger::TurnedOff)]))]
    pub enabled: bool,
}

/// The rows and the rule for names. The name is unique in account and region.
pub static SCHEMA: KindSchema = KindSchema {
    name: Some((at::name.name(), NameRule::rds(255))),
    unique: Some(at::name.name()),
    ..KindSchema::new(
        NAME,
        "RDS event subscription",
        Spec::ROWS,
        "AmazonRDS/latest/APIReference/API_CreateEventSubscription.html",
    )
};

/// How RDS behaves: on unless asked otherwise, and every topic has to be one.
static SIM: Behaviour = Behaviour {
    defaults: &[(at::enabled.name(), Given::Bool(true)), (at::categories.name(), Given::EmptyList)],
    normalise: |attributes| fold(attributes, &[at::name.name()]),
    check: |attributes, _| {
        let topic = attributes.typed(at::topic).unwrap_or_default();
        let found = topic.starts_with("arn:aws:sns:");
        if found { Ok(()) } else { Err(ApiRefusal::invalid("SNSInvalidTopic", format!("SNS topic {topic} is invalid."))) }
    },
    creating: Some(("creating", 5)),
    settled: "active",
    readiness: |state| match state {
        "active" => Status::Ready,
        "no-permission" | "topic-not-exist" | "deleting" => Status::Failed(state.to_owned()),
        other => Status::Working(other.to_owned()),
    },
    ..Behaviour::of(Identity::Named("rds", "es:"))
};

const CALLS: Operations = Operations {
    look: "rds:DescribeEventSubscriptions",
    create: "rds:CreateEventSubscription",
    change: "rds:ModifyEventSubscription",
    delete: "rds:DeleteEventSubscription",
    tags: tagging::RDS_ASKED,
    more: &[],
};

/// This kind's entry in [`crate::kinds::ALL`]: both regions, a wait of at most 5 minutes.
pub static KIND: Kind = Kind::of::<Spec>(&SCHEMA, &SIM, CALLS, include_str!("example.yaml"));
