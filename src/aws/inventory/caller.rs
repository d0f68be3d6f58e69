//! One signed call of any operation, without an SDK of its own: counted, guarded, logged and checked as every other call.

use std::fmt;

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_runtime::auth::SigV4OperationSigningConfig;
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_smithy_runtime::client::defaults::default_http_client_plugin_v2;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::auth::{AuthSchemeOptionResolverParams, SharedAuthSchemeOptionResolver};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::identity::{SharedIdentityCache, SharedIdentityResolver};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::{RuntimePlugin as _, StaticRuntimePlugin};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::region::{Region, SigningRegion};
use aws_types::{SdkConfig, SigningName};

use crate::aws::count::Counter;
use crate::aws::endpoint::{self, Guard, Override};
use crate::aws::log::CallLines;
use crate::aws::replies::{Complete, Node, document};

/// How a service takes a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// A form with the operation's name and this version of the API.
    Query(&'static str),
    /// JSON, with the operation's name after this prefix in a header.
    Json(&'static str),
    /// A path and parameters in the address.
    Rest,
}

/// One service of AWS.
#[derive(Debug, PartialEq, Eq)]
pub struct Service {
    /// As IAM spells it: `elasticfilesystem`. The signature and the host have the same name.
    pub iam: &'static str,
    /// As the SDK names it, for the override of an endpoint: `EFS`.
    pub id: &'static str,
    pub protocol: Protocol,
}

/// One request.
#[derive(Debug, Clone)]
pub struct Request {
    pub service: &'static Service,
    /// As the service's model spells it: `DescribeVolumes`.
    pub operation: &'static str,
    /// The path of a [`Protocol::Rest`] service; `/` elsewhere.
    pub path: &'static str,
    /// Names and values; a value of JSON is a text or a number.
    pub parameters: Vec<(&'static str, String)>,
}

/// AWS refused the call.
#[derive(Debug)]
pub struct Refusal(ErrorMetadata);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Refusal {}

impl ProvideErrorMetadata for Refusal {
    fn meta(&self) -> &ErrorMetadata {
        &self.0
    }
}

/// Sends requests with the credentials of the session, each once.
pub struct Caller {
    credentials: Option<SharedCredentialsProvider>,
    identities: Option<SharedIdentityCache>,
    http: Option<SharedHttpClient>,
    overrides: Vec<Override>,
    fips: bool,
    dual_stack: bool,
    counter: Counter,
    guard: Guard,
    timeouts: TimeoutConfig,
}

impl Caller {
    #[must_use]
    pub fn new(config: &SdkConfig, counter: &Counter, guard: &Guard) -> Self {
        Self {
            credentials: config.credentials_provider(),
            identities: config.identity_cache(),
            // One client for all calls, so that connections are used again.
            http: config.http_client().or_else(default_client),
            overrides: endpoint::overrides(config),
            fips: config.use_fips().unwrap_or(false),
            dual_stack: config.use_dual_stack().unwrap_or(false),
            counter: counter.clone(),
            guard: guard.clone(),
            timeouts: config.timeout_config().cloned().unwrap_or_else(TimeoutConfig::disabled),
        }
    }

    /// Sends one request to this region, and returns the reply as a tree.
    ///
    /// # Errors
    /// No answer, an answer that is not complete, or AWS's refusal.
    pub async fn call(&self, region: &str, request: &Request) -> Result<Node, SdkError<Refusal, HttpResponse>> {
        let service = request.service;
        let mut operation = Operation::builder()
            .service_name(service.iam)
            .operation_name(request.operation)
            .behavior_version(BehaviorVersion::v2026_01_12())
            .endpoint_url(&self.endpoint(service, region))
            .no_retry()
            .timeout_config(self.timeouts.clone())
            .interceptor(self.counter.clone())
            .interceptor(self.guard.clone())
            .interceptor(CallLines)
            .interceptor(Complete)
            .runtime_plugin(self.signing(service, region));
        if let Some(http) = &self.http {
            operation = operation.http_client(http.clone());
        }
        let operation = operation
            .serializer(|request: Request| http_request(&request))
            .deserializer(|reply| read(service.iam, reply))
            .build();
        operation.invoke(request.clone()).await
    }

    fn endpoint(&self, service: &Service, region: &str) -> String {
        let configured = self.overrides.iter().find(|found| found.service == service.id);
        let own = || endpoint::regional(service.iam, region, self.fips, self.dual_stack);
        configured.map_or_else(own, |found| found.url.clone())
    }

    fn signing(&self, service: &Service, region: &str) -> StaticRuntimePlugin {
        let mut layer = Layer::new("tokaido::signing");
        let region = Region::new(region.to_owned());
        layer.store_put(AuthSchemeOptionResolverParams::new(()));
        layer.store_put(region.clone());
        layer.store_put(SigV4OperationSigningConfig {
            region: Some(SigningRegion::from(region)),
            name: Some(SigningName::from_static(service.iam)),
            ..SigV4OperationSigningConfig::default()
        });
        let options = StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID]);
        let mut components = RuntimeComponentsBuilder::new("tokaido::signing")
            .with_auth_scheme(SigV4AuthScheme::new())
            .with_auth_scheme_option_resolver(Some(SharedAuthSchemeOptionResolver::new(options)))
            .with_identity_cache(self.identities.clone());
        if let Some(credentials) = &self.credentials {
            components.set_identity_resolver(SCHEME_ID, SharedIdentityResolver::new(credentials.clone()));
        }
        StaticRuntimePlugin::new().with_config(layer.freeze()).with_runtime_components(components)
    }
}

