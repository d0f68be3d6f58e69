//! From credentials to a world: the order of the first calls, the refusals before them, and what is counted.

use std::sync::Arc;

use tokaido::aws::connect::connect_with;
use tokaido::aws::{ConnectError, Options};
use tokaido::model::{Environment, Region};
use tokaido::world::{ErrorClass, Listener, World};

use super::aws_replay::{Answer, Hasty, Replay, ok, status};

fn options(allow: &[&str]) -> Options {
    Options {
        environment: Environment::Dev,
        assume_role: Some("arn:aws:iam::111111111111:role/tokaido".to_owned()),
        bucket: None,
        allow_endpoints: allow.iter().map(|host| (*host).to_owned()).collect(),
        readers: Vec::new(),
        listener: Listener::default(),
    }
}

fn role() -> Answer {
    ok(
        "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>\
        <SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>",
    )
}

fn caller() -> Answer {
    ok(
        "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::111111111111:assumed-role/tokaido/tokaido-dev</Arn>\
        <UserId>u</UserId><Account>111111111111</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
    )
}

#[tokio::test]
async fn the_role_is_assumed_and_sts_is_asked_before_anything_else() {
    let page = ok("<DescribeSubnetsResponse><subnetSet/></DescribeSubnetsResponse>");
    let replay = Replay::new([role(), caller(), page]);
    let world = connect_with(&replay.config(None), &options(&[]), Arc::new(Hasty)).await.expect("STS answered");
    assert_eq!(replay.actions(), ["AssumeRole", "GetCallerIdentity"]);
    assert_eq!(replay.seen()[0].form().get("RoleSessionName").map(String::as_str), Some("tokaido-dev"));
    assert_eq!(world.caller().await.expect("asked while connecting").account, "111111111111");
    assert_eq!(world.banner(), None, "AWS itself needs no banner");
    world.driver("subnet", Region::Tokyo).expect("a driver").list().await.expect("a page");
    let counts: Vec<(String, bool, u64)> =
        world.calls().counts().into_iter().map(|count| (count.operation, count.mutating, count.count)).collect();
    let expected = [("ec2:DescribeSubnets", false, 1), ("sts:AssumeRole", false, 1), ("sts:GetCallerIdentity", false, 1)];
    assert_eq!(counts, expected.map(|(operation, mutating, count)| (operation.to_owned(), mutating, count)));
    assert_eq!(replay.actions().len(), 3, "the role is assumed once");
}

/// The header of the newest answer, which is that of GetCallerIdentity.
#[tokio::test]
async fn sts_tells_the_time_with_its_answer() {
    let dated = |answer: Answer, date: &str| match answer {
        Answer::Reply { status, body, .. } => Answer::Reply { status, headers: vec![("date", date.to_owned())], body },
        Answer::Lost => Answer::Lost,
        Answer::Silent => Answer::Silent,
    };
    let replay = Replay::new([dated(role(), "Sun, 01 Nov 2026 00:00:00 GMT"), dated(caller(), "Sun, 01 Nov 2026 00:10:00 GMT")]);
    let world = connect_with(&replay.config(None), &options(&[]), Arc::new(Hasty)).await.expect("STS answered");
    let reading = world.clock_reading().expect("a time");
    assert_eq!(reading.theirs.to_string(), "2026-11-01T00:10:00Z");
    for headers in [Vec::new(), vec![("date", "yesterday".to_owned())]] {
        let Answer::Reply { status, body, .. } = caller() else { continue };
        let replay = Replay::new([role(), Answer::Reply { status, headers, body }]);
        let world = connect_with(&replay.config(None), &options(&[]), Arc::new(Hasty)).await.expect("STS answered");
        assert_eq!(world.clock_reading(), None, "a time that nobody told is not known");
    }
}

#[tokio::test]
async fn a_role_that_cannot_be_assumed_is_said_to_be_denied() {
    let body = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>";
    let replay = Replay::new([status(403, body)]);
    let error = connect_with(&replay.config(None), &options(&[]), Arc::new(Hasty)).await.expect_err("STS refused");
    assert!(matches!(error, ConnectError::Provider(ref error) if error.class == ErrorClass::AccessDenied), "{error}");
    assert!(error.to_string().starts_with("sts:AssumeRole on arn:aws:iam::111111111111:role/tokaido: access-denied"), "{error}");
    assert_eq!(replay.actions(), ["AssumeRole"]);
}

#[tokio::test]
async fn an_endpoint_that_is_not_aws_is_refused_before_any_call() {
    let replay = Replay::new([]);
    let config = replay.config(Some("https://collector.example.com"));
    let error = connect_with(&config, &options(&[]), Arc::new(Hasty)).await.expect_err("refused");
    assert!(matches!(error, ConnectError::Endpoint { ref url, .. } if url == "https://collector.example.com"), "{error}");
    assert!(replay.seen().is_empty());
}

#[tokio::test]
async fn an_allowed_endpoint_and_loopback_are_followed_under_a_banner() {
    for (url, allow) in [
        ("http://127.0.0.1:4566", &[][..]),
        ("http://[::1]:4566", &[]),
        ("https://collector.example.com", &["collector.example.com"]),
    ] {
        let replay = Replay::new([role(), caller()]);
        let world = connect_with(&replay.config(Some(url)), &options(allow), Arc::new(Hasty)).await.expect("accepted");
        assert_eq!(world.banner().map(|said| said.en), Some(format!("NOT AWS: calls go to {url}")));
        assert!(replay.seen()[0].uri.starts_with(url), "{}", replay.seen()[0].uri);
    }
}

#[tokio::test]
async fn a_kind_is_offered_only_where_it_exists() {
    let world =
        connect_with(&Replay::new([role(), caller()]).config(None), &options(&[]), Arc::new(Hasty)).await.expect("STS answered");
    assert!(world.driver("iam-role", Region::Global).is_some());
    assert!(world.driver("iam-role", Region::Osaka).is_none());
    assert!(world.driver("spaceship", Region::Tokyo).is_none());
}
