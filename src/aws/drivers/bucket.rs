//! How a bucket is called. Every call but the creation says whose it must be: a name that somebody else has taken is
//! refused by S3 and never read or written by mistake.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_s3::types::{
    BucketLocationConstraint, BucketVersioningStatus, CreateBucketConfiguration, ObjectLockEnabled, ObjectOwnership,
    OwnershipControls, OwnershipControlsRule, PublicAccessBlockConfiguration, ServerSideEncryption,
    ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration, ServerSideEncryptionRule, VersioningConfiguration,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use futures::try_join;

use crate::aws::generic::{Calls, Change, Sight};
use crate::aws::tags::{self, Delta};
use crate::aws::{Place, document, label, shape};
use crate::kinds::Kind;
use crate::kinds::bucket::{KIND, NAME, PREFIX, Rule, Spec, at, calls, readiness};
use crate::model::observed::ANOTHER_ACCOUNT;
use crate::model::tags::Tags;
use crate::model::{Live, Name, Readings, Status, Value};
use crate::world::{ErrorClass, ProviderError};

/// What S3 answers about a bucket that is not there, as opposed to a setting of one that is.
const NO_BUCKET: &str = "NoSuchBucket";

pub struct Buckets {
    at: Place,
}

/// A name, and what is known of it.
pub enum Seen {
    /// A bucket of this account.
    Here(String),
    /// The declared name, when no bucket of this account has it.
    Elsewhere(String),
    /// A bucket of this account, looked at by name.
    Tagged(String, Tags),
}

impl Seen {
    fn name(&self) -> &str {
        match self {
            Self::Here(name) | Self::Elsewhere(name) | Self::Tagged(name, _) => name,
        }
    }
}

/// Every attribute that has a call of its own: the listing has the names only.
const SETTINGS: [Name; 8] = [
    at::versioning.name(),
    at::object_lock.name(),
    at::default_retention.name(),
    at::encryption.name(),
    at::public_access_block.name(),
    at::object_ownership.name(),
    at::policy.name(),
    at::lifecycle.name(),
];

/// What is known of a bucket that is not ours.
fn listed(name: &str, status: Status) -> Live {
    let mut attributes = Readings::default();
    attributes.set(at::name, name);
    for setting in SETTINGS {
        attributes.not_asked(setting);
    }
    let arn = format!("arn:aws:s3:::{name}");
    Live {
        physical: name.to_owned(),
        outputs: [("name".to_owned(), name.to_owned()), ("arn".to_owned(), arn)].into(),
        attributes,
        tags: Tags::new(),
        status,
        pending: Vec::new(),
    }
}

fn gone(error: &ProviderError) -> bool {
    error.class == ErrorClass::NotFound && error.code.as_deref() == Some(NO_BUCKET)
}

/// Builds a request of which every required field is given.
macro_rules! built {
    ($self:ident, $operation:expr, $name:expr, $builder:expr) => {
        $builder.build().map_err(|error| $self.at.invalid($operation, $name, error.to_string()))
    };
}

impl Buckets {
    async fn names(&self) -> Result<Vec<String>, ProviderError> {
        let pages = self.at.reader().s3.list_buckets().max_buckets(1000).into_paginator().items().send();
        let buckets = self.at.read(calls::LIST, NAME, pages.collect::<Result<Vec<_>, _>>()).await?;
        Ok(buckets.iter().filter_map(|bucket| bucket.name().map(str::to_owned)).collect())
    }

