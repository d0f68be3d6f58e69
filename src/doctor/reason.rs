//! What the checks of `doctor` say, and what a person does about it.

use std::fmt;

use serde::{Serialize, Serializer};
use tokaido_derive::Reason;

use crate::model::reason::{Spoken, Trouble};
use crate::model::{Environment, Language, Region, ResourceId, Said, Sentence};
use crate::world::ProviderError;

/// What a check found.
#[derive(Debug, Reason)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum Found {
    #[en("not asked: {why}")]
    #[ja("確認していません。{why}")]
    NotAsked { why: NotAsked },
    #[en("{said}")]
    #[ja("{said}")]
    Said { said: Said },

    // Files, tool, store.
    #[en("{environments}: {mistakes}")]
    #[ja("{environments}: {mistakes}")]
    Mistakes { environments: Vec<Environment>, mistakes: Counted },
    #[en("{environments}: no mistakes{policies}{warnings}")]
    #[ja("{environments}: 誤りはありません{policies}{warnings}")]
    NoMistakes { environments: Vec<Environment>, policies: Counted, warnings: Counted },
    #[en("tokaido {version}, with AWS")]
    #[ja("tokaido {version}、AWS に対応")]
    WithAws { version: &'static str },
    #[en("tokaido {version}, without AWS: only the simulated one")]
    #[ja("tokaido {version}、AWS に非対応（模擬環境のみ）")]
    WithoutAws { version: &'static str },
    #[en("{folder} can be written")]
    #[ja("{folder} に書き込めます")]
    Writable { folder: String },
    #[en("{folder} cannot be written: {error}")]
    #[ja("{folder} に書き込めません: {error}")]
    NotWritable { folder: String, error: Trouble },

    // Records and lease.
    #[en("none{place}: nothing was applied from here; drift is found all the same")]
    #[ja("{place}記録はありません。ここからの適用はまだありませんが、ずれは検出できます")]
    NoRecords { place: Place },
    #[en("{count} of earlier applies can be read{place}")]
    #[ja("{place}以前の適用の記録 {count} 件を読み取れます")]
    Records { count: usize, place: Place },
    #[en("free: never taken")]
    #[ja("空いています。取得されたことはありません")]
    NeverTaken,
    #[en("free: taken {times} times, the last one given back")]
    #[ja("空いています。これまでに {times} 回取得され、最後のものは返却されました")]
    Free { times: u64 },
    #[en("its holder ended without giving it back ({holder}); the next apply takes it over")]
    #[ja("保持者が返却せずに終了しました: {holder}。次の適用が引き継ぎます")]
    Dead { holder: Said },
    #[en("expired, last held by {holder}; the next apply takes it over")]
    #[ja("期限が切れています。最後の保持者: {holder}。次の適用が引き継ぎます")]
    Expired { holder: Said },
    #[en("an apply is running: {holder}; until {until} if it is not renewed")]
    #[ja("適用が実行中です: {holder}。更新されなければ {until} まで有効です")]
    Held { holder: Said, until: String },

    // The connection.
    #[en("{error}")]
    #[ja("{error}")]
    Refused { error: Bare },
    #[en("found: STS knows them")]
    #[ja("有効です。STS が確認しました")]
    KnownToSts,
    #[en("found: {arn}")]
    #[ja("有効です: {arn}")]
    Caller { arn: String },
    #[en("{role} (simulated)")]
    #[ja("{role}（模擬）")]
    RoleSimulated { role: String },
    #[en("{role} was assumed")]
    #[ja("{role} を引き受けました")]
    RoleAssumed { role: String },
    #[en("none is declared: the credentials are used as they are")]
    #[ja("宣言されていません。認証情報をそのまま使います")]
    NoRole,
    #[en("{environment} is {declared} and the credentials belong to {found}; nothing else was called")]
    #[ja("{environment} のアカウントは {declared} ですが、認証情報は {found} のものです。ほかの呼び出しは行っていません")]
    OtherAccount { environment: Environment, declared: String, found: String },
    #[en("{account}, as declared")]
    #[ja("{account}（宣言のとおり）")]
    Account { account: String },
    #[en("no answer of AWS told the time")]
    #[ja("AWS の応答から時刻が分かりませんでした")]
    NoTime,
    #[en("AWS refused the time in the signature, and did not tell its own")]
    #[ja("AWS が署名の時刻を拒否しました。AWS の時刻は分かりません")]
    ClockRefused,
    #[en("this machine is {seconds} seconds ahead of AWS, which refuses requests from {tolerated} seconds on")]
    #[ja("このマシンの時計は AWS より {seconds} 秒進んでいます。AWS は {tolerated} 秒を超えるとリクエストを拒否します")]
    FarAhead { seconds: u64, tolerated: u64 },
    #[en("this machine is {seconds} seconds behind AWS, which refuses requests from {tolerated} seconds on")]
    #[ja("このマシンの時計は AWS より {seconds} 秒遅れています。AWS は {tolerated} 秒を超えるとリクエストを拒否します")]
    FarBehind { seconds: u64, tolerated: u64 },
    #[en("the simulated AWS has this clock only")]
    #[ja("模擬環境の時計はこのマシンの時計です")]
    OneClock,
    #[en("the same second as AWS")]
    #[ja("AWS の時刻と秒まで一致しています")]
    SameSecond,
    #[en("{seconds} seconds ahead of AWS; {tolerated} are tolerated")]
    #[ja("AWS より {seconds} 秒進んでいます（{tolerated} 秒まで許容）")]
    Ahead { seconds: u64, tolerated: u64 },
    #[en("{seconds} seconds behind AWS; {tolerated} are tolerated")]
    #[ja("AWS より {seconds} 秒遅れています（{tolerated} 秒まで許容）")]
    Behind { seconds: u64, tolerated: u64 },

    // Regions.
    #[en("nothing was asked")]
    #[ja("問い合わせていません")]
    NothingAsked,
    #[en("no answer from {silent}")]
    #[ja("{silent} の応答がありません")]
    Silent { silent: Vec<String> },
    #[en("no answer from {silent}; {heard} answered")]
    #[ja("{silent} の応答がありません。{heard} は応答しました")]
    SilentInPart { silent: Vec<String>, heard: Vec<String> },
    #[en("{services} answered, and some objects could not be read")]
    #[ja("{services} は応答しましたが、読み取れないものがありました")]
    AnsweredInPart { services: Vec<String> },
    #[en("{services} answered")]
    #[ja("{services} が応答しました")]
    Answered { services: Vec<String> },

    // Permissions.
    #[en("denied; `plan` and `drift` need {needed} actions, `apply` adds {added}")]
    #[ja(
        "拒否された操作があります。`plan` と `drift` には {needed} 個の操作の許可が必要で、`apply` ではさらに {added} 個が必要です"
    )]
    Denied { needed: usize, added: usize },
    #[en("not all reads were answered; `plan` and `drift` need {needed} actions, `apply` adds {added}")]
    #[ja(
        "応答のない読み取りがあります。`plan` と `drift` には {needed} 個の操作の許可が必要で、`apply` ではさらに {added} 個が必要です"
    )]
    NotAllAnswered { needed: usize, added: usize },
    #[en("nothing was denied (a simulated AWS has no IAM); `plan` and `drift` need {needed} actions, `apply` adds {added}")]
    #[ja(
        "拒否された操作はありません（模擬環境に IAM はありません）。`plan` と `drift` には {needed} 個の操作の許可が必要で、`apply` ではさらに {added} 個が必要です"
    )]
    NotDenied { needed: usize, added: usize },
    #[en("all were proven; `plan` and `drift` need {needed} actions, `apply` adds {added}")]
    #[ja("すべて確認できました。`plan` と `drift` には {needed} 個の操作の許可が必要で、`apply` ではさらに {added} 個が必要です")]
    AllProven { needed: usize, added: usize },
    #[en(
        "{proven} were proven, none was denied, the others are asked only about what exists; `plan` and `drift` need {needed} actions, `apply` adds {added}"
    )]
    #[ja(
        "{proven} 個を確認し、拒否はありませんでした。ほかは実際にあるリソースについてだけ使います。`plan` と `drift` には {needed} 個の操作の許可が必要で、`apply` ではさらに {added} 個が必要です"
    )]
    ProvenInPart { proven: usize, needed: usize, added: usize },

    // Quotas.
    #[en("more is needed than AWS grants unless asked")]
    #[ja("AWS の既定の上限を超えています")]
    BeyondDefaults,
    #[en("what is declared fits into AWS's defaults; what else is in the account could not be counted")]
    #[ja("宣言されたものは AWS の既定の上限に収まります。アカウントにあるほかのものは数えられませんでした")]
    OthersUncounted,
    #[en("what is declared and what else is there fits into AWS's defaults (AWS's own default ones not counted)")]
    #[ja("宣言されたものと既にあるものは、AWS の既定の上限に収まります（AWS が既定で作成するものを除く）")]
    Fits,
    #[en(
        "what is declared and what else is there fits into AWS's defaults; the closest is `{title}` in {place}, {count} of {most} (AWS's own default ones not counted)"
    )]
    #[ja(
        "宣言されたものと既にあるものは、AWS の既定の上限に収まります。上限に最も近いのは {place} の `{title}` で、{most} 個のうち {count} 個です（AWS が既定で作成するものを除く）"
    )]
    FitsClosely { title: &'static str, place: String, count: usize, most: usize },

    // The bucket and the roles.
    #[en("the name {bucket} belongs to another account; names of buckets are unique in all of AWS")]
    #[ja("{bucket} はほかのアカウントが使っています。バケットの名前は AWS 全体で一意です")]
    BucketElsewhere { bucket: String },
    #[en("the bucket {bucket} and the roles of readers and appliers exist")]
    #[ja("バケット {bucket} と、閲覧用と適用用のロールがあります")]
    Bootstrapped { bucket: String },
    #[en("not made yet: {missing} (`{command}`; a simulated AWS keeps its records in a folder)")]
    #[ja("未作成: {missing}（`{command}` で作成できます。模擬環境では記録をフォルダーに保存します）")]
    NotMadeSimulated { missing: Vec<ResourceId>, command: String },
    #[en("the bucket {bucket} does not exist; not made yet: {missing}")]
    #[ja("バケット {bucket} が存在しません。未作成: {missing}")]
    NoBucket { bucket: String, missing: Vec<ResourceId> },
    #[en("not made yet: {missing}")]
    #[ja("未作成: {missing}")]
    NotMade { missing: Vec<ResourceId> },
}

