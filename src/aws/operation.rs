//! Names of operations: as IAM spells them, and whether they change something.

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
