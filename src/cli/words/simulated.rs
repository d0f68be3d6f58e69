//! Sentences of `sandbox`.

use tokaido_derive::Reason;

use crate::model::{ResourceId, Said};

#[derive(Debug, Clone, PartialEq, Reason)]
pub enum Simulated {
    #[en("{path} is empty")]
    #[ja("{path} を空にしました")]
    Empty { path: String },
    #[en("by hand: {id} {path} is {value}")]
    #[ja("手動の変更: {id} の {path} を {value} にしました")]
    Set { id: ResourceId, path: String, value: String },
    #[en("by hand: {id} {path} is gone")]
    #[ja("手動の変更: {id} の {path} をなくしました")]
    Unset { id: ResourceId, path: String },
    #[en("by hand: {id} is removed")]
    #[ja("手動の変更: {id} を削除しました")]
    Removed { id: ResourceId },
    #[en("`{operation}` will fail: {class}")]
    #[ja("`{operation}` は失敗するようになりました: {class}")]
    Fails { operation: String, class: &'static str },
    #[en("`{operation}` has no middle: `--midway` is for one `create` or `update` of a kind")]
    #[ja("`{operation}` に途中はありません。`--midway` は、ある種類の `create` か `update` に使います")]
    NoParts { operation: String },
    #[en("a new {kind} is shown {seconds} seconds late")]
    #[ja("新しい {kind} が見えるまでに {seconds} 秒かかるようになりました")]
    Late { kind: String, seconds: u64 },
    #[en("no call fails on purpose any more")]
    #[ja("意図的に失敗する呼び出しはなくなりました")]
    Healed,
    #[en("it is now {at}")]
    #[ja("現在の日時は {at} です")]
    Now { at: String },
    #[en("the credentials now belong to {account}")]
    #[ja("認証情報は {account} のものになりました")]
    Account { account: String },
    #[en("{id} is not in the sandbox")]
    #[ja("{id} はサンドボックスにありません")]
    NotThere { id: ResourceId },
    #[en("the sandbox is empty ({place})")]
    #[ja("サンドボックスは空です ({place})")]
    Nothing { place: Said },
}
