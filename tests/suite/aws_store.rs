//! The store in S3: the contract of every store against a bucket in memory that answers as S3 does, and each refusal.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokaido::aws::S3Store;
use tokaido::model::Environment::{Dev, Production};
use tokaido::model::{DesiredState, Environment, Said};
use tokaido::store::lease::LeaseState;
use tokaido::store::lease::{Ask, Terms, Unheld, acquire, judge};
use tokaido::store::{Entry, Record, Store, StoreError};
use tokaido::world::WriteFence;
use tokio::sync::watch;

use crate::aws_replay::{Replay, Seen, status};
use crate::aws_requests::assert_taken;
use crate::lease::{contract, lease, start};
use crate::support::project;

const BUCKET: &str = "records-of-dev";
const OWNER: &str = "111111111111";

/// Objects by key: body and version. Two objects a page, so that pages matter.
#[derive(Debug, Clone, Default)]
struct Bucket {
    objects: Arc<Mutex<BTreeMap<String, (String, String)>>>,
    seen: Arc<Mutex<Vec<String>>>,
    /// The next so many writes take effect and their answers are lost.
    losing: Arc<AtomicUsize>,
    /// Answers have no ETag, as those of a proxy that drops it.
    untagged: Arc<AtomicBool>,
}

fn error(code: u16, name: &str) -> (u16, Vec<(&'static str, String)>, String) {
    (code, Vec::new(), format!("<Error><Code>{name}</Code><Message>{name}</Message></Error>"))
}

impl Bucket {
    fn store(&self, bucket: &str, cache: &std::path::Path) -> S3Store {
        let config = Replay::new([]).config(None).into_builder().http_client(SharedHttpClient::new(self.clone())).build();
        S3Store::new(&Replay::new([]).session_of(&config), &desired(), bucket, cache)
    }

    fn keys(&self) -> Vec<String> {
        self.objects.lock().expect("no panic").keys().cloned().collect()
    }

    fn count(&self, verb: &str) -> usize {
        self.seen.lock().expect("no panic").iter().filter(|line| line.starts_with(verb)).count()
    }

    fn answer(&self, request: &HttpRequest) -> Option<(u16, Vec<(&'static str, String)>, String)> {
        let header = |name: &str| request.headers().get(name).map(str::to_owned);
        let (_, path) = request.uri().split_once(".amazonaws.com/").expect("path style, a host of AWS");
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
        self.seen.lock().expect("no panic").push(format!("{} {path}", request.method()));
        if bucket != BUCKET {
            return Some(error(404, "NoSuchBucket"));
        }
        if header("x-amz-expected-bucket-owner").as_deref() != Some(OWNER) {
            return Some(error(403, "AccessDenied"));
        }
        let mut objects = self.objects.lock().expect("no panic");
        Some(match request.method() {
            "PUT" => {
                let there = objects.get(key).map(|(_, etag)| etag.clone());
                match (header("if-none-match"), header("if-match"), there) {
                    (Some(_), _, Some(_)) => return Some(error(412, "PreconditionFailed")),
                    (_, Some(_), None) => return Some(error(404, "NoSuchKey")),
                    (_, Some(wanted), Some(etag)) if wanted != etag => return Some(error(412, "PreconditionFailed")),
                    (None, None, _) => return Some(error(400, "UnconditionalWrite")),
                    _ => {}
                }
                let body = String::from_utf8(request.body().bytes().expect("in memory").to_vec()).expect("JSON");
                let digest = Sha256::digest(&body);
                let etag = format!("\"{:02x}{:02x}{:02x}{:02x}\"", digest[0], digest[1], digest[2], digest[3]);
                objects.insert(key.to_owned(), (body, etag.clone()));
                if self.losing.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
                    return None;
                }
                (200, vec![("etag", etag)], String::new())
            }
            "GET" if key.is_empty() => {
                let parameter = |name: &str| {
                    let found = query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")));
                    found.map(tokaido::aws::document::decode)
                };
                let prefix = parameter("prefix").unwrap_or_default();
                let after = parameter("continuation-token").or_else(|| parameter("start-after")).unwrap_or_default();
                let all: Vec<_> = objects.iter().filter(|(key, _)| key.starts_with(&prefix) && **key > after).collect();
                let mut body = String::from("<ListBucketResult>");
                for (key, (_, etag)) in all.iter().take(2) {
                    let _ = write!(body, "<Contents><Key>{key}</Key><ETag>{}</ETag></Contents>", etag.replace('"', "&quot;"));
                }
                let more = all.len() > 2;
                let _ = write!(body, "<IsTruncated>{more}</IsTruncated>");
                if more {
                    let _ = write!(body, "<NextContinuationToken>{}</NextContinuationToken>", all[1].0);
                }
                (200, Vec::new(), body + "</ListBucketResult>")
            }
            "GET" => match objects.get(key) {
                Some((body, etag)) => {
                    let headers = vec![
                        ("etag", etag.clone()),
                        ("date", "Sun, 01 Nov 2026 00:01:05 GMT".to_owned()),
                        ("last-modified", "Sun, 01 Nov 2026 00:00:00 GMT".to_owned()),
                    ];
                    (200, headers, body.clone())
                }
                None => error(404, "NoSuchKey"),
            },
            other => panic!("nothing else is asked of S3: {other}"),
        })
    }
}

impl HttpConnector for Bucket {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        assert_taken(&Seen::of(&request));
        HttpConnectorFuture::ready(match self.answer(&request) {
            Some((status, headers, body)) => {
                let mut response = HttpResponse::new(status.try_into().expect("a status"), SdkBody::from(body));
                let dropped = |name: &str| name == "etag" && self.untagged.load(Ordering::SeqCst);
                for (name, value) in headers.into_iter().filter(|(name, _)| !dropped(name)) {
                    response.headers_mut().insert(name, value);
                }
                Ok(response)
            }
            None => Err(ConnectorError::io("connection reset by peer".into())),
        })
    }
}

