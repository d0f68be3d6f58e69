//! Calls to which AWS sends nothing: how long one is waited for, how often it is made, and what is told of it.

use std::fmt;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use jiff::Timestamp;
use tokaido::aws::connect::connect_with;
use tokaido::aws::endpoint::Hosts;
use tokaido::aws::patience::READ_ATTEMPTS;
use tokaido::aws::session::Parts;
use tokaido::aws::{ConnectError, Options, Session, drivers};
use tokaido::model::{Environment, Language, Reason as _, Region};
use tokaido::world::{CallLog, Changed, Clock, ErrorClass, Listener, Notice, WriteFence};

use super::aws_errors::request;
use super::aws_replay::Seen;
use super::aws_requests::assert_taken;

/// AWS, of which the first `silent` calls hear nothing for as long as they wait. It moves the clock instead.
#[derive(Clone)]
struct Silent {
    silent: u32,
    asked: Arc<AtomicU32>,
    milliseconds: Arc<AtomicU64>,
    then: &'static str,
}

impl fmt::Debug for Silent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Silent")
    }
}

#[derive(Debug)]
struct Connector(Silent, Option<Duration>);

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        assert_taken(&Seen::of(&request));
        let Self(aws, waits) = self;
        if aws.asked.fetch_add(1, Ordering::SeqCst) >= aws.silent {
            return HttpConnectorFuture::ready(Ok(HttpResponse::new(200.try_into().expect("a status"), SdkBody::from(aws.then))));
        }
        let waits = waits.expect("a call that waits for ever");
        aws.milliseconds.fetch_add(u64::try_from(waits.as_millis()).expect("short"), Ordering::SeqCst);
        HttpConnectorFuture::ready(Err(ConnectorError::timeout("no byte".into())))
    }
}

impl HttpClient for Silent {
    fn http_connector(&self, settings: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector(self.clone(), settings.read_timeout()))
    }
}

#[async_trait]
impl Clock for Silent {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH + self.steady()
    }

    fn steady(&self) -> Duration {
        Duration::from_millis(self.milliseconds.load(Ordering::SeqCst))
    }

    async fn sleep(&self, _: Duration) {}
}

impl Silent {
    fn first(silent: u32, then: &'static str) -> Self {
        Self { silent, asked: Arc::default(), milliseconds: Arc::default(), then }
    }

    fn config(&self) -> SdkConfig {
        let credentials = Credentials::new("AKIDEXAMPLE", "example", None, None, "silent");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(SharedHttpClient::new(self.clone()))
            .build()
    }

    fn session(&self, listener: Listener) -> Arc<Session> {
        let parts = Parts {
            environment: Environment::Dev,
            account: "111111111111".to_owned(),
            bucket: None,
            principal: None,
            hosts: Hosts::new(&[]),
            calls: Arc::new(CallLog::default()),
            clock: Arc::new(self.clone()),
            write_fence: WriteFence::default(),
            read_attempts: READ_ATTEMPTS,
            limits: Arc::default(),
            listener,
        };
        Arc::new(Session::new(&self.config(), parts))
    }

    fn asked(&self) -> u32 {
        self.asked.load(Ordering::SeqCst)
    }
}

#[derive(Clone, Default)]
struct Ear(Arc<Mutex<Vec<String>>>);

impl Ear {
    fn listener(&self) -> Listener {
        let heard = self.0.clone();
        let hear = move |notice: &Notice| {
            heard.lock().expect("no panic").push(notice.said().say(Language::En).to_owned());
        };
        Listener::new(hear)
    }

    fn heard(&self) -> Vec<String> {
        self.0.lock().expect("no panic").clone()
    }
}

const NO_VPC: &str = "<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>";

#[tokio::test]
async fn a_silent_read_ends_after_three_attempts_of_twenty_seconds() {
    let (aws, ear) = (Silent::first(u32::MAX, ""), Ear::default());
    let driver = drivers::find("vpc", &aws.session(ear.listener()), Region::Tokyo).expect("a kind that lives there");
    let error = driver.list().await.expect_err("nothing came");
    assert_eq!((error.class, error.changed), (ErrorClass::Unreachable, Changed::No));
    assert_eq!((aws.asked(), aws.steady()), (3, Duration::from_secs(60)));
    let again =
        |next| format!("ec2:DescribeVpcs in ap-northeast-1: AWS has sent nothing for 20 s; the call is made again ({next} of 3)");
    let end = "ec2:DescribeVpcs in ap-northeast-1: AWS has sent nothing for 20 s; the call is not made again";
    assert_eq!(ear.heard(), [again(2), again(3), end.to_owned()]);
}

#[tokio::test]
async fn a_read_that_is_answered_at_last_succeeds() {
    let (aws, ear) = (Silent::first(2, NO_VPC), Ear::default());
    let driver = drivers::find("vpc", &aws.session(ear.listener()), Region::Osaka).expect("a kind that lives there");
    assert!(driver.list().await.expect("answered").live.is_empty());
    assert_eq!((aws.asked(), ear.heard().len()), (3, 2));
}

/// What a silent write has done is not known: nobody sends it again before it was looked for.
#[tokio::test]
async fn a_silent_write_is_told_and_not_sent_again() {
    let (aws, ear) = (Silent::first(u32::MAX, ""), Ear::default());
    let driver = drivers::find("vpc", &aws.session(ear.listener()), Region::Tokyo).expect("a kind that lives there");
    let error = driver.create(&request("vpc")).await.expect_err("nothing came");
    assert_eq!((error.class, error.changed, aws.asked()), (ErrorClass::Unreachable, Changed::Maybe, 1));
    assert_eq!(ear.heard(), ["ec2:CreateVpc in ap-northeast-1: AWS has sent nothing for 20 s; the call is not made again"]);
}

/// The first call of all, before a session exists.
#[tokio::test]
async fn a_silent_sts_is_told_too() {
    let (aws, ear) = (Silent::first(u32::MAX, ""), Ear::default());
    let options = Options {
        environment: Environment::Dev,
        assume_role: None,
        bucket: None,
        allow_endpoints: Vec::new(),
        readers: Vec::new(),
        listener: ear.listener(),
    };
    let error = connect_with(&aws.config(), &options, Arc::new(aws.clone())).await.expect_err("nothing came");
    let ConnectError::Provider(error) = error else { panic!("{error}") };
    assert_eq!((error.class, aws.asked(), ear.heard().len()), (ErrorClass::Unreachable, 3, 3));
    assert!(ear.heard()[0].starts_with("sts:GetCallerIdentity in ap-northeast-1: "), "{:?}", ear.heard());
}
