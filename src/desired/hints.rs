//! What the decoder says of a key besides its type: the promise it keeps, an example, why it cannot be written. Paths are keys
//! joined by dots, without list indexes. Imports `promises`.

use crate::model::Explained;
use crate::promises::slug;

use super::habits;
use super::said::Right;

/// The first entry whose path begins the key's path wins, so longer paths come first.
const PROMISES: &[(&str, &str)] = &[
    ("account", slug::THREE_ENVIRONMENTS),
    ("environment", slug::THREE_ENVIRONMENTS),
    ("regions", slug::DATA_RESIDENCY),
    ("network.zones", slug::DATA_RESIDENCY),
    ("network.recovery.zones", slug::DATA_RESIDENCY),
    ("protection.point_in_time_recovery", slug::POINT_IN_TIME_RECOVERY),
    ("protection.primary_copies", slug::RECOVERY_COPIES),
    ("protection.recovery_copies", slug::RECOVERY_COPIES),
    ("protection.encryption.in_transit", slug::ENCRYPTION_IN_TRANSIT),
    ("protection.encryption", slug::ENCRYPTION_AT_REST),
    ("databases.storage", slug::CAPACITY_GROWTH),
    ("databases.backup_window", slug::POINT_IN_TIME_RECOVERY),
    ("dedicated_database.storage", slug::CAPACITY_GROWTH),
    ("dedicated_database.backup_window", slug::POINT_IN_TIME_RECOVERY),
    ("tenants.ingress_allow", slug::TENANT_INGRESS),
    ("tenants.cidr", slug::TENANT_ISOLATION),
    ("tenants.isolation", slug::TENANT_ISOLATION),
    ("tenants.database", slug::TENANT_ISOLATION),
    ("time", slug::CLOCK),
];

/// The promise that the value at this path keeps.
pub(super) fn promise_of(path: &str) -> Option<&'static str> {
    PROMISES
        .iter()
        .find(|(prefix, _)| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
        .map(|(_, slug)| *slug)
}

/// A key that cannot be written, because what it would ask for breaks a promise.
pub(super) struct Refused {
    pub(super) code: &'static str,
    pub(super) why: Explained,
    pub(super) instead: Explained,
    pub(super) promise: &'static str,
}

pub(super) fn refused_key(path: &str, key: &str) -> Option<Refused> {
    let database = path == "databases" || path == "dedicated_database";
    // CloudFormation and Pulumi write the same words with capitals.
    match underscored(key).as_str() {
        "public" | "publicly_accessible" | "public_access" if database => Some(Refused {
            code: "public-database",
            why: Explained::new("a database is never public", "データベースは公開しません"),
            instead: Explained::new(
                "no such key; clients connect from inside the network",
                "このキーを書かない。接続はネットワークの内側から行います",
            ),
            promise: slug::ENCRYPTION_IN_TRANSIT,
        }),
        "encrypted" | "encryption" | "storage_encrypted" | "kms_key" | "kms_key_id" if database => Some(Refused {
            code: "encryption-is-not-a-choice",
            why: Explained::new(
                "every database is encrypted with its owner's key",
                "データベースはすべて所有者の鍵で暗号化します",
            ),
            instead: Explained::new("no such key", "このキーを書かない"),
            promise: slug::ENCRYPTION_AT_REST,
        }),
        "deletion_protection" if database => Some(Refused {
            code: "protection-is-not-a-choice",
            why: Explained::new("every database is protected against deletion", "データベースはすべて削除から保護します"),
            instead: Explained::new("no such key", "このキーを書かない"),
            promise: slug::POINT_IN_TIME_RECOVERY,
        }),
        "backup_retention" | "backup_retention_days" | "point_in_time_recovery" if database => Some(Refused {
            code: "protection-is-not-a-choice",
            why: Explained::new(
                "recovery is the same for every database of an environment",
                "復元できる期間は環境のすべてのデータベースで同じです",
            ),
            instead: Explained::new(
                "`protection.point_in_time_recovery`, or a divergence in dev and staging",
                "`protection.point_in_time_recovery`、または dev と staging での逸脱",
            ),
            promise: slug::POINT_IN_TIME_RECOVERY,
        }),
        "tenant" | "from_tenant" | "group" | "security_group" if path == "tenants.ingress_allow" => Some(Refused {
            code: "tenant-names-tenant",
            why: Explained::new("nothing passes between tenants", "テナント間の通信は許可しません"),
            instead: Explained::new(
                "`cidr`: an address block of the customer, outside the service",
                "`cidr`（サービスの外にあるお客様のアドレス範囲）",
            ),
            promise: slug::TENANT_ISOLATION,
        }),
        _ => None,
    }
}

