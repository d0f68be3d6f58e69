//! The introduction of another place that matters.

use tokaido_derive::Reason;

use crate::model::Said;

#[derive(Debug, Clone, PartialEq, Eq, Reason)]
pub enum Place {
    #[en("first asked for here")]
    #[ja("最初に求めている場所")]
    FirstAsked,
    #[en("what holds is written here")]
    #[ja("現在有効な値の場所")]
    Holds,
    #[en("`isolation` is written here")]
    #[ja("`isolation` の場所")]
    Isolation,
    #[en("`up_to` is written here")]
    #[ja("`up_to` の場所")]
    UpTo,
    #[en("the backup window is written here")]
    #[ja("バックアップの時間帯の場所")]
    BackupWindow,
    #[en("snapshots begin here")]
    #[ja("スナップショットの開始時刻の場所")]
    Snapshots,
    #[en("account written here")]
    #[ja("アカウントの場所")]
    Account,
    #[en("the network is written here")]
    #[ja("ネットワークの場所")]
    Network,
    #[en("the other block is written here")]
    #[ja("もう一方のアドレス範囲の場所")]
    OtherBlock,
    #[en("the other is written here")]
    #[ja("もう一方の場所")]
    Other,
    #[en("it lies in this block")]
    #[ja("これを含むアドレス範囲の場所")]
    InBlock,
    #[en("declared here")]
    #[ja("宣言の場所")]
    Declared,
    #[en("the manifest says it here")]
    #[ja("目録の記載")]
    Manifest,
    #[en("it overrides {words} of")]
    #[ja("上書きしている値（{words}）の場所")]
    Overrides { words: Said },
}
