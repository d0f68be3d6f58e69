//! Sentences of several commands.

use tokaido_derive::Reason;

use crate::model::reason::{FileReason, IoReason};
use crate::model::{Environment, Region, Said};

#[derive(Debug, Clone, PartialEq, Eq, Reason)]
pub enum General {
    #[en("{environment}: {problem}")]
    #[ja("{environment}: {problem}")]
    Of { environment: Environment, problem: Said },
    #[en("{environment} is unknown: {problem}")]
    #[ja("{environment} の状況が分かりません: {problem}")]
    Unknown { environment: Environment, problem: Said },
    #[en("{environment}: what was watched is unknown: {problem}")]
    #[ja("{environment}: 監視の結果が分かりません: {problem}")]
    Unwatched { environment: Environment, problem: Said },
    #[en("{environment}: who is waited for is unknown: {problem}")]
    #[ja("{environment}: 誰の承認を待っているか分かりません: {problem}")]
    WaitUnknown { environment: Environment, problem: Said },
    #[en("{environment} could not be compiled")]
    #[ja("{environment} の設定を組み立てられません")]
    NotCompiled { environment: Environment },
    #[en("cannot read {path}: {error}")]
    #[ja("{path} を読み取れません: {error}")]
    NotRead { path: String, error: IoReason },
    #[en("cannot write {path}: {error}")]
    #[ja("{path} に書き込めません: {error}")]
    NotWritten { path: String, error: IoReason },
    #[en("cannot write {path}: {error}; nothing was changed")]
    #[ja("{path} に書き込めません: {error}。何も変更していません")]
    NothingWritten { path: String, error: IoReason },
    #[en("cannot write {path}: {error}; nothing was left behind")]
    #[ja("{path} に書き込めません: {error}。書きかけのものは残っていません")]
    NothingLeft { path: String, error: IoReason },
    #[en("cannot remove {path}: {error}")]
    #[ja("{path} を削除できません: {error}")]
    NotRemoved { path: String, error: IoReason },
    #[en("the log {path} cannot be opened: {error}; nothing was done")]
    #[ja("ログ {path} を開けません: {error}。何も実行していません")]
    NoLog { path: String, error: FileReason },
    #[en("the log {path} is refused: {why}; nothing was done")]
    #[ja("ログ {path} には書き込みません: {why}。何も実行していません")]
    LogRefused { path: String, why: Said },
    #[en("the file exists and is no log of tokaido; name another file, or one that does not exist")]
    #[ja("このファイルは tokaido のログではありません。別のファイルか、存在しないファイルを指定してください")]
    NoLogOfOurs,
    #[en("`{folder}` belongs to the project, which is read from there; name a file elsewhere")]
    #[ja("`{folder}` はプロジェクトのファイルを置く場所です。別の場所のファイルを指定してください")]
    LogInProject { folder: String },
    #[en("it is a link to a file that does not exist; name the file itself")]
    #[ja("存在しないファイルへのリンクです。ファイルそのものを指定してください")]
    LogLeadsNowhere,
    #[en("the file {path} is refused: {why}; nothing was written")]
    #[ja("ファイル {path} には書き込みません: {why}。何も書き込んでいません")]
    FileRefused { path: String, why: Said },
    #[en("the file exists and was not written by this option; name another file, or one that does not exist")]
    #[ja("このオプションが書いたファイルではありません。別のファイルか、存在しないファイルを指定してください")]
    NoFileOfOurs,
    #[en(
        "{path} leads out of the project, and what tokaido keeps there would be written elsewhere; replace the link by a folder; nothing was done"
    )]
    #[ja(
        "{path} はプロジェクトの外を指しており、tokaido の記録が別の場所に書き込まれます。リンクをフォルダーに置き換えてください。何も実行していません"
    )]
    LeadsOut { path: String },
    #[en("the log could not be written ({error}), so it is not whole; the command was not disturbed by that")]
    #[ja("ログに書き込めなかったため ({error})、ログが欠けています。コマンドの実行には影響していません")]
    LogCut { error: IoReason },
    #[en("the runtime cannot start: {error}")]
    #[ja("実行環境を起動できません: {error}")]
    NoRuntime { error: IoReason },
    #[en("standard output could not be written ({error}), so what was printed is not whole; what was done before stays done")]
    #[ja("標準出力に書き込めなかったため ({error})、出力が欠けています。それまでに実行したことは元に戻りません")]
    OutputCut { error: IoReason },
    #[en("nothing is called `{word}`; the nearest names are {near}{known}")]
    #[ja("`{word}` という名前のものはありません。近い名前は {near} です{known}")]
    NothingCalled { word: String, near: String, known: Said },
    #[en(
        "nothing is called `{word}` or nearly so; there are the words of a plan, a file or a finding, clauses such as 12, and the terms of docs/glossary.md{known}"
    )]
    #[ja(
        "`{word}` という名前のものも、それに近い名前のものもありません。計画、ファイル、誤りに現れる語、12 のような条項、docs/glossary.ja.md の用語を指定できます{known}"
    )]
    NothingNear { word: String, known: Said },
    #[en("; policies/promises.yaml was not found, so clauses are unknown")]
    #[ja("。policies/promises.yaml が見つからないため、条項は分かりません")]
    ClausesUnknown,
    #[en("no environment could be audited, and OSCAL has no result without one")]
    #[ja("監査できた環境がありません。OSCAL の結果には少なくとも一つの環境が必要です")]
    NothingAudited,
    #[en("`{wanted}` is no clause of the paper; there are sections 1 to {last} and slugs, the nearest of which are {near}")]
    #[ja(
        "`{wanted}` という条項はホワイトペーパーにありません。指定できるのは 1 から {last} までの節と約束の名前で、近い名前は {near} です"
    )]
    NoClause { wanted: String, last: usize, near: String },
    #[en("there is no policies/roles.yaml: `tokaido schema roles` says what it holds")]
    #[ja("policies/roles.yaml がありません。内容は `tokaido schema roles` で確認できます")]
    NoRoles,
    #[en("this tokaido was built without the feature `aws`: use `--world sandbox`, or build with the default features")]
    #[ja("この tokaido は機能 `aws` なしでビルドされています。`--world sandbox` を使うか、既定の機能でビルドしてください")]
    #[cfg_attr(feature = "aws", expect(dead_code, reason = "said where there is no AWS"))]
    WithoutAws,
    #[en(
        "{service} calls are configured to go to {url}, which is neither AWS nor this machine; remove the override (AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_{upper} or `endpoint_url` of the profile) or name the host with --allow-endpoint"
    )]
    #[ja(
        "{service} の呼び出し先が {url} に設定されていますが、これは AWS でもこのマシンでもありません。設定 (AWS_ENDPOINT_URL、AWS_ENDPOINT_URL_{upper}、またはプロファイルの `endpoint_url`) を外すか、--allow-endpoint でホストを指定してください"
    )]
    #[cfg_attr(not(feature = "aws"), expect(dead_code, reason = "said where there is AWS"))]
    OtherEndpoint { service: &'static str, url: String, upper: String },
    #[en(
        "the role {role} under `readers:` is of account {declared}, and STS says that its credentials are of account {answered}; nothing is read with them"
    )]
    #[ja(
        "`readers:` のロール {role} はアカウント {declared} のものですが、STS によるとその認証情報はアカウント {answered} のものです。この認証情報では何も読み取りません"
    )]
    #[cfg_attr(not(feature = "aws"), expect(dead_code, reason = "said where there is AWS"))]
    OtherAccount { role: String, declared: String, answered: String },
    #[en("{count} settings that AWS has are not compared: `tokaido explain KIND` lists those of a kind, such as db-instance")]
    #[ja(
        "AWS の設定のうち {count} 項目は比較していません。一覧は db-instance などの種類ごとに `tokaido explain 種類` で確認できます"
    )]
    NotCompared { count: usize },
    #[en("{kind} in {region}: {problem}")]
    #[ja("{region} の {kind}: {problem}")]
    Unread { kind: String, region: Region, problem: String },
    #[en("calls:")]
    #[ja("呼び出し:")]
    Calls,
    #[en("changing")]
    #[ja("変更")]
    Changing,
    #[en("calls in all: {all}; mutating calls: {mutating}")]
    #[ja("呼び出しの合計: {all}、うち変更を伴うもの: {mutating}")]
    CallsInAll { all: u64, mutating: u64 },
}
