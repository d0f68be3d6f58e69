//! Stores of data on the wire: what is asked in which region, to the letter, what is made of the answers, and which regions count as
//! closed. Nothing else is ever sent.

use std::collections::{BTreeMap, BTreeSet};

use tokaido::kinds::data_store::{self, at};
use tokaido::model::observed::{ClosedBy, Listing};
use tokaido::model::{Live, Reading, Region};
use tokaido::world::ErrorClass;

use super::aws_replay::{Answer, Replay, Seen, ok, status};
use super::aws_replies::operation_of;
use super::aws_stores::{regions, reply};

/// The region for which a request is signed.
fn signed_for(seen: &Seen) -> String {
    let credential = seen.headers.get("authorization").map(String::as_str).unwrap_or_default();
    credential.split('/').nth(2).unwrap_or_default().to_owned()
}

fn full(seen: &Seen) -> Answer {
    ok(reply(&operation_of(seen)).unwrap_or_else(|| buckets(seen)))
}

fn buckets(seen: &Seen) -> String {
    match operation_of(seen).as_str() {
        "s3:ListAllMyBuckets" => {
            "<ListAllMyBucketsResult><Buckets><Bucket><Name>here</Name><BucketRegion>ap-northeast-1</BucketRegion>\
             </Bucket><Bucket><Name>far</Name><BucketRegion>us-east-1</BucketRegion></Bucket></Buckets></ListAllMyBucketsResult>"
                .to_owned()
        }
        "s3:GetEncryptionConfiguration" => "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>\
             <SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>"
            .to_owned(),
        "s3:GetBucketPolicy" => r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"},
            {"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::222222222222:root","arn:aws:iam::111111111111:root","AIDAGONE"]}},
            {"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::333333333333:root"}},
            {"Effect":"Allow","Principal":{"AWS":"444444444444"}}]}"#
            .to_owned(),
        "s3:GetBucketPublicAccessBlock" => "<PublicAccessBlockConfiguration><RestrictPublicBuckets>false</RestrictPublicBuckets>\
             </PublicAccessBlockConfiguration>"
            .to_owned(),
        other => panic!("{other} is asked"),
    }
}

async fn list(replay: &Replay, region: Region) -> Listing {
    replay.driver(data_store::NAME, region).list().await.expect("a listing")
}

fn found(listing: &Listing) -> BTreeMap<&str, &Live> {
    listing.live.iter().map(|live| (live.physical.as_str(), live)).collect()
}

fn shared(live: &Live) -> Option<Vec<String>> {
    match live.attributes.get(at::shared_with) {
        Reading::Value(with) => Some(with),
        Reading::Absent => None,
        other => panic!("{other:?}"),
    }
}

fn encrypted(live: &Live) -> Reading<bool> {
    live.attributes.get(at::encrypted)
}