    /// A setting that was never made is an error to S3 and nothing to us.
    async fn setting<T, E>(
        &self,
        operation: &str,
        name: &str,
        call: impl Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    ) -> Result<Option<T>, ProviderError>
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        match self.at.read(operation, name, call).await {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.class == ErrorClass::NotFound && !gone(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// `None` when there is no such bucket.
    async fn tags_of(&self, name: &str) -> Result<Option<Tags>, ProviderError> {
        let call = self.at.reader().s3.get_bucket_tagging().bucket(name).expected_bucket_owner(self.at.account()).send();
        match self.setting(calls::GET_TAGS, name, call).await {
            Ok(answer) => Ok(Some(answer.map(|answer| tags::from_s3(answer.tag_set())).unwrap_or_default())),
            Err(error) if gone(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn versioning(&self, name: &str) -> Result<bool, ProviderError> {
        let call = self.at.reader().s3.get_bucket_versioning().bucket(name).expected_bucket_owner(self.at.account()).send();
        let answer = self.at.read(calls::GET_VERSIONING, name, call).await?;
        Ok(answer.status() == Some(&BucketVersioningStatus::Enabled))
    }

    async fn lock(&self, name: &str) -> Result<(bool, BTreeMap<String, Value>), ProviderError> {
        let call = self.at.reader().s3.get_object_lock_configuration().bucket(name).expected_bucket_owner(self.at.account());
        let answer = self.setting(calls::GET_LOCK, name, call.send()).await?;
        let Some(lock) = answer.and_then(|answer| answer.object_lock_configuration) else { return Ok((false, BTreeMap::new())) };
        let on = lock.object_lock_enabled() == Some(&ObjectLockEnabled::Enabled);
        Ok((on, shape::retention(&lock)))
    }

    async fn encryption(&self, name: &str) -> Result<String, ProviderError> {
        let call = self.at.reader().s3.get_bucket_encryption().bucket(name).expected_bucket_owner(self.at.account()).send();
        let answer = self.setting(calls::GET_ENCRYPTION, name, call).await?;
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

    async fn public_access(&self, name: &str) -> Result<BTreeMap<String, bool>, ProviderError> {
        let call = self.at.reader().s3.get_public_access_block().bucket(name).expected_bucket_owner(self.at.account()).send();
        let answer = self.setting(calls::GET_PUBLIC_ACCESS, name, call).await?;
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

    async fn ownership(&self, name: &str) -> Result<String, ProviderError> {
        let call = self.at.reader().s3.get_bucket_ownership_controls().bucket(name).expected_bucket_owner(self.at.account());
        let answer = self.setting(calls::GET_OWNERSHIP, name, call.send()).await?;
        let rules = answer.and_then(|answer| answer.ownership_controls).map(|found| found.rules);
        // A bucket without the setting is of the time when the writer owned what it wrote.
        Ok(rules.iter().flatten().next().map_or("ObjectWriter", |rule| rule.object_ownership().as_str()).to_owned())
    }

    async fn policy(&self, name: &str) -> Result<Value, ProviderError> {
        let operation = calls::GET_POLICY;
        let call = self.at.reader().s3.get_bucket_policy().bucket(name).expected_bucket_owner(self.at.account()).send();
        let answer = self.setting(operation, name, call).await?;
        let text = answer.and_then(|answer| answer.policy);
        let document = text.as_deref().map(document::parse).transpose();
        Ok(document.map_err(|error| self.at.refuse(ErrorClass::Internal, operation, name, error))?.unwrap_or(Value::Null))
    }

    async fn lifecycle(&self, name: &str) -> Result<Vec<Rule>, ProviderError> {
        let call = self.at.reader().s3.get_bucket_lifecycle_configuration().bucket(name).expected_bucket_owner(self.at.account());
        let answer = self.setting(calls::GET_LIFECYCLE, name, call.send()).await?;
        Ok(answer.map(|answer| answer.rules().iter().map(shape::rule).collect()).unwrap_or_default())
    }

    async fn details(&self, name: &str, tags: Tags) -> Result<Live, ProviderError> {
        let (lock, versioning, encryption, public_access_block, object_ownership, policy, lifecycle) = try_join!(
            self.lock(name),
            self.versioning(name),
            self.encryption(name),
            self.public_access(name),
            self.ownership(name),
            self.policy(name),
            self.lifecycle(name),
        )?;
        let mut live = Live { tags, ..listed(name, readiness("")) };
        let found = &mut live.attributes;
        found.put(at::object_lock, lock.0);
        found.put(at::default_retention, lock.1);
        found.put(at::versioning, versioning);
        found.put(at::encryption, encryption);
        found.put(at::public_access_block, public_access_block);
        found.put(at::object_ownership, object_ownership);
        match policy {
            Value::Null => found.absent(at::policy),
            policy => found.put(at::policy, policy),
        }
        found.put(at::lifecycle, lifecycle);
        Ok(live)
    }

    /// One bucket of this account that can be ours. `None` when it went since it was listed.
    async fn here(&self, name: &str) -> Result<Option<Live>, ProviderError> {
        match self.tags_of(name).await? {
            Some(tags) if self.at.ours(&tags) => self.details(name, tags).await.map(Some),
            Some(tags) => Ok(Some(Live { tags, ..listed(name, readiness("")) })),
            None => Ok(None),
        }
    }

    /// The declared name, when no bucket of this account has it: free, or somebody else's. The listing shows every bucket
    /// of the account, so whatever else S3 says about the name, it is not ours.
    async fn elsewhere(&self, name: &str) -> Result<Option<Live>, ProviderError> {
        match self.tags_of(name).await {
            Ok(None) => Ok(None),
            // Made a moment ago, and not in the listing yet.
            Ok(Some(tags)) if self.at.ours(&tags) => self.details(name, tags).await.map(Some),
            Err(error) if !matches!(error.class, ErrorClass::AccessDenied | ErrorClass::Invalid) => Err(error),
            Ok(Some(_)) | Err(_) => Ok(Some(listed(name, readiness(ANOTHER_ACCOUNT)))),
        }
    }

    async fn set_lock(&self, name: &str, retention: &BTreeMap<String, Value>) -> Result<(), ProviderError> {
        let operation = calls::PUT_LOCK;
        let configuration = shape::lock(retention).map_err(|error| self.at.invalid(operation, name, error))?;
        let call = self
            .at
            .writer()
            .s3
            .put_object_lock_configuration()
            .bucket(name)
            .expected_bucket_owner(self.at.account())
            .object_lock_configuration(configuration);
        self.at.write_new(operation, name, || call.clone().send()).await.map(drop)
    }

    async fn set_versioning(&self, name: &str, on: bool) -> Result<(), ProviderError> {
        let status = if on { BucketVersioningStatus::Enabled } else { BucketVersioningStatus::Suspended };
        let call = self
            .at
            .writer()
            .s3
            .put_bucket_versioning()
            .bucket(name)
            .expected_bucket_owner(self.at.account())
            .versioning_configuration(VersioningConfiguration::builder().status(status).build());
        self.at.write_new(calls::PUT_VERSIONING, name, || call.clone().send()).await.map(drop)
    }

    async fn set_encryption(&self, name: &str, encryption: &str) -> Result<(), ProviderError> {
        let operation = calls::PUT_ENCRYPTION;
        let (algorithm, key) = encryption.split_once(' ').map_or((encryption, None), |(a, key)| (a, Some(key)));
        let default = ServerSideEncryptionByDefault::builder()
            .sse_algorithm(ServerSideEncryption::from(algorithm))
            .set_kms_master_key_id(key.map(str::to_owned));
        let default = built!(self, operation, name, default)?;
        let rule = ServerSideEncryptionRule::builder().apply_server_side_encryption_by_default(default).build();
        let configuration = built!(self, operation, name, ServerSideEncryptionConfiguration::builder().rules(rule))?;
        let call = self
            .at
            .writer()
            .s3
            .put_bucket_encryption()
            .bucket(name)
            .expected_bucket_owner(self.at.account())
            .server_side_encryption_configuration(configuration);
        self.at.write_new(operation, name, || call.clone().send()).await.map(drop)
    }

    async fn set_public_access(&self, name: &str, switches: &BTreeMap<String, bool>) -> Result<(), ProviderError> {
        let on = |switch: &str| switches.get(switch).copied();
        let block = PublicAccessBlockConfiguration::builder()
            .set_block_public_acls(on("block_public_acls"))
            .set_block_public_policy(on("block_public_policy"))
            .set_ignore_public_acls(on("ignore_public_acls"))
            .set_restrict_public_buckets(on("restrict_public_buckets"));
        let call = self
            .at
            .writer()
            .s3
            .put_public_access_block()
            .bucket(name)
            .expected_bucket_owner(self.at.account())
            .public_access_block_configuration(block.build());
        self.at.write_new(calls::PUT_PUBLIC_ACCESS, name, || call.clone().send()).await.map(drop)
    }

    async fn set_ownership(&self, name: &str, ownership: &str) -> Result<(), ProviderError> {
        let operation = calls::PUT_OWNERSHIP;
        let rule = OwnershipControlsRule::builder().object_ownership(ObjectOwnership::from(ownership));
        let rule = built!(self, operation, name, rule)?;
        let controls = built!(self, operation, name, OwnershipControls::builder().rules(rule))?;
        let call = self
            .at
            .writer()
            .s3
            .put_bucket_ownership_controls()
            .bucket(name)
            .expected_bucket_owner(self.at.account())
            .ownership_controls(controls);
        self.at.write_new(operation, name, || call.clone().send()).await.map(drop)
    }

    async fn set_policy(&self, name: &str, policy: &Value) -> Result<(), ProviderError> {
        let operation = calls::PUT_POLICY;
        let policy = document::text(policy).map_err(|error| self.at.invalid(operation, name, error))?;
        let call = self.at.writer().s3.put_bucket_policy().bucket(name).expected_bucket_owner(self.at.account()).policy(policy);
        self.at.write_new(operation, name, || call.clone().send()).await.map(drop)
    }

    /// S3 replaces the whole configuration, and takes none that is empty.
    async fn set_lifecycle(&self, name: &str, rules: &[Rule]) -> Result<(), ProviderError> {
        let operation = calls::PUT_LIFECYCLE;
        let (client, owner) = (&self.at.writer().s3, self.at.account());
        if rules.is_empty() {
            let call = client.delete_bucket_lifecycle().bucket(name).expected_bucket_owner(owner);
            return self.at.remove(operation, name, || call.clone().send()).await;
        }
        let configuration = shape::lifecycle(rules).map_err(|error| self.at.invalid(operation, name, error))?;
        let call = client
            .put_bucket_lifecycle_configuration()
            .bucket(name)
            .expected_bucket_owner(owner)
            .lifecycle_configuration(configuration);
        self.at.write_new(operation, name, || call.clone().send()).await.map(drop)
    }
}

#[async_trait]
impl Calls for Buckets {
    type Spec = Spec;
    type Item = Seen;

    const KIND: &'static Kind = &KIND;
    const CREATE: &'static str = calls::CREATE;
    const LOOK: &'static str = calls::GET_TAGS;
    const CHANGE: &'static str = calls::CREATE;
    /// Ownership and the lock itself come with the create.
    const LATER: &'static [Name] = &[
        at::public_access_block.name(),
        at::encryption.name(),
        at::versioning.name(),
        at::default_retention.name(),
        at::policy.name(),
        at::lifecycle.name(),
    ];

    fn new(at: Place) -> Self {
        Self { at }
    }

    fn at(&self) -> &Place {
        &self.at
    }

    async fn list(&self) -> Result<Vec<Seen>, ProviderError> {
        let (names, declared) = (self.names().await?, self.at.bucket());
        let missing = declared.filter(|declared| !names.iter().any(|name| name == declared));
        let missing = missing.map(|name| Seen::Elsewhere(name.to_owned()));
        let ours = names.into_iter().filter(|name| Some(name.as_str()) == declared || name.starts_with(PREFIX));
        Ok(ours.map(Seen::Here).chain(missing).collect())
    }

    /// Which of ours it is stands in its tags, which may be what cannot be read.
    fn sight(&self, seen: &Seen) -> Sight {
        Sight::Ask { physical: seen.name().to_owned(), owner: None }
    }

    async fn complete(&self, seen: &Seen) -> Result<Option<Live>, ProviderError> {
        match seen {
            Seen::Here(name) => self.here(name).await,
            Seen::Elsewhere(name) => self.elsewhere(name).await,
            Seen::Tagged(name, tags) => self.details(name, tags.clone()).await.map(Some),
        }
    }

    async fn look(&self, name: &str) -> Result<Option<Seen>, ProviderError> {
        Ok(self.tags_of(name).await?.map(|tags| Seen::Tagged(name.to_owned(), tags)))
    }

    fn shown(&self, seen: &Seen) -> Live {
        let tags = if let Seen::Tagged(_, tags) = seen { tags.clone() } else { Tags::new() };
        Live { tags, ..listed(seen.name(), readiness("")) }
    }

    async fn make(&self, spec: &Spec, tags: &Tags) -> Result<String, ProviderError> {
        if spec.policy.is_null() {
            return Err(self.at.invalid(calls::CREATE, &spec.name, "a bucket of ours has a policy"));
        }
        let place = CreateBucketConfiguration::builder()
            .location_constraint(BucketLocationConstraint::ApNortheast1)
            .set_tags(Some(tags::to_s3(tags)));
        let call = self
            .at
            .writer()
            .s3
            .create_bucket()
            .bucket(&spec.name)
            .create_bucket_configuration(place.build())
            .object_ownership(ObjectOwnership::from(&*spec.object_ownership))
            .object_lock_enabled_for_bucket(spec.object_lock);
        self.at.write(calls::CREATE, &spec.name, || call.clone().send()).await?;
        Ok(spec.name.clone())
    }

    /// In an order that never leaves the bucket more open than before.
    async fn set(&self, change: &Change<'_>) -> Result<(), ProviderError> {
        let (name, lock) = (change.id(), change.to(at::object_lock)?);
        if lock == Some(false) {
            return Err(change.invalid("AWS never switches Object Lock off"));
        }
        let policy = change.to(at::policy)?;
        if policy.as_ref().is_some_and(Value::is_null) {
            return Err(change.invalid("a bucket of ours has a policy"));
        }
        if let Some(switches) = change.to(at::public_access_block)? {
            change.step(self.set_public_access(name, &switches).await)?;
        }
        if let Some(ownership) = change.to(at::object_ownership)? {
            change.step(self.set_ownership(name, &ownership).await)?;
        }
        if let Some(encryption) = change.to(at::encryption)? {
            change.step(self.set_encryption(name, &encryption).await)?;
        }
        if let Some(on) = change.to(at::versioning)? {
            change.step(self.set_versioning(name, on).await)?;
        }
        // One call for both: with the lock goes how long new versions are kept.
        if change.to(at::default_retention)?.is_some() | lock.is_some() {
            let retention = change.target(at::default_retention)?;
            change.step(self.set_lock(name, &retention).await)?;
        }
        if let Some(policy) = policy {
            change.step(self.set_policy(name, &policy).await)?;
        }
        if let Some(rules) = change.to(at::lifecycle)? {
            change.step(self.set_lifecycle(name, &rules).await)?;
        }
        Ok(())
    }

    async fn tag(&self, live: &Live, delta: &Delta) -> Result<(), ProviderError> {
        label::s3(&self.at, &live.physical, &live.tags, delta).await
    }

    async fn remove(&self, live: &Live) -> Result<(), ProviderError> {
        Err(self.at.never_deleted(calls::DELETE, &live.physical))
    }
}
