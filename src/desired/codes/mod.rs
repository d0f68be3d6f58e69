//! What the code of each finding means: `error[overlapping-cidr]`. A test collects the codes from the sources and demands an
//! entry for each. Imports `model`.

mod bad;
mod policies;

use crate::model::Explained;

pub use bad::BAD;
pub use policies::POLICIES;

/// By code, sorted; without those of [`BAD`] and [`POLICIES`].
pub const CODES: &[(&str, Explained)] = &[
    (
        "above-limit",
        Explained::new(
            "The number is more than AWS accepts for this setting. Write a smaller one.",
            "AWS が受け付ける上限を超えています。小さい値にしてください。",
        ),
    ),
    (
        "alias-bomb",
        Explained::new(
            "Aliases in the YAML unfold to more than a file may contain. Write the values out.",
            "YAML のエイリアスを展開すると大きくなり過ぎます。値を直接書いてください。",
        ),
    ),
    (
        "alias-of-two-people",
        Explained::new(
            "Two people have the same e-mail address or AWS principal, so that tokaido cannot tell which of them made a plan.",
            "同じメールアドレスまたは AWS プリンシパルが二人に書かれており、計画の作成者を区別できません。",
        ),
    ),
    (
        "block-size",
        Explained::new(
            "A network or tenant block is between /16 and /24, so that it can be cut into four.",
            "四つに分けられるよう、アドレス範囲は /16 から /24 にします。",
        ),
    ),
    (
        "class-not-in-osaka",
        Explained::new(
            "RDS offers this class in Tokyo only, by the list in this program. After a loss of Tokyo the database runs on another \
             class. AWS may have added it since.",
            "このプログラムの一覧では、このクラスは東京だけにあります。東京を失った場合は別のクラスで動かすことになります。その後に AWS が追加している可能性があります。",
        ),
    ),
    (
        "class-not-listed",
        Explained::new(
            "RDS does not offer this class for the engine, by the list in this program, and would refuse it in the middle of an \
             apply. AWS may have added it since: `aws rds describe-orderable-db-instance-options` tells.",
            "このプログラムの一覧では、このエンジンでこのクラスを使えず、適用の途中で AWS が拒否します。その後に追加されたかどうかは `aws rds describe-orderable-db-instance-options` で確かめられます。",
        ),
    ),
    ("complex-key", Explained::new("A key of a YAML map is plain text.", "YAML のキーには単純な文字列だけを使えます。")),
    (
        "copies-near-window",
        Explained::new(
            "AWS Backup may begin a snapshot in a window of the database or in the hour before it. That day's snapshot and its \
             copy may then be missing.",
            "AWS Backup がデータベースの時間帯か直前の一時間にスナップショットを始めることがあります。その日のスナップショットと複製が取れないことがあります。",
        ),
    ),
    (
        "cut-in-the-future",
        Explained::new(
            "The release says that it was cut later than now. Its manifest was altered, or the clock of one machine is wrong.",
            "リリースの作成時刻が現在より後です。目録が書き換えられたか、どちらかのマシンの時計が狂っています。",
        ),
    ),
    ("cyclic-extends", Explained::new("Files extend each other in a circle.", "ファイルの extends が循環しています。")),
    (
        "divergence-expired",
        Explained::new(
            "The divergence ended. Keep the promise again, or agree on a new end.",
            "逸脱の期限が過ぎています。約束に戻すか、新しい期限を取り決めてください。",
        ),
    ),
    (
        "divergence-in-production",
        Explained::new(
            "Production keeps every promise: a divergence is for dev and staging only.",
            "本番ではすべての約束を守ります。逸脱を書けるのは dev と staging だけです。",
        ),
    ),
    (
        "divergence-not-possible",
        Explained::new("This promise cannot be kept less strictly anywhere.", "この約束はどの環境でも緩められません。"),
    ),
    ("divergence-too-low", Explained::new("The value would switch backups off.", "この値ではバックアップがなくなります。")),
    (
        "divergence-without-effect",
        Explained::new(
            "The divergence asks for no less than the promise itself, so it can go.",
            "約束と同じかそれ以上の値なので、この逸脱は不要です。",
        ),
    ),
    ("duplicate-divergence", Explained::new("One promise diverges twice.", "同じ約束の逸脱が二つあります。")),
    ("duplicate-exception", Explained::new("One thing is accepted twice.", "同じ対象の例外が二つあります。")),
    ("duplicate-forwarder", Explained::new("One shared forwarder is declared twice.", "同じ共有の中継が二度宣言されています。")),
    (
        "duplicate-key",
        Explained::new(
            "The same key stands twice in one map; YAML would silently take one of them.",
            "同じキーが二度書かれています。YAML では片方が黙って捨てられます。",
        ),
    ),
    ("duplicate-name", Explained::new("Two things of one sort have the same name.", "同じ種類のものに同じ名前が付いています。")),
    ("duplicate-reader", Explained::new("Two roles read one account.", "一つのアカウントを読み取るロールが二つあります。")),
    (
        "duplicate-rule",
        Explained::new("The same source and port are admitted twice.", "同じ接続元とポートが二度許可されています。"),
    ),
    ("duplicate-zone", Explained::new("A zone is listed twice.", "同じゾーンが二度書かれています。")),
    (
        "empty-access",
        Explained::new(
            "A list of those who may assume a role is empty. Name a principal, or leave the key out.",
            "ロールを引き受けられる者の一覧が空です。プリンシパルを書くか、キーを省いてください。",
        ),
    ),
    ("empty-file", Explained::new("The file says nothing.", "ファイルに内容がありません。")),
    (
        "empty-from",
        Explained::new(
            "The list of groups whose approvals count is empty. Without `from:` everybody with a key counts.",
            "承認できるグループの一覧が空です。`from:` を省くと、鍵を持つ全員の承認が有効になります。",
        ),
    ),
    ("empty-text", Explained::new("Words are needed here.", "ここには文字が必要です。")),
    (
        "encryption-is-not-a-choice",
        Explained::new(
            "Databases and backups are always encrypted, so there is no key for it.",
            "データベースとバックアップは必ず暗号化するため、切り替えるキーはありません。",
        ),
    ),
    (
        "exception-ended",
        Explained::new(
            "The exception ended: the closed regions are unknown again.",
            "例外の期限が過ぎています。閉鎖されたリージョンは不明に戻ります。",
        ),
    ),
    ("host-bits", Explained::new("The address is not the first of its block.", "アドレスが範囲の先頭になっていません。")),
    (
        "illegal-name",
        Explained::new(
            "The name that AWS would see breaks the rules of its service.",
            "AWS での名前がそのサービスの規則に合いません。",
        ),
    ),
    (
        "key-of-two-people",
        Explained::new(
            "Two people have the same key: one of them could approve twice.",
            "同じ鍵が二人に書かれており、一人が二度承認できてしまいます。",
        ),
    ),
    ("key-rotation", Explained::new("Keys are rotated every 90 to 365 days.", "鍵の更新間隔は 90 日から 365 日です。")),
    (
        "merge-key",
        Explained::new(
            "YAML's merge key is not accepted; environments share values with extends.",
            "YAML のマージキーは使えません。値の共有には extends を使います。",
        ),
    ),
    (
        "misplaced-policy",
        Explained::new(
            "Nothing is read from this place under policies/: rules are directly in policies/ (.rego), their cases directly in policies/tests/ (.yaml).",
            "policies/ のこの場所は読まれません。ルール（.rego）は policies/ の直下に、テスト（.yaml）は policies/tests/ の直下に置きます。",
        ),
    ),
    ("missing-file", Explained::new("A file that is needed is not there.", "必要なファイルがありません。")),
    (
        "missing-key",
        Explained::new(
            "Something that must be said is not said, neither here nor in a file that is extended.",
            "必要なキーが、このファイルにも継承元にもありません。",
        ),
    ),
    (
        "missing-promise",
        Explained::new(
            "A promise of the paper is not in policies/promises.yaml.",
            "ホワイトペーパーの約束が policies/promises.yaml にありません。",
        ),
    ),
    (
        "no-dedicated-database",
        Explained::new(
            "A tenant wants a database of its own, and dedicated_database does not say which form it has.",
            "専用データベースを使うテナントがありますが、dedicated_database に形が書かれていません。",
        ),
    ),
    (
        "no-room-to-grow",
        Explained::new(
            "Storage may grow to hardly more than it begins with; RDS needs at least a tenth.",
            "拡張の上限が開始時とほとんど変わりません。RDS には一割以上の余地が必要です。",
        ),
    ),
    (
        "no-soak",
        Explained::new(
            "A release has to be seen at work in one environment before it goes to the next. Write an hour or more.",
            "リリースは次の環境へ進む前に、前の環境で動作を見届けます。1 時間以上を書いてください。",
        ),
    ),
    ("not-daily", Explained::new("Snapshots are taken once a day.", "スナップショットは一日に一度取ります。")),
    ("not-utf8", Explained::new("The file is not UTF-8 text.", "UTF-8 のテキストではありません。")),
    (
        "outside-network",
        Explained::new(
            "The block lies outside the network that it is a part of.",
            "アドレス範囲が所属先のネットワークの外にあります。",
        ),
    ),
    (
        "overlapping-cidr",
        Explained::new(
            "Two blocks share addresses, so tenants or networks could not be told apart.",
            "二つの範囲のアドレスが重なり、テナントやネットワークを区別できません。",
        ),
    ),
    (
        "overlapping-windows",
        Explained::new(
            "The backup and the maintenance window share minutes; RDS refuses that.",
            "バックアップとメンテナンスの時間帯が重なっています。RDS が拒否します。",
        ),
    ),
    (
        "path-outside",
        Explained::new(
            "A file may only name files inside environments/.",
            "参照できるのは environments/ の中のファイルだけです。",
        ),
    ),
    (
        "promise-below-paper",
        Explained::new(
            "A promise may say more than the paper, never less.",
            "約束の値はホワイトペーパーより厳しくはできますが、緩くはできません。",
        ),
    ),
    (
        "protection-is-not-a-choice",
        Explained::new(
            "Every database is protected against deletion and recovers as far back as its environment promises, so there is no key for it.",
            "データベースはすべて削除から保護し、復元できる期間は環境ごとに決まるため、個別のキーはありません。",
        ),
    ),
    (
        "public-addresses",
        Explained::new(
            "The network uses addresses of the Internet; private ones are needed.",
            "インターネットのアドレスが使われています。プライベートアドレスが必要です。",
        ),
    ),
    (
        "public-database",
        Explained::new(
            "Databases cannot be reached from the Internet, so there is no key for it.",
            "データベースはインターネットに公開しないため、切り替えるキーはありません。",
        ),
    ),
    (
        "quota",
        Explained::new(
            "More is declared than AWS allows an account by default. Ask for the increase before applying.",
            "AWS の既定の上限を超えています。適用の前に上限の引き上げを申請してください。",
        ),
    ),
    (
        "reader-of-own-account",
        Explained::new(
            "A reader is a role of another account; this environment's own account is read anyway.",
            "`readers:` には別のアカウントのロールを書きます。この環境自身のアカウントは常に読み取ります。",
        ),
    ),
    ("region-not-allowed", Explained::new("Data is kept in Tokyo and Osaka only.", "データを置けるのは東京と大阪だけです。")),
    (
        "release-altered",
        Explained::new(
            "A frozen file is not as it was when the release was cut. Take it back from version control, or cut a new release.",
            "凍結したファイルがリリース作成時と異なります。バージョン管理から戻すか、新しいリリースを作成してください。",
        ),
    ),
    (
        "release-in-shared-file",
        Explained::new(
            "Each environment is pinned to a release in its own file. A file that others extend pins nothing.",
            "リリースの指定は各環境のファイルに書きます。共有のファイルには書けません。",
        ),
    ),
    ("reserved-name", Explained::new("The name belongs to the environment itself.", "環境自身が使う名前です。")),
    (
        "retire-declared",
        Explained::new(
            "A resource is both declared and retired. Remove one of the two.",
            "同じリソースが宣言と retire の両方にあります。どちらかを消してください。",
        ),
    ),
    (
        "retire-stateful",
        Explained::new(
            "Databases, keys and vaults are never deleted by a plan.",
            "データベース、鍵、ボールトは計画では削除されません。",
        ),
    ),
    (
        "same-account",
        Explained::new(
            "Two environments name one account; each has its own.",
            "二つの環境が同じアカウントを指しています。環境ごとに分けてください。",
        ),
    ),
    (
        "same-bucket",
        Explained::new(
            "Two environments name the same bucket. Each keeps its records in its own account.",
            "二つの環境が同じバケットを書いています。記録は環境ごとのアカウントに保管します。",
        ),
    ),
    (
        "secret-in-clear",
        Explained::new(
            "A secret stands in the file. Passwords are made and kept by AWS; remove it and change it.",
            "ファイルに秘密情報が書かれています。パスワードは AWS が管理します。消した上で変更してください。",
        ),
    ),
    ("several-documents", Explained::new("One file holds one YAML document.", "一つのファイルに書ける YAML 文書は一つです。")),
    (
        "snapshot-lifecycle",
        Explained::new(
            "Snapshots in Tokyo must live until their copy has arrived in Osaka.",
            "東京のスナップショットは、大阪への複製が終わるまで残す必要があります。",
        ),
    ),
    (
        "source-too-wide",
        Explained::new(
            "The source admits far more than one customer's addresses.",
            "接続元が一つのお客様のアドレスとしては広過ぎます。",
        ),
    ),
    ("storage-range", Explained::new("Storage begins with more than it may grow to.", "開始時の容量が上限を超えています。")),
    ("storage-size", Explained::new("RDS offers no storage of this size.", "RDS で使える容量の範囲を外れています。")),
    (
        "tenant-names-tenant",
        Explained::new(
            "A tenant's rule admits addresses of another tenant.",
            "テナントの規則が別のテナントのアドレスを許可しています。",
        ),
    ),
    ("too-deep", Explained::new("The YAML is nested deeper than any file needs.", "YAML の入れ子が深過ぎます。")),
    (
        "too-few-approvers",
        Explained::new(
            "More approvals are asked for than there are people whose approvals count. Nothing could ever pass.",
            "承認できる人数より多い承認を求めているため、何も承認できません。",
        ),
    ),
    ("too-large", Explained::new("The file is larger than tokaido reads.", "ファイルが読み込みの上限より大きくなっています。")),
    (
        "unknown-database",
        Explained::new("There is no database of this name under databases.", "databases にこの名前のデータベースはありません。"),
    ),
    ("unknown-group", Explained::new("A rule names a group without members.", "だれも属していないグループが書かれています。")),
    (
        "unknown-key",
        Explained::new(
            "The key means nothing here; perhaps it is misspelt or stands one level too deep.",
            "ここでは使えないキーです。綴りや字下げの段を確かめてください。",
        ),
    ),
    ("unknown-kind", Explained::new("There is no such kind of resource.", "この種類のリソースはありません。")),
    ("unknown-promise", Explained::new("There is no such promise in the paper.", "ホワイトペーパーにない約束です。")),
    (
        "unknown-release",
        Explained::new(
            "The release that is named here is not in releases/.",
            "ここで指定されたリリースが releases/ にありません。",
        ),
    ),
    (
        "unquoted-number",
        Explained::new(
            "The value looks like a number and is text: without quotes YAML would change it.",
            "数に見える文字列です。引用符がないと YAML が値を変えてしまいます。",
        ),
    ),
    ("unreadable-file", Explained::new("The file is there and cannot be read.", "ファイルはありますが読み込めません。")),
    (
        "unsupported-key",
        Explained::new(
            "This is not a public key of an accepted type: ed25519, also on a security key, ecdsa, or rsa.",
            "受け付ける種類（ed25519、セキュリティキーの ed25519、ecdsa、rsa）の公開鍵ではありません。",
        ),
    ),
    (
        "version-not-listed",
        Explained::new(
            "RDS does not have this major version, by the list in this program. AWS may have added it since: \
             `aws rds describe-db-engine-versions` tells.",
            "このプログラムの一覧にないメジャーバージョンです。その後に追加されたかどうかは `aws rds describe-db-engine-versions` で確かめられます。",
        ),
    ),
    (
        "vpc-inside-network",
        Explained::new(
            "A tenant with a VPC of its own needs addresses outside every other network.",
            "専用の VPC を持つテナントには、ほかのネットワークと重ならないアドレスが必要です。",
        ),
    ),
    (
        "vpc-needs-dedicated",
        Explained::new(
            "A tenant with a VPC of its own cannot reach a shared database; it needs its own.",
            "専用の VPC からは共有データベースに届きません。専用のデータベースが必要です。",
        ),
    ),
    (
        "weak-key",
        Explained::new(
            "The key is too short to be relied on. An RSA key needs 3072 bits; ed25519 is shorter and stronger.",
            "鍵が短過ぎます。RSA は 3072 ビット以上が必要です。ed25519 を勧めます。",
        ),
    ),
    (
        "weaker-than-promised",
        Explained::new("The value keeps less than the paper promises.", "ホワイトペーパーの約束を下回る値です。"),
    ),
    ("window-too-short", Explained::new("RDS wants a window of at least 30 minutes.", "RDS の時間帯は 30 分以上必要です。")),
    (
        "wrong-account",
        Explained::new(
            "The role belongs to another account than the environment.",
            "ロールのアカウントが環境のアカウントと異なります。",
        ),
    ),
    (
        "wrong-environment",
        Explained::new("The file is named after one environment and says another.", "ファイル名と中に書かれた環境が異なります。"),
    ),
    (
        "wrong-type",
        Explained::new(
            "Something of another form is needed here: a text, a list or a map.",
            "文字列、一覧、マップなど、別の形の値が必要です。",
        ),
    ),
    ("yaml-syntax", Explained::new("This is not YAML.", "YAML として読めません。")),
    ("yaml-tag", Explained::new("YAML tags are not accepted.", "YAML のタグは使えません。")),
    ("zone-count", Explained::new("A network has two or three zones.", "ゾーンは二つか三つです。")),
    (
        "zone-not-in-region",
        Explained::new(
            "The zone is not of this region; zones are named by id, such as apne1-az1.",
            "このリージョンのゾーンではありません。apne1-az1 のような ID で書きます。",
        ),
    ),
];

/// Every code with its meaning.
pub fn all() -> impl Iterator<Item = &'static (&'static str, Explained)> {
    CODES.iter().chain(BAD).chain(POLICIES)
}

#[must_use]
pub fn find(code: &str) -> Option<Explained> {
    all().find(|(known, _)| *known == code).map(|(_, explained)| *explained)
}
