//! An HTTP client that answers from a list and remembers what was sent. No feature of the SDK is needed for it.
//!
//! It refuses whatever AWS would not take (`aws_requests.rs`): the test that sends it fails.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
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
use tokaido::aws::endpoint::Hosts;
use tokaido::aws::patience::READ_ATTEMPTS;
use tokaido::aws::session::Parts;
use tokaido::aws::{Session, drivers};
use tokaido::model::{Environment, Region};
use tokaido::world::{CallLog, Clock, Driver, Listener, WriteFence};

use super::aws_requests::assert_taken;

#[derive(Debug, Clone)]
pub enum Answer {
    Reply {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: String,
    },
    /// The request was taken and the connection broke before a reply.
    Lost,
    /// Nothing came for as long as the call waits.
    Silent,
}

/// A success with this body.
pub fn ok(body: impl Into<String>) -> Answer {
    Answer::Reply { status: 200, headers: Vec::new(), body: body.into() }
}

pub fn status(status: u16, body: impl Into<String>) -> Answer {
    Answer::Reply { status, headers: Vec::new(), body: body.into() }
}

#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    pub uri: String,
    /// The operation of KMS's protocol.
    pub target: Option<String>,
    /// Whose the bucket must be.
    pub owner: Option<String>,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Seen {
    pub fn of(request: &HttpRequest) -> Self {
        Self {
            method: request.method().to_owned(),
            uri: request.uri().to_owned(),
            target: request.headers().get("x-amz-target").map(str::to_owned),
            owner: request.headers().get("x-amz-expected-bucket-owner").map(str::to_owned),
            headers: request.headers().iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body: request.body().bytes().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default(),
        }
    }

    /// The parameters of EC2, RDS, IAM and STS.
    pub fn form(&self) -> BTreeMap<String, String> {
        let decode = |text: &str| tokaido::aws::document::decode(&text.replace('+', " "));
        self.body.split('&').filter_map(|pair| pair.split_once('=')).map(|(key, value)| (decode(key), decode(value))).collect()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("a JSON body")
    }

    /// `CreateVpc`, `TrentService.CreateKey`, or `PUT /backup-vaults/dev-main`.
    pub fn action(&self) -> String {
        let path = || format!("{} /{}", self.method, self.uri.splitn(4, '/').nth(3).unwrap_or_default());
        self.form().get("Action").cloned().or_else(|| self.target.clone()).unwrap_or_else(path)
    }
}

#[derive(Debug, Clone, Default)]
pub struct Replay {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
    otherwise: Option<Otherwise>,
    attempts: Option<u32>,
}

#[derive(Clone)]
struct Otherwise(Arc<dyn Fn(&Seen) -> Answer + Send + Sync>);

impl fmt::Debug for Otherwise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Otherwise")
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no test panics while it holds this")
}

