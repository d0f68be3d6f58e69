//! Names and words. Imports `model`.

use schemars::{Schema, json_schema};

use crate::desired::said::ValueFault;
use crate::model::{Explained, engine_version};
use crate::yaml::shown;

use super::{BadScalar, Scalar, choice, scalar};

/// Characters of a name: with the environment in front and a suffix behind, it still fits every AWS limit.
pub const NAME_MAX: usize = 20;

macro_rules! newtype {
    ($($(#[$meta:meta])* $name:ident)+) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        scalar!($name);
    )+ };
}

newtype! {
    /// A name given by people: `acme`, `order-history`.
    Name
    /// An AWS account id.
    AccountId
    /// The role that tokaido assumes.
    RoleArn
    /// A bucket of S3.
    BucketName
    /// A principal that may assume a role.
    Principal
    /// Any text that is not empty.
    Words
    /// What promotion writes.
    Release
    /// A database engine version.
    Version
    /// An RDS instance class.
    Class
}

impl Scalar for Name {
    const EXPECTED: Explained = Explained::new(
        "lower-case letters and digits, words joined by single hyphens, beginning with a letter, at most 20 characters: `order-history`",
        "英小文字で始まり、英小文字と数字の語を一つのハイフンでつないだ 20 文字以内の名前: `order-history`",
    );

    fn read(text: &str) -> Result<Self, BadScalar> {
        let length = text.chars().count();
        if length > NAME_MAX {
            return Err(BadScalar::new("bad-name", ValueFault::NameTooLong { name: shown(text), length }));
        }
        let words_good =
            text.split('-').all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
        if !words_good || !text.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Err(BadScalar::new("bad-name", ValueFault::NameRefused { name: shown(text) }));
        }
        Ok(Self(text.to_owned()))
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$", "maxLength": NAME_MAX })
    }
}

impl Scalar for AccountId {
    const EXPECTED: Explained = Explained::new(
        "an AWS account id: twelve digits, in quotes: \"333333333333\"",
        "AWS アカウント ID（12 桁を引用符で囲む）: \"333333333333\"",
    );

    fn read(text: &str) -> Result<Self, BadScalar> {
        if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self(text.to_owned()));
        }
        Err(BadScalar::new("bad-account", ValueFault::is_not(shown(text), "an AWS account id", " AWS アカウント ID ")))
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]{12}$" })
    }
}

impl RoleArn {
    /// The account the role lives in.
    #[must_use]
    pub fn account(&self) -> &str {
        self.0.split(':').nth(4).unwrap_or_default()
    }
}

impl Scalar for RoleArn {
    const EXPECTED: Explained = Explained::new(
        "the ARN of a role: arn:aws:iam::333333333333:role/tokaido",
        "ロールの ARN: arn:aws:iam::333333333333:role/tokaido",
    );

    fn read(text: &str) -> Result<Self, BadScalar> {
        let good =
            text.strip_prefix("arn:aws:iam::").and_then(|rest| rest.split_once(":role/")).is_some_and(|(account, name)| {
                account.len() == 12
                    && account.bytes().all(|byte| byte.is_ascii_digit())
                    && !name.is_empty()
                    && name.chars().all(|c| c.is_ascii_alphanumeric() || "+=,.@_-/".contains(c))
            });
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadScalar::new("bad-role", ValueFault::is_not(shown(text), "the ARN of a role", "ロールの ARN ")))
        }
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^arn:aws:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$" })
    }
}

/// Beginnings and ends that S3 reserves.
const RESERVED: (&[&str], &[&str]) = (&["xn--", "sthree-", "amzn-s3-demo-"], &["-s3alias", "--ol-s3", "--x-s3", "--table-s3"]);

impl Scalar for BucketName {
    const EXPECTED: Explained = Explained::new(
        "the name of a bucket, 3 to 63 lower-case letters, digits and hyphens, free in all of AWS: `tokaido-production-333333333333`",
        "バケットの名前（英小文字、数字、ハイフンを 3 文字から 63 文字、AWS 全体で未使用のもの）: `tokaido-production-333333333333`",
    );

