//! Replies that are not complete: every operation that reads, answered in every wrong way, is a failed read of that operation.
//!
//! The complete replies are those of one plan of the repository's dev environment (`tests/bench/wire/exchanges.jsonl`), and the
//! few of [`MORE`] for what no plan asks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use serde_json::{Value as Json, json};
use tokaido::aws::connect::connect_with;
use tokaido::aws::operation::{as_iam_spells_it, mutating};
use tokaido::aws::patience::READ_ATTEMPTS;
use tokaido::aws::replies::{Document, Expected, MOST, TABLE};
use tokaido::aws::{Options, S3Store, Session, drivers};
use tokaido::kinds;
use tokaido::model::{Environment, Operation, Reading, Region};
use tokaido::pipeline;
use tokaido::store::lease::Terms;
use tokaido::store::{Store as _, StoreError};
use tokaido::world::{Changed, ErrorClass, Listener, ProviderError};

use super::aws_drivers::{live, update};
use super::aws_errors::request;
use super::aws_replay::{Answer, Hasty, Replay, Seen, ok, status};
use super::aws_stores as stores;
use super::aws_unasked::MORE;
use crate::support::lab::MemoryStore;
use crate::support::project::{load, root};

pub const BUCKET: &str = "tokaido-dev-111111111111";

pub static RECORDED: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let lines = include_str!("../bench/wire/exchanges.jsonl").lines();
    lines
        .map(|line| {
            let exchange: Json = serde_json::from_str(line).expect("an exchange");
            let text = |name: &str| exchange[name].as_str().expect("a text").to_owned();
            (text("request"), text("body"))
        })
        .collect()
});

/// As `key` in `tests/bench/wire/server.rs`.
pub fn key(seen: &Seen) -> String {
    let header = |name: &str| seen.headers.get(name).map(String::as_str).unwrap_or_default();
    let credential = header("authorization").split_once("Credential=").map_or("", |(_, rest)| rest);
    let mut scope = credential.split(',').next().unwrap_or_default().split('/').skip(2);
    let (region, service) = (scope.next().unwrap_or_default(), scope.next().unwrap_or_default());
    // At an endpoint of its own, as recorded, IAM is signed for the region that calls it.
    let region = if service == "iam" { Region::Tokyo.code() } else { region };
    let path = format!("/{}", seen.uri.splitn(4, '/').nth(3).unwrap_or_default());
    let parts = [service, region, &seen.method, &path, header("x-amz-target"), header("x-amz-expected-bucket-owner"), &seen.body];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The operation of a request, as IAM spells it.
pub fn operation_of(seen: &Seen) -> String {
    let credential = seen.headers.get("authorization").map(String::as_str).unwrap_or_default();
    let service = credential.split('/').nth(3).unwrap_or_default();
    if let Some(action) = seen.form().get("Action") {
        return format!("{service}:{action}");
    }
    if let Some((_, target)) = seen.target.as_deref().and_then(|target| target.split_once('.')) {
        return format!("{service}:{target}");
    }
    let path = seen.uri.splitn(4, '/').nth(3).unwrap_or_default();
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    let name = match (service, &*steps) {
        ("backup", ["backup-vaults"]) => "ListBackupVaults",
        ("backup", ["backup-vaults", _, "access-policy"]) => "GetBackupVaultAccessPolicy",
        ("backup", ["backup-vaults", _, "recovery-points"]) => "ListRecoveryPointsByBackupVault",
        ("backup", ["backup", "plans"]) => "ListBackupPlans",
        ("backup", ["backup", "plans", _]) => "GetBackupPlan",
        ("backup", ["backup", "plans", _, "selections"]) => "ListBackupSelections",
        ("backup", ["backup", "plans", _, "selections", _]) => "GetBackupSelection",
        ("backup", ["tags", _]) => "ListTags",
        ("elasticfilesystem", ["2015-02-01", "file-systems"]) => "DescribeFileSystems",
        ("s3", []) => "ListAllMyBuckets",
        ("s3", [_]) => match query.split(['&', '=']).next().unwrap_or_default() {
            "encryption" => "GetEncryptionConfiguration",
            "lifecycle" => "GetLifecycleConfiguration",
            "list-type" => "ListBucket",
            "object-lock" => "GetBucketObjectLockConfiguration",
            "ownershipControls" => "GetBucketOwnershipControls",
            "location" => "GetBucketLocation",
            "policy" => "GetBucketPolicy",
            "policyStatus" => "GetBucketPolicyStatus",
            "publicAccessBlock" => "GetBucketPublicAccessBlock",
            "tagging" => "GetBucketTagging",
            "versioning" => "GetBucketVersioning",
            other => panic!("a request for {other}"),
        },
        ("s3", _) => "GetObject",
        other => panic!("a request for {other:?}"),
    };
    format!("{service}:{name}")
}

/// The complete reply to a request.
pub fn complete(seen: &Seen, operation: &str) -> String {
    if let Some((_, body)) = MORE.iter().find(|(name, _)| *name == operation) {
        return if operation == "s3:GetObject" { RECORD.clone() } else { (*body).to_owned() };
    }
    // A second page is as the first.
    let mut key = key(seen);
    for token in ["NextToken=token", "Marker=token", "nextToken=token", "continuation-token=token", "\"Marker\":\"token\""] {
        for beside in [format!("&{token}"), format!("{token}&"), format!(",{token}"), format!("?{token}")] {
            key = key.replace(&beside, "");
        }
    }
    let recorded = RECORDED.get(&key).cloned();
    recorded.or_else(|| stores::reply(operation)).unwrap_or_else(|| panic!("not recorded: {key}"))
}

/// The first record of the recorded environment.
static RECORD: LazyLock<String> = LazyLock::new(|| {
    let found = RECORDED.iter().find(|(key, _)| key.contains("/dev/records/00000001.json"));
    found.expect("a record").1.clone()
});

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    Half,
    Empty,
    Garbage,
    WrongRoot,
    NoList,
    RepeatedPage,
    LostPage,
}

