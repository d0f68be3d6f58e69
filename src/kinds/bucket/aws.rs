//! How a bucket is called. Every call but the creation says whose it must be: a name that somebody else has taken is
//! refused by S3 and never read or written by mistake.

use std::collections::BTreeMap;
use std::sync::Arc;

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

use super::{NAME, PREFIX, Spec, readiness};
use crate::aws::call::{Progress, partly};
use crate::aws::tags::{self, Delta};
use crate::aws::{Place, Session, document, label, shape};
use crate::model::observed::ANOTHER_ACCOUNT;
use crate::model::tags::Tags;
use crate::model::{Attributes, Listing, Live, Region, Status, Value};
use crate::world::{CreateRequest, Driver, ErrorClass, ProviderError, UpdateRequest};

/// What S3 answers about a bucket that is not there, as opposed to a setting of one that is.
const NO_BUCKET: &str = "NoSuchBucket";

struct Aws {
    at: Place,
}

pub fn driver(session: &Arc<Session>, region: Region) -> Arc<dyn Driver> {
    Arc::new(Aws { at: Place::new(session, region) })
}

/// What is known of a bucket that is not ours.
fn listed(name: &str, status: Status) -> Live {
    let mut attributes = Attributes::default();
    attributes.set("name", name);
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

impl Aws {
    async fn names(&self) -> Result<Vec<String>, ProviderError> {
        let pages = self.at.reader().s3.list_buckets().max_buckets(1000).into_paginator().items().send();
        let buckets = self.at.read("s3:ListAllMyBuckets", NAME, pages.collect::<Result<Vec<_>, _>>()).await?;
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
    async fn tags(&self, name: &str) -> Result<Option<Tags>, ProviderError> {
        let call = self.at.reader().s3.get_bucket_tagging().bucket(name).expected_bucket_owner(self.at.account()).send();
        match self.setting("s3:GetBucketTagging", name, call).await {
            Ok(answer) => Ok(Some(answer.map(|answer| tags::from_s3(answer.tag_set())).unwrap_or_default())),
            Err(error) if gone(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn versioning(&self, name: &str) -> Result<bool, ProviderError> {
        let call = self.at.reader().s3.get_bucket_versioning().bucket(name).expected_bucket_owner(self.at.account()).send();
        let answer = self.at.read("s3:GetBucketVersioning", name, call).await?;
        Ok(answer.status() == Some(&BucketVersioningStatus::Enabled))
    }

    async fn lock(&self, name: &str) -> Result<(bool, BTreeMap<String, Value>), ProviderError> {
        let call = self.at.reader().s3.get_object_lock_configuration().bucket(name).expected_bucket_owner(self.at.account());
        let answer = self.setting("s3:GetBucketObjectLockConfiguration", name, call.send()).await?;
        let Some(lock) = answer.and_then(|answer| answer.object_lock_configuration) else { return Ok((false, BTreeMap::new())) };
        let on = lock.object_lock_enabled() == Some(&ObjectLockEnabled::Enabled);
        Ok((on, shape::retention(&lock)))
    }

    async fn encryption(&self, name: &str) -> Result<String, ProviderError> {
        let call = self.at.reader().s3.get_bucket_encryption().bucket(name).expected_bucket_owner(self.at.account()).send();
        let answer = self.setting("s3:GetEncryptionConfiguration", name, call).await?;
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
        let answer = self.setting("s3:GetBucketPublicAccessBlock", name, call).await?;
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
        let answer = self.setting("s3:GetBucketOwnershipControls", name, call.send()).await?;
        let rules = answer.and_then(|answer| answer.ownership_controls).map(|found| found.rules);
        // A bucket without the setting is of the time when the writer owned what it wrote.
        Ok(rules.iter().flatten().next().map_or("ObjectWriter", |rule| rule.object_ownership().as_str()).to_owned())
    }

    async fn policy(&self, name: &str) -> Result<Value, ProviderError> {
        let operation = "s3:GetBucketPolicy";
        let call = self.at.reader().s3.get_bucket_policy().bucket(name).expected_bucket_owner(self.at.account()).send();
        let answer = self.setting(operation, name, call).await?;
        let text = answer.and_then(|answer| answer.policy);
        let document = text.as_deref().map(document::parse).transpose();
        Ok(document.map_err(|error| self.at.refuse(ErrorClass::Internal, operation, name, error))?.unwrap_or(Value::Null))
    }

    async fn lifecycle(&self, name: &str) -> Result<Vec<super::Rule>, ProviderError> {
        let call = self.at.reader().s3.get_bucket_lifecycle_configuration().bucket(name).expected_bucket_owner(self.at.account());
        let answer = self.setting("s3:GetLifecycleConfiguration", name, call.send()).await?;
        Ok(answer.map(|answer| answer.rules().iter().map(shape::rule).collect()).unwrap_or_default())
    }

    async fn complete(&self, name: &str, tags: Tags) -> Result<Live, ProviderError> {
        let (lock, versioning, encryption, public_access_block, object_ownership, policy, lifecycle) = try_join!(
            self.lock(name),
            self.versioning(name),
            self.encryption(name),
            self.public_access(name),
            self.ownership(name),
            self.policy(name),
            self.lifecycle(name),
        )?;
        let (object_lock, default_retention) = lock;
        let name = name.to_owned();
        let spec = Spec {
            name: name.clone(),
            versioning,
            object_lock,
            default_retention,
            encryption,
            public_access_block,
            object_ownership,
            policy,
            lifecycle,
        };
        Ok(Live { attributes: Attributes::lower(&spec), tags, ..listed(&name, readiness("")) })
    }

    /// One bucket of this account that can be ours. `None` when it went since it was listed.
    async fn look(&self, name: &str) -> Result<Option<Live>, ProviderError> {
        match self.tags(name).await? {
            Some(tags) if self.at.ours(&tags) => self.complete(name, tags).await.map(Some),
            Some(tags) => Ok(Some(Live { tags, ..listed(name, readiness("")) })),
            None => Ok(None),
        }
    }

    /// The declared name, when no bucket of this account has it: free, or somebody else's. The listing shows every bucket
    /// of the account, so whatever else S3 says about the name, it is not ours.
    async fn elsewhere(&self, name: &str) -> Result<Option<Live>, ProviderError> {
        match self.tags(name).await {
            Ok(None) => Ok(None),
            // Made a moment ago, and not in the listing yet.
            Ok(Some(tags)) if self.at.ours(&tags) => self.complete(name, tags).await.map(Some),
            Err(error) if !matches!(error.class, ErrorClass::AccessDenied | ErrorClass::Invalid) => Err(error),
            Ok(Some(_)) | Err(_) => Ok(Some(listed(name, readiness(ANOTHER_ACCOUNT)))),
        }
    }

    async fn set_lock(&self, spec: &Spec) -> Result<(), ProviderError> {
        let operation = "s3:PutBucketObjectLockConfiguration";
        let configuration =
            shape::lock(&spec.default_retention).map_err(|error| self.at.invalid(operation, &spec.name, error))?;
        let call = self
            .at
            .writer()
            .s3
            .put_object_lock_configuration()
            .bucket(&spec.name)
            .expected_bucket_owner(self.at.account())
            .object_lock_configuration(configuration);
        self.at.write_new(operation, &spec.name, || call.clone().send()).await.map(drop)
    }

    async fn set_versioning(&self, spec: &Spec) -> Result<(), ProviderError> {
        let status = if spec.versioning { BucketVersioningStatus::Enabled } else { BucketVersioningStatus::Suspended };
        let call = self
            .at
            .writer()
            .s3
            .put_bucket_versioning()
            .bucket(&spec.name)
            .expected_bucket_owner(self.at.account())
            .versioning_configuration(VersioningConfiguration::builder().status(status).build());
        self.at.write_new("s3:PutBucketVersioning", &spec.name, || call.clone().send()).await.map(drop)
    }

    async fn set_encryption(&self, spec: &Spec) -> Result<(), ProviderError> {
        let (operation, name) = ("s3:PutEncryptionConfiguration", &spec.name);
        let (algorithm, key) = spec.encryption.split_once(' ').map_or((&*spec.encryption, None), |(a, key)| (a, Some(key)));
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

    async fn set_public_access(&self, spec: &Spec) -> Result<(), ProviderError> {
        let on = |switch: &str| spec.public_access_block.get(switch).copied();
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
            .bucket(&spec.name)
            .expected_bucket_owner(self.at.account())
            .public_access_block_configuration(block.build());
        self.at.write_new("s3:PutBucketPublicAccessBlock", &spec.name, || call.clone().send()).await.map(drop)
    }

    async fn set_ownership(&self, spec: &Spec) -> Result<(), ProviderError> {
        let (operation, name) = ("s3:PutBucketOwnershipControls", &spec.name);
        let rule = OwnershipControlsRule::builder().object_ownership(ObjectOwnership::from(&*spec.object_ownership));
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

    async fn set_policy(&self, spec: &Spec) -> Result<(), ProviderError> {
        let (operation, name) = ("s3:PutBucketPolicy", &spec.name);
        let policy = document::text(&spec.policy).map_err(|error| self.at.invalid(operation, name, error))?;
        let call = self.at.writer().s3.put_bucket_policy().bucket(name).expected_bucket_owner(self.at.account()).policy(policy);
        self.at.write_new(operation, name, || call.clone().send()).await.map(drop)
    }

    /// S3 replaces the whole configuration, and takes none that is empty.
    async fn set_lifecycle(&self, spec: &Spec) -> Result<(), ProviderError> {
        let (operation, name) = ("s3:PutLifecycleConfiguration", &spec.name);
        let (client, owner) = (&self.at.writer().s3, self.at.account());
        if spec.lifecycle.is_empty() {
            let call = client.delete_bucket_lifecycle().bucket(name).expected_bucket_owner(owner);
            return self.at.remove(operation, name, || call.clone().send()).await;
        }
        let configuration = shape::lifecycle(&spec.lifecycle).map_err(|error| self.at.invalid(operation, name, error))?;
        let call = client
            .put_bucket_lifecycle_configuration()
            .bucket(name)
            .expected_bucket_owner(owner)
            .lifecycle_configuration(configuration);
        self.at.write_new(operation, name, || call.clone().send()).await.map(drop)
    }

    /// In an order that never leaves the bucket more open than before.
    async fn set(&self, spec: &Spec, changed: impl Fn(&str) -> bool, progress: &mut Progress) -> Result<(), ProviderError> {
        if changed("public_access_block") {
            progress.step(self.set_public_access(spec).await)?;
        }
        if changed("object_ownership") {
            progress.step(self.set_ownership(spec).await)?;
        }
        if changed("encryption") {
            progress.step(self.set_encryption(spec).await)?;
        }
        if changed("versioning") {
            progress.step(self.set_versioning(spec).await)?;
        }
        if changed("object_lock") || changed("default_retention") {
            progress.step(self.set_lock(spec).await)?;
        }
        if changed("policy") {
            progress.step(self.set_policy(spec).await)?;
        }
        if changed("lifecycle") {
            progress.step(self.set_lifecycle(spec).await)?;
        }
        Ok(())
    }
}

#[async_trait]
impl Driver for Aws {
    async fn list(&self) -> Result<Listing, ProviderError> {
        let (mut listing, declared) = (Listing::default(), self.at.bucket());
        let names = self.names().await?;
        let candidates = names.iter().filter(|name| Some(name.as_str()) == declared || name.starts_with(PREFIX));
        let missing = declared.filter(|declared| !names.iter().any(|name| name == declared));
        for (name, here) in candidates.map(|name| (name.as_str(), true)).chain(missing.map(|name| (name, false))) {
            let found = if here { self.look(name).await } else { self.elsewhere(name).await };
            match found {
                Ok(live) => listing.live.extend(live),
                // Which of ours it is stands in its tags, which may be what could not be read.
                Err(error) => listing.unreadable.push(self.at.unreadable(NAME, name, None, &error)),
            }
        }
        Ok(listing)
    }

    async fn read(&self, physical: &str) -> Result<Option<Live>, ProviderError> {
        match self.tags(physical).await? {
            Some(tags) => self.complete(physical, tags).await.map(Some),
            None => Ok(None),
        }
    }

    async fn create(&self, request: &CreateRequest) -> Result<String, ProviderError> {
        let operation = "s3:CreateBucket";
        let spec: Spec = request.attributes.raise().map_err(|error| self.at.invalid(operation, NAME, error))?;
        let place = CreateBucketConfiguration::builder()
            .location_constraint(BucketLocationConstraint::ApNortheast1)
            .set_tags(Some(tags::to_s3(&request.tags)));
        let call = self
            .at
            .writer()
            .s3
            .create_bucket()
            .bucket(&spec.name)
            .create_bucket_configuration(place.build())
            .object_ownership(ObjectOwnership::from(&*spec.object_ownership))
            .object_lock_enabled_for_bucket(spec.object_lock);
        self.at.write(operation, &spec.name, || call.clone().send()).await?;
        let finish = async {
            let look = || self.tags(&spec.name);
            let seen = self.at.until_visible("s3:GetBucketTagging", &spec.name, look).await?;
            label::s3(&self.at, &spec.name, &seen, &Delta::missing(&seen, &request.tags)).await?;
            self.set(&spec, |name| name != "object_ownership", &mut Progress::default()).await
        };
        finish.await.map_err(|error| partly(&spec.name, error))?;
        Ok(spec.name)
    }

    async fn update(&self, request: &UpdateRequest) -> Result<(), ProviderError> {
        let (operation, name) = ("s3:CreateBucket", &request.live.physical);
        let spec: Spec = request.attributes.raise().map_err(|error| self.at.invalid(operation, name, error))?;
        let changed = |attribute: &str| request.changed.contains(attribute);
        if changed("name") {
            return Err(self.at.invalid(operation, name, "a bucket keeps its name"));
        }
        let mut progress = Progress::default();
        self.set(&spec, changed, &mut progress).await?;
        if changed("tags") {
            let delta = Delta::between(&request.live.tags, &request.tags);
            progress.step(label::s3(&self.at, name, &request.live.tags, &delta).await)?;
        }
        Ok(())
    }

    async fn delete(&self, live: &Live) -> Result<(), ProviderError> {
        Err(self.at.never_deleted("s3:DeleteBucket", &live.physical))
    }
}
