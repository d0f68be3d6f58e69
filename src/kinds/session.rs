//! The calls that are about no kind, as IAM spells them: whose credentials these are, and the records of an environment.

/// Also what a trust policy allows, so it stands in documents too.
pub const ASSUME_ROLE: &str = "sts:AssumeRole";
pub const IDENTIFY: &str = "sts:GetCallerIdentity";

/// What a run asks of the bucket of the records; `docs/permissions/store-*.json`.
pub const LIST_RECORDS: &str = "s3:ListBucket";
pub const GET_RECORD: &str = "s3:GetObject";
pub const PUT_RECORD: &str = "s3:PutObject";
