//! Counts operations, not attempts: the operations that a run called, as IAM spells them.

use std::sync::Arc;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeSerializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use super::attempt;
use crate::world::CallLog;

#[derive(Debug, Clone)]
pub struct Counter(pub Arc<CallLog>);

#[dyn_dispatch_hint]
impl Intercept for Counter {
    fn name(&self) -> &'static str {
        "tokaido::Counter"
    }

    /// Counts the first attempt of each operation. Each page of a list is an operation of its own.
    fn read_before_serialization(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(metadata) = cfg.load::<Metadata>().filter(|_| attempt::number() == 1) {
            let operation = as_iam_spells_it(metadata.service(), metadata.name());
            // Objects that are put into S3 are tokaido's own records and its lease, not resources.
            self.0.record(&operation, mutating(metadata.name()) && metadata.name() != "PutObject");
        }
        Ok(())
    }
}

/// `ec2:DescribeVpcs`
#[must_use]
pub fn as_iam_spells_it(service: &str, operation: &str) -> String {
    format!("{}:{}", service.to_ascii_lowercase(), in_iam(service, operation))
}

/// IAM's name of an operation. For several operations of S3 it differs from the operation's own name.
fn in_iam<'a>(service: &str, operation: &'a str) -> &'a str {
    match (service, operation) {
        ("S3", "DeleteBucketLifecycle" | "PutBucketLifecycleConfiguration") => "PutLifecycleConfiguration",
        ("S3", "GetBucketEncryption") => "GetEncryptionConfiguration",
        ("S3", "GetBucketLifecycleConfiguration") => "GetLifecycleConfiguration",
        ("S3", "GetObjectLockConfiguration") => "GetBucketObjectLockConfiguration",
        ("S3", "GetPublicAccessBlock") => "GetBucketPublicAccessBlock",
        ("S3", "ListBuckets") => "ListAllMyBuckets",
        ("S3", "ListObjectsV2") => "ListBucket",
        ("S3", "PutBucketEncryption") => "PutEncryptionConfiguration",
        ("S3", "PutObjectLockConfiguration") => "PutBucketObjectLockConfiguration",
        ("S3", "PutPublicAccessBlock") => "PutBucketPublicAccessBlock",
        _ => operation,
    }
}

/// Whether an operation changes something, by AWS's verbs. `AssumeRole` makes a session and changes nothing.
#[must_use]
pub fn mutating(operation: &str) -> bool {
    !["Describe", "List", "Get", "Search", "AssumeRole"].iter().any(|prefix| operation.starts_with(prefix))
}
