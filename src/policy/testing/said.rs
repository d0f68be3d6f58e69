//! Why a case of a policy failed, and what its cases leave open.

use std::fmt;

use serde::Serialize;
use tokaido_derive::Reason;

use crate::model::reason::Spoken;
use crate::model::{Environment, Language};

/// What the cases of a policy show.
#[derive(Debug, Reason)]
pub(super) enum CaseReason {
    /// The engine's own sentence is English.
    #[en("{place}: {reason}")]
    #[ja("{place}: ポリシーの評価に失敗しました（{reason}）")]
    Fails { place: String, reason: String },
    #[en("the policy is off in {environment}, so it is not asked there")]
    #[ja("このポリシーは {environment} では無効なため、判定しません")]
    Off { environment: Environment },
    #[en("expected that it is not asked; it is, because `unknown` names no read that it needs")]
    #[ja("判定しないことを期待していましたが、必要な読み取りが `unknown` にないため判定しました")]
    Asked,
    #[en("it is not asked, because a read that it needs failed: {unread}")]
    #[ja("必要な読み取りが失敗したため、判定していません: {unread}")]
    NotAsked { unread: String },
    #[en("{id} should be {expected} and is {got}{said}")]
    #[ja("{id} は {expected} のはずですが、{got} です{said}")]
    Differs { id: String, expected: String, got: String, said: Behind },
    #[en("{id} is {got}{said}; `expect` says nothing of it")]
    #[ja("{id} は {got} です{said}。`expect` に書かれていません")]
    Unexpected { id: String, got: String, said: Behind },
    #[en("{id} is not among what the policy is about")]
    #[ja("{id} はこのポリシーの対象ではありません")]
    Absent { id: String },
    #[en(
        "{place}: the condition `{condition}` could not be taken out, so nothing is known of it; this is a mistake of tokaido: {why}"
    )]
    #[ja("{place}: 条件 `{condition}` を取り除けなかったため、確認できていません。これは tokaido の不具合です（{why}）")]
    NotTakenOut { place: String, condition: String, why: String },
    #[en("the policy cannot be read again: {why}")]
    #[ja("ポリシーをもう一度読み取ることができません（{why}）")]
    Unread { why: String },
    #[en("a case that breaks {policy}: it has never been seen to refuse anything")]
    #[ja("{policy} に違反するテストケース。このポリシーが何かを拒否した例がありません")]
    NoneBreaks { policy: String },
    #[en("a case that keeps {policy}: it may refuse everything")]
    #[ja("{policy} を守るテストケース。このポリシーはすべてを拒否するかもしれません")]
    NoneKeeps { policy: String },
}

/// What the policy itself said, behind the sentence.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub(super) struct Behind(pub Option<String>);

impl Spoken for Behind {
    fn spoken(&self, language: Language) -> impl fmt::Display {
        match (&self.0, language) {
            (None, _) => String::new(),
            (Some(said), Language::En) => format!(": {said}"),
            (Some(said), Language::Ja) => format!("（{said}）"),
        }
    }
}
