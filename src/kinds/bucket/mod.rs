//! The S3 bucket that keeps an environment's records and its lease: versioned, encrypted, private, locked. One, in Tokyo.

use std::collections::BTreeMap;

use crate::model::observed::ANOTHER_ACCOUNT;

use super::prelude::*;

/// The driver reads buckets whose names begin so even when no file names them: a bucket that a file no longer names still
/// carries our tags.
pub const PREFIX: &str = "tokaido-";

/// The object of the lease, under each environment's prefix, in a bucket and in a folder of records alike. An apply replaces it
/// again and again while it runs.
pub const LEASE: &str = "lease.json";

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
    pub noncurrent_days: Option<i64>,
    /// Days after which S3 removes the parts of an upload that was never finished.
    pub abort_uploads_days: Option<i64>,
    /// The other elements of the rule, as S3 names them.
    #[typed(omit)]
    #[schemars(default, skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<String>,
}

/// Outputs: `name`, `arn`. A bucket holds evidence, so no plan deletes it; its name is unique in all of AWS, one listing shows
/// the buckets of every region, and one bucket holds the lease.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Kind)]
#[ja = "S3 バケット"]
#[kind("bucket", "S3 bucket", "AmazonS3/latest/API/API_CreateBucket.html", stateful, regions(&[Region::Tokyo]))]
#[kind(identity(Identity::NamedBy(arn)), name(at::name, NAMES), unique(at::name))]
#[calls(look = "s3:GetBucketTagging", create = "s3:CreateBucket", change = "s3:CreateBucket", delete = "s3:DeleteBucket")]
#[calls(tags = S3, LIST = "s3:ListAllMyBuckets")]
#[calls(GET_ENCRYPTION = "s3:GetEncryptionConfiguration", PUT_ENCRYPTION = "s3:PutEncryptionConfiguration")]
#[calls(GET_LIFECYCLE = "s3:GetLifecycleConfiguration", PUT_LIFECYCLE = "s3:PutLifecycleConfiguration")]
#[calls(GET_LOCK = "s3:GetBucketObjectLockConfiguration", PUT_LOCK = "s3:PutBucketObjectLockConfiguration")]
#[calls(GET_OWNERSHIP = "s3:GetBucketOwnershipControls", PUT_OWNERSHIP = "s3:PutBucketOwnershipControls")]
#[calls(GET_POLICY = "s3:GetBucketPolicy", PUT_POLICY = "s3:PutBucketPolicy")]
#[calls(GET_PUBLIC_ACCESS = "s3:GetBucketPublicAccessBlock", PUT_PUBLIC_ACCESS = "s3:PutBucketPublicAccessBlock")]
#[calls(GET_VERSIONING = "s3:GetBucketVersioning", PUT_VERSIONING = "s3:PutBucketVersioning")]
pub struct Spec {
    /// The bucket's name, unique in all of AWS and fixed.
    #[ja = "バケットの名前です。AWS 全体で一意で、変更できません。"]
    #[row("Bucket", mutability(FIXED))]
    pub name: String,
    /// Whether a replaced object stays as an older version. Records are written once; without versions a manual change
    /// could replace one without a trace.
    #[ja = "上書きされたオブジェクトを以前の版として残すかどうかです。無効だと、記録を人手で差し替えられても分からなくなりま"]
    #[ja = "す。"]
    #[row("VersioningConfiguration.Status", "AmazonS3/latest/API/API_PutBucketVersioning.html")]
    #[row(
        hazard(Risk::Protection, Trigger::TurnedOff),
        hazard(Risk::Logging, Trigger::Changed),
        promise(slug::EVENT_LOGS),
        later
    )]
    pub versioning: bool,
    /// Whether versions can be locked against deletion. AWS never switches it off again.
    #[ja = "版を削除できないように固定できるかどうかです。一度有効にすると無効には戻せません。"]
    #[row("ObjectLockConfiguration.ObjectLockEnabled", "AmazonS3/latest/API/API_PutObjectLockConfiguration.html")]
    #[row(hazard(Risk::Logging, Trigger::Changed), promise(slug::EVENT_LOGS))]
    #[row(one_way(
        Trigger::Changed,
        "AWS never switches Object Lock off",
        "オブジェクトロックは、一度有効にすると無効に戻せません"
    ))]
    pub object_lock: bool,
    /// How long every new version is locked. Shorter, it holds for what is written from then on; what is locked stays so.
    // `mode` and `days`; empty when new objects are not locked by themselves.
    #[ja = "新しい版を固定する期間です。短くしても、それ以後に書かれたものにだけ効き、すでに固定されたものは変わりません。"]
    #[row("ObjectLockConfiguration.Rule.DefaultRetention", "AmazonS3/latest/API/API_PutObjectLockConfiguration.html")]
    #[row(compare(Comparison::Map), hazard(Risk::Protection, Trigger::Lowered), hazard(Risk::Logging, Trigger::Changed))]
    #[row(reads(&["Mode", "Days", "Years"]), promise(slug::EVENT_LOGS), later)]
    pub default_retention: BTreeMap<String, Value>,
    /// How S3 encrypts new objects where the request does not say it. Existing objects stay as they were written.
    // `AES256`, or `aws:kms` and the key.
    #[ja = "指定がないときに新しいオブジェクトを暗号化する方式です。既存のオブジェクトは書かれたときのままです。"]
    #[row("ServerSideEncryptionConfiguration", "AmazonS3/latest/API/API_PutBucketEncryption.html")]
    #[row(reads(&["Rules.ApplyServerSideEncryptionByDefault"]), hazard(Risk::Encryption, Trigger::Changed), later)]
    pub encryption: String,
    /// The four switches that keep the bucket private whatever a policy or an access list says.
    #[ja = "ポリシーやアクセス制御リストにかかわらず公開を防ぐ四つの設定です。"]
    #[row("PublicAccessBlockConfiguration", "AmazonS3/latest/API/API_PutPublicAccessBlock.html")]
    #[row(compare(Comparison::Map), hazard(Risk::Exposes, Trigger::TurnedOff), hazard(Risk::Exposes, Trigger::Removed), later)]
    pub public_access_block: BTreeMap<String, bool>,
    /// Who owns what is written. With BucketOwnerEnforced access lists have no effect and policies alone decide.
    #[ja = "書き込まれたものの所有者です。BucketOwnerEnforced ではアクセス制御リストが無効になり、ポリシーだけが効きます。"]
    #[row("OwnershipControls.Rules.ObjectOwnership", "AmazonS3/latest/API/API_PutBucketOwnershipControls.html")]
    #[row(impact(Impact::Exposure))]
    pub object_ownership: String,
    /// What is denied to every caller, whatever else is allowed: requests without TLS, from another account, and deletions.
    #[typed(default)]
    #[schemars(default)]
    #[ja = "ほかで許可されていても誰にもさせない操作です。TLS を使わない接続、ほかのアカウントからの利用、削除を拒みます。"]
    #[row("Policy", "AmazonS3/latest/API/API_PutBucketPolicy.html", compare(Comparison::Policy), impact(Impact::Exposure))]
    #[row(hazard(Risk::Protection, Trigger::Removed), hazard(Risk::Exposes, Trigger::Removed), later)]
    pub policy: Value,
    /// What S3 removes by itself: replaced versions of the lease, and uploads that were never finished. A rule that is not
    /// declared could make records expire.
    #[ja = "S3 が自動で取り除くものです。置き換えられたリースの版と、完了しなかったアップロードに限ります。ほかの規則がある"]
    #[ja = "と記録が期限切れになるおそれがあります。"]
    #[row("LifecycleConfiguration.Rules", "AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html")]
    #[row(compare(Comparison::Keyed(&["id"])), hazard(Risk::Logging, Trigger::Changed), promise(slug::EVENT_LOGS), later)]
    pub lifecycle: Vec<Rule>,
}

