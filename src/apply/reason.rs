//! Why a step failed, was skipped, or has an unknown end, and what a step waits for.

use std::fmt;

use serde::{Serialize, Serializer};
use tokaido_derive::Reason;

use crate::model::moment::Lasting;
use crate::model::reason::Spoken;
use crate::model::{Language, Name, ResourceId, Said, Value};
use crate::world::{Changed, ProviderError};

use super::replies::{Replies, Still};

/// Why a step did not end well.
#[derive(Debug, Clone, Reason)]
pub(super) enum StepReason {
    // The executor.
    #[en("you stopped the apply")]
    #[ja("適用を中止しました")]
    Stopped,
    #[en("the permit is for another plan")]
    #[ja("許可が別の計画のものです")]
    OtherPermit,
    #[en("what was done cannot be recorded")]
    #[ja("実行した内容を記録できません")]
    Unrecorded,
    #[en("{reason}")]
    #[ja("{reason}")]
    Fenced { reason: Said },
    #[en("{id} failed")]
    #[ja("{id} が失敗しました")]
    NeededFailed { id: ResourceId },
    #[en("{id} was skipped")]
    #[ja("{id} を実行していません")]
    NeededSkipped { id: ResourceId },
    #[en("{id} ended unknown")]
    #[ja("{id} の結果が不明です")]
    NeededUnknown { id: ResourceId },

    // Before a call.
    #[en("the plan has no change for {id}")]
    #[ja("計画に {id} の変更がありません")]
    NoChange { id: ResourceId },
    #[en("this world has no {kind}")]
    #[ja("この実行先では {kind} を扱えません")]
    NoDriver { kind: String },
    #[en("{id} has no {output} yet")]
    #[ja("{id} の {output} がまだありません")]
    NoOutput { id: ResourceId, output: String },
    #[en("nothing was called, because {reason}")]
    #[ja("AWS を呼び出していません。理由: {reason}")]
    NotCalled { reason: Said },
    #[en("the plan does not say which live resource it means")]
    #[ja("計画が実環境のどのリソースを指すのか分かりません")]
    NoPhysical,

    // Calls and waits.
    #[en("{error}")]
    #[ja("{error}")]
    Call { error: Advised },
    #[en("its state could not be read: {error}")]
    #[ja("状態を読み取れませんでした: {error}")]
    StateUnread { error: Bare },
    #[en("AWS says `{word}`, which waiting does not heal")]
    #[ja("AWS の応答は `{word}` で、待っても回復しません")]
    Unhealthy { word: String },
    #[en("not settled after {minutes} minutes ({waiting_for}); AWS may still finish it")]
    #[ja("{minutes} 分待ちましたが完了していません（{waiting_for}）。AWS では今後完了する可能性があります")]
    NotSettled { minutes: u64, waiting_for: Said },
    #[en("you stopped waiting; AWS goes on by itself")]
    #[ja("待機を中止しました。AWS では処理が続きます")]
    StoppedWaiting,