/// Why a check was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Reason)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum NotAsked {
    #[en("the bucket and the roles could not be read")]
    #[ja("バケットとロールを読み取れませんでした")]
    BootstrapUnread,
    #[en("there is no world to ask")]
    #[ja("問い合わせる先がありません")]
    NoWorld,
    #[en("the endpoint was refused")]
    #[ja("エンドポイントが拒否されました")]
    EndpointRefused,
    #[en("a setting of this machine cannot be followed")]
    #[ja("このマシンの設定に従えません")]
    Misconfigured,
    #[en("no credentials were found to ask with")]
    #[ja("問い合わせに使う認証情報がありません")]
    Nobody,
    #[en("there are no usable credentials")]
    #[ja("使える認証情報がありません")]
    NoCredentials,
    #[en("AWS takes no signature of this machine while its clock is off")]
    #[ja("時計がずれている間、AWS はこのマシンの署名を受け付けません")]
    ClockOff,
    #[en("STS did not answer")]
    #[ja("STS の応答がありません")]
    StsSilent,
    #[en("this is the wrong account")]
    #[ja("別のアカウントです")]
    OtherAccount,
    #[en("the files of this environment have mistakes")]
    #[ja("この環境のファイルに誤りがあります")]
    Mistakes,
    #[en("this account was not reached")]
    #[ja("このアカウントに接続できませんでした")]
    NotReached,
}