#[tokio::test]
async fn every_service_is_asked_and_read() {
    let replay = Replay::answering(full);
    let listing = list(&replay, Region::Tokyo).await;
    assert!(listing.unreadable.is_empty() && listing.closed.is_empty(), "{:?}", listing.unreadable);
    let all = found(&listing);
    let arn = |rest: &str| format!("arn:aws:{rest}");
    let names = [
        "ami-1".to_owned(),
        arn("elasticfilesystem:ap-northeast-1:111111111111:file-system/fs-1"),
        arn("rds:ap-northeast-1:111111111111:auto-backup:ab-1"),
        arn("rds:ap-northeast-1:111111111111:cluster-snapshot:c-1"),
        arn("rds:ap-northeast-1:111111111111:snapshot:by-hand"),
        arn("rds:ap-northeast-1:111111111111:snapshot:rds:nightly"),
        arn("redshift:ap-northeast-1:111111111111:snapshot:dw/s-1"),
        "dynamodb-table/orders".to_owned(),
        "redshift-cluster/dw".to_owned(),
        "snap-1".to_owned(),
        "vol-1".to_owned(),
        "vol-2".to_owned(),
    ];
    assert_eq!(all.keys().copied().collect::<Vec<_>>(), names.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(listing.live.iter().all(|live| live.attributes.get(at::region) == Reading::Absent));
    // One disk of an image that is readable is enough.
    let readable: Vec<&str> =
        all.iter().filter(|(_, live)| encrypted(live) == Reading::Value(false)).map(|(name, _)| *name).collect();
    assert_eq!(readable, ["ami-1", names[1].as_str(), "vol-1"]);
    assert!(all.values().all(|live| matches!(encrypted(live), Reading::Value(_))));
    // Our own account is no other, and what RDS makes by itself cannot be shared.
    let sharing: Vec<_> = all.iter().filter_map(|(name, live)| Some((*name, shared(live)?))).collect();
    let with = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        sharing,
        [
            ("ami-1", with(&[])),
            (names[3].as_str(), with(&[])),
            (names[4].as_str(), with(&["all"])),
            (names[6].as_str(), with(&["210987654321"])),
            ("snap-1", with(&["210987654321", "all"])),
        ]
    );
    assert_eq!(all["vol-1"].tags.get("owner").map(|tag| tag.as_str()), Some("another team"));
    assert_eq!(all[names[1].as_str()].tags.get("owner").map(|tag| tag.as_str()), Some("another team"));

    let seen = replay.seen();
    let volumes = seen.iter().find(|seen| seen.action() == "DescribeVolumes").expect("asked");
    assert_eq!(
        volumes.form(),
        [("Action", "DescribeVolumes"), ("IncludeManagedResources", "true"), ("MaxResults", "500"), ("Version", "2016-11-15")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into()
    );
    assert!(volumes.uri.starts_with("https://ec2.ap-northeast-1.amazonaws.com/"), "{}", volumes.uri);
    let asked = |action: &str| seen.iter().filter(|seen| seen.action() == action).map(Seen::form).collect::<Vec<_>>();
    assert_eq!(asked("DescribeSnapshots")[0]["Owner.1"], "self");
    assert_eq!((asked("DescribeSnapshotAttribute").len(), asked("DescribeImageAttribute").len()), (1, 1));
    assert_eq!(asked("DescribeSnapshotAttribute")[0]["Attribute"], "createVolumePermission");
    assert_eq!(
        asked("DescribeDBSnapshotAttributes").iter().map(|form| form["DBSnapshotIdentifier"].as_str()).collect::<Vec<_>>(),
        ["by-hand"]
    );
    let tables = seen.iter().find(|seen| seen.target.as_deref() == Some("DynamoDB_20120810.ListTables")).expect("asked");
    assert_eq!(tables.json(), serde_json::json!({ "Limit": 100 }));
    assert!(seen.iter().any(|seen| seen.action() == "GET /2015-02-01/file-systems?MaxItems=100"), "{:?}", replay.actions());
    // A kind of its own is not asked again, and every request is signed for its region.
    assert!(!replay.actions().contains(&"DescribeDBInstances".to_owned()));
    assert_eq!(seen.iter().map(signed_for).collect::<BTreeSet<_>>(), ["ap-northeast-1".to_owned()].into());
}

#[tokio::test]
async fn every_other_enabled_region_is_asked_for_everything_that_holds_data() {
    let replay = Replay::answering(full);
    let listing = list(&replay, Region::Global).await;
    assert!(listing.unreadable.is_empty(), "{:?}", listing.unreadable);
    let all = found(&listing);
    let far =
        ["arn:aws:rds:us-east-1:111111111111:db:old", "arn:aws:backup:us-east-1:111111111111:backup-vault:v", "us-east-1/vol-1"];
    for name in far {
        assert_eq!(all[name].attributes.get(at::region), Reading::Value("us-east-1".to_owned()), "{name}");
    }
    let closed: Vec<_> = listing.closed.iter().map(|closed| (closed.region.as_str(), closed.by)).collect();
    assert_eq!(closed, [("af-south-1", ClosedBy::Account)]);
    // Buckets are listed once for all regions, and only those of ours are asked more.
    assert_eq!(shared(all["arn:aws:s3:::here"]), Some(["222222222222", "444444444444", "all"].map(str::to_owned).into()));
    assert_eq!(encrypted(all["arn:aws:s3:::here"]), Reading::Value(true));
    assert_eq!(encrypted(all["arn:aws:s3:::far"]), Reading::NotAsked);
    let seen = replay.seen();
    let per_region =
        |region: &str| seen.iter().filter(|seen| signed_for(seen) == region).map(operation_of).collect::<BTreeSet<_>>();
    let elsewhere = per_region("us-east-1");
    assert_eq!(elsewhere.iter().filter(|call| !call.contains("Attribute")).count(), 14, "{elsewhere:#?}");
    assert_eq!(per_region("af-south-1"), BTreeSet::new());
    assert_eq!(per_region("ap-northeast-3"), BTreeSet::new());
}

/// A policy of the organisation says so in every protocol.
fn denied(seen: &Seen, words: &str) -> Answer {
    if seen.target.is_some() {
        return status(400, format!(r#"{{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"{words}"}}"#));
    }
    if seen.method == "GET" {
        let headers = vec![("x-amzn-errortype", "AccessDeniedException:http://internal.amazon.com/".to_owned())];
        return Answer::Reply { status: 403, headers, body: format!(r#"{{"message":"{words}"}}"#) };
    }
    if seen.uri.contains("//ec2.") {
        return status(
            403,
            format!(
                "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>{words}</Message></Error></Errors><RequestID>r</RequestID></Response>"
            ),
        );
    }
    status(
        403,
        format!(
            "<ErrorResponse><Error><Code>AccessDenied</Code><Message>{words}</Message></Error><RequestId>r</RequestId></ErrorResponse>"
        ),
    )
}

const BY_POLICY: &str = "User: arn:aws:sts::111111111111:assumed-role/tokaido/tokaido-dev is not authorized to perform: x with an explicit deny in a service control policy";

#[tokio::test]
async fn a_region_in_which_everything_is_denied_by_the_organisation_is_closed() {
    let replay = Replay::answering(|seen| if signed_for(seen) == "us-east-1" { denied(seen, BY_POLICY) } else { full(seen) });
    let listing = list(&replay, Region::Global).await;
    assert!(listing.unreadable.is_empty(), "{:?}", listing.unreadable);
    let closed = listing.closed.iter().find(|closed| closed.region == "us-east-1").expect("closed");
    assert_eq!((closed.by, closed.refused.len()), (ClosedBy::Organisation, 14));
    assert!(closed.refused.contains(&"dynamodb:ListTables".to_owned()), "{closed:?}");
    assert_eq!(closed.caller.as_deref(), Some("arn:aws:sts::111111111111:assumed-role/tokaido/tokaido-dev"));
}

/// The same without those words is a role that may not read, and one answer shows that the region is open.
#[tokio::test]
async fn a_denial_that_is_not_of_the_organisation_is_a_failed_read() {
    let by_role = |seen: &Seen| denied(seen, "because no identity-based policy allows the x action");
    let replay = Replay::answering(move |seen| if signed_for(seen) == "us-east-1" { by_role(seen) } else { full(seen) });
    let listing = list(&replay, Region::Global).await;
    assert!(listing.closed.iter().all(|closed| closed.by == ClosedBy::Account));
    assert_eq!(listing.unreadable.len(), 14);
    let first = listing.unreadable.iter().find(|unread| unread.operation == "dynamodb:ListTables").expect("it");
    assert_eq!(first.physical.as_deref(), Some("every dynamodb-table in us-east-1"));
    assert!(first.error.contains("access-denied"), "{first:?}");

    let open = |seen: &Seen| operation_of(seen) == "ec2:DescribeVolumes" || signed_for(seen) != "us-east-1";
    let replay = Replay::answering(move |seen| if open(seen) { full(seen) } else { denied(seen, BY_POLICY) });
    let listing = list(&replay, Region::Global).await;
    assert!(listing.closed.iter().all(|closed| closed.by == ClosedBy::Account));
    assert_eq!(listing.unreadable.len(), 13);
    assert!(found(&listing).contains_key("us-east-1/vol-1"));
}

/// A network that reaches Tokyo and Osaka alone: each other region costs one call, which is sent three times, not fourteen.
#[tokio::test]
async fn a_region_that_does_not_answer_is_asked_once() {
    let replay = Replay::answering(|seen| if signed_for(seen) == "us-east-1" { Answer::Lost } else { full(seen) });
    let listing = list(&replay, Region::Global).await;
    let failed: Vec<_> =
        listing.unreadable.iter().map(|unread| (unread.operation.as_str(), unread.physical.as_deref())).collect();
    assert_eq!(failed, [("ec2:DescribeVolumes", Some("every data-store in us-east-1"))]);
    let seen = replay.seen();
    assert_eq!(
        seen.iter().filter(|seen| signed_for(seen) == "us-east-1").map(Seen::action).collect::<Vec<_>>(),
        ["DescribeVolumes"; 3]
    );
}

/// One listing that fails hides the stores of its kind alone; sharing that cannot be read leaves the store in the population.
#[tokio::test]
async fn a_failed_call_hides_no_more_than_it_would_have_told() {
    let lost = |seen: &Seen| ["DescribeDBSnapshots", "DescribeSnapshotAttribute"].contains(&seen.action().as_str());
    let replay = Replay::answering(move |seen| if lost(seen) { status(500, "") } else { full(seen) }).once();
    let listing = list(&replay, Region::Osaka).await;
    let failed: Vec<_> =
        listing.unreadable.iter().map(|unread| (unread.operation.as_str(), unread.physical.as_deref())).collect();
    assert_eq!(failed, [("rds:DescribeDBSnapshots", Some("every db-snapshot in ap-northeast-3"))]);
    let all = found(&listing);
    assert!(
        matches!(all["snap-1"].attributes.get(at::shared_with), Reading::Failed(why) if why.contains("ec2:DescribeSnapshotAttribute"))
    );
    assert_eq!(all.len(), 10);
}

#[tokio::test]
async fn all_pages_are_read_and_a_list_that_does_not_end_fails() {
    let page = |name: &str, token: &str| format!(r#"{{"TableNames":["{name}"]{token}}}"#);
    let next = r#","LastEvaluatedTableName":"orders""#;
    let answer = move |seen: &Seen| match seen.target.is_some().then(|| seen.json()["ExclusiveStartTableName"].clone()) {
        Some(token) if token == "orders" => ok(page("users", "")),
        Some(_) => ok(page("orders", next)),
        None => full(seen),
    };
    let listing = list(&Replay::answering(answer), Region::Tokyo).await;
    let all = found(&listing);
    assert!(all.contains_key("dynamodb-table/orders") && all.contains_key("dynamodb-table/users"));
    let replay = Replay::answering(move |seen| if seen.target.is_some() { ok(page("orders", next)) } else { full(seen) });
    let listing = list(&replay, Region::Tokyo).await;
    assert_eq!(listing.unreadable.len(), 1);
    assert!(listing.unreadable[0].told.contains("does not end"), "{:?}", listing.unreadable);
}

#[tokio::test]
async fn without_the_list_of_regions_nothing_is_known_of_other_regions() {
    let lost = |seen: &Seen| seen.action() == "DescribeRegions";
    let replay = Replay::answering(move |seen| if lost(seen) { denied(seen, BY_POLICY) } else { full(seen) });
    let error = replay.driver(data_store::NAME, Region::Global).list().await.expect_err("no list of regions");
    assert_eq!((error.class, error.operation.as_str()), (ErrorClass::AccessDenied, "ec2:DescribeRegions"));
    assert!(regions().contains("us-east-1"));
}

/// A throttle and a cut reply are asked again, as with every other call.
#[tokio::test]
async fn a_read_is_repeated() {
    use std::sync::atomic::{AtomicUsize, Ordering};

    for (code, body) in [
        (503, "<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>m</Message></Error></Errors></Response>"),
        (200, "<DescribeVolumesResponse><volumeSet>"),
    ] {
        let asked = AtomicUsize::new(0);
        let answer = move |seen: &Seen| {
            let first = seen.action() == "DescribeVolumes" && asked.fetch_add(1, Ordering::Relaxed) == 0;
            if first { status(code, body) } else { full(seen) }
        };
        let replay = Replay::answering(answer);
        let listing = list(&replay, Region::Tokyo).await;
        assert!(listing.unreadable.is_empty() && found(&listing).contains_key("vol-1"), "{code}: {:?}", listing.unreadable);
        assert_eq!(replay.actions().iter().filter(|action| *action == "DescribeVolumes").count(), 2);
    }
}

/// Who asks `explain data-store.store` is told every kind of store that is looked for, and no other.
#[test]
fn every_kind_of_store_is_told() {
    use tokaido::aws::inventory::stores::STORES;

    let row = data_store::KIND.schema.row(at::store.name()).expect("a row");
    for text in [row.about.en, row.about.ja] {
        let told: BTreeSet<&str> = text.split('`').skip(1).step_by(2).collect();
        assert_eq!(told, STORES.iter().map(|store| store.name).chain(["s3-bucket"]).collect());
    }
}

/// A bucket that was deleted between the list and the look is no store, and not one that is readable.
#[tokio::test]
async fn a_bucket_that_is_gone_is_no_store() {
    let gone = |seen: &Seen| operation_of(seen) == "s3:GetEncryptionConfiguration";
    let answer = "<Error><Code>NoSuchBucket</Code><Message>m</Message></Error>";
    let replay = Replay::answering(move |seen| if gone(seen) { status(404, answer) } else { full(seen) });
    let listing = list(&replay, Region::Global).await;
    assert!(!found(&listing).contains_key("arn:aws:s3:::here") && listing.unreadable.is_empty(), "{:?}", listing.unreadable);
    let answer = "<Error><Code>ServerSideEncryptionConfigurationNotFoundError</Code><Message>m</Message></Error>";
    let replay = Replay::answering(move |seen| if gone(seen) { status(404, answer) } else { full(seen) });
    assert_eq!(encrypted(found(&list(&replay, Region::Global).await)["arn:aws:s3:::here"]), Reading::Value(false));
}

/// A list of regions that lacks those that every account has is not whole.
#[tokio::test]
async fn a_list_without_the_regions_of_every_account_is_no_answer() {
    let one = "<item><regionName>ap-northeast-1</regionName><optInStatus>opt-in-not-required</optInStatus></item>";
    for items in ["", one] {
        let body = format!("<DescribeRegionsResponse><regionInfo>{items}</regionInfo></DescribeRegionsResponse>");
        let replay =
            Replay::answering(move |seen| if seen.action() == "DescribeRegions" { ok(body.clone()) } else { full(seen) });
        let error = replay.driver(data_store::NAME, Region::Global).list().await.expect_err("not whole");
        assert_eq!((error.class, error.operation.as_str()), (ErrorClass::Unreachable, "ec2:DescribeRegions"));
    }
}
