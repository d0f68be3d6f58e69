//! What the two roles of an environment may do: the documents of `docs/permissions/` and the store.

use serde_json::{Value as Json, json};

use crate::kinds::session;
use crate::model::Value;

/// All that `plan`, `drift` and `doctor` need.
pub const READ: &str = include_str!("../../../docs/permissions/read.json");
/// What `apply` needs beside it.
pub const APPLY: &str = include_str!("../../../docs/permissions/apply.json");

/// What both roles may do with the records; `BUCKET` stands for the name.
pub const STORE_READ: &str = include_str!("../../../docs/permissions/store-read.json");
/// What the applier may do with them beside that.
pub const STORE_WRITE: &str = include_str!("../../../docs/permissions/store-write.json");

/// What the reader may do with them beside that: add what it sees, where nothing is yet.
pub const STORE_WATCH: &str = include_str!("../../../docs/permissions/store-watch.json");

/// The name of the one inline policy of a role of ours.
pub const INLINE: &str = "tokaido";

/// The characters of all inline policies of a role that IAM accepts, blanks not counted.
pub const INLINE_LIMIT: usize = 10_240;

/// Looks at everything, reads records, writes down what it saw.
#[must_use]
pub fn reader(bucket: &str) -> Value {
    document(&[READ, STORE_READ, STORE_WATCH], bucket)
}

/// Looks, changes, and adds records. Nothing lets it delete one.
#[must_use]
pub fn applier(bucket: &str) -> Value {
    document(&[READ, APPLY, STORE_READ, STORE_WRITE], bucket)
}

/// All statements in one.
fn document(documents: &[&str], bucket: &str) -> Value {
    let mut statements = Vec::new();
    for text in documents {
        let parsed: Json = serde_json::from_str(&text.replace("BUCKET", bucket)).unwrap_or_default();
        statements.extend(parsed["Statement"].as_array().cloned().unwrap_or_default());
    }
    serde_json::from_value(json!({ "Version": "2012-10-17", "Statement": statements })).unwrap_or(Value::Null)
}

/// Who may assume a role: these principals, or everybody in the account whom its own policies let.
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

/// As IAM counts: without blanks.
#[must_use]
pub fn size(document: &Value) -> usize {
    let text = serde_json::to_string(document).unwrap_or_default();
    text.chars().filter(|c| !c.is_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{INLINE_LIMIT, applier, reader, size};
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