/// What a person does about it.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum Remedy {
    #[en("solve what is above, then ask again")]
    #[ja("上の問題を解決してから、もう一度実行してください")]
    SolveAbove,
    #[en("{command}")]
    #[ja("{command}")]
    Run { command: String },
    #[en("{advice}")]
    #[ja("{advice}")]
    Advice { advice: Said },
    #[en("tokaido init, or --project DIR: there is no environments/ here")]
    #[ja("ここに environments/ がありません。tokaido init を実行するか、--project DIR を指定してください")]
    NoProject,
    #[en("let this user write there: `apply` records what it did, `plan --save` keeps plans")]
    #[ja("このユーザーに書き込みを許可してください。`apply` は実行の記録を、`plan --save` は計画を保存します")]
    LetWrite,
    #[en("restore that record from the bucket's version history or a backup of the folder")]
    #[ja("その記録を、バケットのバージョン履歴かフォルダーのバックアップから復元してください")]
    RestoreRecord,
    #[en("restore the object from the version history or a backup; take it away only when no apply is running")]
    #[ja(
        "そのオブジェクトを、バージョン履歴かバックアップから復元してください。取り除くのは、適用が実行中でないときだけにしてください"
    )]
    RestoreLease,
    #[en("correct `store.bucket`, or allow what docs/permissions.md lists")]
    #[ja("`store.bucket` を直すか、docs/permissions.md の操作を許可してください")]
    CorrectBucket,
    #[en("correct or remove the setting, then run it again")]
    #[ja("設定を直すか外してから、もう一度実行してください")]
    CorrectSetting,
    #[en("ask again")]
    #[ja("もう一度実行してください")]
    AskAgain,
    #[en("`tokaido sandbox reset` starts a new simulated world")]
    #[ja("`tokaido sandbox reset` で新しい模擬環境を開始できます")]
    ResetSandbox,
    #[en("build tokaido with its default features")]
    #[ja("tokaido を既定の機能でビルドしてください")]
    BuildWithAws,
    #[en("remove the override, or name the host with --allow-endpoint")]
    #[ja("エンドポイントの指定を外すか、--allow-endpoint でホストを指定してください")]
    AllowEndpoint,
    #[en("the role must exist and its trust policy must name you, and you need sts:AssumeRole on {role}")]
    #[ja("ロールが存在し、その信頼ポリシーに呼び出し元が含まれ、{role} への sts:AssumeRole が許可されている必要があります")]
    TrustRole { role: RoleName },
    #[en("use credentials of {account}, or correct `account:` in environments/{environment}.yaml")]
    #[ja("{account} の認証情報を使うか、environments/{environment}.yaml の `account:` を直してください")]
    UseCredentials { account: String, environment: Environment },
    #[en("synchronise this machine's clock (NTP; on EC2 Amazon Time Sync, 169.254.169.123)")]
    #[ja("このマシンの時計を合わせてください（NTP。EC2 では Amazon Time Sync、169.254.169.123）")]
    Synchronise,
    #[en("see each error, then ask again")]
    #[ja("それぞれのエラーに対処してから、もう一度実行してください")]
    SeeErrors,
    #[en("allow {actions} for {principal}; `tokaido doctor --policies` prints the whole policy")]
    #[ja("{principal} に {actions} を許可してください。ポリシーの全文は `tokaido doctor --policies` で確認できます")]
    Allow { actions: Vec<String>, principal: String },
    #[en("see what failed, then ask again; `tokaido doctor --policies` prints what is needed")]
    #[ja("失敗したものに対処してから、もう一度実行してください。必要な許可は `tokaido doctor --policies` で確認できます")]
    SeeFailed,
    #[en("ask AWS for an increase of each, in that region, before the first apply; go on if it was granted already")]
    #[ja(
        "最初の適用の前に、それぞれのリージョンで AWS に上限の引き上げを申請してください。引き上げ済みであれば、このまま進められます"
    )]
    AskForQuota,
    #[en("make the failed reads work, then ask again")]
    #[ja("失敗した読み取りに対処してから、もう一度実行してください")]
    RepairReads,
    #[en("choose another name under `store:` in environments/{environment}.yaml")]
    #[ja("environments/{environment}.yaml の `store:` で別の名前を指定してください")]
    OtherName { environment: Environment },
}

