//! Every operation of the table against every way in which a reply can be incomplete.

use std::fmt::Write as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use bytes::Bytes;
use http_body::{Body, Frame};
use tokio::time::Sleep;

use tokaido::aws::replies::{Document, Incomplete, Reply, TABLE, Whole, check, expected as of, is_json};

const HTML: &[u8] = b"<html><body><h1>502 Bad Gateway</h1></body></html>";

fn judged(service: &str, operation: &str, body: &[u8]) -> Result<(), Incomplete> {
    check(service, operation, &Reply { status: 200, error_type: false, body })
}

/// The smallest body that holds every member which an operation demands.
fn complete(service: &str, operation: &str) -> String {
    let expected = of(service, operation);
    match &expected.document {
        Document::Any => String::new(),
        Document::Stream | Document::Policy => "{}".to_owned(),
        Document::Json => {
            let mut root = serde_json::json!({});
            for path in &expected.members {
                let mut at = &mut root;
                for (depth, step) in path.iter().enumerate() {
                    let (name, list) = step.strip_suffix("[]").map_or((step.as_str(), false), |name| (name, true));
                    let last = depth + 1 == path.len();
                    let listed =
                        expected.members.iter().any(|other| other.get(depth).is_some_and(|one| *one == format!("{name}[]")));
                    let members = at.as_object_mut().expect("a path leads through objects");
                    let empty = if list || (last && listed) { serde_json::json!([{}]) } else { serde_json::json!({}) };
                    at = members.entry(name).or_insert(empty);
                    if list {
                        at = &mut at[0];
                    }
                }
            }
            root.to_string()
        }
        Document::Root(root) => {
            let paths: Vec<&[String]> = expected.members.iter().map(Vec::as_slice).collect();
            format!("<{root}>{}</{root}>", elements(&paths))
        }
    }
}

fn elements(paths: &[&[String]]) -> String {
    let mut text = String::new();
    let mut names: Vec<&str> = paths.iter().filter_map(|path| path.first()).map(|step| step.trim_end_matches("[]")).collect();
    names.dedup();
    for name in names {
        let of = |list: bool| {
            let begins = move |step: &String| step.trim_end_matches("[]") == name && step.ends_with("[]") == list;
            paths
                .iter()
                .filter(move |path| path.first().is_some_and(begins))
                .map(|path| &path[1..])
                .filter(|rest| !rest.is_empty())
        };
        let (inside, items): (Vec<&[String]>, Vec<&[String]>) = (of(false).collect(), of(true).collect());
        let items = if items.is_empty() { String::new() } else { format!("<item>{}</item>", elements(&items)) };
        let _ = write!(text, "<{name}>{}{items}</{name}>", elements(&inside));
    }
    text
}

#[test]
fn of_every_operation_a_complete_reply_passes_and_no_other() {
    let mut cells = 0;
    for ((service, operation), expected) in TABLE.iter() {
        let place = format!("{service}:{operation}");
        let body = complete(service, operation);
        assert_eq!(judged(service, operation, body.as_bytes()), Ok(()), "{place}: {body}");
        if expected.document == Document::Stream {
            continue;
        }
        assert!(judged(service, operation, HTML).is_err(), "{place}: a page of a proxy passed");
        assert!(judged(service, operation, b"\xff\xfe\x00").is_err(), "{place}: bytes passed");
        cells += 2;
        if expected.document == Document::Any {
            continue;
        }
        assert_eq!(judged(service, operation, b""), Err(Incomplete::Empty), "{place}");
        assert_eq!(judged(service, operation, b" \n"), Err(Incomplete::Empty), "{place}");
        for end in 1..body.len() {
            assert!(judged(service, operation, &body.as_bytes()[..end]).is_err(), "{place}: {} passed", &body[..end]);
            cells += 1;
        }
        let other = if is_json(service) { "[]" } else { "<Other></Other>" };
        assert!(judged(service, operation, other.as_bytes()).is_err(), "{place}: {other} passed");
        for path in &expected.members {
            let name = path.last().expect("a path has a step");
            // Another name for the member, where nothing else has it.
            let lost = body.replace(&format!("<{name}>"), "<Lost>").replace(&format!("</{name}>"), "</Lost>");
            let lost = lost.replace(&format!("\"{name}\""), "\"Lost\"");
            let found = judged(service, operation, lost.as_bytes());
            assert!(matches!(found, Err(Incomplete::Missing { .. })), "{place} without {name}: {found:?}");
            cells += 1;
        }
    }
    assert!(TABLE.len() > 100 && cells > 3_000, "{} operations, {cells} cells", TABLE.len());
}

