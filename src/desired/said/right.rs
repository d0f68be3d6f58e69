//! What would be right.

use tokaido_derive::Reason;

use crate::model::{Environment, Explained, Said};

#[derive(Debug, Clone, PartialEq, Eq, Reason)]
pub enum Right {
    /// Text to type, which is the same in every language.
    #[en("{text}")]
    #[ja("{text}")]
    Typed { text: String },
    /// The form of a value.
    #[en("{form}")]
    #[ja("{form}")]
    Form { form: Explained },
    #[en("{words}")]
    #[ja("{words}")]
    Words { words: Said },
    #[en("{text}, in quotes")]
    #[ja("{text}（引用符で囲む）")]
    Quoted { text: String },
    #[en("a block with {keys}")]
    #[ja("{keys} を持つキーのまとまり")]
    Block { keys: String },
    #[en("`{near}`; known here: {all}")]
    #[ja("`{near}`。ここで使えるキー: {all}")]
    Near { near: String, all: String },
    #[en("`{right}`, which {tool} calls `{key}`")]
    #[ja("`{right}`（{tool} では `{key}`）")]
    Habit { right: String, tool: &'static str, key: String },
    #[en("{needed}: {sign} is {called}")]
    #[ja("{needed}。{sign} は{called}です")]
    FullWidth { needed: Explained, sign: &'static str, called: Explained },
    #[en("`{engine}`, with `version: \"{version}\"` beside it")]
    #[ja("`{engine}` とし、その隣に `version: \"{version}\"` を書く")]
    EngineAndVersion { engine: &'static str, version: String },
    #[en("`{key}:` and what belongs to it")]
    #[ja("`{key}:` とその内容")]
    KeyAndMore { key: String },
    #[en("the block that contains it: `{block}`")]
    #[ja("これを含むアドレス範囲 `{block}`")]
    Containing { block: String },
    #[en("at least 3072 bits, or better a new key: ssh-keygen -t ed25519")]
    #[ja("3072 ビット以上。新しい鍵の作成を勧めます: ssh-keygen -t ed25519")]
    NewKey,
    #[en("whole days with the unit: `{days}d`")]
    #[ja("単位を付けた日数: `{days}d`")]
    DaysWithUnit { days: i64 },
    #[en("the unit behind it: `{number}h` or `{number}d`")]
    #[ja("単位を付ける: `{number}h` または `{number}d`")]
    HoursWithUnit { number: i64 },
    #[en("`{number} {unit}`: RDS counts in powers of 1024")]
    #[ja("`{number} {unit}`（RDS は 1024 のべき乗で数えます）")]
    BinaryUnit { number: i64, unit: &'static str },
    #[en("at least {least} minutes: RDS refuses less")]
    #[ja("{least} 分以上（RDS はそれより短いものを拒否します）")]
    Minutes { least: i64 },
    // Files.
    #[en("at most {most} bytes in a file")]
    #[ja("一つのファイルは {most} バイトまで")]
    Bytes { most: u64 },
    #[en("a folder that is there: `{folder}` is none; `--project DIR` names it")]
    #[ja("存在するフォルダー。`{folder}` はフォルダーではありません。`--project DIR` で指定します")]
    FolderThere { folder: String },
    #[en("the project: it is in `{folder}`; run this there, or name it with `--project`")]
    #[ja("プロジェクトは `{folder}` にあります。そこで実行するか、`--project` で指定します")]
    ProjectAbove { folder: String },
    #[en("a file of this name; `--project DIR` names the folder with environments/ and policies/, `tokaido init` writes one")]
    #[ja(
        "この名前のファイル。environments/ と policies/ のあるフォルダーは `--project DIR` で指定し、`tokaido init` で作成できます"
    )]
    FileOfThisName,
    #[en("a file saved as UTF-8")]
    #[ja("UTF-8 で保存したファイル")]
    Utf8,
    #[en("`release:` in an environment's own file alone, written by `tokaido promote`")]
    #[ja("`release:` は各環境のファイルだけに置き、`tokaido promote` が書きます")]
    ReleaseInOwnFile,
    #[en("a file inside {folder}/, such as `base.yaml`")]
    #[ja("`base.yaml` のような {folder}/ の中のファイル")]
    Inside { folder: String },
    #[en("a base that extends nothing")]
    #[ja("何も継承しない共有ファイル")]
    EndOfChain,
    #[en("`tenants` alone")]
    #[ja("`tenants` だけ")]
    TenantsAlone,
    #[en("`tenants:` and a list")]
    #[ja("`tenants:` とその一覧")]
    TenantsList,
    #[en("the file directly in `{folder}/`, where every policy is asked")]
    #[ja("すべてのポリシーが評価される `{folder}/` の直下に置く")]
    DirectlyIn { folder: String },
    #[en("`{path}` if these are cases; anything else elsewhere")]
    #[ja("テストケースであれば `{path}`。それ以外は別の場所に置く")]
    CaseFile { path: String },
    #[en("files of cases directly in `{folder}`")]
    #[ja("テストケースのファイルを `{folder}` の直下に置く")]
    CasesDirectlyIn { folder: String },
    #[en("policies directly in `{folder}/`, their cases in `{cases}`")]
    #[ja("ポリシーは `{folder}/` の直下に、テストケースは `{cases}` に置く")]
    PoliciesAndCases { folder: String, cases: String },
    #[en("`{best}`; `{folder}/` has rules, roles and promises, and a README: anything else elsewhere")]
    #[ja("`{best}`。`{folder}/` にはルール、役割、約束、README だけを置く")]
    MeantFile { best: String, folder: String },
    // Releases.
    #[en("no such key: {why}")]
    #[ja("このキーを書かない。{why}")]
    NoSuchKey { why: Explained },
    #[en("the moment at which it was cut (from version control), or a clock that is right")]
    #[ja("作成した時刻（バージョン管理から戻す）、または正しい時計")]
    PastOfTheCut,
    #[en("its files as they were cut (from version control), or no such folder under releases/")]
    #[ja("作成時のファイルをバージョン管理から戻すか、releases/ からこのフォルダーを除く")]
    AsItWasCut,
    #[en("`{near}`; `tokaido release list` shows all")]
    #[ja("`{near}`。すべては `tokaido release list` で確認できます")]
    NearRelease { near: String },
    #[en("a release: `tokaido release cut` makes one, `tokaido promote` writes it here")]
    #[ja("リリース。`tokaido release cut` で作成し、`tokaido promote` がここに書きます")]
    CutOne,
    #[en("one of {all}")]
    #[ja("次のいずれか: {all}")]
    OneOf { all: String },
    #[en("`{folder}` exactly as it was cut (from version control), or a new release")]
    #[ja("`{folder}` をバージョン管理から作成時のとおりに戻すか、新しいリリースを作成する")]
    FolderAsCut { folder: String },
    // Numbers.
    #[en("`400d`, `545d`, `731d` or more: twelve months also across 29 February, in numbers that CloudWatch accepts")]
    #[ja("`400d`、`545d`、`731d` などの 12 か月以上で、CloudWatch が受け付ける日数（2 月 29 日をまたぐ場合を含む）")]
    LogDays,
    #[en("`{days}d` or more (clause 10)")]
    #[ja("`{days}d` 以上（条項 10）")]
    NoticeDays { days: i64 },
    #[en("`1h` or more; `24h` when the key is absent")]
    #[ja("`1h` 以上。キーを省くと `24h` です")]
    SoakHours,
    #[en("`{count}` or more: nothing less has an effect in production")]
    #[ja("`{count}` 以上。本番ではそれより少ない値は効きません")]
    Approvals { count: i64 },
    #[en("`{days}d` or more")]
    #[ja("`{days}d` 以上")]
    DaysOrMore { days: i64 },
    #[en("`{days}d` or more; here a `divergences` entry with a reason and an end may lower it")]
    #[ja("`{days}d` 以上。この環境では、理由と期限を添えた `divergences` で緩めることができます")]
    DaysOrDivergence { days: i64 },
    #[en("`{days}d` or less: AWS keeps no more")]
    #[ja("`{days}d` 以下（AWS の上限です）")]
    DaysOrLess { days: i64 },
    #[en(
        "`{days}d` or more: AWS counts from the creation of the snapshot in Tokyo, so a copy that arrives a day later would be in \
         Osaka for less than {least} days (clause 12)"
    )]
    #[ja(
        "`{days}d` 以上。AWS は東京でのスナップショット作成時から数えるため、一日遅れて届く複製は大阪に {least} 日間そろいません（条項 12）"
    )]
    Margin { days: i64, least: i64 },
    #[en("`1d`: the copies in Osaka are made from daily snapshots")]
    #[ja("`1d`（大阪への複製は毎日のスナップショットから作ります）")]
    Daily,
    #[en("`{least}d` to `{most}d`")]
    #[ja("`{least}d` から `{most}d`")]
    DaysBetween { least: i64, most: i64 },
    #[en("`90d` to `365d`: KMS accepts no less, and the paper promises a year")]
    #[ja("`90d` から `365d`（下限は KMS、上限はホワイトペーパーの約束です）")]
    Rotation,
    #[en("no such entry; divergences are for dev and staging")]
    #[ja("この記述を除く。逸脱を書けるのは dev と staging だけです")]
    NoDivergence,
    #[en("one entry for a promise")]
    #[ja("一つの約束に一つの記述")]
    OneEntry,
    #[en("no entry (the promise holds again), or a later day agreed with its owner")]
    #[ja("記述を除いて約束に戻すか、責任者と合意した新しい期限を書く")]
    EndOrAgree,
    #[en("one entry for one thing")]
    #[ja("一つの対象に一つの記述")]
    OneException,
    #[en("one role for each account")]
    #[ja("一つのアカウントに一つのロール")]
    OneReader,
    #[en("a role of another account, such as that of the transit gateway; or no entry")]
    #[ja("トランジットゲートウェイなどを持つ別のアカウントのロール、または記述なし")]
    OtherReader,
    #[en("no entry and a reader that may look there, or a later day agreed with its owner")]
    #[ja("記述を除いて読み取りを許可するか、責任者と合意した新しい期限を書く")]
    OpenOrAgree,
    #[en("`1d` or more")]
    #[ja("`1d` 以上")]
    OneDay,
    #[en("less than `{days}`, or no entry")]
    #[ja("`{days}` より小さい値、または記述を除く")]
    LessThan { days: String },
    // Names and references.
    #[en("another name")]
    #[ja("別の名前")]
    AnotherName,
    #[en("another name here or there")]
    #[ja("どちらか一方を別の名前にする")]
    AnotherNameEither,
    #[en("a name other than {names}")]
    #[ja("{names} 以外の名前")]
    OtherThan { names: String },
    #[en("`dedicated_database:` with engine, version, class, storage and windows")]
    #[ja("engine、version、class、storage、時間帯を持つ `dedicated_database:`")]
    DedicatedForm,
    #[en("`database: dedicated`, or `isolation: subnets`")]
    #[ja("`database: dedicated` または `isolation: subnets`")]
    DedicatedOrSubnets,
    #[en("`dedicated`: no database is written under `databases`")]
    #[ja("`dedicated`（`databases` にデータベースが一つもありません）")]
    DedicatedOnly,
    #[en("a name under `databases`: {names}")]
    #[ja("`databases` にある名前: {names}")]
    DatabaseNames { names: String },
    #[en("two parts in quotes, such as \"8.4\"")]
    #[ja("\"8.4\" のように、二つの数を点でつなぎ引用符で囲む")]
    TwoParts,
    #[en("\"16\" or \"16.4\", in quotes")]
    #[ja("\"16\" または \"16.4\"（引用符で囲む）")]
    OneOrTwoParts,
    #[en("a class of both regions")]
    #[ja("両方のリージョンにあるクラス")]
    ClassOfBoth,
    #[en("20 GiB to 64 TiB")]
    #[ja("20 GiB から 64 TiB")]
    StorageSize,
    #[en("{size} or less")]
    #[ja("{size} 以下")]
    OrLess { size: String },
    #[en("{size} GiB or more: AWS asks for a tenth")]
    #[ja("{size} GiB 以上（AWS は一割以上の余地を求めます）")]
    Tenth { size: i64 },
    #[en("windows that share no minute: RDS refuses them")]
    #[ja("一分も重ならない時間帯（重なると RDS が拒否します）")]
    ApartWindows,
    #[en("a window that begins at {from} or later, and ends by {to}, when the next snapshots begin")]
    #[ja("{from} 以降に始まり、次のスナップショットの開始時刻（{to}）までに終わる時間帯")]
    ClearOfSnapshots { from: String, to: String },
    #[en("one principal or more, or no such key: the account's own policies decide then")]
    #[ja("一つ以上のプリンシパル。キーを省くと、アカウント自身のポリシーに従います")]
    PrincipalOrNone,
    #[en("a role in account {account}")]
    #[ja("アカウント {account} のロール")]
    RoleIn { account: String },
    #[en("a bucket for each environment")]
    #[ja("環境ごとに別のバケット")]
    BucketEach,
    #[en("an account for each environment")]
    #[ja("環境ごとに別のアカウント")]
    AccountEach,
    // Addresses.
    #[en("a block from /{largest} to /{smallest}")]
    #[ja("/{largest} から /{smallest} のアドレス範囲")]
    BlockSize { largest: u32, smallest: u32 },
    #[en("a block inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10")]
    #[ja("10.0.0.0/8、172.16.0.0/12、192.168.0.0/16、100.64.0.0/10 のいずれかの中のアドレス範囲")]
    PrivateBlock,
    #[en("a block inside `{block}`")]
    #[ja("`{block}` の中のアドレス範囲")]
    BlockInside { block: String },
    #[en("a block outside `{tokyo}` and `{osaka}`, or `isolation: subnets`")]
    #[ja("`{tokyo}` と `{osaka}` の外のアドレス範囲、または `isolation: subnets`")]
    BlockOutside { tokyo: String, osaka: String },
    #[en("blocks that share no address")]
    #[ja("互いに重ならないアドレス範囲")]
    ApartBlocks,
    #[en("each source once")]
    #[ja("同じ接続元は一度だけ")]
    SourceOnce,
    #[en("the customer's own addresses")]
    #[ja("お客様自身のアドレス")]
    CustomersAddresses,
    #[en("the customer's own addresses; nothing passes between tenants")]
    #[ja("お客様自身のアドレス。テナント間の通信は許可されません")]
    CustomersAddressesOnly,
    #[en("two or three zones: a database needs two, the fourth part of a block is kept free")]
    #[ja("二つまたは三つのゾーン（データベースには二つ必要で、範囲の四つ目の区画は空けておきます）")]
    Zones,
    #[en("each zone once")]
    #[ja("同じゾーンは一度だけ")]
    ZoneOnce,
    // What is compiled or retired.
    #[en("one of the two")]
    #[ja("どちらか一方だけ")]
    OneOfTheTwo,
    #[en("{least} to {most} characters; {words}; a name in {environment} begins with `{environment}-` by itself")]
    #[ja("{least} から {most} 文字。{words}。{environment} の名前は自動的に `{environment}-` で始まります")]
    NameRule { least: usize, most: usize, words: &'static str, environment: Environment },
    #[en("an increase of the quota `{title}` to {wanted} or more before the first apply")]
    #[ja("最初の適用の前に、クォータ `{title}` を {wanted} 以上に引き上げる")]
    Increase { title: &'static str, wanted: usize },
    #[en("each id once")]
    #[ja("同じ ID は一度だけ")]
    IdOnce,
    #[en("no entry; docs/procedures.md says how people give up what holds data")]
    #[ja("この記述を除く。データを持つものを手放す手順は docs/procedures.md にあります")]
    NoTombstone,
    #[en("no entry; tokaido only reads it")]
    #[ja("この記述を除く。tokaido は読み取るだけです")]
    OnlyRead,
    // Promises and roles.
    #[en("each promise once")]
    #[ja("同じ約束は一度だけ")]
    PromiseOnce,
    #[en("{right} (clause {clause})")]
    #[ja("{right}（条項 {clause}）")]
    Floor { right: String, clause: String },
    #[en("an entry with `id: {promise}`")]
    #[ja("`id: {promise}` の記述")]
    EntryWith { promise: &'static str },
    #[en("each person once")]
    #[ja("一人につき一度だけ")]
    PersonOnce,
    #[en("a key that only one person holds")]
    #[ja("一人だけが持つ鍵")]
    OnesKey,
    #[en("a name that only one person has")]
    #[ja("一人だけを示す名前")]
    OnesName,
    #[en("a group of at least one person under `people`")]
    #[ja("`people` の一人以上が属しているグループ")]
    KnownGroup,
    #[en("the groups that count, or no `from:` at all: then everybody with a key counts")]
    #[ja("承認が有効になるグループ。`from:` を省くと、鍵を持つ全員の承認が有効になります")]
    GroupsOrNone,
    #[en("a smaller number, or more people with keys in the groups that count; the author of a plan never counts")]
    #[ja("人数を減らすか、有効なグループに鍵を持つ人を増やす。計画の作成者は数えません")]
    FewerOrMore,
    #[en("a smaller number, or more people with keys in this group")]
    #[ja("人数を減らすか、このグループに鍵を持つ人を増やす")]
    FewerOrMoreHere,
    #[en("more people with keys in the groups that count; the author of a plan never counts")]
    #[ja("有効なグループに鍵を持つ人を増やす。計画の作成者は数えません")]
    More,
}

impl Right {
    pub fn typed(text: impl Into<String>) -> Self {
        Self::Typed { text: text.into() }
    }

    /// `` `a` or `b` ``
    pub fn either<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let texts: Vec<&str> = texts.into_iter().collect();
        Self::Words { words: Said::new(texts.join(" or "), texts.join(" または ")) }
    }
}