/// What a list of facts is a list of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Reason)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum Label {
    #[en("mistakes")]
    #[ja("誤り")]
    Mistakes,
    #[en("failed")]
    #[ja("失敗")]
    Failed,
    #[en("unreadable")]
    #[ja("読み取り不可")]
    Unreadable,
    #[en("denied")]
    #[ja("拒否")]
    Denied,
    #[en("proven")]
    #[ja("確認済み")]
    Proven,
    #[en("not tried")]
    #[ja("未確認")]
    NotTried,
    #[en("beyond the default")]
    #[ja("既定の上限を超えるもの")]
    BeyondDefault,
    #[en("not counted")]
    #[ja("数えられなかったもの")]
    NotCounted,
}

/// One fact of a list.
#[derive(Debug, Reason)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum Item {
    /// A name, the same in every language.
    #[en("{name}")]
    #[ja("{name}")]
    Name { name: String },
    #[en("{error}")]
    #[ja("{error}")]
    Error { error: Bare },
    #[en("{kind} {physical}: {error}")]
    #[ja("{kind} {physical}: {error}")]
    Object { kind: String, physical: String, error: Said },
    #[en("{kind} (all): {error}")]
    #[ja("{kind}（すべて）: {error}")]
    Every { kind: String, error: Said },
    #[en("{action} in {regions}")]
    #[ja("{action}（{regions}）")]
    DeniedIn { action: String, regions: Both },
    #[en("{count} of kind {kind} in {place}, default {most}: `{title}`")]
    #[ja("{place} の {kind} {count} 個、既定の上限 {most} 個: `{title}`")]
    Beyond { count: usize, kind: &'static str, place: String, most: usize, title: &'static str },
}

