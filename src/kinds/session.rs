//! The operations that belong to no kind, as IAM spells them: those about the credentials, and those on the bucket of the
//! records.

/// Assumes a role. Trust policies name this operation too.
pub const ASSUME_ROLE: &str = "sts:AssumeRole";
/// Answers whose credentials these are: account and ARN.
pub const IDENTIFY: &str = "sts:GetCallerIdentity";

/// Lists the records of an environment; `docs/permissions/store-*.json` allows this and the two below.
pub const LIST_RECORDS: &str = "s3:ListBucket";
/// Reads one record, or the lease.
pub const GET_RECORD: &str = "s3:GetObject";
/// Writes one record, or the lease.
pub const PUT_RECORD: &str = "s3:PutObject";
