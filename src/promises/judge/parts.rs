//! The parts of a verdict's sentences that differ between the languages.

use std::fmt::Display;

use serde::Serialize;
use tokaido_derive::Reason;

use crate::model::reason::Spoken;
use crate::model::{Language, Value};

/// What a check demands of an attribute or a state, or what follows when the demand is not met.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum Asked {
    #[en("its storage is readable")]
    #[ja("ストレージが暗号化されていません")]
    StorageReadable,
    #[en("what is in it is readable")]
    #[ja("保管されているデータが暗号化されていません")]
    StoreReadable,
    #[en("its name leads to a public address")]
    #[ja("公開アドレスで到達できます")]
    PublicName,
    #[en("it is reached outside the network of its subnets")]
    #[ja("サブネットのネットワークの外から到達できます")]
    OutsideTheNetwork,
    #[en("hosts here would be reached from outside, past the other walls")]
    #[ja("ここに置いたホストに公開アドレスが付きます")]
    HostsReached,
    #[en("{days} days are promised")]
    #[ja("約束は {days} 日です")]
    Days { days: i64 },
    #[en("its backups would go with it")]
    #[ja("削除するとバックアップも失われます")]
    BackupsGoToo,
    #[en("no backups are taken in this state")]
    #[ja("この状態ではバックアップが取られません")]
    NoBackups,
    #[en("its snapshots carry no label")]
    #[ja("スナップショットにタグが付きません")]
    SnapshotsUnlabelled,
    #[en("a replaced record would leave no trace")]
    #[ja("記録が上書きされても痕跡が残りません")]
    RecordsReplaced,
    #[en("records could be deleted")]
    #[ja("記録が削除されるおそれがあります")]
    RecordsDeleted,
    #[en("records are to be locked for {days} days")]
    #[ja("記録を固定する期間は {days} 日以上が必要です")]
    LockedDays { days: i64 },
    #[en("the records could be opened to others")]
    #[ja("記録が外部に公開されるおそれがあります")]
    RecordsOpened,
    #[en("{logs} are needed")]
    #[ja("必要なログは {logs} です")]
    Logs { logs: Value },
}

/// What of a role is not as declared, while it is unknown whether AWS Backup needs it.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum Undeclared {
    #[en("its trust policy")]
    #[ja("信頼ポリシー")]
    Trust,
    #[en("the boundary {arn}")]
    #[ja("境界 {arn}")]
    Boundary { arn: Value },
    #[en("what its inline policies say")]
    #[ja("インラインポリシー")]
    Inline,
    #[en("the policy {arn}")]
    #[ja("ポリシー {arn}")]
    Policy { arn: Value },
}

/// Why it is not known whom a statement of a key's policy lets use the key.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum Unclear {
    #[en("neither allows nor denies")]
    #[ja("許可とも拒否とも書かれていません")]
    Statement,
    #[en("allows {action}, which tokaido does not know")]
    #[ja("未知の操作 {action} を許可しています")]
    Action { action: String },
    #[en("is not about every resource, so perhaps not about this key")]
    #[ja("すべてのリソースを対象としておらず、この鍵が対象か分かりません")]
    Resource,
    #[en("depends on `{condition}`, which tokaido does not judge")]
    #[ja("判定に対応していない条件 `{condition}` があります")]
    Condition { condition: String },
    #[en("admits an organisation, whose accounts are not read")]
    #[ja("組織を許可していますが、組織のアカウントは読み取りません")]
    Organisation,
    #[en("admits {service} for resources of any account")]
    #[ja("どのアカウントのリソースについても {service} を許可しています")]
    Service { service: String },
    #[en("names {principal}")]
    #[ja("{principal} を指しています")]
    Principal { principal: String },
    #[en("may be taken back by a statement that denies")]
    #[ja("拒否の文で取り消されている可能性があります")]
    Denied,
}

/// The value of the tag `tokaido:id`; `None` where the tag is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Carried(pub Option<String>);