    // Replies that were lost.
    #[en("{replies}; read back: {reason}")]
    #[ja("{replies}。読み直した結果: {reason}")]
    AfterLoss { replies: Replies, reason: Said },
    #[en("{replies}, and what came of it is not known: {reason}")]
    #[ja("{replies}。その結果は分かりません: {reason}")]
    NotReadBack { replies: Replies, reason: Said },
    #[en("{replies}; read back: {still}; it was not sent again, because {reason}")]
    #[ja("{replies}。読み直した結果: {still}。再送していません。理由: {reason}")]
    NotSentAgain { replies: Replies, still: Still, reason: Said },
    #[en("{replies}; read back: {still}; sent again, and refused: {error}")]
    #[ja("{replies}。読み直した結果: {still}。再送しましたが、拒否されました: {error}")]
    ResentRefused { replies: Replies, still: Still, error: Advised },
    #[en(
        "sent {sent} times: {replies}; read back {after} after the last: {still}; AWS may still do it; the last answer: {error}"
    )]
    #[ja(
        "{sent} 回送信しました: {replies}。最後の送信から {after}後に読み直した結果: {still}。AWS では今後完了する可能性があります。最後の応答: {error}"
    )]
    NeverAnswered { sent: usize, replies: Replies, after: Lasting, still: Still, error: Advised },
    #[en(
        "{replies}; looked for by its tag for {searched}, and AWS does not show it; it was not sent again; the next plan finds it, or makes it ({error})"
    )]
    #[ja(
        "{replies}。タグで {searched}間探しましたが、AWS に表示されません。再送していません。次の計画で見つかるか、作成されます（{error}）"
    )]
    NotFoundByTag { replies: Replies, searched: Lasting, error: Bare },
    #[en("{replies}; it could not be looked for ({error}); it was not sent again; the next plan finds it, or makes it")]
    #[ja("{replies}。探すことができませんでした（{error}）。再送していません。次の計画で見つかるか、作成されます")]
    NotLookedFor { replies: Replies, error: Bare },
    #[en(
        "{replies}; looked for by its tag for {searched} until you stopped; it was not sent again; the next plan finds it, or makes it"
    )]
    #[ja("{replies}。中止されるまで、タグで {searched}間探しました。再送していません。次の計画で見つかるか、作成されます")]
    SearchStopped { replies: Replies, searched: Lasting },

    // Creates.
    #[en("it exists since the plan was made, with other values; plan again")]
    #[ja("計画の作成後に、別の値で作成されています。計画し直してください")]
    ExistsOtherwise,
    #[en("{candidates} carry this id since the plan was made; plan again")]
    #[ja("計画の作成後に、{candidates} がこの ID を持つようになりました。計画し直してください")]
    Ambiguous { candidates: Vec<String> },
    #[en("{physical} holds its name since the plan was made; plan again")]
    #[ja("計画の作成後に、{physical} がこの名前を使うようになりました。計画し直してください")]
    NameHeld { physical: String },
    #[en("it vanished while it was being created")]
    #[ja("作成中に実環境からなくなりました")]
    Vanished,
    #[en("it was created, and the next plan finishes {names}: {reason}")]
    #[ja("作成しました。{names} は次の計画で仕上げます: {reason}")]
    CreatedInPart { names: Vec<Name>, reason: Said },

    // Updates and adopts.
    #[en("it is gone")]
    #[ja("実環境からなくなりました")]
    Gone,
    #[en("it is gone; plan again")]
    #[ja("実環境にありません。計画し直してください")]
    GonePlanAgain,
    #[en("nothing was changed: {reason}")]
    #[ja("何も変更していません: {reason}")]
    Untouched { reason: Said },
    #[en("{physical} does not carry our tags any more; plan again")]
    #[ja("{physical} に tokaido のタグがなくなりました。計画し直してください")]
    NotOurs { physical: String },
    #[en("{path} is gone since the plan was made; plan again")]
    #[ja("計画の作成後に、{path} がなくなりました。計画し直してください")]
    PartGone { path: String },
    #[en("{path} is {now} now and was {before} when the plan was made; plan again")]
    #[ja("{path} は現在 {now} ですが、計画の作成時は {before} でした。計画し直してください")]
    Moved { path: String, now: Value, before: Value },
    #[en("{physical} is not taken over: no file asks for it; plan again")]
    #[ja("{physical} を引き継ぎません。ファイルで指定されていません。計画し直してください")]
    AdoptUnasked { physical: String },
    #[en("{physical} is not taken over: it is not what the file names; plan again")]
    #[ja("{physical} を引き継ぎません。ファイルで指定されたものと異なります。計画し直してください")]
    AdoptOther { physical: String },
    #[en("{physical} is not taken over: its tags name another owner; plan again")]
    #[ja("{physical} を引き継ぎません。タグによれば、ほかの管理下にあります。計画し直してください")]
    AdoptOwned { physical: String },

    // Deletes.
    #[en("{physical} is not deleted: it needs our tag, a tombstone, and a kind without data")]
    #[ja("{physical} を削除しません。削除できるのは、tokaido のタグと削除指定があり、データを持たない種類のものだけです")]
    NotDeleted { physical: String },
}

