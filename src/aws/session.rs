//! The clients of each service and region: one that reads and one that writes. Each makes one attempt of a call.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use tokio::sync::Semaphore;

use super::count::Counter;
use super::endpoint::{Guard, Hosts};
use super::fence::Fence;
use super::inventory::caller::{Caller, Request};
use super::limits::Limits;
use super::log::CallLines;
use super::operation::mutating;
use super::replies::{Complete, Node, SILENCE};
use super::sender::{Asked, Reads, Sender};
use crate::model::{Environment, Region};
use crate::world::{CallLog, Clock, Listener, ProviderError, WriteFence};

/// How many reads of resources wait for their answers at the same time. AWS limits each operation by itself, so different calls
/// do not slow each other, but many calls of one operation do.
const READS_AT_ONCE: usize = 8;

/// Attempts of a read in another region, where few things are and a network may let nothing through.
const ATTEMPTS_ELSEWHERE: u32 = 3;

/// How many reads in other regions wait for their answers at the same time. AWS limits each region by itself.
const ELSEWHERE_AT_ONCE: usize = 32;

/// The clients of one region in one mode.
#[derive(Debug, Clone)]
pub struct Clients {
    pub backup: aws_sdk_backup::Client,
    pub ec2: aws_sdk_ec2::Client,
    pub iam: aws_sdk_iam::Client,
    pub kms: aws_sdk_kms::Client,
    pub rds: aws_sdk_rds::Client,
    pub s3: aws_sdk_s3::Client,
    pub sts: aws_sdk_sts::Client,
}

impl Clients {
    /// # Panics
    /// Never: `config` was built with a behaviour version.
    fn new(config: &SdkConfig, counter: &Counter, guard: &Guard, fence: &Fence) -> Self {
        macro_rules! client {
            ($service:ident $(, $also:ident)*) => {
                $service::Client::from_conf(
                    $service::config::Builder::from(config)
                        .interceptor(counter.clone())
                        .interceptor(guard.clone())
                        .interceptor(fence.clone())
                        .interceptor(CallLines)
                        .interceptor(Complete)
                        $(.$also(true))*
                        .build(),
                )
            };
        }
        Self {
            backup: client!(aws_sdk_backup),
            ec2: client!(aws_sdk_ec2),
            iam: client!(aws_sdk_iam),
            kms: client!(aws_sdk_kms),
            rds: client!(aws_sdk_rds),
            // The bucket's name is in the path and never in the host, so that one rule about hosts covers every service. An
            // endpoint that is an address has no host name for each bucket.
            s3: client!(aws_sdk_s3, force_path_style),
            sts: client!(aws_sdk_sts),
        }
    }
}

#[derive(Debug)]
struct Regional {
    read: Clients,
    write: Clients,
}

impl Regional {
    fn new(config: &SdkConfig, region: Region, counter: &Counter, guard: &Guard, write_fence: &WriteFence) -> Self {
        let region = aws_types::region::Region::from_static(region.code());
        let config = once(config.to_builder()).region(region).build();
        let with = |fence: &Fence| Clients::new(&config, counter, guard, fence);
        // Reads have a write fence of their own, which is always open. Where nothing may ever be written, they have that one.
        let of_reads = if write_fence.is_never() { write_fence.clone() } else { WriteFence::default() };
        Self { read: with(&Fence::Changes(of_reads)), write: with(&Fence::Every(write_fence.clone())) }
    }
}

/// One attempt of each call, which ends when not a byte comes for [`SILENCE`]. [`super::sender`] decides about more attempts, and
/// [`super::replies`] about a reply that stops on its way.
#[must_use]
pub fn once(config: aws_types::sdk_config::Builder) -> aws_types::sdk_config::Builder {
    let timeouts = TimeoutConfig::builder().connect_timeout(Duration::from_secs(5)).read_timeout(SILENCE).build();
    config
        .retry_config(RetryConfig::disabled())
        .timeout_config(timeouts)
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
}

/// One account, and the session of the role that reads there.
#[derive(Debug)]
pub struct OtherAccount {
    /// The account, twelve digits.
    pub account: String,
    /// The ARN of the role.
    pub role: String,
    /// Why there is no session: the role could not be assumed, or STS did not say whose it is.
    pub session: Result<Arc<Session>, ProviderError>,
}

/// What the drivers of one run share.
pub struct Session {
    environment: Environment,
    account: String,
    bucket: Option<String>,
    principal: Option<String>,
    calls: Arc<CallLog>,
    clock: Arc<dyn Clock>,
    write_fence: WriteFence,
    sender: Arc<Sender>,
    read_attempts: u32,
    reads: Semaphore,
    /// Reads in other regions wait for each other alone: one that does not answer keeps nothing of Tokyo and Osaka waiting.
    elsewhere: Semaphore,
    tokyo: Regional,
    osaka: Regional,
    anywhere: Caller,
    /// The accounts that the environment file lets read, in its order.
    others: Vec<OtherAccount>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("environment", &self.environment)
            .field("principal", &self.principal)
            .finish_non_exhaustive()
    }
}

