//! Sentences of `watch`.

use tokaido_derive::Reason;

use crate::model::reason::IoReason;
use crate::model::{Environment, Said};

#[derive(Debug, Clone, PartialEq, Eq, Reason)]
pub enum Watching {
    #[en("AWS is looked at once a minute at most: --every 1m")]
    #[ja("AWS の確認は多くても 1 分に 1 回です。--every 1m を指定してください")]
    TooOften,
    #[en("metrics cannot be served on {address}: {error}")]
    #[ja("{address} でメトリクスを公開できません: {error}")]
    NoMetrics { address: String, error: IoReason },
    #[en("metrics on http://{address}/metrics")]
    #[ja("メトリクスは http://{address}/metrics にあります")]
    Metrics { address: String },
    #[en("watching {environments} {how}{news}")]
    #[ja("{environments} を{how}監視します{news}")]
    Started { environments: String, how: Said, news: Said },
    #[en("once")]
    #[ja(" 1 回だけ")]
    Once,
    #[en("every {interval}")]
    #[ja(" {interval} ごとに")]
    Every { interval: String },
    #[en("; news go to {host}, signed")]
    #[ja("。変化は {host} に署名付きで送信します")]
    NewsSigned { host: String },
    #[en("; news go to {host}, unsigned")]
    #[ja("。変化は {host} に署名なしで送信します")]
    NewsUnsigned { host: String },
    #[en("{environment}: the look could not be written down: {problem}")]
    #[ja("{environment}: 監視の結果を記録できませんでした: {problem}")]
    NotWrittenDown { environment: Environment, problem: Said },
    #[en("the clock of the simulated world cannot be read, and another clock does not count")]
    #[ja("模擬環境の時計を読み取れません。ほかの時計は使えません")]
    NoClock,
    #[en("the place of the records is not known before files and credentials are right once")]
    #[ja("ファイルと認証情報が一度も正しく読めていないため、記録の場所が分かりません")]
    NoStore,
    #[en("standard output was not read for a time: {missed} lines were left out; they are recorded")]
    #[ja("標準出力がしばらく読み取られなかったため、{missed} 行を省きました。内容は記録されています")]
    LeftOut { missed: usize },
    #[en("standard output was not read: {left} lines were not written; they are recorded")]
    #[ja("標準出力が読み取られなかったため、{left} 行を書き込めませんでした。内容は記録されています")]
    NotRead { left: usize },
    #[en("standard output cannot be written: {error}")]
    #[ja("標準出力に書き込めません: {error}")]
    NoOutput { error: IoReason },
    #[en(
        "TOKAIDO_WEBHOOK_SECRET is not UTF-8, so nothing could be signed with it; next: set it to a text, such as the hexadecimal digits of a random key, or unset it"
    )]
    #[ja(
        "TOKAIDO_WEBHOOK_SECRET が UTF-8 ではないため、署名に使えません。乱数の鍵を 16 進数で書いたものなど、文字列を設定するか、設定を外してください"
    )]
    SecretNoText,
    #[en("the webhook cannot start: {error}")]
    #[ja("webhook を開始できません: {error}")]
    NoWebhook { error: IoReason },
    #[en("event {id} was not sent to {host}: {why}; it is recorded")]
    #[ja("イベント {id} を {host} に送信していません: {why}。内容は記録されています")]
    NotSent { id: String, host: String, why: Said },
    #[en("too many wait")]
    #[ja("送信待ちが多すぎます")]
    TooMany,
    #[en("the sender has stopped")]
    #[ja("送信の処理が動いていません")]
    NobodySends,
    #[en("{left} events could not be sent to {host} before the end; they are recorded")]
    #[ja("{left} 件のイベントを終了までに {host} に送信できませんでした。内容は記録されています")]
    Unsent { left: usize, host: String },
    #[en("the address of the webhook {why}; it is https://…, or http:// on this machine")]
    #[ja("webhook のアドレス{why}。https://…、またはこのマシンの http:// を指定してください")]
    Address { why: Said },
    #[en("is no address")]
    #[ja("がアドレスの形になっていません")]
    NoAddress,
    #[en("has no host")]
    #[ja("にホストがありません")]
    NoHost,
    #[en("has a user or a password in it, which others would print; sign with TOKAIDO_WEBHOOK_SECRET instead")]
    #[ja(
        "にユーザー名かパスワードが含まれており、ほかのプログラムに表示されるおそれがあります。代わりに TOKAIDO_WEBHOOK_SECRET で署名してください"
    )]
    HasPassword,
    #[en("would be sent without encryption")]
    #[ja("では暗号化されずに送信されます")]
    NotEncrypted,
    #[en("is neither https nor http")]
    #[ja("が https でも http でもありません")]
    OtherScheme,
    #[en("{host} did not take event {id}: {why}; it is recorded")]
    #[ja("{host} がイベント {id} を受け取りませんでした: {why}。内容は記録されています")]
    NotTaken { host: String, id: String, why: Said },
    #[en("it answered {status}")]
    #[ja("応答は {status} でした")]
    Answered { status: u32 },
    #[en("it answered {status}, which trying again does not mend")]
    #[ja("応答は {status} で、再送しても解決しません")]
    Final { status: u32 },
    #[en("{why}, {attempts} times")]
    #[ja("{why} ({attempts} 回)")]
    Times { why: Said, attempts: u32 },
    #[en("no answer in time")]
    #[ja("時間内に応答がありません")]
    Timeout,
    #[en("its name is not known")]
    #[ja("ホスト名を解決できません")]
    NameUnknown,
    #[en("no connection")]
    #[ja("接続できません")]
    NoConnection,
    #[en("{error}")]
    #[ja("{error}")]
    Io { error: IoReason },
    #[en("no trusted connection: {error}")]
    #[ja("信頼できる接続を確立できません: {error}")]
    Untrusted { error: String },
    #[en("the request failed")]
    #[ja("要求に失敗しました")]
    RequestFailed,
}
