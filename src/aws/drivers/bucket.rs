//! How a bucket is called. Every call but the create names the account that must own the bucket, so S3 refuses a bucket of
//! another account, which is never read or written by mistake.

use std::collections::BTreeMap;

use aws_sdk_s3::types::{
    BucketLocationConstraint, BucketVersioningStatus, CreateBucketConfiguration, ObjectLockEnabled, ObjectOwnership,
    OwnershipControls, OwnershipControlsRule, PublicAccessBlockConfiguration, ServerSideEncryption,
    ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration, ServerSideEncryptionRule, VersioningConfiguration,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::aws::prelude::*;
use crate::aws::shape;
use crate::kinds::bucket::{NAME, PREFIX, Rule, Spec, at, calls};
use crate::model::observed::ANOTHER_ACCOUNT;

/// What S3 answers about a bucket that is not there, as opposed to a setting of one that is.
const NO_BUCKET: &str = "NoSuchBucket";

/// A bucket's name, and what is known about it.
pub enum Seen {
    /// A bucket of this account. `declared`: a file names it.
    Here { name: String, declared: bool },
    /// The declared name, which a bucket of another account has.
    Elsewhere(String),
    /// A bucket of this account that was read by its name.
    Tagged(String, Tags),
}

impl Seen {
    fn name(&self) -> &str {
        match self {
            Self::Here { name, .. } | Self::Elsewhere(name) | Self::Tagged(name, _) => name,
        }
    }
}

/// What is known about a bucket that is not ours: the listing has only the names.
fn listed(name: &str, tags: Tags, state: &str) -> Live {
    let mut attributes = Readings::default();
    attributes.set(at::name, name);
    let arn = format!("arn:aws:s3:::{name}");
    Live { tags, status: Spec::status(state), ..Spec::live(Some(name), Some(&arn), attributes) }
}

fn gone(error: &ProviderError) -> bool {
    error.class == ErrorClass::NotFound && error.code.as_deref() == Some(NO_BUCKET)
}

/// Asks for one setting of a bucket.
macro_rules! get {
    ($place:ident, $name:ident, $operation:expr, $call:ident) => {{
        let call = || $place.reader().s3.$call().bucket($name).expected_bucket_owner($place.account()).send();
        setting($place, $operation, $name, call).await
    }};
}

/// The buckets of this account in the region, by name.
async fn names(place: &Place) -> Answer<Vec<String>> {
    let call = place.reader().s3.list_buckets().max_buckets(1000);
    let send = |token| call.clone().set_continuation_token(token).send();
    let buckets = place.pages(calls::LIST, NAME, send, |page| (page.buckets, page.continuation_token)).await?;
    let here = buckets.iter().filter(|bucket| bucket.bucket_region().is_none_or(|region| region == place.region().code()));
    Ok(here.filter_map(|bucket| bucket.name().map(str::to_owned)).collect())
}

/// One setting of a bucket; `None` when it was never made, which is an error of S3.
async fn setting<T, E, C>(place: &Place, operation: &str, name: &str, call: impl Fn() -> C + Send + Sync) -> Answer<Option<T>>
where
    T: Send,
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    C: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
{
    match place.read(operation, name, call).await {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.class == ErrorClass::NotFound && !gone(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// `NotFound` when there is no such bucket.
async fn tags_of(place: &Place, name: &str) -> Answer<Tags> {
    let answer = get!(place, name, Spec::KIND.calls.look, get_bucket_tagging)?;
    Ok(answer.map(|answer| tags::from_s3(answer.tag_set())).unwrap_or_default())
}

async fn versioning(place: &Place, name: &str) -> Answer<bool> {
    let call = || place.reader().s3.get_bucket_versioning().bucket(name).expected_bucket_owner(place.account()).send();
    let answer = place.read(calls::GET_VERSIONING, name, call).await?;
    Ok(answer.status() == Some(&BucketVersioningStatus::Enabled))
}

async fn lock(place: &Place, name: &str) -> Answer<(bool, BTreeMap<String, Value>)> {
    let answer = get!(place, name, calls::GET_LOCK, get_object_lock_configuration)?;
    let Some(lock) = answer.and_then(|answer| answer.object_lock_configuration) else { return Ok((false, BTreeMap::new())) };
    let on = lock.object_lock_enabled() == Some(&ObjectLockEnabled::Enabled);
    Ok((on, shape::retention(&lock)))
}

async fn encryption(place: &Place, name: &str) -> Answer<String> {
    let answer = get!(place, name, calls::GET_ENCRYPTION, get_bucket_encryption)?;
    let rules = answer.and_then(|answer| answer.server_side_encryption_configuration).map(|found| found.rules);
    let rule = rules.into_iter().flatten().find_map(|rule| rule.apply_server_side_encryption_by_default);
    Ok(rule.map_or_else(
        || "none".to_owned(),
        |rule| match rule.kms_master_key_id() {
            Some(key) => format!("{} {key}", rule.sse_algorithm().as_str()),
            None => rule.sse_algorithm().as_str().to_owned(),
        },
    ))
}

async fn public_access(place: &Place, name: &str) -> Answer<BTreeMap<String, bool>> {
    let answer = get!(place, name, calls::GET_PUBLIC_ACCESS, get_public_access_block)?;
    let block = answer.and_then(|answer| answer.public_access_block_configuration);
    let block = block.unwrap_or_else(|| PublicAccessBlockConfiguration::builder().build());
    let switches = [
        ("block_public_acls", block.block_public_acls()),
        ("block_public_policy", block.block_public_policy()),
        ("ignore_public_acls", block.ignore_public_acls()),
        ("restrict_public_buckets", block.restrict_public_buckets()),
    ];
    Ok(switches.map(|(name, on)| (name.to_owned(), on.unwrap_or(false))).into())
}

async fn ownership(place: &Place, name: &str) -> Answer<String> {
    let answer = get!(place, name, calls::GET_OWNERSHIP, get_bucket_ownership_controls)?;
    let rules = answer.and_then(|answer| answer.ownership_controls).map(|found| found.rules);
    // A bucket without the setting dates from the time when the writer owned what it wrote.
    Ok(rules.iter().flatten().next().map_or("ObjectWriter", |rule| rule.object_ownership().as_str()).to_owned())
}

async fn policy(place: &Place, name: &str) -> Answer<Value> {
    let text = get!(place, name, calls::GET_POLICY, get_bucket_policy)?.and_then(|answer| answer.policy);
    let document = text.as_deref().map(document::parse).transpose();
    Ok(document.map_err(|error| place.refuse(ErrorClass::Internal, calls::GET_POLICY, name, error))?.unwrap_or(Value::Null))
}

async fn lifecycle(place: &Place, name: &str) -> Answer<Vec<Rule>> {
    let answer = get!(place, name, calls::GET_LIFECYCLE, get_bucket_lifecycle_configuration)?;
    Ok(answer.map(|answer| answer.rules().iter().map(shape::rule).collect()).unwrap_or_default())
}

/// Everything about a bucket of ours: one call for each of its settings.
async fn details(place: &Place, name: &str, tags: Tags) -> Answer<Live> {
    let (lock, versioning, encryption, public_access_block, object_ownership, policy, lifecycle) = try_join!(
        lock(place, name),
        versioning(place, name),
        encryption(place, name),
        public_access(place, name),
        ownership(place, name),
        policy(place, name),
        lifecycle(place, name),
    )?;
    let mut live = listed(name, tags, "");
    let found = &mut live.attributes;
    found.put(at::object_lock, lock.0);
    found.put(at::default_retention, lock.1);
    found.put(at::versioning, versioning);
    found.put(at::encryption, encryption);
    found.put(at::public_access_block, public_access_block);
    found.put(at::object_ownership, object_ownership);
    found.put_or_absent(at::policy, Some(policy).filter(|policy| !policy.is_null()));
    found.put(at::lifecycle, lifecycle);
    Ok(live)
}

/// The declared name, when no bucket of this account has it: the name is free, or a bucket of another account has it. The listing
/// shows every bucket of the account, so any other answer about the name is about a bucket that is not ours.
async fn elsewhere(place: &Place, name: &str) -> Answer<Option<Seen>> {
    match tags_of(place, name).await {
        // The bucket was made a moment ago and is not in the listing yet.
        Ok(tags) if place.may_be_ours(&tags) => Ok(Some(Seen::Tagged(name.to_owned(), tags))),
        Err(error) if gone(&error) => Ok(None),
        Err(error) if !matches!(error.class, ErrorClass::AccessDenied | ErrorClass::Invalid) => Err(error),
        Ok(_) | Err(_) => Ok(Some(Seen::Elsewhere(name.to_owned()))),
    }
}

/// Sends one setting of the bucket, as `$call` with `$setting`.
macro_rules! put {
    ($change:ident, $operation:expr, $call:ident.$setting:ident($value:expr)) => {{
        let (name, owner) = ($change.id(), $change.place().account());
        let call = $change.writer().s3.$call().bucket(name).expected_bucket_owner(owner).$setting($value);
        $change.write_new($operation, || call.clone().send()).await.map(drop)
    }};
}

/// Builds a part of a request whose required fields are all given.
macro_rules! built {
    ($change:ident, $operation:expr, $builder:expr) => {
        $change.valid_for($operation, $builder.build().map_err(|error| error.to_string()))?
    };
}

async fn set_encryption(change: &Change<'_>, encryption: &str) -> Answer<()> {
    let operation = calls::PUT_ENCRYPTION;
    let (algorithm, key) = encryption.split_once(' ').map_or((encryption, None), |(a, key)| (a, Some(key)));
    let default = ServerSideEncryptionByDefault::builder()
        .sse_algorithm(ServerSideEncryption::from(algorithm))
        .set_kms_master_key_id(key.map(str::to_owned));
    let default = built!(change, operation, default);
    let rule = ServerSideEncryptionRule::builder().apply_server_side_encryption_by_default(default).build();
    let all = built!(change, operation, ServerSideEncryptionConfiguration::builder().rules(rule));
    put!(change, operation, put_bucket_encryption.server_side_encryption_configuration(all))
}

async fn set_public_access(change: &Change<'_>, switches: &BTreeMap<String, bool>) -> Answer<()> {
    let on = |switch: &str| switches.get(switch).copied();
    let block = PublicAccessBlockConfiguration::builder()
        .set_block_public_acls(on("block_public_acls"))
        .set_block_public_policy(on("block_public_policy"))
        .set_ignore_public_acls(on("ignore_public_acls"))
        .set_restrict_public_buckets(on("restrict_public_buckets"));
    put!(change, calls::PUT_PUBLIC_ACCESS, put_public_access_block.public_access_block_configuration(block.build()))
}

async fn set_ownership(change: &Change<'_>, ownership: &str) -> Answer<()> {
    let operation = calls::PUT_OWNERSHIP;
    let rule = OwnershipControlsRule::builder().object_ownership(ObjectOwnership::from(ownership));
    let rule = built!(change, operation, rule);
    let controls = built!(change, operation, OwnershipControls::builder().rules(rule));
    put!(change, operation, put_bucket_ownership_controls.ownership_controls(controls))
}

/// S3 replaces the whole configuration, and refuses an empty one.
async fn set_lifecycle(change: &Change<'_>, rules: &[Rule]) -> Answer<()> {
    let (place, name, operation) = (change.place(), change.id(), calls::PUT_LIFECYCLE);
    if rules.is_empty() {
        let call = place.writer().s3.delete_bucket_lifecycle().bucket(name).expected_bucket_owner(place.account());
        return change.step(place.remove(operation, name, || call.clone().send()).await);
    }
    let all = change.valid_for(operation, shape::lifecycle(rules))?;
    put!(change, operation, put_bucket_lifecycle_configuration.lifecycle_configuration(all))
}

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = Seen;

    async fn list(place: &Place, _: Option<&str>) -> Answer<Vec<Seen>> {
        let (names, declared) = (names(place).await?, place.bucket());
        let missing = declared.filter(|declared| !names.iter().any(|name| name == declared));
        let missing = if let Some(name) = missing { elsewhere(place, name).await? } else { None };
        let here = names.into_iter().map(|name| Seen::Here { declared: Some(name.as_str()) == declared, name });
        Ok(here.chain(missing).collect())
    }

    /// Of the account's other buckets those are listed whose name begins like one of tokaido's.
    fn concerns(_: &Place, seen: &Seen) -> bool {
        !matches!(seen, Seen::Here { name, declared: false } if !name.starts_with(PREFIX))
    }

    /// Only its tags say which id a bucket has. One that the environment file does not name is of ours only if it had another name.
    fn suspect(_: &Place, seen: &Seen) -> Suspect {
        if matches!(seen, Seen::Here { declared: false, .. }) { Suspect::Foreign } else { Suspect::Any }
    }

    async fn tags(place: &Place, seen: &Seen) -> Answer<Tags> {
        match seen {
            Seen::Here { name, .. } => tags_of(place, name).await,
            Seen::Elsewhere(_) => Ok(Tags::new()),
            Seen::Tagged(_, tags) => Ok(tags.clone()),
        }
    }

    async fn complete(place: &Place, seen: &Seen, tags: Tags) -> Answer<Option<Live>> {
        details(place, seen.name(), tags).await.map(Some)
    }

    async fn look(place: &Place, name: &str) -> Answer<Option<Seen>> {
        match tags_of(place, name).await {
            Ok(tags) => Ok(Some(Seen::Tagged(name.to_owned(), tags))),
            Err(error) if gone(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn shown(seen: &Seen) -> Live {
        match seen {
            Seen::Here { name, .. } => listed(name, Tags::new(), ""),
            Seen::Elsewhere(name) => listed(name, Tags::new(), ANOTHER_ACCOUNT),
            Seen::Tagged(name, tags) => listed(name, tags.clone(), ""),
        }
    }

    async fn make(new: &New<'_>, spec: &Spec) -> Answer<String> {
        if spec.policy.is_null() {
            return Err(new.invalid("a bucket of ours has a policy"));
        }
        let place = CreateBucketConfiguration::builder()
            .location_constraint(BucketLocationConstraint::ApNortheast1)
            .set_tags(Some(tags::to_s3(new.tags())));
        let call = new.writer().s3.create_bucket().bucket(&spec.name).create_bucket_configuration(place.build());
        let call = call.object_ownership(ObjectOwnership::from(&*spec.object_ownership));
        let call = call.object_lock_enabled_for_bucket(spec.object_lock);
        new.send(|| call.clone().send()).await?;
        Ok(spec.name.clone())
    }

    /// Sends the settings in an order that never leaves the bucket more open than before.
    async fn set(change: &Change<'_>) -> Answer<()> {
        let lock = change.to(at::object_lock)?;
        if lock == Some(false) {
            return Err(change.invalid("AWS never switches Object Lock off"));
        }
        let policy = change.to(at::policy)?;
        if policy.as_ref().is_some_and(Value::is_null) {
            return Err(change.invalid("a bucket of ours has a policy"));
        }
        if let Some(switches) = change.to(at::public_access_block)? {
            set_public_access(change, &switches).await?;
        }
        if let Some(ownership) = change.to(at::object_ownership)? {
            set_ownership(change, &ownership).await?;
        }
        if let Some(encryption) = change.to(at::encryption)? {
            set_encryption(change, &encryption).await?;
        }
        if let Some(on) = change.to(at::versioning)? {
            let status = if on { BucketVersioningStatus::Enabled } else { BucketVersioningStatus::Suspended };
            let status = VersioningConfiguration::builder().status(status).build();
            put!(change, calls::PUT_VERSIONING, put_bucket_versioning.versioning_configuration(status))?;
        }
        // One call sets both the lock and the time for which new versions are locked.
        if change.to(at::default_retention)?.is_some() | lock.is_some() {
            let lock = shape::lock(&change.target(at::default_retention)?);
            let lock = change.valid_for(calls::PUT_LOCK, lock)?;
            put!(change, calls::PUT_LOCK, put_object_lock_configuration.object_lock_configuration(lock))?;
        }
        if let Some(policy) = policy {
            let policy = change.valid_for(calls::PUT_POLICY, document::text(&policy))?;
            put!(change, calls::PUT_POLICY, put_bucket_policy.policy(policy))?;
        }
        if let Some(rules) = change.to(at::lifecycle)? {
            set_lifecycle(change, &rules).await?;
        }
        Ok(())
    }
}