/// Names that are the same in every language.
pub fn names(names: impl IntoIterator<Item = String>) -> Vec<Sentence> {
    names.into_iter().map(|name| Item::Name { name }.into()).collect()
}

/// A count of something, as the sentence needs it.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "each is a number of what it is called")]
pub enum Counted {
    Mistakes(usize),
    /// Nothing where there is none.
    Policies(usize),
    /// Nothing where there is none.
    Warnings(usize),
}

impl Spoken for Counted {
    fn spoken(&self, language: Language) -> impl fmt::Display {
        let many = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
        match (*self, language) {
            (Self::Policies(0) | Self::Warnings(0), _) => String::new(),
            (Self::Mistakes(count), Language::En) => many(count, "mistake", "mistakes"),
            (Self::Mistakes(count), Language::Ja) => format!("誤り {count} 件"),
            (Self::Policies(count), Language::En) => format!(", {}", many(count, "policy", "policies")),
            (Self::Policies(count), Language::Ja) => format!("、ポリシー {count} 件"),
            (Self::Warnings(count), Language::En) => {
                format!(", {} (`tokaido validate`)", many(count, "warning", "warnings"))
            }
            (Self::Warnings(count), Language::Ja) => format!("、警告 {count} 件（`tokaido validate` で確認できます）"),
        }
    }
}

/// Where records are. `None`: in the folder of the project, which needs no words.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct Place(pub Option<String>);

impl Spoken for Place {
    fn spoken(&self, language: Language) -> impl fmt::Display {
        match (&self.0, language) {
            (None, _) => String::new(),
            (Some(place), Language::En) => format!(" in {place}"),
            (Some(place), Language::Ja) => format!("{place}: "),
        }
    }
}

/// The role that is declared, if one is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct RoleName(pub Option<String>);

impl Spoken for RoleName {
    fn spoken(&self, language: Language) -> impl fmt::Display {
        let it = if language == Language::En { "it" } else { "そのロール" };
        self.0.clone().unwrap_or_else(|| it.to_owned())
    }
}

/// Regions in a sentence: `tokyo and osaka`.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct Both(pub Vec<Region>);

impl Spoken for Both {
    fn spoken(&self, language: Language) -> impl fmt::Display {
        let and = if language == Language::En { " and " } else { "、" };
        self.0.iter().map(|region| region.as_str()).collect::<Vec<_>>().join(and)
    }
}

/// An error without what to do about it.
#[derive(Debug, Clone)]
pub struct Bare(pub ProviderError);

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