    fn read(text: &str) -> Result<Self, BadScalar> {
        let (begins, ends) = RESERVED;
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let good = (3..=63).contains(&text.len())
            && text.bytes().all(|byte| plain(byte) || byte == b'-')
            && text.bytes().next().is_some_and(plain)
            && text.bytes().last().is_some_and(plain);
        if !good {
            return Err(BadScalar::new(
                "bad-bucket",
                ValueFault::is_not(shown(text), "a name that S3 accepts", " S3 で使える名前"),
            ));
        }
        if begins.iter().any(|begin| text.starts_with(begin)) || ends.iter().any(|end| text.ends_with(end)) {
            return Err(BadScalar::new("bad-bucket", ValueFault::NameReserved { text: shown(text) }));
        }
        Ok(Self(text.to_owned()))
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$" })
    }
}

impl Scalar for Principal {
    const EXPECTED: Explained = Explained::new(
        "the ARN of a role, a user or an account in IAM: arn:aws:iam::333333333333:role/deploy, …:user/alice, …:root",
        "IAM のロール、ユーザー、アカウントの ARN: arn:aws:iam::333333333333:role/deploy、…:user/alice、…:root",
    );

    fn read(text: &str) -> Result<Self, BadScalar> {
        let good = text.strip_prefix("arn:aws:iam::").and_then(|rest| rest.split_once(':')).is_some_and(|(account, who)| {
            let name = who.strip_prefix("role/").or_else(|| who.strip_prefix("user/"));
            let named = name.is_some_and(|name| {
                !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "+=,.@_-/".contains(c))
            });
            account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit()) && (who == "root" || named)
        });
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadScalar::new("bad-principal", ValueFault::Untrusted { text: shown(text) }))
        }
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^arn:aws:iam::[0-9]{12}:(root|(role|user)/[A-Za-z0-9+=,.@_/-]+)$" })
    }
}

impl Scalar for Words {
    const EXPECTED: Explained = Explained::new("a text that is not empty", "空でない文字列");

    fn read(text: &str) -> Result<Self, BadScalar> {
        if text.trim().is_empty() { Err(BadScalar::new("empty-text", ValueFault::EmptyText)) } else { Ok(Self(text.to_owned())) }
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "minLength": 1 })
    }
}

impl Scalar for Release {
    const EXPECTED: Explained =
        Explained::new("a release id, written by promotion: 2026.11.0", "リリース ID（昇格が書きます）: 2026.11.0");

    fn read(text: &str) -> Result<Self, BadScalar> {
        // It names a folder: it may not lead out of releases/ or hide in it.
        let good = text.len() <= 40
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b".-".contains(&b))
            && text.starts_with(|c: char| c.is_ascii_alphanumeric());
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadScalar::new("bad-release", ValueFault::is_not(shown(text), "a release id", "リリース ID ")))
        }
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9.-]{0,39}$" })
    }
}

impl Scalar for Version {
    const EXPECTED: Explained = Explained::new(
        "an engine version in quotes, the least that is accepted: \"16\" or \"16.4\"; MySQL and MariaDB need two parts: \"8.4\"",
        "エンジンの最低バージョン（引用符で囲む）: \"16\" または \"16.4\"。MySQL と MariaDB は二つの数が必要です: \"8.4\"",
    );

    fn read(text: &str) -> Result<Self, BadScalar> {
        let (numbers, build) = engine_version::build(text);
        let parts: Vec<_> = numbers.split('.').collect();
        // A build of Extended Support is of a minor version.
        let built = build.is_none_or(|day| parts.len() > 1 && day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit()));
        let good = built
            && parts.len() <= 3
            && parts.iter().all(|part| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
            && parts.iter().all(|part| part.len() == 1 || !part.starts_with('0'));
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadScalar::new("bad-version", ValueFault::is_not(shown(text), "a version", "バージョン")))
        }
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^(0|[1-9][0-9]{0,3})((\\.(0|[1-9][0-9]{0,3})){0,2}|(\\.(0|[1-9][0-9]{0,3})){1,2}-rds\\.[0-9]{8})$" })
    }
}