pub const DAMAGES: [Damage; 7] =
    [Damage::Half, Damage::Empty, Damage::Garbage, Damage::WrongRoot, Damage::NoList, Damage::RepeatedPage, Damage::LostPage];

impl Damage {
    pub fn is_possible(self, expected: &Expected) -> bool {
        match self {
            Self::RepeatedPage | Self::LostPage => expected.token.is_some(),
            Self::NoList => !expected.members.is_empty(),
            // An object is tokaido's own record: what is not its JSON is a damaged record.
            Self::WrongRoot => expected.document != Document::Stream,
            _ => true,
        }
    }
}

/// The reply as it is damaged; `None` where the operation has nothing that could be damaged so.
pub fn damaged(damage: Damage, body: &str, expected: &Expected, second: bool) -> Option<String> {
    let half = || {
        let mut end = body.len() / 2;
        while !body.is_char_boundary(end) {
            end += 1;
        }
        body[..end].to_owned()
    };
    match damage {
        Damage::Half => Some(half()),
        Damage::Empty => Some(String::new()),
        Damage::Garbage => Some("<html><body><h1>502 Bad Gateway</h1></body></html>".to_owned()),
        Damage::WrongRoot => Some(match &expected.document {
            Document::Root(root) => body.replace(&format!("<{root}"), "<Other").replace(&format!("</{root}"), "</Other"),
            _ => format!("[{body}]"),
        }),
        Damage::NoList => {
            let there = |path: &&Vec<String>| {
                let name = path.last().map(String::as_str).unwrap_or_default();
                let whole = path.iter().all(|step| !step.ends_with("[]"));
                whole && [format!("<{name}>"), format!("<{name}/>"), format!("\"{name}\"")].iter().any(|form| body.contains(form))
            };
            let name = expected.members.iter().rfind(there)?.last()?;
            let lost = body.replace(&format!("<{name}"), "<Lost").replace(&format!("</{name}"), "</Lost");
            Some(lost.replace(&format!("\"{name}\""), "\"Lost\""))
        }
        // Without a member that says so, a page can only be lost by its own reply.
        Damage::LostPage if expected.more.is_some() => paged(body, expected, ""),
        Damage::LostPage if second => expected.token.as_ref().map(|_| String::new()),
        Damage::RepeatedPage | Damage::LostPage => paged(body, expected, "token"),
    }
}