/// The client that the SDK makes where none is configured.
fn default_client() -> Option<SharedHttpClient> {
    let plugin = default_http_client_plugin_v2(BehaviorVersion::v2026_01_12())?;
    plugin.runtime_components(&RuntimeComponentsBuilder::new("tokaido::http")).http_client()
}

fn http_request(request: &Request) -> Result<HttpRequest, BoxError> {
    let pairs = request.parameters.iter().map(|(name, value)| (*name, value.as_str()));
    let (method, uri, kind, body) = match request.service.protocol {
        Protocol::Query(version) => {
            let own = [("Action", request.operation), ("Version", version)];
            ("POST", "/".to_owned(), Some("application/x-www-form-urlencoded"), form(own.into_iter().chain(pairs)))
        }
        Protocol::Json(_) => {
            let members = pairs.map(|(name, value)| (name.to_owned(), json(value)));
            let body = serde_json::Value::Object(members.collect()).to_string();
            ("POST", "/".to_owned(), Some("application/x-amz-json-1.0"), body)
        }
        Protocol::Rest => ("GET", format!("{}?{}", request.path, form(pairs)), None, String::new()),
    };
    let mut made = HttpRequest::new(SdkBody::from(body));
    made.set_method(method)?;
    made.set_uri(uri)?;
    if let Some(kind) = kind {
        made.headers_mut().try_insert("content-type", kind)?;
    }
    if let Protocol::Json(prefix) = request.service.protocol {
        made.headers_mut().try_insert("x-amz-target", format!("{prefix}.{}", request.operation))?;
    }
    made.headers_mut().try_insert("user-agent", concat!("tokaido/", env!("CARGO_PKG_VERSION")))?;
    Ok(made)
}

/// A number stays one.
fn json(value: &str) -> serde_json::Value {
    value.parse::<i64>().map_or_else(|_| value.into(), Into::into)
}

/// `name=value&name=value`, percent-encoded as AWS signs it.
fn form<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let encoded = |text: &str| {
        text.bytes()
            .map(|byte| if kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect::<String>()
    };
    pairs.map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect::<Vec<_>>().join("&")
}

fn read(service: &str, reply: &HttpResponse) -> Result<Node, OrchestratorError<Refusal>> {
    let body = reply.body().bytes().unwrap_or_default();
    let document = document(service, body);
    if reply.status().is_success() {
        return document.map_err(|incomplete| OrchestratorError::response(incomplete.into()));
    }
    let document = document.unwrap_or_default();
    // `InvalidParameter:http://…`, `com.amazonaws.dynamodb.v20120810#AccessDeniedException`
    let code = reply.headers().get("x-amzn-errortype").unwrap_or_else(|| document.first(&CODES));
    let code = code.split(':').next().unwrap_or_default();
    let code = code.rsplit('#').next().unwrap_or_default();
    let meta = ErrorMetadata::builder().code(code).message(document.first(&MESSAGES)).build();
    Err(OrchestratorError::operation(Refusal(meta)))
}

/// Where the protocols say the code and the words of a refusal.
const CODES: [&str; 5] = ["Error.Code", "Errors.Error.Code", "__type", "Code", "code"];
const MESSAGES: [&str; 5] = ["Error.Message", "Errors.Error.Message", "message", "Message", "errorMessage"];
