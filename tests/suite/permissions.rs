//! The two IAM policies of the documentation and the calls in the code must be the same set.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Named by drivers only to refuse them: a plan never deletes what holds data.
const NEVER_CALLED: [&str; 4] =
    ["backup:DeleteBackupVault", "kms:ScheduleKeyDeletion", "rds:DeleteDBInstance", "s3:DeleteBucket"];

/// Needed by AWS on our behalf, or to assume the role; no driver calls them.
const NOT_CALLED_BY_US: [&str; 12] = [
    "backup-storage:MountCapsule",
    "iam:CreateServiceLinkedRole",
    "iam:PassRole",
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:GenerateDataKey",
    "kms:RetireGrant",
    "s3:GetObjectVersion",
    "s3:ListBucketVersions",
    "s3:TagResource",
    "secretsmanager:CreateSecret",
    "secretsmanager:TagResource",
];

/// The store's three have a bucket in them, so they are files of their own.
const POLICIES: [&str; 5] = ["read.json", "apply.json", "store-read.json", "store-watch.json", "store-write.json"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn actions(file: &str, effect: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("docs/permissions").join(file)).expect("a policy");
    let policy: serde_json::Value = serde_json::from_str(&text).expect("a JSON document");
    policy["Statement"]
        .as_array()
        .expect("statements")
        .iter()
        .filter(|statement| statement["Effect"] == effect)
        .flat_map(|statement| statement["Action"].as_array().expect("actions").clone())
        .map(|action| action.as_str().expect("an action").to_owned())
        .collect()
}

/// Every `"service:Operation"` in the drivers' sources.
fn called(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            called(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            literals(&path, found);
        }
    }
}

fn literals(path: &Path, found: &mut BTreeSet<String>) {
    let text = fs::read_to_string(path).expect("a source file");
    for literal in text.split('"').skip(1).step_by(2) {
        let Some((service, operation)) = literal.split_once(':') else { continue };
        let known = ["backup", "ec2", "iam", "kms", "rds", "s3"].contains(&service);
        if known && operation.starts_with(|c: char| c.is_ascii_uppercase()) && operation.chars().all(char::is_alphanumeric) {
            found.insert(literal.to_owned());
        }
    }
}

#[test]
fn policies_and_calls_are_the_same_set() {
    let mut calls = BTreeSet::new();
    called(&root().join("src/kinds"), &mut calls);
    called(&root().join("src/aws"), &mut calls);
    calls.retain(|call| !NEVER_CALLED.contains(&call.as_str()));
    assert!(calls.len() > 40, "the sources were read: {}", calls.len());
    let allowed: BTreeSet<String> = POLICIES.iter().flat_map(|file| actions(file, "Allow")).collect();
    let missing: Vec<_> = calls.difference(&allowed).collect();
    assert!(missing.is_empty(), "called and not allowed: {missing:?}");
    let unused: Vec<_> = allowed
        .difference(&calls)
        .filter(|action| !NOT_CALLED_BY_US.contains(&action.as_str()) && *action != "sts:GetCallerIdentity")
        .collect();
    assert!(unused.is_empty(), "allowed and never called: {unused:?}");
}

#[test]
fn reading_allows_nothing_that_changes() {
    for action in ["read.json", "store-read.json"].into_iter().flat_map(|file| actions(file, "Allow")) {
        let operation = action.split(':').nth(1).unwrap_or_default().to_owned();
        assert!(["Describe", "Get", "List"].iter().any(|verb| operation.starts_with(verb)), "{action} in read.json");
    }
}

/// What was recorded stays: no role of ours may delete an object or replace a bucket's protection.
#[test]
fn the_store_can_only_be_added_to() {
    assert_eq!(actions("store-write.json", "Allow"), BTreeSet::from(["s3:PutObject".to_owned()]));
}

/// Who only looks may write down what it saw: under `watch/`, where nothing is yet, and nothing else.
#[test]
fn the_reader_adds_sightings_and_nothing_else() {
    use tokaido::kinds::iam_role::permissions::{applier, reader};

    let reader = serde_json::to_value(reader("records")).expect("a document");
    let changes = |statement: &&serde_json::Value| {
        let actions = statement["Action"].as_array().expect("actions");
        let reads = |action: &serde_json::Value| {
            let operation = action.as_str().and_then(|action| action.split(':').nth(1)).unwrap_or_default();
            ["Describe", "Get", "List"].iter().any(|verb| operation.starts_with(verb))
        };
        !actions.iter().all(reads)
    };
    let statements = reader["Statement"].as_array().expect("statements");
    let writing: Vec<_> = statements.iter().filter(changes).collect();
    assert_eq!(writing.len(), 1, "{writing:#?}");
    assert_eq!(writing[0]["Action"], serde_json::json!(["s3:PutObject"]));
    assert_eq!(writing[0]["Resource"], "arn:aws:s3:::records/*/watch/*");
    assert_eq!(writing[0]["Condition"], serde_json::json!({ "Null": { "s3:if-none-match": "false" } }));
    // The applier may add anywhere in the bucket already.
    let applier = serde_json::to_string(&applier("records")).expect("a document");
    assert!(applier.contains("AddRecords") && !applier.contains("AddSightings"), "{applier}");
}

#[test]
fn losing_data_is_denied() {
    let denied = actions("apply.json", "Deny");
    for action in NEVER_CALLED {
        assert!(denied.contains(action), "{action} is not denied");
    }
}

/// What `doctor` names when a kind cannot be read is what the kind's driver calls, and together it is the policy.
#[test]
fn each_kind_names_the_reads_of_its_driver() {
    let reading = |actions: BTreeSet<String>| -> BTreeSet<String> {
        let reads = |action: &String| {
            let operation = action.split(':').nth(1).unwrap_or_default();
            ["Describe", "Get", "List"].iter().any(|verb| operation.starts_with(verb))
        };
        actions.into_iter().filter(reads).collect()
    };
    let mut shared = BTreeSet::new();
    literals(&root().join("src/aws/label.rs"), &mut shared);
    let mut all = BTreeSet::from(["sts:GetCallerIdentity".to_owned()]);
    for kind in tokaido::kinds::ALL {
        let named: BTreeSet<String> = kind.reads.iter().map(|action| (*action).to_owned()).collect();
        let driver = root().join("src/aws/drivers").join(format!("{}.rs", kind.schema.kind.replace('-', "_")));
        let mut own = BTreeSet::new();
        literals(&driver, &mut own);
        let own = reading(own);
        assert!(own.is_subset(&named), "{}: {:?} is called and not named", kind.schema.kind, own.difference(&named));
        let rest: BTreeSet<_> = named.difference(&own).cloned().collect();
        assert!(rest.is_subset(&shared), "{}: {rest:?} is named and not called", kind.schema.kind);
        all.extend(named);
    }
    assert_eq!(all, actions("read.json", "Allow"));
}