impl Replay {
    /// After the last answer every further request is lost.
    pub fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self { answers: Arc::new(Mutex::new(answers.into_iter().collect())), ..Self::default() }
    }

    /// Answers by what is asked: details of several objects are read at the same time, in no order.
    pub fn answering(answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> Self {
        Self { otherwise: Some(Otherwise(Arc::new(answer))), ..Self::default() }
    }

    /// The same, where nothing is asked twice: all clients of a process share what they may spend on second attempts.
    pub fn once(self) -> Self {
        Self { attempts: Some(1), ..self }
    }

    /// Says yes to everything, and that there is nothing to whoever asks what there is.
    pub fn obliging() -> Self {
        Self::answering(yes)
    }

    pub fn seen(&self) -> Vec<Seen> {
        locked(&self.seen).clone()
    }

    pub fn actions(&self) -> Vec<String> {
        self.seen().iter().map(Seen::action).collect()
    }

    pub fn session(&self) -> Arc<Session> {
        self.session_at(None)
    }

    /// A session whose every service has this endpoint.
    pub fn session_at(&self, endpoint: Option<&str>) -> Arc<Session> {
        self.session_of(&self.config(endpoint))
    }

    /// A session whose environment file names this bucket.
    pub fn session_with_bucket(&self, bucket: &str) -> Arc<Session> {
        self.session_in(&self.config(None), Some(bucket.to_owned()))
    }

    /// A session with the SDK configuration of another client.
    pub fn session_of(&self, config: &SdkConfig) -> Arc<Session> {
        self.session_in(config, None)
    }

    fn session_in(&self, config: &SdkConfig, bucket: Option<String>) -> Arc<Session> {
        let parts = Parts {
            environment: Environment::Dev,
            account: "111111111111".to_owned(),
            bucket,
            principal: Some("arn:aws:sts::111111111111:assumed-role/tokaido/tokaido-dev".to_owned()),
            hosts: Hosts::new(&[]),
            calls: Arc::new(CallLog::default()),
            clock: Arc::new(Hasty),
            write_fence: WriteFence::default(),
            read_attempts: self.attempts.unwrap_or(READ_ATTEMPTS),
            limits: Arc::default(),
            listener: Listener::default(),
        };
        Arc::new(Session::new(config, parts))
    }

    pub fn config(&self, endpoint: Option<&str>) -> SdkConfig {
        let credentials = Credentials::new("AKIDEXAMPLE", "example", None, None, "replay");
        let mut config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(SharedHttpClient::new(self.clone()));
        config.set_endpoint_url(endpoint.map(str::to_owned));
        config.build()
    }

    pub fn driver(&self, kind: &str, region: Region) -> Arc<dyn Driver> {
        drivers::find(kind, &self.session(), region).expect("a kind that lives there")
    }
}

/// What `aws_changes.rs` puts into an empty list. AWS takes no ARN of fewer than 20 characters.
pub const ANOTHER: &str = "another-item-of-a-list";

/// An empty success in the protocol of the request: EC2's, that of RDS and IAM, JSON, or S3's.
fn yes(seen: &Seen) -> Answer {
    if let Some(action) = seen.form().get("Action") {
        let list = match action.as_str() {
            "DescribeSecurityGroupRules" => "<securityGroupRuleSet/>",
            "DescribeDBParameters" => "<Parameters/>",
            // The one thing that is looked up before it is taken away, with what is put into an empty list.
            "DescribeSubnets" => &format!(
                "<subnetSet><item><subnetId>physical-1</subnetId><ipv6CidrBlockAssociationSet><item><ipv6CidrBlock>{ANOTHER}\
                 </ipv6CidrBlock><associationId>a-1</associationId></item></ipv6CidrBlockAssociationSet></item></subnetSet>"
            ),
            _ => "",
        };
        let result =
            if seen.uri.contains("//ec2.") { list.to_owned() } else { format!("<{action}Result>{list}</{action}Result>") };
        return ok(format!("<{action}Response>{result}</{action}Response>"));
    }
    if seen.uri.contains("//s3.") {
        return ok("");
    }
    ok(if seen.uri.contains("/selections") { r#"{"BackupSelectionsList":[]}"# } else { "{}" })
}

impl HttpConnector for Replay {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let seen = Seen::of(&request);
        assert_taken(&seen);
        let otherwise = self.otherwise.as_ref().map_or(Answer::Lost, |Otherwise(answer)| answer(&seen));
        locked(&self.seen).push(seen);
        let answer = locked(&self.answers).pop_front().unwrap_or(otherwise);
        HttpConnectorFuture::ready(match answer {
            Answer::Reply { status, headers, body } => {
                let mut response = HttpResponse::new(status.try_into().expect("a status"), SdkBody::from(body));
                for (name, value) in headers {
                    response.headers_mut().insert(name, value);
                }
                Ok(response)
            }
            Answer::Lost => Err(ConnectorError::io("connection reset by peer".into())),
            Answer::Silent => Err(ConnectorError::timeout("no byte".into())),
        })
    }
}

impl HttpClient for Replay {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

/// Waits for nothing.
#[derive(Debug)]
pub struct Hasty;

#[async_trait]
impl Clock for Hasty {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    async fn sleep(&self, _: Duration) {}
}