impl Spoken for Carried {
    fn spoken(&self, language: Language) -> impl Display {
        match (&self.0, language) {
            (Some(id), Language::En) => id.clone(),
            (Some(id), Language::Ja) => format!("タグ tokaido:id が {id} の"),
            (None, Language::En) => "(none)".to_owned(),
            (None, Language::Ja) => "タグ tokaido:id のない".to_owned(),
        }
    }
}

/// Another resource than the member itself; `None` for the member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct OfOther(pub Option<String>);

impl Spoken for OfOther {
    fn spoken(&self, language: Language) -> impl Display {
        match (&self.0, language) {
            (None, _) => String::new(),
            (Some(other), Language::En) => format!(" of {other}"),
            (Some(other), Language::Ja) => format!("（{other}）"),
        }
    }
}

/// With whom a store is shared: accounts, and `all` for everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct SharedWith(pub Vec<String>);

impl Spoken for SharedWith {
    fn spoken(&self, language: Language) -> impl Display {
        let said = |one: &String| match (one.as_str(), language) {
            ("all", Language::En) => "all accounts".to_owned(),
            ("all", Language::Ja) => "all（すべてのアカウント）".to_owned(),
            (other, _) => other.to_owned(),
        };
        let between = if language == Language::En { ", " } else { "、" };
        self.0.iter().map(said).collect::<Vec<_>>().join(between)
    }
}

/// Who was refused in a region; `None` where AWS did not say who asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Refused(pub Option<String>);

impl Spoken for Refused {
    fn spoken(&self, language: Language) -> impl Display {
        match (&self.0, language) {
            (Some(caller), _) => caller.clone(),
            (None, Language::En) => "the reader's role".to_owned(),
            (None, Language::Ja) => "読み取り用のロール".to_owned(),
        }
    }
}

/// A size in GiB; `None` where AWS names none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Gibibytes(pub Option<i64>);

impl Spoken for Gibibytes {
    fn spoken(&self, language: Language) -> impl Display {
        match (self.0, language) {
            (Some(size), _) => format!("{size} GiB"),
            (None, Language::En) => "(none)".to_owned(),
            (None, Language::Ja) => "(なし)".to_owned(),
        }
    }
}

/// The AWS cron expression of a backup rule; `None` where the rule has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Schedule(pub Option<String>);

impl Spoken for Schedule {
    fn spoken(&self, language: Language) -> impl Display {
        match (&self.0, language) {
            (Some(schedule), _) => schedule.clone(),
            (None, Language::En) => "none".to_owned(),
            (None, Language::Ja) => "予定なし".to_owned(),
        }
    }
}

/// For how many days something is kept; `None`: for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Lifetime(pub Option<i64>);

impl Spoken for Lifetime {
    fn spoken(&self, language: Language) -> impl Display {
        match (self.0, language) {
            (Some(days), Language::En) => format!("{days} days"),
            (Some(days), Language::Ja) => format!("{days} 日"),
            (None, Language::En) => "for ever".to_owned(),
            (None, Language::Ja) => "無期限".to_owned(),
        }
    }
}

/// The days that a lock demands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The fewest; `None` where the lock names none.
    pub min: Option<i64>,
    /// The most; `None` where the lock names none.
    pub max: Option<i64>,
}

impl Spoken for Span {
    fn spoken(&self, language: Language) -> impl Display {
        match (self.min, self.max, language) {
            (Some(min), Some(max), Language::En) => format!("{min} to {max} days"),
            (Some(min), Some(max), Language::Ja) => format!("{min}〜{max} 日"),
            (Some(min), None, Language::En) => format!("at least {min} days"),
            (Some(min), None, Language::Ja) => format!("{min} 日以上"),
            (None, Some(max), Language::En) => format!("at most {max} days"),
            (None, Some(max), Language::Ja) => format!("{max} 日以下"),
            (None, None, Language::En) => "any time".to_owned(),
            (None, None, Language::Ja) => "制限なし".to_owned(),
        }
    }
}