/// `StorageEncrypted` → `storage_encrypted`
fn underscored(key: &str) -> String {
    let mut word = String::new();
    let mut before = '_';
    for c in key.chars() {
        if c.is_ascii_uppercase() && before.is_ascii_lowercase() {
            word.push('_');
        }
        word.push(c.to_ascii_lowercase());
        before = c;
    }
    word
}

/// What to write for a value that another tool would take.
pub(super) fn value(code: &str, text: &str) -> Option<Right> {
    let (engine, version) = if code == "bad-engine" { habits::engine(text)? } else { return None };
    Some(match version {
        Some(version) => Right::EngineAndVersion { engine, version },
        None => Right::typed(format!("`{engine}`")),
    })
}

/// What to write for a key that is missing.
pub(super) fn example_of(path: &str, key: &str) -> Right {
    let value = match (path, key) {
        (_, "schema") => "tokaido/v1",
        (_, "environment") => "production",
        (_, "account") => "\"333333333333\"",
        (_, "store") => "{ bucket: tokaido-production-333333333333 }",
        (_, "bucket") => "tokaido-production-333333333333",
        (_, "regions") => "{ primary: ap-northeast-1, recovery: ap-northeast-3 }",
        ("network.recovery", "recovery") => "{ cidr: 10.31.0.0/16, zones: [apne3-az1, apne3-az2, apne3-az3] }",
        ("network.recovery.zones", _) => "[apne3-az1, apne3-az2, apne3-az3]",
        (_, "zones") => "[apne1-az1, apne1-az2, apne1-az4]",
        (_, "cidr" | "shared") => "10.30.0.0/20",
        (_, "storage") => "{ at_least: 100 GiB, up_to: 1 TiB }",
        (_, "at_least") => "100 GiB",
        (_, "up_to") => "1 TiB",
        (_, "engine") => "postgres",
        (_, "version") => "\"16\"",
        (_, "class") => "db.m7g.large",
        (_, "multi_az") => "true",
        (_, "backup_window") => "\"02:00-02:30 Asia/Tokyo\"",
        (_, "maintenance_window") => "\"Sun 05:00-05:30 Asia/Tokyo\"",
        (_, "isolation") => "subnets",
        ("tenants.database", _) => "dedicated",
        (_, "port") => "443",
        (_, "reason") => "\"why, in words\"",
        (_, "owner") => "platform",
        (_, "until") => "2027-03-31",
        (_, "point_in_time_recovery") => "35d",
        ("protection.recovery_copies.keep", _) | (_, "notice") => "7d",
        (_, "keep") => "8d",
        (_, "at") => "\"03:00 Asia/Tokyo\"",
        (_, "every") => "1d",
        (_, "time") => "{ source: amazon-time-sync, zone: UTC }",
        (_, "primary_copies") => "{ every: 1d, at: \"03:00 Asia/Tokyo\", keep: 8d }",
        (_, "recovery_copies") => "{ keep: 7d, arrival_margin: 1d }",
        (_, "encryption") => "{ at_rest: required, in_transit: required, key_rotation: 365d }",
        (_, "at_rest" | "in_transit") => "required",
        (_, "key_rotation") => "365d",
        (_, "source") => "amazon-time-sync",
        (_, "zone") => "UTC",
        _ => return Right::KeyAndMore { key: key.to_owned() },
    };
    Right::typed(format!("`{key}: {value}`"))
}

#[cfg(test)]
mod tests {
    use super::PROMISES;
    use crate::promises::SLUGS;

    #[test]
    fn every_promise_named_here_exists() {
        for (path, named) in PROMISES {
            assert!(SLUGS.contains(named), "{path} names {named}");
        }
    }
}
