//! What is wrong between values of which each is right by itself.

use tokaido_derive::Reason;

use crate::model::{Environment, Explained, Region, Said};

#[derive(Debug, Clone, PartialEq, Eq, Reason)]
pub enum RuleFault {
    #[en("logs are kept for `{days}`")]
    #[ja("ログの保管期間が `{days}` です")]
    LogsKept { days: String },
    #[en("customers are told `{notice}` before a change")]
    #[ja("お客様への通知が変更の `{notice}` 前です")]
    Notice { notice: String },
    #[en("`{soak}` would let a release go on without having been seen at work")]
    #[ja("`{soak}` では、動作を見届けないままリリースが次へ進んでしまいます")]
    NoSoak { soak: String },
    #[en("`{count}` would let too few people decide about production")]
    #[ja("`{count}` では、本番について判断する人数が足りません")]
    FewApprovals { count: i64 },
    #[en("{what} is `{days}`")]
    #[ja("{what}が `{days}` です")]
    KeptFor { what: Explained, days: String },
    #[en("`arrival_margin` is `{days}`")]
    #[ja("`arrival_margin` が `{days}` です")]
    Margin { days: String },
    #[en("there is no `arrival_margin`")]
    #[ja("`arrival_margin` がありません")]
    NoMargin,
    #[en("snapshots every `{days}`")]
    #[ja("スナップショットの間隔が `{days}` です")]
    SnapshotsEvery { days: String },
    #[en("snapshots in Tokyo are kept for `{days}`")]
    #[ja("東京のスナップショットを残す期間が `{days}` です")]
    SnapshotsKept { days: String },
    #[en("keys are rotated every `{days}`")]
    #[ja("鍵の更新間隔が `{days}` です")]
    Rotated { days: String },
    #[en("there is no promise `{name}`")]
    #[ja("`{name}` という約束はありません")]
    NoPromise { name: String },
    #[en("production keeps `{promise}`; it never diverges")]
    #[ja("本番では `{promise}` を守ります。逸脱はできません")]
    ProductionDiverges { promise: &'static str },
    #[en("`{promise}` has no number that could be lower")]
    #[ja("`{promise}` には緩められる数値がありません")]
    NothingToLower { promise: &'static str },
    #[en("`{promise}` diverges twice")]
    #[ja("`{promise}` の逸脱が二つあります")]
    DivergesTwice { promise: &'static str },
    #[en("this divergence ended on {until}; today is {today}")]
    #[ja("この逸脱は {until} で終わっています。今日は {today} です")]
    DivergenceEnded { until: String, today: String },
    #[en("`{what}` is accepted twice")]
    #[ja("`{what}` の例外が二つあります")]
    AcceptedTwice { what: String },
    #[en("this exception ended on {until}; today is {today}: what it accepted is unknown again")]
    #[ja("この例外は {until} で終わっています。今日は {today} です。受け入れていた範囲は不明に戻ります")]
    ExceptionEnded { until: String, today: String },
    #[en("`{what}` is declared twice")]
    #[ja("`{what}` が二度宣言されています")]
    DeclaredTwice { what: String },
    #[en("the role is of this environment's own account, {account}, which is read anyway")]
    #[ja("ロールがこの環境自身のアカウント {account} のものです。このアカウントは常に読み取ります")]
    ReadsItself { account: String },
    #[en("`{value}` would switch backups off")]
    #[ja("`{value}` ではバックアップがなくなります")]
    BackupsOff { value: String },
    #[en("`{value}` is not less than what holds without this entry")]
    #[ja("`{value}` は、この記述がない場合の値より小さくありません")]
    NotLess { value: String },
    #[en("two {what} are called `{name}`")]
    #[ja("{what}に `{name}` という名前が二つあります")]
    SameName { what: Explained, name: String },
    #[en("`{id}` is a name of the environment itself")]
    #[ja("`{id}` は環境自身が使う名前です")]
    Reserved { id: String },
    #[en("tenant `{tenant}` has a dedicated database, but its form is not written")]
    #[ja("テナント `{tenant}` は専用データベースを使いますが、その形が書かれていません")]
    NoForm { tenant: String },
    #[en("there is no database `{name}`")]
    #[ja("データベース `{name}` はありません")]
    NoDatabase { name: String },
    #[en("tenant `{tenant}` has a VPC of its own, from which the shared database `{database}` cannot be reached")]
    #[ja("テナント `{tenant}` は専用の VPC を持つため、共有データベース `{database}` に接続できません")]
    Unreached { tenant: String, database: String },
    #[en("`{version}` is not a major version of {engine}")]
    #[ja("`{version}` は {engine} のメジャーバージョンではありません")]
    NotMajor { version: String, engine: &'static str },
    #[en("`{version}` is not a version of PostgreSQL, which has two numbers since 10")]
    #[ja("`{version}` は PostgreSQL のバージョンではありません。10 以降は二つの数です")]
    NotPostgres { version: String },
    #[en("RDS has no {engine} `{version}` in the list of {date}")]
    #[ja("{date} 時点の一覧では、RDS に {engine} の `{version}` がありません")]
    MajorUnlisted { version: String, engine: &'static str, date: &'static str },
    #[en("RDS does not offer `{class}` for {engine} in Tokyo in the list of {date}; if AWS has added it since, this is no fault")]
    #[ja("{date} 時点の一覧では、東京の RDS で {engine} に `{class}` を使えません。その後に追加されていれば問題ありません")]
    ClassUnlisted { class: String, engine: &'static str, date: &'static str },
    #[en(
        "RDS offers `{class}` for {engine} in Tokyo and not in Osaka in the list of {date}: a copy in Osaka can be restored to another class only"
    )]
    #[ja(
        "{date} 時点の一覧では、{engine} の `{class}` は東京の RDS だけにあり、大阪にはありません。大阪の複製は別のクラスにしか復元できません"
    )]
    ClassNotInOsaka { class: String, engine: &'static str, date: &'static str },
    #[en("`{size}` is more or less than RDS offers")]
    #[ja("`{size}` は RDS で使える容量の範囲外です")]
    StorageSize { size: String },
    #[en("`at_least: {least}` is more than `up_to: {most}`")]
    #[ja("`at_least: {least}` が `up_to: {most}` を超えています")]
    StorageRange { least: String, most: String },
    #[en("storage of {least} could grow to {most} only")]
    #[ja("{least} の容量が {most} までしか増やせません")]
    NoRoom { least: String, most: String },
    #[en("the maintenance window `{window}` and the backup window overlap")]
    #[ja("メンテナンスの時間帯 `{window}` とバックアップの時間帯が重なっています")]
    WindowsOverlap { window: String },
    #[en("daily snapshots may begin in this backup window or in the hour before it; AWS Backup may then fail")]
    #[ja(
        "毎日のスナップショットが、このバックアップの時間帯か直前の一時間に始まることがあります。その場合、AWS Backup が失敗することがあります"
    )]
    SnapshotsNear,
    #[en(
        "the daily snapshot may begin in the maintenance window `{window}` or in the hour before it; AWS Backup may then fail, and \
         that day has neither a snapshot nor a copy in Osaka"
    )]
    #[ja(
        "毎日のスナップショットが、メンテナンスの時間帯 `{window}` か直前の一時間に始まることがあります。その場合、AWS Backup が失敗し、その日のスナップショットと大阪への複製がなくなることがあります"
    )]
    SnapshotsNearMaintenance { window: String },
    #[en("`{key}` names no principal")]
    #[ja("`{key}` にプリンシパルが書かれていません")]
    NamesNobody { key: &'static str },
    #[en("`{written}` is written in the file of {environment}")]
    #[ja("{environment} のファイルに `{written}` と書かれています")]
    OtherEnvironment { written: Environment, environment: Environment },
    #[en("the role is in account {role}, the environment in {account}")]
    #[ja("ロールはアカウント {role} に、環境はアカウント {account} にあります")]
    OtherAccount { role: String, account: String },
    #[en("the bucket {bucket} is also that of {other}")]
    #[ja("バケット {bucket} は {other} のものでもあります")]
    SameBucket { bucket: String, other: Environment },
    #[en("account {account} is also that of {other}")]
    #[ja("アカウント {account} は {other} のものでもあります")]
    SameAccount { account: String, other: Environment },
    #[en("`{block}` is a /{prefix}")]
    #[ja("`{block}` は /{prefix} です")]
    BlockSize { block: String, prefix: u32 },
    #[en("`{block}` holds public addresses, whose owners could no longer be reached")]
    #[ja("`{block}` はインターネットのアドレスを含み、本来の所有者に接続できなくなります")]
    PublicAddresses { block: String },
    #[en("`{block}` does not lie inside `network.cidr`")]
    #[ja("`{block}` は `network.cidr` の中にありません")]
    OutsideNetwork { block: String },
    #[en("`{block}` overlaps `{key}`, and tenant `{tenant}` with `isolation: vpc` has a network of its own")]
    #[ja("`{block}` が `{key}` と重なっています。`isolation: vpc` のテナント `{tenant}` は専用のネットワークを持ちます")]
    InsideNetwork { block: String, key: &'static str, tenant: String },
    #[en("`{block}` overlaps `{other}` of {whose}")]
    #[ja("`{block}` が{whose}の `{other}` と重なっています")]
    BlocksOverlap { block: String, other: String, whose: Said },
    #[en("`{source_block}` and this port are allowed twice")]
    #[ja("`{source_block}` とこのポートが二度許可されています")]
    AllowedTwice { source_block: String },
    #[en("`{source_block}` admits everybody, not one customer")]
    #[ja("`{source_block}` では一つのお客様でなく、ほぼすべての相手を許可します")]
    AdmitsAll { source_block: String },
    #[en("`{source_block}` is an address inside the service: {what}")]
    #[ja("`{source_block}` はサービス内部のアドレスです: {what}")]
    InsideService { source_block: String, what: Said },
    #[en("{count} zones are written here")]
    #[ja("ゾーンが {count} 個書かれています")]
    ZoneCount { count: usize },
    #[en("zone `{zone}` is written twice")]
    #[ja("ゾーン `{zone}` が二度書かれています")]
    ZoneTwice { zone: String },
    #[en("`{id}` is retired and declared at once")]
    #[ja("`{id}` が retire と宣言の両方にあります")]
    RetiredAndDeclared { id: String },
    #[en("`{name}`, the name of `{id}` in AWS, {why}")]
    #[ja("AWS での `{id}` の名前 `{name}` は規則に合いません: {why}")]
    NameInAws { name: String, id: String, why: String },
    #[en("`{name}` would be the name of `{id}` and of `{other}` in AWS")]
    #[ja("AWS での `{id}` と `{other}` の名前が、どちらも `{name}` になります")]
    SameNameInAws { name: String, id: String, other: String },
    #[en("{count} of kind `{kind}` in {place}; AWS allows {most} unless asked")]
    #[ja("{place} に種類 `{kind}` が {count} 個あります。AWS の既定の上限は {most} 個です")]
    Quota { count: usize, kind: &'static str, place: String, most: usize },
    #[en("`{id}` has {count} rules for {direction}; AWS allows {most} unless asked")]
    #[ja("`{id}` の {direction} の規則が {count} 個あります。AWS の既定の上限は {most} 個です")]
    QuotaOfRules { id: String, count: usize, direction: &'static str, most: usize },
    #[en("`{id}` is retired twice")]
    #[ja("`{id}` が retire に二度書かれています")]
    RetiredTwice { id: String },
    #[en("there is no kind `{kind}`")]
    #[ja("`{kind}` という種類はありません")]
    NoKind { kind: String },
    #[en("no {title} is ever in {region}")]
    #[ja("{region} に {title} が置かれることはありません")]
    NeverThere { title: Explained, region: Region },
    #[en("no file declares a {title}, and a plan never deletes one")]
    #[ja("{title} はファイルで宣言するものではなく、計画が削除することもありません")]
    Observed { title: Explained },
    #[en("`{id}` holds data or keys; a plan never deletes a {title}")]
    #[ja("`{id}` はデータまたは鍵を持ちます。計画が {title} を削除することはありません")]
    Stateful { id: String, title: Explained },
    #[en("this also asks for `{id}`")]
    #[ja("ここからも `{id}` が作られます")]
    AskedTwice { id: String },
    #[en("`{id}` is promised twice")]
    #[ja("`{id}` という約束が二つあります")]
    PromisedTwice { id: String },
    #[en("`{id}` is no promise of the paper")]
    #[ja("`{id}` はホワイトペーパーの約束ではありません")]
    NotOfThePaper { id: String },
    #[en("`{parameter}: {written}` of `{promise}` is weaker than the paper")]
    #[ja("`{promise}` の `{parameter}: {written}` がホワイトペーパーより緩くなっています")]
    WeakerThanPaper { parameter: &'static str, written: String, promise: &'static str },
    #[en("`{parameter}` of `{promise}` is missing")]
    #[ja("`{promise}` に `{parameter}` がありません")]
    ParameterMissing { parameter: &'static str, promise: &'static str },
    #[en("the promise `{promise}` is missing")]
    #[ja("約束 `{promise}` がありません")]
    PromiseMissing { promise: &'static str },
    #[en("{what} `{written}` of `{promise}` is not the paper's")]
    #[ja("`{promise}` の {what} `{written}` がホワイトペーパーと異なります")]
    NotThePapers { what: &'static str, written: String, promise: &'static str },
    #[en("the group `{group}` has no members")]
    #[ja("グループ `{group}` には誰も属していません")]
    EmptyGroup { group: String },
    #[en("`from: []` names no group whose approvals count")]
    #[ja("`from: []` では、承認が有効になるグループがありません")]
    EmptyFrom,
    #[en("{asked} people must approve, and only {able} can")]
    #[ja("{asked} 人の承認が必要ですが、承認できるのは {able} 人だけです")]
    TooFew { asked: usize, able: usize },
    #[en("{asked} of `{group}` must approve, and only {able} can")]
    #[ja("`{group}` の {asked} 人の承認が必要ですが、承認できるのは {able} 人だけです")]
    TooFewOf { asked: usize, group: String, able: usize },
    #[en("{environment} needs {asked} approvals, and only {able} can approve")]
    #[ja("{environment} には {asked} 人の承認が必要ですが、承認できるのは {able} 人だけです")]
    TooFewThere { environment: Environment, asked: usize, able: usize },
    #[en("`{name}` is a person twice")]
    #[ja("`{name}` が二度書かれています")]
    PersonTwice { name: Said },
    #[en("`{name}` is a key of two people")]
    #[ja("`{name}` が二人の鍵になっています")]
    KeyOfTwo { name: Said },
    #[en("`{name}` names two people")]
    #[ja("`{name}` が二人を示しています")]
    AliasOfTwo { name: Said },
}
