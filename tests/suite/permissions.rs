//! Every call of AWS has one constant, in the folder of its kind. The lists that are made of them, the drivers, the IAM
//! policies and the read budget of the documentation must be the same sets.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::levels::rust_files;
use tokaido::kinds::{ALL, Kind, facts, iam_role, security_group, session};

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

fn set(calls: impl IntoIterator<Item = &'static str>) -> BTreeSet<String> {
    calls.into_iter().map(str::to_owned).collect()
}

fn reads(call: &str) -> bool {
    let operation = call.split(':').nth(1).unwrap_or_default();
    ["Describe", "Get", "List", "Search"].iter().any(|verb| operation.starts_with(verb))
}

/// Named by the kinds that hold data, only to refuse it.
fn never_called() -> BTreeSet<String> {
    set(ALL.iter().filter(|kind| kind.schema.stateful).filter_map(|kind| Some(kind.calls.writes?.delete)))
}

/// Every string literal that names a call of AWS, without those in comments.
fn literals(path: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(path).expect("a source file");
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).flat_map(|line| [line, "\n"]).collect();
    let named = |literal: &&str| {
        let Some((service, operation)) = literal.split_once(':') else { return false };
        let known =
            ["backup", "dynamodb", "ec2", "elasticfilesystem", "iam", "kms", "rds", "redshift", "s3", "sts"].contains(&service);
        known && operation.starts_with(|c: char| c.is_ascii_uppercase()) && operation.chars().all(char::is_alphanumeric)
    };
    code.split('"').skip(1).step_by(2).filter(named).map(str::to_owned).collect()
}

/// A driver that spelled a call by itself could call what no list, no policy and no `doctor` knows. Tests spell what they
/// expect.
#[test]
fn no_call_is_spelled_outside_the_kinds() {
    let (mut open, mut seen, mut offenders) = (vec![root().join("src")], 0, Vec::new());
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let (name, rust) =
                (path.file_name().unwrap_or_default(), path.extension().is_some_and(|extension| extension == "rs"));
            if path.is_dir() {
                open.push(path);
            } else if rust && name != "tests.rs" {
                let found = literals(&path);
                if path.starts_with(root().join("src/kinds")) {
                    seen += found.len();
                } else {
                    offenders.extend(found.into_iter().map(|literal| format!("{}: {literal}", path.display())));
                }
            }
        }
    }
    assert!(seen > 80, "the sources were read: {seen}");
    assert!(offenders.is_empty(), "{offenders:#?}");
}

/// `NAME = "service:Operation"` in `#[calls(…)]` of a kind: the operations that only some kinds have.
fn constants(kind: &Kind) -> Vec<(String, String)> {
    let folder = root().join("src/kinds").join(kind.schema.kind.replace('-', "_"));
    let text = fs::read_to_string(folder.join("mod.rs")).expect("the file of a kind");
    let one = |pair: &str| {
        let (name, value) = pair.split_once(" = \"")?;
        let own = name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
        own.then(|| (name.to_owned(), value.trim_end_matches('"').to_owned()))
    };
    let lines = text.lines().filter_map(|line| line.strip_prefix("#[calls(")?.strip_suffix(")]"));
    lines.flat_map(|line| line.split(", ")).filter_map(one).collect()
}

/// What a driver calls is in the lists of its kind, and what is in them is called.
#[test]
fn the_lists_of_a_kind_are_what_its_driver_calls() {
    for kind in ALL {
        let (name, calls) = (kind.schema.kind, kind.calls);
        let driver = root().join("src/aws/drivers").join(format!("{}.rs", name.replace('-', "_")));
        let mut driver = fs::read_to_string(driver).expect("a driver");
        if kind.audit_only {
            driver.extend(
                rust_files("src/aws/inventory").iter().map(|file| fs::read_to_string(root().join(file)).expect("a file")),
            );
        }
        let own = constants(kind);
        let word = |c: char| c.is_ascii_uppercase() || c == '_';
        let used: BTreeSet<&str> =
            driver.split("calls::").skip(1).map(|rest| &rest[..rest.find(|c| !word(c)).unwrap_or(rest.len())]).collect();
        let idle: Vec<_> = own.iter().filter(|(constant, _)| !used.contains(constant.as_str())).collect();
        assert!(idle.is_empty(), "{name}: no driver uses {idle:?}");
        // Those that every kind has are sent by helpers of these names, tags by the generic driver.
        let mut called: BTreeSet<String> = own.into_iter().map(|(_, call)| call).collect();
        let mut sends = |call: &str, senders: &[&str]| {
            called.extend(senders.iter().any(|sender| driver.contains(sender)).then(|| call.to_owned()));
        };
        sends(calls.look, &["place.look(", "KIND.calls.look"]);
        assert_eq!(calls.writes.is_none(), kind.schema.observed, "{name}");
        let Some(writes) = calls.writes else {
            assert_eq!((set(kind.reads()), kind.writes()), (called, Vec::new()), "{name}");
            let changes =
                ["writer(", "fn make(", "fn set(", "fn last(", "fn remove("].into_iter().find(|call| driver.contains(call));
            assert_eq!(changes, None, "{name} is observed");
            continue;
        };
        sends(writes.create, &["new.send("]);
        sends(writes.change, &["change.send(", "change.send_new(", "KIND.calls.named(|writes| writes.change)", "new.send("]);
        sends(writes.delete, &["gone.delete("]);
        called.extend(set([Some(writes.tags.put), writes.tags.list, writes.tags.remove].into_iter().flatten()));
        assert_eq!(set(kind.reads().into_iter().chain(kind.writes())), called, "{name}");
        assert!(kind.reads().into_iter().all(reads) && !kind.writes().into_iter().any(reads), "{name}");
        assert!(kind.reads().is_sorted() && kind.writes().is_sorted(), "{name}");
        assert_eq!(kind.writes().contains(&writes.delete), !kind.schema.stateful, "{name}: {}", writes.delete);
        // The change of a kind that cannot change is none of its own.
        assert!(writes.change == writes.create || driver.contains("fn set("), "{name}: {}", writes.change);
    }
}

