//! A clock that is wrong: what each service says of the signature, what tokaido makes of it, and what is no matter of the clock.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokaido::aws::connect::connect_with;
use tokaido::aws::date::of_words;
use tokaido::aws::inventory::caller::{Protocol, Request, Service};
use tokaido::aws::{ConnectError, Options};
use tokaido::model::{Environment, Language, Reason as _, Region};
use tokaido::world::{Changed, ErrorClass, Listener, ProviderError, unread};

use super::aws_errors::request;
use super::aws_replay::{Answer, Hasty, Replay};

/// An answer whose header tells AWS's time: this machine's, and so many seconds.
fn dated(status: u16, body: String, headers: &[(&'static str, &str)], seconds: i64) -> Answer {
    let theirs = Timestamp::now() + SignedDuration::from_secs(seconds);
    let date = ("date", theirs.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string());
    let others = headers.iter().map(|(name, value)| (*name, (*value).to_owned()));
    Answer::Reply { status, headers: others.chain([date]).collect(), body }
}

fn ec2(code: &str, message: &str) -> String {
    format!(
        "<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors><RequestID>r</RequestID></Response>"
    )
}

fn query(code: &str, message: &str) -> String {
    format!(
        "<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error><RequestId>r</RequestId></ErrorResponse>"
    )
}

fn s3(code: &str) -> String {
    format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>no</Message><RequestId>r</RequestId></Error>")
}

fn json_of(code: &str, message: &str) -> String {
    json!({ "__type": code, "message": message }).to_string()
}

const EXPIRED: &str = "Signature expired: 20261101T000000Z is now earlier than 20261101T001000Z (20261101T001500Z - 5 min.)";
const NOT_YET: &str =
    "Signature not yet current: 20261101T003000Z is still later than 20261101T002000Z (20261101T001500Z + 5 min.)";
const WRONG: &str = "The request signature we calculated does not match the signature you provided.";
const AUTH: &str = "AWS was not able to validate the provided access credentials";

const REST: (&str, &str) = ("x-amzn-errortype", "InvalidSignatureException:");

/// What each service says of a signature: whose list is read, and the answer without its date.
fn refusals(said: &str) -> Vec<(&'static str, Region, u16, String, Vec<(&'static str, &'static str)>)> {
    vec![
        ("vpc", Region::Tokyo, 401, ec2("AuthFailure", AUTH), Vec::new()),
        ("subnet", Region::Osaka, 400, ec2("RequestExpired", "Request has expired."), Vec::new()),
        ("db-instance", Region::Tokyo, 403, query("SignatureDoesNotMatch", said), Vec::new()),
        ("iam-role", Region::Global, 403, query("SignatureDoesNotMatch", said), Vec::new()),
        ("kms-key", Region::Osaka, 400, json_of("InvalidSignatureException", said), Vec::new()),
        ("backup-vault", Region::Tokyo, 403, json!({ "message": said }).to_string(), vec![REST]),
    ]
}

async fn listing(kind: &str, region: Region, answer: Answer) -> ProviderError {
    let error = Replay::answering(move |_| answer.clone()).driver(kind, region).list().await.expect_err("refused");
    assert_eq!(error.changed, Changed::No, "{error}");
    error
}

#[tokio::test]
async fn a_refused_time_names_the_clock_in_every_service_and_both_directions() {
    for (theirs, said, words) in [(900, EXPIRED, "15 minutes behind AWS"), (-5_400, NOT_YET, "90 minutes ahead of AWS")] {
        let mut rows = refusals(said);
        rows.push(("bucket", Region::Tokyo, 403, s3("RequestTimeTooSkewed"), Vec::new()));
        for (kind, region, status, body, headers) in rows {
            let error = listing(kind, region, dated(status, body, &headers, theirs)).await;
            assert_eq!(error.class, ErrorClass::ClockSkew, "{kind}: {error}");
            assert!(error.to_string().contains(&format!("this machine's clock is {words}")), "{kind}: {error}");
            let next = error.next();
            assert!(next.to_string().contains("set this machine's clock"), "{kind}: {next}");
            assert!(error.say(Language::Ja).contains(if theirs > 0 { "15 分遅れて" } else { "90 分進んで" }), "{kind}");
        }
    }
}

/// The same codes where the clocks agree: a wrong secret key, an unknown key, expired credentials.
#[tokio::test]
async fn a_refused_signature_with_a_right_clock_is_a_matter_of_the_credentials() {
    for seconds in [0, 200, -200] {
        for (kind, region, status, body, headers) in refusals(WRONG) {
            let error = listing(kind, region, dated(status, body, &headers, seconds)).await;
            assert_eq!(error.class, ErrorClass::ExpiredCredentials, "{kind}: {error}");
            assert!(!error.to_string().contains("clock"), "{kind}: {error}");
            let next = error.next().to_string();
            let secret = next.contains("the secret access key does not belong to the access key id");
            assert_eq!(secret, !matches!(kind, "vpc" | "subnet"), "{kind}: {next}");
            assert_eq!(next.contains("renew the credentials"), !secret, "{kind}: {next}");
        }
    }
}

/// Their words are said of credentials alone, however wrong the clock is besides.
#[tokio::test]
async fn expired_and_unknown_credentials_are_renewed_and_denials_stay_denials() {
    let rows = [
        ("db-instance", query("ExpiredToken", "The security token included in the request is expired"), "renew"),
        ("db-instance", query("InvalidClientTokenId", "The security token included in the request is invalid"), "renew"),
        ("kms-key", json_of("ExpiredTokenException", "The security token included in the request is expired"), "renew"),
        ("kms-key", json_of("UnrecognizedClientException", "The security token included in the request is invalid"), "renew"),
        ("vpc", ec2("UnauthorizedOperation", "You are not authorized"), "allow"),
    ];
    for (kind, body, advised) in rows {
        for seconds in [0, 900] {
            let error = listing(kind, Region::Tokyo, dated(403, body.clone(), &[], seconds)).await;
            assert!(error.next().to_string().starts_with(advised), "{kind} {seconds}: {error}");
            assert_ne!(error.class, ErrorClass::ClockSkew, "{kind}");
        }
    }
}

/// S3 accepts fifteen minutes: below them its 403 is about something else. A HEAD is refused without a code.
#[tokio::test]
async fn s3_is_less_strict() {
    for (body, seconds, class) in [
        (s3("SignatureDoesNotMatch"), 600, ErrorClass::ExpiredCredentials),
        (s3("SignatureDoesNotMatch"), 1_000, ErrorClass::ClockSkew),
        (String::new(), 600, ErrorClass::AccessDenied),
        (String::new(), -1_000, ErrorClass::ClockSkew),
    ] {
        let error = listing("bucket", Region::Tokyo, dated(403, body.clone(), &[], seconds)).await;
        assert_eq!(error.class, class, "{body} {seconds}: {error}");
    }
}

/// Without a date the words of the refusal tell both times.
#[tokio::test]
async fn the_words_of_the_refusal_tell_the_clocks_too() {
    for (words, minutes) in [(EXPIRED, "15 minutes behind"), (NOT_YET, "15 minutes ahead of")] {
        let answer = Answer::Reply { status: 403, headers: Vec::new(), body: query("SignatureDoesNotMatch", words) };
        let error = listing("db-instance", Region::Tokyo, answer).await;
        assert!(error.to_string().contains(minutes), "{error}");
    }
    for words in ["", "Signature expired", "Signature expired: yesterday is now earlier than today (today - 5 min.)", WRONG] {
        assert_eq!(of_words(words), None, "{words}");
    }
    // Which clock is wrong is known, and by how much is not.
    let bare = Answer::Reply { status: 403, headers: Vec::new(), body: s3("RequestTimeTooSkewed") };
    let error = listing("bucket", Region::Tokyo, bare).await;
    assert_eq!((error.class, error.clock.as_ref()), (ErrorClass::ClockSkew, None));
    assert!(error.next().to_string().contains("set this machine's clock"), "{error}");
}

/// The request was held up, or the clock was set meanwhile: no clock is to be set.
#[tokio::test]
async fn a_signature_that_grew_old_on_its_way_is_sent_again_by_hand() {
    let error = listing("db-instance", Region::Tokyo, dated(403, query("SignatureDoesNotMatch", EXPIRED), &[], 0)).await;
    assert!(error.to_string().contains("this machine's clock agrees with AWS's now"), "{error}");
    assert!(error.next().to_string().starts_with("run the same command again"), "{}", error.next());
}

#[tokio::test]
async fn a_write_with_a_wrong_clock_changed_nothing_and_is_not_repeated() {
    let replay = Replay::answering(|_| dated(401, ec2("AuthFailure", AUTH), &[], 900));
    let error = replay.driver("vpc", Region::Tokyo).create(&request("vpc")).await.expect_err("refused");
    assert_eq!((error.class, error.changed, replay.seen().len()), (ErrorClass::ClockSkew, Changed::No, 1), "{error}");
}

static DYNAMODB: Service = Service { iam: "dynamodb", id: "DynamoDB", protocol: Protocol::Json("DynamoDB_20120810") };

#[tokio::test]
async fn a_service_without_an_sdk_of_its_own_is_no_exception() {
    let body = json_of("com.amazon.coral.service#InvalidSignatureException", EXPIRED);
    let replay = Replay::answering(move |_| dated(400, body.clone(), &[], 900));
    let request = Request { service: &DYNAMODB, operation: "ListTables", path: "/", parameters: Vec::new() };
    let error = replay.session().ask("us-east-1", &request).await.expect_err("refused");
    assert_eq!(error.class, ErrorClass::ClockSkew, "{error}");
    assert!(error.to_string().contains("15 minutes behind AWS"), "{error}");
}

/// STS refuses first. Its refusal tells `doctor` the time, and so does any other.
#[tokio::test]
async fn sts_refuses_and_tells_the_time() {
    for (role, body, class) in [
        (None, query("SignatureDoesNotMatch", EXPIRED), ErrorClass::ClockSkew),
        (Some("arn:aws:iam::111111111111:role/tokaido"), query("SignatureDoesNotMatch", EXPIRED), ErrorClass::ClockSkew),
        (None, query("InvalidClientTokenId", "invalid"), ErrorClass::ExpiredCredentials),
    ] {
        let replay = Replay::answering(move |_| dated(403, body.clone(), &[], 900));
        let options = Options {
            environment: Environment::Dev,
            assume_role: role.map(str::to_owned),
            bucket: None,
            allow_endpoints: Vec::new(),
            readers: Vec::new(),
            listener: Listener::default(),
        };
        let error = connect_with(&replay.config(None), &options, Arc::new(Hasty)).await.expect_err("refused");
        let ConnectError::Provider(error) = error else { panic!("{error}") };
        assert_eq!(error.class, class, "{error}");
        assert!(error.clock.as_ref().is_some_and(|clock| (-902..=-898).contains(&clock.ahead())), "{:?}", error.clock);
    }
}

/// A plan's bytes are the same for every caller: the class and the code are in them, the minutes are not.
#[tokio::test]
async fn a_failed_reading_of_a_plan_says_what_to_do_and_no_minutes() {
    let error = listing("kms-key", Region::Tokyo, dated(400, json_of("InvalidSignatureException", EXPIRED), &[], 900)).await;
    let failed = error.unreadable("kms-key", Region::Tokyo, None, None);
    assert!(
        failed.error.starts_with("clock-skew (InvalidSignatureException); next: set this machine's clock"),
        "{}",
        failed.error
    );
    assert!(failed.told.contains("15 minutes behind AWS"), "{}", failed.told);
    let japanese = unread(&failed.operation, &failed.error, Language::Ja);
    assert!(japanese.contains("時計を合わせて"), "{japanese}");
    let wrong = listing("kms-key", Region::Tokyo, dated(400, json_of("InvalidSignatureException", WRONG), &[], 0)).await;
    let failed = wrong.unreadable("kms-key", Region::Tokyo, None, None);
    assert!(unread(&failed.operation, &failed.error, Language::Ja).contains("シークレットアクセスキー"), "{}", failed.error);
    assert_eq!(
        wrong.next().say(Language::En),
        "correct the credentials: the secret access key does not belong to the access key \
        id, or a proxy changed the request; then run the same command again"
    );
}