impl HttpClient for Bucket {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

fn desired() -> DesiredState {
    DesiredState { bucket: Some(BUCKET.to_owned()), ..project::load(project::root(), Environment::Dev) }
}

/// Bob asks for the lease of dev.
fn asked<'a>(store: &'a Arc<dyn Store>, terms: &'a Terms, write_fence: &'a WriteFence, stop: watch::Receiver<bool>) -> Ask<'a> {
    Ask { store, environment: Dev, caller: "bob", plan: "p", floor: 0, terms, write_fence, stop }
}

fn record(number: usize) -> Record {
    Record::Proven { at: start(), plan: number.to_string(), release: None, violations: Vec::new() }
}

#[tokio::test]
async fn a_bucket_keeps_the_contract() {
    let (bucket, cache) = (Bucket::default(), tempfile::tempdir().expect("a folder"));
    contract::holds(&bucket.store(BUCKET, cache.path()), &bucket.store(BUCKET, cache.path())).await;
    let keys = bucket.keys();
    assert!(keys.contains(&"dev/records/00000001.json".to_owned()) && keys.contains(&"dev/lease.json".to_owned()), "{keys:?}");
    assert!(keys.contains(&"production/records/00000001.json".to_owned()), "{keys:?}");
    assert!(keys.contains(&"dev/watch/2026-11-01/00000010.json".to_owned()), "{keys:?}");
    assert_eq!(bucket.count("DELETE"), 0);
}

/// Records do not change, so what was read once is not read again; a damaged copy costs one call and nothing else.
#[tokio::test]
async fn records_are_fetched_once() {
    let (bucket, cache) = (Bucket::default(), tempfile::tempdir().expect("a folder"));
    let writer = bucket.store(BUCKET, &cache.path().join("another"));
    for number in 0..5 {
        writer.append(Dev, &record(number)).await.expect("appended");
    }
    let entries = bucket.store(BUCKET, cache.path()).entries(Dev).await.expect("readable");
    assert_eq!(entries.len(), 5);
    let gets = || bucket.count("GET records-of-dev/dev/records/");
    assert_eq!(gets(), 5);
    assert_eq!(bucket.store(BUCKET, cache.path()).entries(Dev).await.expect("readable"), entries);
    assert_eq!(gets(), 5, "from the copies");
    let folder = cache.path().join(BUCKET);
    for (index, file) in fs::read_dir(&folder).expect("copies").map(|entry| entry.expect("a copy").path()).enumerate() {
        let text = fs::read_to_string(&file).expect("a copy");
        let damaged =
            if index % 2 == 0 { text.replace("\"plan\":\"", "\"plan\":\"9") } else { text[..text.len() / 2].to_owned() };
        fs::write(&file, damaged).expect("a copy");
    }
    assert_eq!(bucket.store(BUCKET, cache.path()).entries(Dev).await.expect("readable"), entries);
    assert_eq!(gets(), 10, "a damaged copy is not believed");
}

/// S3 wrote the record and its answer was lost: the SDK sends again and is refused, and there is one record.
#[tokio::test]
async fn a_lost_answer_makes_no_second_record() {
    let (bucket, cache) = (Bucket::default(), tempfile::tempdir().expect("a folder"));
    let store = bucket.store(BUCKET, cache.path());
    store.append(Dev, &record(1)).await.expect("appended");
    bucket.losing.store(1, Ordering::SeqCst);
    store.append(Dev, &record(2)).await.expect("it is there");
    store.append(Dev, &record(3)).await.expect("appended");
    let plans: Vec<_> = store.entries(Dev).await.expect("readable").into_iter().map(|entry| entry.record).collect();
    assert_eq!(plans, [record(1), record(2), record(3)]);
}