/// The page, which says that more follows and where.
fn paged(body: &str, expected: &Expected, token: &str) -> Option<String> {
    let name = expected.token.as_ref()?.last()?;
    let more = expected.more.as_ref().and_then(|path| path.last());
    let Document::Root(root) = &expected.document else {
        let mut page: Json = serde_json::from_str(body).expect("JSON");
        page[name.as_str()] = json!(token);
        if let Some(more) = more {
            page[more.as_str()] = json!(true);
        }
        return Some(page.to_string());
    };
    let around = expected.token.as_ref().filter(|path| path.len() > 1).map_or(root, |path| &path[0]);
    let begin = body.find(&format!("<{around}"))?;
    let at = begin + body[begin..].find('>')? + 1;
    let mut page = body.to_owned();
    page.insert_str(at, &format!("<{name}>{token}</{name}>"));
    if let Some(more) = more {
        page = page.replace(&format!("<{more}>false"), &format!("<{more}>true"));
    }
    Some(page)
}

/// Whether a request asks for the page after that of [`Damage::RepeatedPage`].
pub fn is_second(seen: &Seen) -> bool {
    let query = [&seen.uri, &seen.body];
    query.iter().any(|text| {
        ["Token=token", "token=token", "Marker=token", "\"Marker\":\"token\""].iter().any(|token| text.contains(token))
    })
}

/// Answers as recorded, except to one operation.
fn replay(wrong: Option<(String, Damage, Expected)>) -> Replay {
    Replay::answering(move |seen| {
        let operation = operation_of(seen);
        let body = complete(seen, &operation);
        match &wrong {
            Some((name, damage, expected)) if *name == operation => {
                ok(damaged(*damage, &body, expected, is_second(seen)).unwrap_or(body))
            }
            _ => ok(body),
        }
    })
    .once()
}

/// What one look at everything of a service says: of each part what was found, and which operations failed, each with its error.
#[derive(Debug, Default, PartialEq)]
struct Looked {
    parts: BTreeMap<String, String>,
    failed: BTreeMap<String, BTreeSet<String>>,
}

impl Looked {
    fn failed(&mut self, part: &str, operation: &str, words: &impl ToString) {
        self.parts.insert(part.to_owned(), "failed".to_owned());
        self.failed.entry(operation.to_owned()).or_default().insert(words.to_string());
    }
}