const NAMES: NameRule = NameRule::new(3, 63, "-", "S3 accepts lower-case letters, digits and hyphens");

const FIXED: Mutability = Mutability::Forbidden(Explained::new(
    "a bucket keeps its name: declare a new one, copy the records there, and keep this one",
    "バケットの名前は変えられません。新しいものを宣言して記録を写し、元のものも残します",
));

/// How S3 behaves: a new bucket is private and encrypted and nothing more, and Object Lock needs versions and never goes away.
static SIM: Behaviour = Behaviour {
    defaults: &[
        (at::versioning.name(), Given::Bool(false)),
        (at::object_lock.name(), Given::Bool(false)),
        (at::default_retention.name(), Given::EmptyMap),
        (at::encryption.name(), Given::Text(ENCRYPTION)),
        (at::public_access_block.name(), Given::Made(|| Value::map(SWITCHES.map(|switch| (switch, true))))),
        (at::object_ownership.name(), Given::Text("BucketOwnerEnforced")),
        (at::lifecycle.name(), Given::EmptyList),
    ],
    // Object Lock that is asked for at creation switches versions on.
    complete: |attributes| {
        if attributes.typed(at::object_lock) == Some(true) {
            attributes.put(at::versioning, true);
        }
    },
    check,
    global_names: true,
    // A bucket of another account that holds our name does not become ours by waiting.
    states: States::ReadyUnless(&[ANOTHER_ACCOUNT]),
    ..Behaviour::PLAIN
};

/// A bucket's ARN names neither region nor account.
fn arn(_: &Home<'_>, attributes: &Attributes) -> String {
    format!("arn:aws:s3:::{}", attributes.typed(at::name).unwrap_or_default())
}

fn check(attributes: &Attributes, _: &dyn Neighbours) -> Result<(), ApiRefusal> {
    let locked = attributes.typed(at::object_lock) == Some(true);
    if locked && attributes.typed(at::versioning) != Some(true) {
        let message = "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed";
        return Err(ApiRefusal::invalid("InvalidBucketState", message));
    }
    if !locked && attributes.typed(at::default_retention).is_some_and(|retention| !retention.is_empty()) {
        return Err(ApiRefusal::invalid("InvalidRequest", "Bucket is missing Object Lock Configuration"));
    }
    Ok(())
}

/// The value of `default_retention`: the lock's mode (`GOVERNANCE`, `COMPLIANCE`) and its days.
#[must_use]
pub fn retention(mode: &str, days: i64) -> BTreeMap<String, Value> {
    [("mode".to_owned(), Value::from(mode)), ("days".to_owned(), Value::Int(days))].into()
}
