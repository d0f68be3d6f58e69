//! The policy documents that tokaido declares: what the two roles of an environment may do (`docs/permissions/`), who may
//! assume a role, who uses a key, what the bucket of the records denies.

use serde_json::{Value as Json, json};

use super::session;
use crate::model::Value;

/// The policy document for `plan`, `drift` and `doctor`.
pub const READ: &str = include_str!("../../docs/permissions/read.json");
/// The policy document for what `apply` needs beside [`READ`].
pub const APPLY: &str = include_str!("../../docs/permissions/apply.json");

/// The policy document for reading the records; `BUCKET` stands for the bucket's name, here and in the two below.
pub const STORE_READ: &str = include_str!("../../docs/permissions/store-read.json");
/// The policy document for what the applier may do with the records beside [`STORE_READ`].
pub const STORE_WRITE: &str = include_str!("../../docs/permissions/store-write.json");

/// The policy document for what the reader may do with the records beside [`STORE_READ`]: add a sighting where none is.
pub const STORE_WATCH: &str = include_str!("../../docs/permissions/store-watch.json");

/// The permission to put a copy into a vault: a vault's policy names it, and no call has it.
pub const COPY_IN: &str = "backup:CopyIntoBackupVault";
/// The permission to take a backup into a vault. Whether a plan's own jobs need it is not documented.
pub const BACK_UP: &str = "backup:StartBackupJob";
/// The permission to copy out of a vault.
pub const COPY_OUT: &str = "backup:CopyFromBackupVault";

/// The name of the one inline policy that a role of tokaido has.
pub const INLINE: &str = "tokaido";

/// The inline policy of the reader: it reads AWS and the records, and adds sightings.
#[must_use]
pub fn reader(bucket: &str) -> Value {
    document(&[READ, STORE_READ, STORE_WATCH], bucket)
}

/// The inline policy of the applier: it reads and changes AWS, and adds records. It cannot delete a record.
#[must_use]
pub fn applier(bucket: &str) -> Value {
    document(&[READ, APPLY, STORE_READ, STORE_WRITE], bucket)
}

/// One document with the statements of all of them.
fn document(documents: &[&str], bucket: &str) -> Value {
    let mut statements = Vec::new();
    for text in documents {
        let parsed: Json = serde_json::from_str(&text.replace("BUCKET", bucket)).unwrap_or_default();
        statements.extend(parsed["Statement"].as_array().cloned().unwrap_or_default());
    }
    serde_json::from_value(json!({ "Version": "2012-10-17", "Statement": statements })).unwrap_or(Value::Null)
}

/// The trust policy that lets these principals (ARNs) assume a role. Without principals, every principal of the account (twelve
/// digits) may whose own policies allow it.
#[must_use]
pub fn trusted(account: &str, principals: &[String]) -> Value {
    let root = || vec![format!("arn:aws:iam::{account}:root")];
    let principals = if principals.is_empty() { root() } else { principals.to_vec() };
    let json = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "WhoMayAssume",
            "Effect": "Allow",
            "Principal": { "AWS": principals },
            "Action": session::ASSUME_ROLE
        }]
    });
    serde_json::from_value(json).unwrap_or(Value::Null)
}

/// The trust policy that lets one AWS service (`backup.amazonaws.com`) assume the role, for resources of the account of these
/// twelve digits only.
#[must_use]
pub fn service_trust(service: &str, account: &str) -> Value {
    let json = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "ServiceOfThisAccount",
            "Effect": "Allow",
            "Principal": { "Service": service },
            "Action": session::ASSUME_ROLE,
            "Condition": { "StringEquals": { "aws:SourceAccount": account } }
        }]
    });
    serde_json::from_value(json).unwrap_or(Value::Null)
}

/// The key policy that tokaido declares: the IAM policies of the account (twelve digits) decide who administers and uses the
/// key, and AWS services use it through grants.
#[must_use]
pub fn key_policy(account: &str) -> Value {
    let json = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "AccountAdministration",
            "Effect": "Allow",
            "Principal": { "AWS": format!("arn:aws:iam::{account}:root") },
            "Action": "kms:*",
            "Resource": "*"
        }]
    });
    serde_json::from_value(json).unwrap_or(Value::Null)
}

/// Denials only: the account's roles say what is allowed. Changing the policy is not denied: the operator who repairs it would
/// be locked out as well, and only the account's root user could help.
const BUCKET: &str = include_str!("../../docs/permissions/bucket.json");

/// The value of `policy` for the bucket of this name and the account of these twelve digits (`docs/permissions/bucket.json`).
#[must_use]
pub fn bucket_policy(name: &str, account: &str) -> Value {
    serde_json::from_str(&BUCKET.replace("BUCKET", name).replace("ACCOUNT", account)).unwrap_or(Value::Null)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{applier, reader};
    use crate::kinds::iam_role::{INLINE_LIMIT, size};
    use crate::model::Value;

    fn sids(document: &Value) -> Vec<String> {
        let statements = document.as_map().and_then(|map| map["Statement"].as_list()).unwrap_or_default();
        statements.iter().filter_map(|statement| Some(statement.as_map()?["Sid"].to_string())).collect()
    }

    #[test]
    fn both_roles_fit_with_the_longest_name_of_a_bucket() {
        let bucket = "b".repeat(63);
        for (role, document) in [("reader", reader(&bucket)), ("applier", applier(&bucket))] {
            assert!(size(&document) <= INLINE_LIMIT, "{role}: {}", size(&document));
            let sids = sids(&document);
            assert!(sids.len() > 5, "{role}: the documents were read: {sids:?}");
            assert_eq!(sids.iter().collect::<BTreeSet<_>>().len(), sids.len(), "{role}: a Sid is used twice: {sids:?}");
        }
    }
}
