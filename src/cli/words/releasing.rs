//! Sentences of `release` and `promote`.

use tokaido_derive::Reason;

use crate::model::{Environment, Explained, Said};

#[derive(Debug, Clone, PartialEq, Eq, Reason)]
pub enum Releasing {
    #[en("release {id} exists, and a release never changes; the next free id is {next}")]
    #[ja("リリース {id} はすでにあり、リリースは変更できません。次に使える ID は {next} です")]
    Exists { id: String, next: String },
    #[en("nothing changed since {id}: base, policies and the version of tokaido are the same; promote that one")]
    #[ja("{id} から変更がありません。基本のファイル、ポリシー、tokaido のバージョンは同じです。{id} を昇格してください")]
    NothingChanged { id: String },
    #[en("cut {id} · digest {digest} · {files} · tokaido {version}\n\nNext\n  {tokaido} promote {id} --to dev\n")]
    #[ja(
        "リリース {id} を作成しました · ダイジェスト {digest} · {files} · tokaido {version}\n\n次に実行するコマンド\n  {tokaido} promote {id} --to dev\n"
    )]
    Cut { id: String, digest: String, files: Said, version: &'static str, tokaido: String },
    #[en("{environment} is pinned to {release} already; nothing was changed\n\nNext\n  {tokaido} plan {environment}\n")]
    #[ja(
        "{environment} はすでに {release} に固定されています。何も変更していません\n\n次に実行するコマンド\n  {tokaido} plan {environment}\n"
    )]
    PinnedAlready { environment: Environment, release: String, tokaido: String },
    #[en("{environment} is not pinned to {release}: the plan could not be made whole; nothing was changed")]
    #[ja("{environment} を {release} に固定していません。計画に必要な情報をすべて読み取れませんでした。何も変更していません")]
    NotPinned { environment: Environment, release: String },
    #[en("{error}; the pin was put back")]
    #[ja("{error}。固定は元に戻しました")]
    PutBack { error: Said },
    #[en("{error}; and the pin could not be put back")]
    #[ja("{error}。固定を元に戻すこともできませんでした")]
    NotPutBack { error: Said },
    #[en("{path} cannot be read: {problem}; nothing was changed")]
    #[ja("{path} を読み取れません: {problem}。何も変更していません")]
    NotRead { path: String, problem: Said },
    #[en("cannot write {path}: it was edited after tokaido read it; nothing was changed")]
    #[ja("{path} に書き込めません: 読み取った後に編集されました。何も変更していません")]
    Edited { path: String },
}

/// The purposes of the commands to type next.
pub const FREEZE: Explained = Explained::new("freeze the shared files as they are", "共通のファイルを今の内容で固定する");
pub const KEEP: Explained =
    Explained::new("keep the plan for review, beside the edited file", "編集したファイルとともに、計画をレビュー用に保存する");
pub const AGAIN: Explained = Explained::new(
    "plan again, ask, and apply; records that it is proven",
    "もう一度計画し、確認してから適用する。確認済みとして記録される",
);