impl StepReason {
    /// Whether the resource is not what it was when the plan was made, so that the step began nothing.
    pub(super) const fn is_moved(&self) -> bool {
        match self {
            Self::ExistsOtherwise
            | Self::Ambiguous { .. }
            | Self::NameHeld { .. }
            | Self::GonePlanAgain
            | Self::NotOurs { .. }
            | Self::PartGone { .. }
            | Self::Moved { .. }
            | Self::AdoptUnasked { .. }
            | Self::AdoptOther { .. }
            | Self::AdoptOwned { .. }
            | Self::NotDeleted { .. } => true,
            Self::Stopped
            | Self::OtherPermit
            | Self::Unrecorded
            | Self::Fenced { .. }
            | Self::NeededFailed { .. }
            | Self::NeededSkipped { .. }
            | Self::NeededUnknown { .. }
            | Self::NoChange { .. }
            | Self::NoDriver { .. }
            | Self::NoOutput { .. }
            | Self::NotCalled { .. }
            | Self::NoPhysical
            | Self::Call { .. }
            | Self::StateUnread { .. }
            | Self::Unhealthy { .. }
            | Self::NotSettled { .. }
            | Self::StoppedWaiting
            | Self::AfterLoss { .. }
            | Self::NotReadBack { .. }
            | Self::NotSentAgain { .. }
            | Self::ResentRefused { .. }
            | Self::NeverAnswered { .. }
            | Self::NotFoundByTag { .. }
            | Self::NotLookedFor { .. }
            | Self::SearchStopped { .. }
            | Self::Vanished
            | Self::CreatedInPart { .. }
            | Self::Gone
            | Self::Untouched { .. } => false,
        }
    }
}

impl StepReason {
    /// Whether surely nothing was made after the intent of the step. A refusal after a lost reply does not say that, and neither
    /// does one after a call that AWS has answered.
    pub(super) const fn is_refused(&self) -> bool {
        match self {
            Self::NotCalled { .. } => true,
            Self::Call { error: Advised(error) } => matches!(error.changed, Changed::No),
            _ => false,
        }
    }
}

/// What a step waits for. It stands behind `waiting`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Reason)]
pub(super) enum WaitReason {
    #[en("state `{word}` to end")]
    #[ja("状態 `{word}` の終了")]
    State { word: String },
    #[en("{operation} to answer ({class})")]
    #[ja("{operation} の応答 ({class})")]
    Answer { operation: String, class: &'static str },
    #[en("AWS to show what it may have made ({replies})")]
    #[ja("AWS が作成結果を表示すること（{replies}）")]
    LostAnswer { replies: Replies },
    #[en("a moment, to read it back ({replies})")]
    #[ja("読み直しまでの間隔（{replies}）")]
    ReadBack { replies: Replies },
    #[en("AWS to tell {name}")]
    #[ja("{name} の応答")]
    Told { name: Name },
    #[en("AWS to show it")]
    #[ja("AWS に表示されること")]
    Shown,
    #[en("AWS to remove it")]
    #[ja("AWS での削除の完了")]
    Removed,
    #[en("{path} to show its new value")]
    #[ja("{path} への新しい値の反映")]
    NewValue { path: String },
}

/// An error with what to do about it.
#[derive(Debug, Clone)]
pub(super) struct Advised(pub ProviderError);

impl Spoken for Advised {
    fn spoken(&self, language: Language) -> impl fmt::Display {
        self.0.spoken(language).to_string()
    }
}

impl Serialize for Advised {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// An error alone.
#[derive(Debug, Clone)]
pub(super) struct Bare(pub ProviderError);

impl Spoken for Bare {
    fn spoken(&self, language: Language) -> impl fmt::Display {
        self.0.say(language)
    }
}

impl Serialize for Bare {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}