async fn look(replay: &Replay, service: &str) -> Looked {
    let mut looked = Looked::default();
    let session = replay.session_with_bucket(BUCKET);
    for kind in kinds::ALL.into_iter().filter(|kind| kind.reads().iter().any(|call| call.starts_with(&format!("{service}:")))) {
        for region in kind.regions {
            let part = format!("{} in {region}", kind.schema.kind);
            let driver = drivers::find(kind.schema.kind, &session, *region).expect("a kind that lives there");
            let listing = match driver.list().await {
                Ok(listing) => listing,
                Err(error) => {
                    looked.failed(&part, &error.operation, &error);
                    continue;
                }
            };
            match driver.facts(&listing.live).await {
                // What fails of one object alone is told as a fact of it.
                Ok(facts) => match facts.iter().find(|fact| fact.name == kinds::facts::GRANTS_UNREAD) {
                    Some(unread) => {
                        looked.failed(&part, &unread.operation, &unread.value);
                        continue;
                    }
                    None => looked.parts.insert(part.clone(), format!("{:?} {facts:?}", listing.live)),
                },
                Err(error) => {
                    looked.failed(&part, &error.operation, &error);
                    continue;
                }
            };
            // An attribute that could not be read says which call failed.
            let readings = listing.live.iter().flat_map(|live| {
                let rows = kind.schema.attributes.iter().map(|row| live.attributes.reading(row.name));
                rows.filter_map(|reading| if let Reading::Failed(why) = reading { Some(why) } else { None })
            });
            let readings: BTreeSet<String> = readings.collect();
            for why in &readings {
                looked.failed(&part, why.split(": ").next().unwrap_or_default(), why);
            }
            for unread in &listing.unreadable {
                looked.failed(&part, &unread.operation, &unread.told);
            }
        }
    }
    if service == "ec2" {
        let (before, after) = (
            json!({ "rules": [{ "direction": "ingress", "protocol": "tcp", "from": 22, "to": 22, "peer": "10.0.0.0/8" }] }),
            json!({ "rules": [] }),
        );
        let group = drivers::find("security-group", &session, Region::Tokyo).expect("a driver");
        match group.update(&update(live("sg-1", before), after, &["rules"])).await {
            Ok(()) => drop(looked.parts.insert("rules".to_owned(), "revoked".to_owned())),
            Err(error) => looked.failed("rules", &error.operation, &error),
        }
    }
    if service == "rds" {
        let asked = serde_json::from_value(json!({ "engine": "postgres", "class": "db.t4g.micro" })).expect("attributes");
        let databases = drivers::find("db-instance", &session, Region::Tokyo).expect("a driver");
        match databases.offers(&asked).await {
            Ok(offers) => drop(looked.parts.insert("offers".to_owned(), format!("{offers:?}"))),
            Err(error) => looked.failed("offers", &error.operation, &error),
        }
    }
    if service == "iam" {
        // A role is read again before it changes; the listing has its policies already.
        let roles = drivers::find("iam-role", &session, Region::Global).expect("a driver");
        match roles.read("dev-tokaido-reader").await {
            Ok(role) => drop(looked.parts.insert("one role".to_owned(), format!("{role:?}"))),
            Err(error) => looked.failed("one role", &error.operation, &error),
        }
    }
    if service != "s3" {
        return looked;
    }
    match records(&session).await {
        Ok(count) => drop(looked.parts.insert("records".to_owned(), count.to_string())),
        Err(StoreError::Provider { error }) => looked.failed("records", &error.operation, &error),
        Err(StoreError::Damaged { path, reason }) => looked.failed("records", "s3:GetObject", &format!("{path}: {reason}")),
        Err(other) => looked.failed("records", "?", &other),
    }
    looked
}

async fn records(session: &Arc<Session>) -> Result<usize, StoreError> {
    let desired = load(root(), Environment::Dev);
    let cache = tempfile::tempdir().expect("a folder");
    let store = S3Store::new(session, &desired, BUCKET, cache.path());
    Ok(store.entries(Environment::Dev).await?.len())
}

/// Every operation that reads, in every wrong way.
#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::print_stderr, reason = "the table is what somebody runs this test with --nocapture for")]
async fn no_incomplete_reply_is_nothing_there() {
    let (mut operations, mut cells, mut wrong) = (0, 0, Vec::new());
    for ((service, name), expected) in TABLE.iter().filter(|((_, name), _)| !mutating(name)) {
        // STS answers while connecting; see below.
        if *service == "sts" {
            continue;
        }
        let operation = as_iam_spells_it(if *service == "s3" { "S3" } else { service }, name);
        let whole = look(&replay(None), service).await;
        assert_eq!(whole.failed, BTreeMap::new(), "complete replies are read");
        let mut line = Vec::new();
        for damage in DAMAGES {
            if !damage.is_possible(expected) {
                continue;
            }
            let looked = look(&replay(Some((operation.clone(), damage, expected.clone()))), service).await;
            let found: Vec<&String> = looked.failed.keys().collect();
            if found != [&operation] || looked.parts.len() != whole.parts.len() {
                wrong.push(format!("{operation} {damage:?} failed {:?}", looked.failed));
            }
            let told = looked.failed.get(&operation).into_iter().flatten();
            // What is not the JSON of a record is a damaged record, whoever sent it.
            let blind = told.filter(|told| !told.contains(": unreachable") && operation != "s3:GetObject");
            wrong.extend(blind.map(|told| format!("{operation} {damage:?}: {told}")));
            let other = looked.parts.iter().filter(|(part, seen)| *seen != "failed" && whole.parts.get(*part) != Some(*seen));
            wrong.extend(other.map(|(part, seen)| format!("{operation} {damage:?}: {part} is now {seen}")));
            line.push(format!("{damage:?}"));
            cells += 1;
        }
        eprintln!("{operation}: {}", line.join(", "));
        operations += 1;
    }
    eprintln!("{operations} operations, {cells} cells");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(operations >= 40 && cells >= 200, "{operations} operations, {cells} cells");
}

