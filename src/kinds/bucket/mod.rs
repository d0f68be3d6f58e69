//! The S3 bucket that keeps an environment's records and its lease: versioned, encrypted, private, locked. One, in Tokyo.

pub mod calls;
mod kind;
mod sim;

use std::collections::BTreeMap;

use crate::model::Environment;

use super::prelude::*;

pub use kind::KIND;

/// The kind in ids: `bucket.store@tokyo`.
pub const NAME: &str = "bucket";

/// The driver reads buckets whose names begin so even when no file names them: a bucket that a file no longer names still
/// carries our tags.
pub const PREFIX: &str = "tokaido-";

/// The object of the lease, under each environment's prefix, in a bucket and in a folder of records alike. An apply replaces it
/// again and again while it runs.
pub const LEASE: &str = "lease.json";

/// Days for which a record is locked: as long as the white paper keeps logs (clause 25).
pub const RETENTION_DAYS: i64 = 400;

/// The four switches of a public access block (`API_PublicAccessBlockConfiguration`), in the spelling of the attribute.
pub const SWITCHES: [&str; 4] = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];

/// Encryption with keys of S3 itself (docs/adr/0010-bootstrap.md says why not with the environment's own key).
pub const ENCRYPTION: &str = "AES256";

/// One rule of the lifecycle. What a foreign rule does beside these fields is named in `more` and not modelled: the planner
/// only has to know that it differs.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Typed)]
pub struct Rule {
    /// The rule's identifier, unique in the bucket.
    pub id: String,
    /// Whether S3 executes the rule.
    pub enabled: bool,
    /// The rule is about keys that begin so; about all keys when empty.
    pub prefix: String,
    /// Days after which S3 removes a version that was replaced.
    #[typed(omit)]
    #[schemars(default, skip_serializing_if = "Option::is_none")]
    pub noncurrent_days: Option<i64>,
    /// Days after which S3 removes the parts of an upload that was never finished.
    #[typed(omit)]
    #[schemars(default, skip_serializing_if = "Option::is_none")]
    pub abort_uploads_days: Option<i64>,
    /// The other elements of the rule, as S3 names them.
    #[typed(omit)]
    #[schemars(default, skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<String>,
}

/// Outputs: `name`, `arn`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
pub struct Spec {
    /// The bucket's name, unique in all of AWS and fixed.
    #[ja = "バケットの名前です。AWS 全体で一意で、変更できません。"]
    #[aws("Bucket", "AmazonS3/latest/API/API_CreateBucket.html")]
    #[row(mutability(FIXED))]
    pub name: String,
    /// Whether a replaced object stays as an older version. Records are written once; without versions a manual change
    /// could replace one without a trace.
    #[ja = "上書きされたオブジェクトを以前の版として残すかどうかです。無効だと、記録を人手で差し替えられても分からなくなりま"]
    #[ja = "す。"]
    #[aws("VersioningConfiguration.Status", "AmazonS3/latest/API/API_PutBucketVersioning.html")]
    #[row(
        hazards(&[Hazard::new(Risk::Protection, Trigger::TurnedOff), Hazard::new(Risk::Logging, Trigger::Changed)]),
        promise(slug::EVENT_LOGS),
    )]
    pub versioning: bool,
    /// Whether versions can be locked against deletion. AWS never switches it off again.
    #[ja = "版を削除できないように固定できるかどうかです。一度有効にすると無効には戻せません。"]
    #[aws("ObjectLockConfiguration.ObjectLockEnabled", "AmazonS3/latest/API/API_PutObjectLockConfiguration.html")]
    #[row(
        hazards(&[Hazard::new(Risk::Logging, Trigger::Changed)]),
        one_way(Trigger::Changed, "AWS never switches Object Lock off", "オブジェクトロックは、一度有効にすると無効に戻せません"),
        promise(slug::EVENT_LOGS),
    )]
    pub object_lock: bool,
    /// How long every new version is locked. Shorter, it holds for what is written from then on; what is locked stays so.
    // `mode` and `days`; empty when new objects are not locked by themselves.
    #[ja = "新しい版を固定する期間です。短くしても、それ以後に書かれたものにだけ効き、すでに固定されたものは変わりません。"]
    #[aws("ObjectLockConfiguration.Rule.DefaultRetention", "AmazonS3/latest/API/API_PutObjectLockConfiguration.html")]
    #[row(
        compare(Comparison::Map),
        hazards(&[Hazard::new(Risk::Protection, Trigger::Lowered), Hazard::new(Risk::Logging, Trigger::Changed)]),
        promise(slug::EVENT_LOGS),
    )]
    pub default_retention: BTreeMap<String, Value>,
    /// How S3 encrypts new objects where the request does not say it. Existing objects stay as they were written.
    // `AES256`, or `aws:kms` and the key.
    #[ja = "指定がないときに新しいオブジェクトを暗号化する方式です。既存のオブジェクトは書かれたときのままです。"]
    #[aws("ServerSideEncryptionConfiguration", "AmazonS3/latest/API/API_PutBucketEncryption.html")]
    #[row(hazards(&[Hazard::new(Risk::Encryption, Trigger::Changed)]))]
    pub encryption: String,
    /// The four switches that keep the bucket private whatever a policy or an access list says.
    #[ja = "ポリシーやアクセス制御リストにかかわらず公開を防ぐ四つの設定です。"]
    #[aws("PublicAccessBlockConfiguration", "AmazonS3/latest/API/API_PutPublicAccessBlock.html")]
    #[row(
        compare(Comparison::Map),
        hazards(&[Hazard::new(Risk::Exposes, Trigger::TurnedOff), Hazard::new(Risk::Exposes, Trigger::Removed)]),
    )]
    pub public_access_block: BTreeMap<String, bool>,
    /// Who owns what is written. With BucketOwnerEnforced access lists have no effect and policies alone decide.
    #[ja = "書き込まれたものの所有者です。BucketOwnerEnforced ではアクセス制御リストが無効になり、ポリシーだけが効きます。"]
    #[aws("OwnershipControls.Rules.ObjectOwnership", "AmazonS3/latest/API/API_PutBucketOwnershipControls.html")]
    #[row(impact(Impact::Exposure))]
    pub object_ownership: String,
    /// What is denied to every caller, whatever else is allowed: requests without TLS, from another account, and deletions.
    #[typed(default)]
    #[schemars(default)]
    #[ja = "ほかで許可されていても誰にもさせない操作です。TLS を使わない接続、ほかのアカウントからの利用、削除を拒みます。"]
    #[aws("Policy", "AmazonS3/latest/API/API_PutBucketPolicy.html")]
    #[row(
        compare(Comparison::Policy),
        impact(Impact::Exposure),
        hazards(&[Hazard::new(Risk::Protection, Trigger::Removed), Hazard::new(Risk::Exposes, Trigger::Removed)]),
    )]
    pub policy: Value,
    /// What S3 removes by itself: replaced versions of the lease, and uploads that were never finished. A rule that is not
    /// declared could make records expire.
    #[ja = "S3 が自動で取り除くものです。置き換えられたリースの版と、完了しなかったアップロードに限ります。ほかの規則がある"]
    #[ja = "と記録が期限切れになるおそれがあります。"]
    #[aws("LifecycleConfiguration.Rules", "AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html")]
    #[row(compare(Comparison::Keyed(&["id"])), hazards(&[Hazard::new(Risk::Logging, Trigger::Changed)]), promise(slug::EVENT_LOGS))]
    pub lifecycle: Vec<Rule>,
}