/// A sighting whose answer was lost is there, and a second watcher finds the place taken. Read once, it is not read again.
#[tokio::test]
async fn a_lost_answer_makes_no_second_sighting() {
    let (bucket, cache) = (Bucket::default(), tempfile::tempdir().expect("a folder"));
    let store = bucket.store(BUCKET, cache.path());
    let key = contract::watch_key("2026-11-01/00000001");
    bucket.losing.store(1, Ordering::SeqCst);
    assert!(store.watch().add_sighting(Dev, key, &contract::sighting(1)).await.expect("it is there"));
    let second = bucket.store(BUCKET, &cache.path().join("another"));
    assert!(!second.watch().add_sighting(Dev, key, &contract::sighting(2)).await.expect("taken"));
    let gets = || bucket.count("GET records-of-dev/dev/watch/2026");
    let before = gets();
    for _ in 0..2 {
        assert_eq!(second.watch().sighting(Dev, key).await.expect("readable"), Some(contract::sighting(1)));
    }
    assert_eq!(gets(), before + 1, "the second time from the copy");
    assert_eq!(bucket.keys(), ["dev/watch/2026-11-01/00000001.json"]);
    let nowhere = bucket.store("nowhere", cache.path());
    for error in [
        nowhere.watch().add_sighting(Dev, key, &contract::sighting(1)).await.expect_err("no bucket"),
        nowhere.watch().sighting_keys(Dev, None).await.expect_err("no bucket"),
    ] {
        assert!(matches!(error, StoreError::NoBucket { .. }), "{error}");
    }
}

/// A lease whose answer was lost is ours all the same, and one that S3 dates as old enough is taken over at once.
#[tokio::test]
async fn s3_says_how_old_a_lease_is_and_a_lost_answer_loses_no_lease() {
    let (bucket, cache) = (Bucket::default(), tempfile::tempdir().expect("a folder"));
    let store: Arc<dyn Store> = Arc::new(bucket.store(BUCKET, cache.path()));
    // The holder's own clock is an hour fast, which nobody asks about.
    let ahead = lease("a1", 4, Timestamp::now() + jiff::SignedDuration::from_hours(1));
    store.write_lease(Dev, &ahead, None).await.expect("answered");
    let seen = store.read_lease(Dev).await.expect("readable").expect("a lease");
    assert_eq!(seen.age, Some(std::time::Duration::from_secs(65)));
    assert_eq!(judge(Some(&seen), start(), std::time::Duration::ZERO), LeaseState::Expired);
    bucket.losing.store(1, Ordering::SeqCst);
    let (write_fence, terms, (_go, stop)) = (WriteFence::default(), Terms::default(), watch::channel(false));
    let ask = asked(&store, &terms, &write_fence, stop);
    let held = acquire(&ask, &mut |_| {}).await.expect("taken over");
    assert_eq!((held.fence(), write_fence.refusal()), (5, None));
    held.release().await;
    assert!(store.read_lease(Dev).await.expect("readable").expect("it stays").record.released);
}

/// Without an ETag no write can say what it replaces: the read of the lease fails, and no apply begins.
#[tokio::test]
async fn a_lease_without_an_etag_is_not_taken() {
    let (bucket, cache) = (Bucket::default(), tempfile::tempdir().expect("a folder"));
    let store = bucket.store(BUCKET, cache.path());
    store.write_lease(Dev, &lease("a1", 4, start()), None).await.expect("answered");
    bucket.untagged.store(true, Ordering::SeqCst);
    let error = store.read_lease(Dev).await.expect_err("no version");
    assert!(matches!(&error, StoreError::NoVersion { path } if path.ends_with("dev/lease.json")), "{error}");
    let error = store.write_lease(Production, &lease("a1", 1, start()), None).await.expect_err("no version");
    assert!(matches!(&error, StoreError::NoVersion { .. }) && error.is_uncertain(), "{error}");
    let writes = bucket.count("PUT");
    let store: Arc<dyn Store> = Arc::new(store);
    let (write_fence, terms, (_go, stop)) = (WriteFence::default(), Terms::default(), watch::channel(false));
    let ask = asked(&store, &terms, &write_fence, stop);
    assert!(matches!(acquire(&ask, &mut |_| {}).await, Err(Unheld::Store(StoreError::NoVersion { .. }))));
    assert_eq!(bucket.count("PUT"), writes, "nothing was written");
}