/// A8: half of `DescribeVpcs` was read as "no VPC", and a second one was made.
#[tokio::test]
async fn a_plan_from_half_a_reply_makes_nothing() {
    for (name, damage) in [("ec2:DescribeVpcs", Damage::Half), ("backup:ListBackupVaults", Damage::Empty)] {
        let (service, operation) = name.split_once(':').expect("an operation");
        let expected = TABLE[&(service, operation)].clone();
        let wrong = Replay::answering(move |seen| {
            let found = operation_of(seen);
            if found.starts_with("sts:") {
                return sts(&found);
            }
            let body = complete(seen, &found);
            if found == name { ok(damaged(damage, &body, &expected, false).expect("a damage")) } else { ok(body) }
        });
        let options = Options {
            environment: Environment::Dev,
            assume_role: None,
            bucket: Some(BUCKET.to_owned()),
            allow_endpoints: Vec::new(),
            readers: Vec::new(),
            listener: Listener::default(),
        };
        let world = connect_with(&wrong.config(None), &options, Arc::new(Hasty)).await.expect("STS answered");
        let session = pipeline::Session {
            world: Arc::new(world),
            store: Arc::new(MemoryStore::default()),
            desired: Arc::new(load(root(), Environment::Dev)),
            schemas: kinds::schemas(),
            tool_version: "0.1.0",
            lease: Terms::default(),
        };
        let plan = session.plan().await.expect("a plan").plan;
        let kind = if service == "ec2" { "vpc" } else { "backup-vault" };
        let made =
            plan.body.steps.iter().filter(|step| matches!(step.operation, Operation::Create) && step.id.kind == kind).count();
        assert_eq!(made, 0, "{name}: {:?}", plan.body.steps);
        let unread: Vec<&str> = plan.body.unreadable.iter().map(|unread| unread.operation.as_str()).collect();
        assert_eq!(unread, [name, name], "one in each region");
        let asked = wrong.seen().iter().filter(|seen| operation_of(seen) == name).count();
        assert_eq!(asked, 2 * READ_ATTEMPTS as usize, "each was asked again, as after a broken connection");
    }
}

pub fn sts(operation: &str) -> Answer {
    let name = operation.trim_start_matches("sts:");
    let found = RECORDED.iter().find(|(key, _)| key.contains(&format!("Action={name}&")));
    ok(found.expect("recorded").1.clone())
}

#[tokio::test]
async fn a_reply_that_broke_off_is_asked_for_again() {
    let asked = AtomicUsize::new(0);
    let whole =
        "<DescribeSubnetsResponse><subnetSet><item><subnetId>subnet-1</subnetId></item></subnetSet></DescribeSubnetsResponse>";
    let replay =
        Replay::answering(move |_| if asked.fetch_add(1, Ordering::Relaxed) == 0 { ok(&whole[..60]) } else { ok(whole) });
    let session = replay.session();
    let driver = drivers::find("subnet", &session, Region::Tokyo).expect("a driver");
    assert_eq!(driver.list().await.expect("the second reply is complete").live.len(), 1);
    assert_eq!(replay.actions(), ["DescribeSubnets", "DescribeSubnets"]);
}

