//! Makes the real world: credentials, the role, and the caller's identity. No other service is called before STS has answered.

use std::sync::{Arc, Mutex, PoisonError};

use aws_config::{BehaviorVersion, ConfigLoader};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, SharedCredentialsProvider};
use aws_types::SdkConfig;
use aws_types::app_name::AppName;

use super::AwsWorld;
use super::count::Counter;
use super::date::DateHeader;
use super::endpoint::{self, Guard, Hosts};
use super::http;
use super::limits::Limits;
use super::log::CallLines;
use super::others;
use super::patience::{Patience, READ_ATTEMPTS};
use super::replies::Complete;
use super::sender::{Asked, Sender};
use super::session::{OtherAccount, Parts, Session, once};
use super::settings::{self, Mistake};
use crate::kinds::session as calls;
use crate::model::{Environment, Reader, Region};
use crate::world::clock::SystemClock;
use crate::world::{CallLog, Caller, Clock, ErrorClass, Listener, ProviderError, WriteFence};

/// Which role to assume, and to which hosts requests may go.
#[derive(Debug, Clone)]
pub struct Options {
    pub environment: Environment,
    /// The role that the environment file names. It is assumed with the credentials of the machine.
    pub assume_role: Option<String>,
    /// The bucket that the environment file names.
    pub bucket: Option<String>,
    /// Hosts of `--allow-endpoint`, without scheme and port.
    pub allow_endpoints: Vec<String>,
    /// Roles of other accounts, through which is read and nothing is changed.
    pub readers: Vec<Reader>,
    /// Who hears why a call waits.
    pub listener: Listener,
}

