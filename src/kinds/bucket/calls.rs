//! Operations of a bucket beside those that every kind has, as IAM spells them.

crate::kinds::operations::calls! {
    pub const GET_ENCRYPTION: &str = "s3:GetEncryptionConfiguration";
    pub const GET_LIFECYCLE: &str = "s3:GetLifecycleConfiguration";
    pub const GET_LOCK: &str = "s3:GetBucketObjectLockConfiguration";
    pub const GET_OWNERSHIP: &str = "s3:GetBucketOwnershipControls";
    pub const GET_POLICY: &str = "s3:GetBucketPolicy";
    pub const GET_PUBLIC_ACCESS: &str = "s3:GetBucketPublicAccessBlock";
    pub const GET_VERSIONING: &str = "s3:GetBucketVersioning";
    pub const LIST: &str = "s3:ListAllMyBuckets";
    pub const PUT_ENCRYPTION: &str = "s3:PutEncryptionConfiguration";
    pub const PUT_LIFECYCLE: &str = "s3:PutLifecycleConfiguration";
    pub const PUT_LOCK: &str = "s3:PutBucketObjectLockConfiguration";
    pub const PUT_OWNERSHIP: &str = "s3:PutBucketOwnershipControls";
    pub const PUT_POLICY: &str = "s3:PutBucketPolicy";
    pub const PUT_PUBLIC_ACCESS: &str = "s3:PutBucketPublicAccessBlock";
    pub const PUT_VERSIONING: &str = "s3:PutBucketVersioning";
}