#[tokio::test]
async fn the_error_names_operation_caller_and_request() {
    let headers = || vec![("x-amzn-requestid", "r-7".to_owned())];
    let half = "<DescribeVpcsResponse><vpcSet><item>";
    let answer = Answer::Reply { status: 200, headers: headers(), body: half.to_owned() };
    let replay = Replay::new([answer]).once();
    let error = replay.driver("vpc", Region::Osaka).list().await.expect_err("half a reply");
    let caller = "arn:aws:sts::111111111111:assumed-role/tokaido/tokaido-dev";
    assert_eq!(
        error.to_string(),
        format!(
            "ec2:DescribeVpcs on vpc: unreachable: the reply ends in the middle, inside <item>; called as {caller}; request id r-7; \
             nothing was changed"
        )
    );
    assert_eq!(error.next().to_string(), "check the network and the endpoint, then run the same command again");
    let page = "<DescribeVpcsResponse><vpcSet/><nextToken>t</nextToken></DescribeVpcsResponse>";
    let page = || Answer::Reply { status: 200, headers: headers(), body: page.to_owned() };
    let replay = Replay::new([page(), page(), page()]).once();
    let error = replay.driver("vpc", Region::Osaka).list().await.expect_err("a list without an end");
    assert_eq!((error.class, error.request_id.as_deref()), (ErrorClass::Unreachable, Some("r-7")));
    assert!(error.message.starts_with("the list does not end"), "{error}");
    assert_eq!(replay.actions().len(), 2, "the page that came twice is not asked for again");
}

#[tokio::test]
async fn a_reply_without_end_is_not_kept() {
    let endless = format!("<DescribeVpcsResponse>{}", " ".repeat(MOST));
    let error = Replay::new([ok(endless)]).once().driver("vpc", Region::Osaka).list().await.expect_err("too much");
    assert_eq!(error.message, "the reply is larger than 64 MiB");
}

/// S3's "no such key" is "no lease", and only S3 can say so.
#[tokio::test]
async fn the_404_of_a_proxy_is_not_the_absence_of_a_lease() {
    let cache = tempfile::tempdir().expect("a folder");
    let lease = async |body: &str| {
        let replay = Replay::new([status(404, body)]).once();
        let store = S3Store::new(&replay.session(), &load(root(), Environment::Dev), BUCKET, cache.path());
        store.read_lease(Environment::Dev).await
    };
    assert_eq!(lease("<Error><Code>NoSuchKey</Code></Error>").await.expect("S3 answered").map(|seen| seen.version), None);
    for body in ["", "<html><body>404 Not Found</body></html>", "<Error><Code>NoSuch"] {
        let error = lease(body).await.expect_err("nobody knows");
        let StoreError::Provider { error } = error else { panic!("{body}: {error}") };
        assert_eq!(error.class, ErrorClass::Unreachable, "{body}: {error}");
    }
}

/// A write is never sent again for a reply that says nothing.
#[tokio::test]
async fn a_write_with_an_incomplete_reply_may_have_changed_something() {
    let bodies = [
        ("vpc", "<CreateVpcResponse><vpc><vpcId>vpc-9</vpc"),
        ("vpc", ""),
        ("vpc", "<html></html>"),
        ("kms-key", "{\"KeyMetadata\":"),
        ("kms-key", "{}"),
        ("db-instance", "<CreateDBInstanceResponse/>"),
    ];
    for (kind, body) in bodies {
        let replay = Replay::new([ok(body)]);
        let error: ProviderError = replay.driver(kind, Region::Tokyo).create(&request(kind)).await.expect_err("no reply");
        assert_eq!(error.changed, Changed::Maybe, "{kind} {body}: {error}");
        assert_eq!(replay.actions().len(), 1, "{kind} {body}");
    }
}