const FIXED: Mutability = Mutability::Forbidden(Explained::new(
    "a bucket keeps its name: declare a new one, copy the records there, and keep this one",
    "バケットの名前は変えられません。新しいものを宣言して記録を写し、元のものも残します",
));

/// The rows and the rule for names. A bucket holds evidence, so no plan deletes it; its name is unique in all of AWS.
pub static SCHEMA: KindSchema = KindSchema {
    stateful: true,
    name: Some((
        at::name.name(),
        NameRule { min: 3, max: 63, also: "-", rds: false, words: "S3 accepts lower-case letters, digits and hyphens" },
    )),
    unique: Some(at::name.name()),
    title_ja: "S3 バケット",
    ..KindSchema::new(NAME, "S3 bucket", Spec::ROWS, "AmazonS3/latest/API/API_CreateBucket.html")
};

const CALLS: Operations = Operations {
    look: "s3:GetBucketTagging",
    create: "s3:CreateBucket",
    change: "s3:CreateBucket",
    delete: "s3:DeleteBucket",
    tags: tagging::S3,
    more: calls::MORE,
};

/// The bucket in which one environment keeps its records. `account` has twelve digits.
#[must_use]
pub fn store(name: &str, account: &str, environment: Environment) -> Spec {
    Spec {
        name: name.to_owned(),
        versioning: true,
        object_lock: true,
        default_retention: retention("GOVERNANCE", RETENTION_DAYS),
        encryption: ENCRYPTION.to_owned(),
        public_access_block: SWITCHES.map(|switch| (switch.to_owned(), true)).into(),
        object_ownership: "BucketOwnerEnforced".to_owned(),
        policy: policy(name, account),
        lifecycle: vec![
            Rule {
                id: "replaced-leases".to_owned(),
                enabled: true,
                prefix: format!("{environment}/{LEASE}"),
                noncurrent_days: Some(1),
                abort_uploads_days: None,
                more: Vec::new(),
            },
            Rule {
                id: "unfinished-uploads".to_owned(),
                enabled: true,
                prefix: String::new(),
                noncurrent_days: None,
                abort_uploads_days: Some(1),
                more: Vec::new(),
            },
        ],
    }
}

/// The value of `default_retention`: the lock's mode (`GOVERNANCE`, `COMPLIANCE`) and its days.
#[must_use]
pub fn retention(mode: &str, days: i64) -> BTreeMap<String, Value> {
    [("mode".to_owned(), Value::from(mode)), ("days".to_owned(), Value::Int(days))].into()
}

/// Denials only: the account's roles say what is allowed. Changing the policy is not denied: the operator who repairs it would
/// be locked out as well, and only the account's root user could help.
const POLICY: &str = include_str!("../../../docs/permissions/bucket.json");

/// The value of `policy` for the bucket of this name and the account of these twelve digits (`docs/permissions/bucket.json`).
#[must_use]
pub fn policy(name: &str, account: &str) -> Value {
    serde_json::from_str(&POLICY.replace("BUCKET", name).replace("ACCOUNT", account)).unwrap_or(Value::Null)
}