/// What every role of ours may do, and what is called: neither more than the other.
#[test]
fn policies_and_calls_are_the_same_set() {
    let records = [session::LIST_RECORDS, session::GET_RECORD, session::PUT_RECORD];
    let reads = set(ALL.iter().flat_map(|kind| kind.reads()).chain([session::IDENTIFY]));
    assert_eq!(reads, actions("read.json", "Allow"));
    let calls =
        set(ALL.iter().flat_map(|kind| [kind.reads(), kind.writes()]).flatten().chain(records).chain([session::IDENTIFY]));
    assert!(calls.len() > 80, "{}", calls.len());
    let allowed: BTreeSet<String> = POLICIES.iter().flat_map(|file| actions(file, "Allow")).collect();
    let missing: Vec<_> = calls.difference(&allowed).collect();
    assert!(missing.is_empty(), "called and not allowed: {missing:?}");
    let unused: Vec<_> = allowed.difference(&calls).filter(|action| !NOT_CALLED_BY_US.contains(&action.as_str())).collect();
    assert!(unused.is_empty(), "allowed and never called: {unused:?}");
    let idle: Vec<_> = NOT_CALLED_BY_US.iter().filter(|action| !allowed.contains(**action) || calls.contains(**action)).collect();
    assert!(idle.is_empty(), "an exception that is none: {idle:?}");
}

/// The operations that a table of `docs/read-budget.md` counts.
fn budget(heading: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("docs/read-budget.md")).expect("the budget");
    let (_, section) = text.split_once(&format!("\n## {heading}\n")).expect("a section");
    let section = section.split("\n## ").next().unwrap_or_default();
    let cells = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    cells.filter(|cell| cell.contains(':')).map(str::to_owned).collect()
}

/// Every read is counted where it is made, and nothing else is.
#[test]
fn the_read_budget_counts_what_the_kinds_read() {
    // Asked about one resource that changes: no plan makes these. For a group the ids by which rules are revoked, for a role the
    // policies that the listing has.
    let when_changing =
        [security_group::calls::RULES, iam_role::calls::ATTACHED, iam_role::calls::INLINE, iam_role::calls::GET_INLINE];
    let mut world = set(ALL.iter().filter(|kind| !kind.audit_only).flat_map(|kind| kind.reads()));
    let beside = [&when_changing[..], &facts::CALLS, &facts::OFFERS].concat();
    world.retain(|call| !beside.contains(&call.as_str()));
    world.extend(set([session::ASSUME_ROLE, session::IDENTIFY, session::LIST_RECORDS]));
    assert_eq!(budget("Per operation"), world);
    assert_eq!(budget("A plan that makes or changes something asks for more"), set(facts::OFFERS));
    let told = budget("An audit asks for more");
    let of_audits = ALL.iter().filter(|kind| kind.audit_only).flat_map(|kind| kind.reads()).chain(facts::CALLS);
    assert_eq!(set(of_audits).difference(&told).collect::<Vec<_>>(), Vec::<&String>::new());
    let known = set(ALL.iter().flat_map(|kind| kind.reads()));
    assert!(told.is_subset(&known), "{told:?}");
}

#[test]
fn reading_allows_nothing_that_changes() {
    for action in ["read.json", "store-read.json"].into_iter().flat_map(|file| actions(file, "Allow")) {
        assert!(reads(&action), "{action} in read.json");
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
    use tokaido::kinds::documents::{applier, reader};

    let reader = serde_json::to_value(reader("records")).expect("a document");
    let changes = |statement: &&serde_json::Value| {
        let actions = statement["Action"].as_array().expect("actions");
        !actions.iter().all(|action| action.as_str().is_some_and(reads))
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
    let (denied, never) = (actions("apply.json", "Deny"), never_called());
    assert_eq!(never.len(), 4, "{never:?}");
    assert!(never.is_subset(&denied), "not denied: {:?}", never.difference(&denied));
}