#[test]
fn a_list_that_goes_on_says_where() {
    let kms = |rest: &str| judged("kms", "ListKeys", format!(r#"{{"Keys":[],"Truncated":true{rest}}}"#).as_bytes());
    let lost = Err(Incomplete::Lost { token: "NextMarker".to_owned() });
    assert_eq!(kms(r#","NextMarker":"m""#), Ok(()));
    assert_eq!([kms(""), kms(r#","NextMarker":"""#), kms(r#","NextMarker":null"#)], [lost.clone(), lost.clone(), lost]);
    assert_eq!(judged("kms", "ListKeys", br#"{"Keys":[],"Truncated":false}"#), Ok(()));
    let s3 = |rest: &str| {
        let body = format!("<ListBucketResult><IsTruncated>true</IsTruncated>{rest}</ListBucketResult>");
        judged("s3", "ListObjectsV2", body.as_bytes())
    };
    assert_eq!(s3("<NextContinuationToken>t</NextContinuationToken>"), Ok(()));
    assert!(matches!(s3(""), Err(Incomplete::Lost { .. })));
    let iam = "<ListRolePoliciesResponse><ListRolePoliciesResult><PolicyNames/><IsTruncated>true</IsTruncated>\
               </ListRolePoliciesResult></ListRolePoliciesResponse>";
    assert!(matches!(judged("iam", "ListRolePolicies", iam.as_bytes()), Err(Incomplete::Lost { .. })));
}

#[test]
fn an_empty_list_is_complete_and_null_is_no_list() {
    let empty = [
        (
            "ec2",
            "DescribeVpcs",
            "<?xml version=\"1.0\"?>\n<DescribeVpcsResponse xmlns=\"http://ec2/\"><vpcSet/></DescribeVpcsResponse>\n",
        ),
        (
            "rds",
            "DescribeDBInstances",
            "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances/></DescribeDBInstancesResult></DescribeDBInstancesResponse>",
        ),
        ("backup", "ListBackupVaults", r#"{"BackupVaultList":[]}"#),
        ("s3", "ListObjectsV2", "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"),
        ("s3", "GetBucketVersioning", "<VersioningConfiguration/>"),
    ];
    for (service, operation, body) in empty {
        assert_eq!(judged(service, operation, body.as_bytes()), Ok(()), "{operation}");
    }
    for body in [r#"{"BackupVaultList":null}"#, "{}", r#"{"BackupVaultList":[{}]}"#, "null", "3"] {
        assert!(judged("backup", "ListBackupVaults", body.as_bytes()).is_err(), "{body}");
    }
}

#[test]
fn what_is_not_well_formed_says_where_it_ends() {
    let why = |body: &str| judged("ec2", "DescribeVpcs", body.as_bytes()).expect_err(body).to_string();
    assert_eq!(why("<DescribeVpcsResponse><vpcSet><item><vpc"), "the reply ends in the middle, inside <vpc>");
    assert_eq!(why("<DescribeVpcsResponse><vpcSet>"), "the reply ends in the middle, inside <vpcSet>");
    assert_eq!(why("<Response><Errors/></Response>"), "the reply is <Response>, where AWS answers with <DescribeVpcsResponse>");
    assert_eq!(why("<DescribeVpcsResponse/>"), "the reply has no vpcSet, which AWS always sends");
    for body in ["<a></b>", "<a/><b/>", "text", "<a/>text", "</a>", "{}", &"<a>".repeat(200_000)] {
        assert!(why(body).starts_with("the reply is no XML"), "{}", why(body));
    }
    let json = |body: &str| judged("kms", "ListKeys", body.as_bytes()).expect_err(body).to_string();
    assert_eq!(json(r#"{"Keys":[{"KeyId":"#), "the reply ends in the middle, inside the JSON");
    assert!(json(r#"{"Keys":[],"Truncated":false}}"#).starts_with("the reply is no JSON"));
}

#[test]
fn a_refusal_passes_and_only_aws_says_that_something_does_not_exist() {
    let refused = |service: &str, status: u16, error_type: bool, body: &str| {
        check(service, "Anything", &Reply { status, error_type, body: body.as_bytes() })
    };
    for status in [301, 304, 400, 403, 429, 500, 503] {
        for body in ["", "half <", "<html/>"] {
            assert_eq!(refused("ec2", status, false, body), Ok(()), "{status} {body}");
        }
    }
    let theirs = [
        ("ec2", "<Response><Errors><Error><Code>InvalidVpcID.NotFound</Code></Error></Errors></Response>"),
        ("rds", "<ErrorResponse><Error><Code>DBInstanceNotFound</Code></Error></ErrorResponse>"),
        ("s3", "<Error><Code>NoSuchBucket</Code></Error>"),
        ("kms", r#"{"__type":"NotFoundException"}"#),
        ("backup", r#"{"Code":"ERROR_2603"}"#),
    ];
    for (service, body) in theirs {
        assert_eq!(refused(service, 404, false, body), Ok(()), "{service}");
        for half in ["", &body[..body.len() / 2], "<html><body>404 Not Found</body></html>", "{}", "<Error><Code/></Error>"] {
            assert_eq!(refused(service, 404, false, half), Err(Incomplete::NoCode), "{service}: {half}");
        }
    }
    assert_eq!(refused("backup", 404, true, ""), Ok(()), "the header names the error");
}

/// A kind that is new has no line before `make settings`: its replies must still be what its protocol says.
#[test]
fn an_operation_without_a_line_is_held_to_its_protocol() {
    assert_eq!(judged("rds", "DescribeEventSubscriptions", b"<DescribeEventSubscriptionsResponse/>"), Ok(()));
    for body in ["", "<DescribeEventSubscriptionsResponse>", "<Other/>"] {
        assert!(judged("rds", "DescribeEventSubscriptions", body.as_bytes()).is_err(), "{body}");
    }
    assert_eq!(judged("backup", "ListFrameworks", b"{}"), Ok(()));
    assert!(judged("backup", "ListFrameworks", b"{").is_err());
}

/// A reply that comes in pieces with a pause before each, and at its end stands still or ends.
struct Pieces {
    left: Vec<&'static str>,
    pause: Pin<Box<Sleep>>,
    between: Duration,
    stops: bool,
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.left.is_empty() && self.stops {
            return Poll::Pending;
        }
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        ready!(self.pause.as_mut().poll(cx));
        self.pause = Box::pin(tokio::time::sleep(self.between));
        let piece = self.left.remove(0);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(piece.as_bytes())))))
    }
}

async fn read_within(silence: Duration, left: Vec<&'static str>, between: Duration, stops: bool) -> Result<Bytes, String> {
    let pieces = Pieces { left, pause: Box::pin(tokio::time::sleep(between)), between, stops };
    let whole = Whole::new(("ec2".to_owned(), "DescribeVpcs"), (200, false), SdkBody::from_body_1_x(pieces), silence);
    let read = ByteStream::new(SdkBody::from_body_1_x(whole)).collect().await;
    read.map(aws_smithy_types::byte_stream::AggregatedBytes::into_bytes).map_err(|error| {
        let mut words = error.to_string();
        let mut cause = std::error::Error::source(&error);
        while let Some(inner) = cause {
            words = inner.to_string();
            cause = inner.source();
        }
        words
    })
}

const SLOW: [&str; 12] = [
    "<Describe",
    "Vpcs",
    "Response>",
    "<vpcSet>",
    "<item>",
    "<vpcId>",
    "vpc-1",
    "</vpcId>",
    "</item>",
    "</vpc",
    "Set>",
    "</DescribeVpcsResponse>",
];

/// A page that takes longer than a call may be silent is read to its end: each of its pieces came in time.
#[tokio::test]
async fn a_reply_that_makes_progress_is_not_cut() {
    let (silence, between) = (Duration::from_secs(2), Duration::from_millis(400));
    let read = read_within(silence, SLOW.to_vec(), between, false).await;
    assert_eq!(read.expect("whole").len(), SLOW.concat().len());
}

#[tokio::test]
async fn a_reply_that_stops_is_a_failed_read() {
    for pieces in [SLOW[..5].to_vec(), Vec::new(), SLOW.to_vec()] {
        let silence = Duration::from_secs(1);
        let read = read_within(silence, pieces, Duration::from_millis(1), true).await;
        assert_eq!(read.expect_err("it never ended"), "the reply stopped: not a byte came for 1 s");
    }
}