/// As AWS forms the name of a family: letters, the generation, and what is special: `m7g`, `x2iedn`, `m8i-flex`.
fn is_family(text: &str) -> bool {
    let mut words = text.split('-');
    let first = words.next().unwrap_or_default();
    let (letters, rest) = first.split_at(first.find(|c: char| c.is_ascii_digit()).unwrap_or(first.len()));
    let special = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let small = |text: &str| text.bytes().all(|b| b.is_ascii_lowercase());
    let word = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    !letters.is_empty() && special.len() < rest.len() && small(letters) && small(special) && words.all(word)
}

/// As AWS forms the name of a size: `large`, `2xlarge`, `metal-48xl`.
fn is_size(text: &str) -> bool {
    let times = |digits: &str| !digits.starts_with('0') && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    match (text.strip_suffix("xlarge"), text.strip_prefix("metal-")) {
        (Some(number), _) => number.is_empty() || times(number),
        (_, Some(number)) => number.strip_suffix("xl").is_some_and(times),
        _ => ["nano", "micro", "small", "medium", "large", "metal"].contains(&text),
    }
}

impl Scalar for Class {
    const EXPECTED: Explained = Explained::new("an RDS instance class: db.m7g.large", "RDS のインスタンスクラス: db.m7g.large");

    fn read(text: &str) -> Result<Self, BadScalar> {
        let parts: Vec<_> = text.split('.').collect();
        let good = matches!(parts[..], ["db", family, size] if is_family(family) && is_size(size));
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadScalar::new("bad-class", ValueFault::is_not(shown(text), "an instance class", "インスタンスクラス")))
        }
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^db\\.[a-z]+[0-9]+[a-z]*(-[a-z0-9]+)*\\.(nano|micro|small|medium|large|([1-9][0-9]*)?xlarge|metal(-[1-9][0-9]*xl)?)$" })
    }
}

choice! {
    /// The version of this file's own form.
    pub enum SchemaVersion ("bad-schema-version", "`tokaido/v1`", "`tokaido/v1`") { V1 = "tokaido/v1" }
}

choice! {
    /// Where the service runs.
    pub enum PrimaryRegion ("region-not-allowed", "`ap-northeast-1` (Tokyo): customer data is served from there", "`ap-northeast-1`（東京）。お客様のデータはここから提供します") { Tokyo = "ap-northeast-1" }
}

choice! {
    /// Where copies are kept.
    pub enum RecoveryRegion ("region-not-allowed", "`ap-northeast-3` (Osaka): copies of customer data are kept there and nowhere else", "`ap-northeast-3`（大阪）。お客様のデータの複製はここだけに置きます") { Osaka = "ap-northeast-3" }
}

choice! {
    /// The database engine.
    pub enum Engine ("bad-engine", "`postgres`, `mysql` or `mariadb`", "`postgres`、`mysql`、`mariadb` のいずれか") { Postgres = "postgres", Mysql = "mysql", Mariadb = "mariadb" }
}

choice! {
    /// How tenants are kept apart.
    pub enum Isolation ("bad-isolation", "`subnets`: subnets and security groups of the tenant's own; or `vpc`: a VPC of its own, which needs `database: dedicated` and a `cidr` outside the network", "`subnets`（テナント専用のサブネットとセキュリティグループ）、または `vpc`（専用の VPC。`database: dedicated` と、ネットワークの外の `cidr` が必要）") { Subnets = "subnets", Vpc = "vpc" }
}

choice! {
    /// Stored data is encrypted.
    pub enum AtRest ("weaker-than-promised", "`required`: stored data is always encrypted", "`required`（保存データは必ず暗号化します）") { Required = "required" }
}

choice! {
    /// Connections use TLS.
    pub enum InTransit ("weaker-than-promised", "`required`: connections always use TLS", "`required`（接続には必ず TLS を使います）") { Required = "required" }
}

choice! {
    /// Where clocks get the time.
    pub enum TimeSource ("weaker-than-promised", "`amazon-time-sync`", "`amazon-time-sync`") { AmazonTimeSync = "amazon-time-sync" }
}

choice! {
    /// The zone in which records are kept.
    pub enum TimeZoneName ("weaker-than-promised", "`UTC`", "`UTC`") { Utc = "UTC" }
}