/// The parts of a session beside the SDK's configuration.
pub struct Parts {
    pub environment: Environment,
    /// The account (twelve digits) that STS answered. Calls about buckets name it as the expected owner.
    pub account: String,
    /// The bucket that the environment file names. It may not exist, or belong to another account.
    pub bucket: Option<String>,
    /// The ARN that STS answered, for messages of errors.
    pub principal: Option<String>,
    pub hosts: Hosts,
    pub calls: Arc<CallLog>,
    pub clock: Arc<dyn Clock>,
    /// Every client that writes asks it before every request.
    pub write_fence: WriteFence,
    /// How often a read is sent at most: [`READ_ATTEMPTS`](super::patience::READ_ATTEMPTS).
    pub read_attempts: u32,
    /// How often each operation may be called: [`Limits::of_this_process`].
    pub limits: Arc<Limits>,
    /// Who hears why a call waits.
    pub listener: Listener,
}

impl Session {
    /// `config` has the credentials, endpoints and HTTP client. Regions, retries and timeouts are set here.
    #[must_use]
    pub fn new(config: &SdkConfig, parts: Parts) -> Self {
        let (counter, guard) = (Counter(parts.calls.clone()), Guard(parts.hosts));
        let at = |region| Regional::new(config, region, &counter, &guard, &parts.write_fence);
        let caller = (parts.account.as_str(), parts.principal.as_deref());
        Self {
            tokyo: at(Region::Tokyo),
            osaka: at(Region::Osaka),
            anywhere: Caller::new(&once(config.to_builder()).build(), &counter, &guard),
            sender: Arc::new(Sender::new(caller, parts.limits, parts.clock.clone(), parts.listener)),
            read_attempts: parts.read_attempts,
            environment: parts.environment,
            account: parts.account,
            bucket: parts.bucket,
            principal: parts.principal,
            calls: parts.calls,
            clock: parts.clock,
            write_fence: parts.write_fence,
            reads: Semaphore::new(READS_AT_ONCE),
            elsewhere: Semaphore::new(ELSEWHERE_AT_ONCE),
            others: Vec::new(),
        }
    }

    /// The same session, which reads in these accounts as well.
    #[must_use]
    pub fn with_others(self, others: Vec<OtherAccount>) -> Self {
        Self { others, ..self }
    }

    /// The other accounts in which this session reads.
    #[must_use]
    pub fn others(&self) -> &[OtherAccount] {
        &self.others
    }

    /// The one way of this session's calls.
    #[must_use]
    pub const fn sender(&self) -> &Arc<Sender> {
        &self.sender
    }

    /// Reads of resources in Tokyo and Osaka.
    #[must_use]
    pub fn reads(&self) -> Reads<'_> {
        Reads { sender: &self.sender, attempts: self.read_attempts, places: Some(&self.reads) }
    }

    /// One call of any service in any region. It waits for its place as every read.
    ///
    /// # Errors
    /// As those of [`Caller::call`], classified; a request that changes something where nothing may ever be written.
    pub async fn ask(&self, region: &str, request: &Request) -> Result<Node, ProviderError> {
        let operation = format!("{}:{}", request.service.iam, request.operation);
        if self.write_fence.is_never() && mutating(request.operation) {
            self.write_fence.check(&operation, region)?;
        }
        let attempts = self.read_attempts.min(ATTEMPTS_ELSEWHERE);
        let reads = match Region::from_code(region) {
            Some(_) => self.reads(),
            None => Reads { sender: &self.sender, attempts, places: Some(&self.elsewhere) },
        };
        let asked = Asked { operation: &operation, region, resource: region };
        reads.read(asked, || self.anywhere.call(region, request)).await
    }

    /// Global services are called through Tokyo. There is no client of a third region.
    const fn regional(&self, region: Region) -> &Regional {
        match region {
            Region::Tokyo | Region::Global => &self.tokyo,
            Region::Osaka => &self.osaka,
        }
    }

    #[must_use]
    pub const fn reader(&self, region: Region) -> &Clients {
        &self.regional(region).read
    }

    #[must_use]
    pub const fn writer(&self, region: Region) -> &Clients {
        &self.regional(region).write
    }

    #[must_use]
    pub const fn environment(&self) -> Environment {
        self.environment
    }

    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }

    #[must_use]
    pub fn bucket(&self) -> Option<&str> {
        self.bucket.as_deref()
    }

    #[must_use]
    pub fn principal(&self) -> Option<&str> {
        self.principal.as_deref()
    }

    #[must_use]
    pub fn calls(&self) -> &CallLog {
        &self.calls
    }

    #[must_use]
    pub const fn write_fence(&self) -> &WriteFence {
        &self.write_fence
    }

    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }
}
