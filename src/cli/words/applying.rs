//! Sentences of `plan`, `apply`, `bootstrap`, `drift` and `audit`, and what to type next.

use tokaido_derive::Reason;

use crate::model::{Environment, Explained, Said};

#[derive(Debug, Clone, PartialEq, Eq, Reason)]
pub enum Applying {
    #[en("nothing had to be skipped, so no emergency is recorded")]
    #[ja("省くものがなかったため、緊急の適用は記録しません")]
    NothingSkipped,
    #[en(
        "what {environment} is pinned to did not come by promotion, or that cannot be found out: this look is not recorded as proven (`{tokaido} status` says more)"
    )]
    #[ja(
        "{environment} に固定されているリリースが昇格によるものではないか、そうであるかを確認できません。この確認結果は確認済みとして記録されません（詳しくは `{tokaido} status`）"
    )]
    NotPromoted { environment: Environment, tokaido: String },
    #[en("this emergency skips:{skipped}")]
    #[ja("この緊急の適用では次のものを省きます:{skipped}")]
    Skips { skipped: Said },
    #[en("Type the reason again to go on:")]
    #[ja("続けるには理由をもう一度入力してください:")]
    ReasonAgain,
    #[en("that is not the reason that was given; nothing was changed")]
    #[ja("指定された理由と一致しません。何も変更していません")]
    OtherReason,
    #[en("there is no terminal to ask on; look at the plan and say --yes. Nothing was changed")]
    #[ja("端末がないため確認の質問ができません。計画を確認してから --yes を指定してください。何も変更していません")]
    NobodyToAsk,
    #[en("Apply {changes} change(s) to {environment} ({account})?")]
    #[ja("{environment} ({account}) に {changes} 件の変更を適用しますか?")]
    Apply { changes: usize, environment: Environment, account: String },
    #[en("not confirmed; nothing was changed")]
    #[ja("確認が得られませんでした。何も変更していません")]
    NotConfirmed,
    #[en("stopping after the calls in flight; ask again (Ctrl-C) to end at once")]
    #[ja("実行中の呼び出しが終わりしだい停止します。すぐに終了するにはもう一度 Ctrl-C を押してください")]
    Stopping,
    #[en(
        "{environment} keeps its records in a folder of this machine, so there is nothing to make; `store: {{ bucket: NAME }}` in environments/{environment}.yaml names a bucket"
    )]
    #[ja(
        "{environment} の記録はこのマシンのフォルダーにあるため、作成するものはありません。バケットは environments/{environment}.yaml の `store: {{ bucket: NAME }}` で指定します"
    )]
    NothingToMake { environment: Environment },
    #[en("bootstrap: {names}, and nothing else; with the credentials at hand, without assume_role")]
    #[ja("初期構築: {names} だけを対象にします。assume_role は使わず、手元の認証情報で実行します")]
    Bootstrap { names: String },
    #[en("{place}: {path} is {here} here alone; below it is {base}")]
    #[ja("{place}: {path} はこの環境だけ {here} です。基本のファイルでは {base} です")]
    HereAlone { place: String, path: String, here: String, base: Said },
    #[en("kept {path}: the same plan, made {at} by {author}, and signed; remove {path} to make it anew, and have it signed anew")]
    #[ja(
        "{path} をそのまま残しました。同じ計画が {at} に {author} によって作成され、署名されています。作り直すには {path} を削除し、署名も取り直してください"
    )]
    Kept { path: String, at: String, author: String },
    #[en("saved {path}")]
    #[ja("{path} に保存しました")]
    Saved { path: String },
    #[en("the plan has no possible approver: {why}; {next}")]
    #[ja("この計画には承認できる人がいません: {why}。{next}")]
    NobodyApproves { why: Said, next: Said },
    #[en(
        "{environment} has no `release:`, so this is a plan of the tree; `{tokaido} promote RELEASE --to {environment}` pins it"
    )]
    #[ja(
        "{environment} に `release:` がないため、作業ツリーからの計画です。`{tokaido} promote RELEASE --to {environment}` でリリースを固定できます"
    )]
    NotPinned { environment: Environment, tokaido: String },
    #[en(
        "dev is pinned to {id} and the tree has moved on: `{tokaido} release diff {id}` shows how; without its line `release:` dev is compiled from the tree"
    )]
    #[ja(
        "dev は {id} に固定されていますが、作業ツリーはその後変わっています。違いは `{tokaido} release diff {id}` で確認できます。`release:` の行をなくすと、dev は作業ツリーの内容になります"
    )]
    TreeMovedOn { id: String, tokaido: String },
    #[en("emergency {id} of {environment} is not reviewed yet: {reason} ({by}, {at}); next: {tokaido} review {id} --key FILE")]
    #[ja(
        "{environment} の緊急の適用 {id} はまだ確認されていません: {reason} ({by}、{at})。次の操作: {tokaido} review {id} --key FILE"
    )]
    NotReviewed { id: String, environment: Environment, reason: String, by: String, at: String, tokaido: String },
    #[en("a plan of version {version} is shown, and neither approved nor applied; plan again")]
    #[ja("バージョン {version} の計画を表示しています。承認も適用もできません。計画し直してください")]
    OnlyShown { version: u32 },
    #[en("this file was altered: {how}")]
    #[ja("このファイルは書き換えられています: {how}")]
    Altered { how: Said },
    #[en("its body has the id {found} and it says {claimed}")]
    #[ja("本文の ID は {found} ですが、{claimed} と書かれています")]
    OtherId { found: String, claimed: String },
    #[en("its times, nonce, caller or world are not what was sealed")]
    #[ja("日時、ノンス、実行者、世界のいずれかが封印時と異なります")]
    NotAsSealed,
    #[en("it is not what this tokaido writes for this plan")]
    #[ja("この tokaido がこの計画について書き出す内容と一致しません")]
    Foreign,
}

/// Where the base file has no value.
pub const NOTHING: Explained = Explained::new("nothing", "値なし");
/// The same in a table.
pub const NO_VALUE: Explained = Explained::new("(nothing)", "（値なし）");

/// The purposes of the commands to type next.
pub const STILL_HOLDS: Explained =
    Explained::new("any time, to see whether it still holds", "適用した状態のままか、いつでも確認できる");
pub const WHAT_IS_LEFT: Explained =
    Explained::new("what is left; a finished step is not done twice", "残りを確認する。完了した手順は繰り返さない");
pub const FIRST: Explained = Explained::new("what the first apply would make", "最初の適用で作成する内容を確認する");
pub const REPAIR: Explained = Explained::new("what a repair would do", "修復の内容を確認する");
pub const EVERYTHING_ELSE: Explained = Explained::new("everything else", "残りすべて");
pub const WOULD_DO: Explained = Explained::new("what an apply would do", "適用の内容を確認する");