#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// A refusal by a gate, not a failure: exit code 5.
    #[error(
        "{service} calls are configured to go to {url}, which is neither AWS nor this machine; remove the override \
         (AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_{upper} or `endpoint_url` of the profile) or name the host with --allow-endpoint",
        upper = service.to_uppercase()
    )]
    Endpoint { service: &'static str, url: String },
    /// A refusal too: a role of `readers:` is of another account than its ARN says.
    #[error("{role} is of account {declared}, and STS says that its credentials are of account {answered}")]
    Account { role: String, declared: String, answered: String },
    /// A setting of this machine that cannot be followed.
    #[error("{0}")]
    Setting(#[from] Mistake),
    #[error(transparent)]
    Provider(#[from] ProviderError),
}

/// Connects to AWS with the credentials that the AWS CLI would find, and asks STS who the caller is.
///
/// # Errors
/// A refused endpoint, a setting of the machine that cannot be followed, missing or expired credentials, a role that cannot be assumed, an STS that does not answer. A role of
/// `readers:` that cannot be assumed is no error here: what it would have read is a failed reading. Another account than the
/// declared one behind it is.
pub async fn connect(options: &Options) -> Result<AwsWorld, ConnectError> {
    // The machine's configuration is read twice: it names the CA bundle of the client with which credentials are fetched.
    let bundle = settings::bundle(&machine().load().await)?;
    let client = http::client(bundle.as_ref())
        .map_err(|error| ProviderError::new(ErrorClass::Internal, calls::IDENTIFY, "the HTTP client", error.to_string()))?;
    connect_with(&machine().http_client(client).load().await, options, Arc::new(SystemClock)).await
}

/// Environment and profile, as the AWS CLI reads them.
fn machine() -> ConfigLoader {
    let tokyo = aws_types::region::Region::from_static(Region::Tokyo.code());
    let loader = aws_config::defaults(BehaviorVersion::v2026_01_12()).region(tokyo);
    match AppName::new("tokaido") {
        Ok(name) => loader.app_name(name),
        Err(_) => loader,
    }
}

/// The part of [`connect`] that follows the reading of the machine's configuration.
///
/// # Errors
/// As [`connect`].
pub async fn connect_with(config: &SdkConfig, options: &Options, clock: Arc<dyn Clock>) -> Result<AwsWorld, ConnectError> {
    let hosts = Hosts::new(&options.allow_endpoints);
    let overrides = endpoint::overrides(config);
    if let Some(refused) = overrides.iter().find(|found| !hosts.accept_override(&found.url)) {
        return Err(ConnectError::Endpoint { service: refused.service, url: refused.url.clone() });
    }
    settings::check(config, &overrides)?;
    let calls = Arc::new(CallLog::default());
    let on_the_way = OnTheWay {
        counter: Counter(calls.clone()),
        guard: Guard(hosts.clone()),
        dates: DateHeader::default(),
        sender: Arc::new(Sender::new(("", None), Limits::of_this_process(), clock.clone(), options.listener.clone())),
    };
    let config = match &options.assume_role {
        Some(role) => assumed(config, role, options.environment, &on_the_way).await?,
        None => config.clone(),
    };
    let caller = identify(&config, &on_the_way).await?;
    let clock_reading = on_the_way.dates.reading();
    let parts = |caller: &Caller, bucket: Option<&String>, write_fence: WriteFence| Parts {
        environment: options.environment,
        account: caller.account.clone(),
        bucket: bucket.cloned(),
        principal: Some(caller.arn.clone()),
        hosts: hosts.clone(),
        calls: calls.clone(),
        clock: clock.clone(),
        write_fence,
        read_attempts: READ_ATTEMPTS,
        limits: Limits::of_this_process(),
        listener: options.listener.clone(),
    };
    let mut others = Vec::new();
    for reader in &options.readers {
        let session = match entered(&config, reader, options.environment, &on_the_way).await {
            Ok((there, found)) if found.account == reader.account => {
                Ok(Arc::new(Session::new(&there, parts(&found, None, others::only_read(&found.account)))))
            }
            Ok((_, found)) => {
                let (role, declared) = (reader.role.clone(), reader.account.clone());
                return Err(ConnectError::Account { role, declared, answered: found.account });
            }
            Err(mut error) => {
                error.principal.get_or_insert_with(|| caller.arn.clone());
                Err(error)
            }
        };
        others.push(OtherAccount { account: reader.account.clone(), role: reader.role.clone(), session });
    }
    let own = parts(&caller, options.bucket.as_ref(), WriteFence::default());
    let session = Arc::new(Session::new(&config, own).with_others(others));
    Ok(AwsWorld { session, caller, clock_reading, banner: endpoint::banner(&overrides) })
}

/// The configuration with the credentials of a reader's role, and whose they are as STS says. The role is assumed with the
/// credentials of the environment.
async fn entered(
    config: &SdkConfig,
    reader: &Reader,
    environment: Environment,
    on_the_way: &OnTheWay,
) -> Result<(SdkConfig, Caller), ProviderError> {
    let there = assumed(config, &reader.role, environment, on_the_way).await?;
    let found = identify(&there, on_the_way).await?;
    Ok((there, found))
}

/// How every call of STS is sent.
struct OnTheWay {
    counter: Counter,
    guard: Guard,
    dates: DateHeader,
    sender: Arc<Sender>,
}

/// The client of STS in Tokyo.
fn sts(config: &SdkConfig, on_the_way: &OnTheWay) -> aws_sdk_sts::Client {
    let config = once(config.to_builder()).region(aws_types::region::Region::from_static(Region::Tokyo.code())).build();
    let builder = aws_sdk_sts::config::Builder::from(&config)
        .interceptor(on_the_way.counter.clone())
        .interceptor(on_the_way.guard.clone())
        .interceptor(on_the_way.dates.clone())
        .interceptor(CallLines)
        .interceptor(Complete);
    aws_sdk_sts::Client::from_conf(builder.build())
}

/// A call of STS. Both of its calls may be repeated.
const fn asked<'a>(operation: &'a str, resource: &'a str) -> Asked<'a> {
    Asked { operation, region: Region::Tokyo.code(), resource }
}

/// Attempts of a call of STS.
const STS: Patience = Patience::Repeatable { attempts: 4 };

async fn identify(config: &SdkConfig, on_the_way: &OnTheWay) -> Result<Caller, ProviderError> {
    let (operation, resource) = (calls::IDENTIFY, "the caller");
    let client = sts(config, on_the_way);
    let call = || client.get_caller_identity().send();
    let answer = on_the_way.sender.send(asked(operation, resource), STS, None, call).await?;
    match (answer.account(), answer.arn()) {
        (Some(account), Some(arn)) => Ok(Caller { account: account.to_owned(), arn: arn.to_owned() }),
        _ => Err(ProviderError::new(ErrorClass::Internal, operation, resource, "STS answered without an account or an ARN")),
    }
}

/// The same configuration with the role's credentials, which renew themselves: waiting for a database takes longer than
/// a session lasts.
async fn assumed(
    config: &SdkConfig,
    role: &str,
    environment: Environment,
    on_the_way: &OnTheWay,
) -> Result<SdkConfig, ProviderError> {
    let role = AssumedRole {
        client: sts(config, on_the_way),
        sender: on_the_way.sender.clone(),
        role: role.to_owned(),
        session: format!("tokaido-{environment}"),
        first: Mutex::new(None),
    };
    // The role is assumed here once, so that a refusal is reported as such and not as a failure of the first call.
    let first = role.assume().await?;
    *role.first.lock().unwrap_or_else(PoisonError::into_inner) = first;
    let cache = aws_sdk_sts::config::IdentityCache::lazy().build();
    Ok(config.to_builder().credentials_provider(SharedCredentialsProvider::new(role)).identity_cache(cache).build())
}

#[derive(Debug)]
struct AssumedRole {
    client: aws_sdk_sts::Client,
    sender: Arc<Sender>,
    role: String,
    session: String,
    first: Mutex<Option<Credentials>>,
}

impl AssumedRole {
    async fn assume(&self) -> Result<Option<Credentials>, ProviderError> {
        let call = || self.client.assume_role().role_arn(&self.role).role_session_name(&self.session).send();
        let answer = self.sender.send(asked(calls::ASSUME_ROLE, &self.role), STS, None, call).await?;
        Ok(answer.credentials().map(|found| {
            Credentials::new(
                found.access_key_id(),
                found.secret_access_key(),
                Some(found.session_token().to_owned()),
                std::time::SystemTime::try_from(*found.expiration()).ok(),
                "AssumeRole",
            )
        }))
    }
}

impl ProvideCredentials for AssumedRole {
    fn provide_credentials<'a>(&'a self) -> provider::future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        provider::future::ProvideCredentials::new(async move {
            if let Some(first) = self.first.lock().unwrap_or_else(PoisonError::into_inner).take() {
                return Ok(first);
            }
            match self.assume().await {
                Ok(Some(credentials)) => Ok(credentials),
                Ok(None) => Err(CredentialsError::provider_error("STS answered AssumeRole without credentials")),
                Err(error) => Err(CredentialsError::provider_error(error)),
            }
        })
    }
}
