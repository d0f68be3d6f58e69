//! Codes of values that do not have their form.

use crate::model::Explained;

/// By code, sorted.
pub const BAD: &[(&str, Explained)] = &[
    (
        "bad-account",
        Explained::new(
            "An AWS account has twelve digits and stands in quotes.",
            "AWS アカウントは 12 桁の数字を引用符で囲んで書きます。",
        ),
    ),
    (
        "bad-alias",
        Explained::new(
            "This is neither an e-mail address nor an AWS principal of one person.",
            "一人を示すメールアドレスでも AWS プリンシパルでもありません。",
        ),
    ),
    (
        "bad-bucket",
        Explained::new(
            "This is not a name for a bucket: 3 to 63 lower-case letters, digits and hyphens, free in all of AWS.",
            "バケットの名前にできません。英小文字、数字、ハイフンを 3 文字から 63 文字で、AWS 全体で未使用のものにします。",
        ),
    ),
    (
        "bad-cidr",
        Explained::new(
            "This is not an IPv4 address block such as 10.30.0.0/16.",
            "10.30.0.0/16 のような IPv4 のアドレス範囲ではありません。",
        ),
    ),
    (
        "bad-class",
        Explained::new(
            "This is not an RDS instance class such as db.m7g.large.",
            "db.m7g.large のような RDS のインスタンスクラスではありません。",
        ),
    ),
    ("bad-count", Explained::new("This is not a whole number in the accepted range.", "受け付ける範囲の整数ではありません。")),
    (
        "bad-cut-time",
        Explained::new(
            "A release says when it was cut as RFC 3339 writes a moment: \"2026-11-01T00:00:00Z\".",
            "リリースの作成時刻は RFC 3339 の日時で書きます: \"2026-11-01T00:00:00Z\"。",
        ),
    ),
    ("bad-date", Explained::new("This is not a day written as 2027-03-31.", "2027-03-31 の形の日付ではありません。")),
    ("bad-duration", Explained::new("This is not a number of days such as 35d.", "35d のような日数ではありません。")),
    (
        "bad-engine",
        Explained::new("The engine is not one that tokaido supports.", "tokaido が対応するデータベースエンジンではありません。"),
    ),
    (
        "bad-environment",
        Explained::new(
            "There are exactly three environments: dev, staging and production.",
            "環境は dev、staging、production の三つだけです。",
        ),
    ),
    (
        "bad-exception",
        Explained::new(
            "An exception accepts closed regions, or one region other than Tokyo and Osaka.",
            "例外として受け入れられるのは、閉鎖されたリージョンか、東京と大阪以外の一つのリージョンです。",
        ),
    ),
    (
        "bad-forwarder",
        Explained::new(
            "This is not what AWS calls an endpoint, an endpoint service, an interface or a load balancer.",
            "AWS でのエンドポイント、エンドポイントサービス、インターフェイス、ロードバランサーの識別子ではありません。",
        ),
    ),
    (
        "bad-hours",
        Explained::new(
            "This is not a number of hours or days such as 24h or 2d.",
            "24h や 2d のような時間または日数ではありません。",
        ),
    ),
    (
        "bad-id",
        Explained::new(
            "A resource is named as a plan prints it: kind.name@region.",
            "リソースは計画の表示と同じく kind.name@region の形で書きます。",
        ),
    ),
    (
        "bad-isolation",
        Explained::new(
            "This way of keeping a tenant apart does not exist, or not yet.",
            "このテナント分離の方式は存在しないか、まだ使えません。",
        ),
    ),
    (
        "bad-name",
        Explained::new(
            "Names are lower-case words joined by single hyphens, at most 20 characters.",
            "名前は小文字の語を一つのハイフンでつなぎ、20 文字以内で書きます。",
        ),
    ),
    ("bad-port", Explained::new("A TCP port is a number from 1 to 65535.", "TCP ポートは 1 から 65535 の数です。")),
    (
        "bad-principal",
        Explained::new(
            "A role trusts roles, users and accounts by their ARN. Wildcards and services are not accepted here.",
            "信頼する相手は、ロール、ユーザー、アカウントの ARN で書きます。ワイルドカードやサービスは書けません。",
        ),
    ),
    (
        "bad-promise-kind",
        Explained::new(
            "A promise is enforced, proved, kept by a process, or information.",
            "約束の種類は enforce、prove、process、info のいずれかです。",
        ),
    ),
    (
        "bad-release",
        Explained::new(
            "A release is named by year, month and number: 2026.11.0.",
            "リリースは 2026.11.0 のように年、月、番号で表します。",
        ),
    ),
    ("bad-role", Explained::new("This is not the ARN of an IAM role.", "IAM ロールの ARN ではありません。")),
    (
        "bad-schema-version",
        Explained::new(
            "The file is of another form than this tokaido reads.",
            "この tokaido が読める形式のファイルではありません。",
        ),
    ),
    (
        "bad-sha256",
        Explained::new(
            "A SHA-256 has 64 digits. The manifest of a release is written by tokaido and never edited.",
            "SHA-256 は 64 桁です。リリースの目録は tokaido が書き、手では編集しません。",
        ),
    ),
    ("bad-size", Explained::new("This is not a size such as 100 GiB or 1 TiB.", "100 GiB や 1 TiB のような容量ではありません。")),
    (
        "bad-time",
        Explained::new(
            "This is not a time of day with a zone, such as 03:00 Asia/Tokyo.",
            "03:00 Asia/Tokyo のような時刻とタイムゾーンの組ではありません。",
        ),
    ),
    (
        "bad-version",
        Explained::new(
            "This is not a version of the engine, in quotes and with as many parts as it needs.",
            "エンジンのバージョンではありません。必要な桁数を引用符で囲んで書いてください。",
        ),
    ),
    (
        "bad-window",
        Explained::new(
            "This is not a window such as 02:00-02:30 Asia/Tokyo, with a day where one is needed.",
            "02:00-02:30 Asia/Tokyo のような時間帯ではありません。必要な場合は曜日も書きます。",
        ),
    ),
];