#[tokio::test]
async fn a_bucket_that_is_missing_or_not_ours_is_a_refusal_with_the_next_step() {
    let (bucket, cache) = (Bucket::default(), tempfile::tempdir().expect("a folder"));
    let store = bucket.store("nowhere", cache.path());
    assert_eq!(store.note(), None);
    let error = store.records(Dev).await.expect_err("no bucket");
    assert!(matches!(error, StoreError::NoBucket { .. }) && error.is_refusal(), "{error}");
    assert!(error.to_string().contains("`tokaido bootstrap dev` makes it"), "{error}");
    assert!(store.note().is_some_and(|note| note.en.contains("nowhere does not exist yet")));
    for error in [
        store.append(Dev, &record(1)).await.expect_err("no bucket"),
        store.read_lease(Dev).await.expect_err("no bucket"),
        store.write_lease(Dev, &lease("a1", 1, start()), None).await.expect_err("no bucket"),
    ] {
        assert!(matches!(error, StoreError::NoBucket { .. }), "{error}");
    }
    // Somebody else took the name: S3 answers whoever expects another owner with 403, to every call.
    let other = DesiredState { account: "222222222222".to_owned(), ..desired() };
    let config = Replay::new([]).config(None).into_builder().http_client(SharedHttpClient::new(bucket.clone())).build();
    let foreign = S3Store::new(&Replay::new([]).session_of(&config), &other, BUCKET, cache.path());
    for error in [
        foreign.records(Dev).await.expect_err("foreign"),
        foreign.append_entry(Production, &Entry { fence: Some(1), record: record(1) }).await.expect_err("foreign"),
        foreign.read_lease(Dev).await.expect_err("foreign"),
        foreign.write_lease(Dev, &lease("a1", 1, start()), None).await.expect_err("foreign"),
    ] {
        assert!(matches!(error, StoreError::Refused { .. }) && error.is_refusal(), "{error}");
        let text = error.to_string();
        assert!(text.contains("does not belong to 222222222222") && text.contains("`store.bucket`"), "{text}");
    }
    assert_eq!(bucket.keys(), Vec::<String>::new(), "nothing was written for somebody else");
    let store: Arc<dyn Store> = Arc::new(foreign);
    let (write_fence, terms, (_go, stop)) = (WriteFence::default(), Terms::default(), watch::channel(false));
    let ask = asked(&store, &terms, &write_fence, stop);
    assert!(matches!(acquire(&ask, &mut |_| {}).await, Err(Unheld::Store(StoreError::Refused { .. }))));
}

/// 409 means that another write of the object was going on: nothing is known to have changed, and it is tried again.
#[tokio::test]
async fn a_conflict_is_tried_again() {
    let list = || status(200, "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>");
    let conflict = "<Error><Code>ConditionalRequestConflict</Code><Message>m</Message></Error>";
    let replay = Replay::new([list(), status(409, conflict), list(), status(200, "")]);
    let cache = tempfile::tempdir().expect("a folder");
    let store = S3Store::new(&replay.session(), &desired(), BUCKET, cache.path());
    store.append(Dev, &record(1)).await.expect("the second time");
    let puts: Vec<String> = replay.seen().iter().filter(|seen| seen.method == "PUT").map(|seen| seen.uri.clone()).collect();
    assert_eq!(puts.len(), 2);
    assert!(puts[0].starts_with("https://s3.ap-northeast-1.amazonaws.com/records-of-dev/dev/records/00000001.json"), "{puts:?}");
    assert_eq!(puts[0], puts[1], "the same number");
}

/// The fence stands at the send site of every client that writes, and not in the way of reading or of the lease itself.
#[tokio::test]
async fn without_the_lease_no_request_that_changes_something_leaves() {
    let replay = Replay::new([status(200, "<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>")]);
    let session = replay.session();
    session.write_fence().close(Said::new("the lease was taken over: it is held by alice", "リースが alice に引き継がれました"));
    let place = tokaido::aws::Place::new(&session, tokaido::model::Region::Tokyo, &tokaido::kinds::vpc::KIND);
    let call = place.writer().ec2.create_vpc().cidr_block("10.0.0.0/16");
    let error = place.write("ec2:CreateVpc", "vpc", || call.clone().send()).await.expect_err("fenced");
    assert_eq!((error.class, error.changed), (tokaido::world::ErrorClass::Fenced, tokaido::world::Changed::No));
    assert!(error.to_string().contains("taken over: it is held by alice"), "{error}");
    assert_eq!(replay.seen().len(), 0);
    place.read("ec2:DescribeVpcs", "vpcs", || place.reader().ec2.describe_vpcs().send()).await.expect("reading goes on");
}
