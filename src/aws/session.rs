//! Clients per service and region: one that reads and retries, one that writes and does not.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::count::Counter;
use super::endpoint::{Guard, Hosts};
use super::fence::Fence;
use super::log::CallLines;
use crate::model::{Environment, Region};
use crate::world::{CallLog, Clock, WriteFence};

/// Reads of resources that wait for their answers at one moment. AWS's limits are per operation, so different calls do not slow
/// each other; many of one kind do.
const READS_AT_ONCE: usize = 8;

/// Throttling is common in accounts with many resources; three attempts, the SDK's default, give up too early.
const READ_ATTEMPTS: u32 = 8;

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
            // The name of a bucket stands in the path and never in the host, so that one rule about hosts covers every
            // service; and an endpoint that is an address has no host for every bucket.
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
        let at = |retry: RetryConfig, write_fence: WriteFence| {
            let config = config
                .to_builder()
                .region(aws_types::region::Region::from_static(region.code()))
                .retry_config(retry)
                .timeout_config(timeouts())
                .build();
            Clients::new(&config, counter, guard, &Fence(write_fence))
        };
        Self {
            // A write_fence of its own is always open.
            read: at(RetryConfig::standard().with_max_attempts(READ_ATTEMPTS), WriteFence::default()),
            write: at(RetryConfig::disabled(), write_fence.clone()),
        }
    }
}

/// Explicit, so that a hanging connection ends as a classified error and not as a hanging terminal.
#[must_use]
pub fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(5))
        .read_timeout(Duration::from_secs(60))
        .operation_attempt_timeout(Duration::from_secs(90))
        .operation_timeout(Duration::from_secs(300))
        .build()
}

/// Everything the drivers of one run share.
pub struct Session {
    environment: Environment,
    account: String,
    bucket: Option<String>,
    principal: Option<String>,
    calls: Arc<CallLog>,
    clock: Arc<dyn Clock>,
    write_fence: WriteFence,
    reads: Semaphore,
    tokyo: Regional,
    osaka: Regional,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("environment", &self.environment)
            .field("principal", &self.principal)
            .finish_non_exhaustive()
    }
}

/// What a session is made of, beside the SDK's configuration.
pub struct Parts {
    pub environment: Environment,
    /// The account that STS answered: calls about buckets say whose they must be.
    pub account: String,
    /// The bucket of the environment file, whose name may be free, ours or somebody else's.
    pub bucket: Option<String>,
    /// The ARN that STS answered, for error messages.
    pub principal: Option<String>,
    pub hosts: Hosts,
    pub calls: Arc<CallLog>,
    pub clock: Arc<dyn Clock>,
    /// Asked before every request of a client that writes.
    pub write_fence: WriteFence,
}

impl Session {
    /// `config` brings credentials, endpoints and the HTTP client; region, retries and timeouts are set here.
    #[must_use]
    pub fn new(config: &SdkConfig, parts: Parts) -> Self {
        let (counter, guard) = (Counter(parts.calls.clone()), Guard(parts.hosts));
        Self {
            tokyo: Regional::new(config, Region::Tokyo, &counter, &guard, &parts.write_fence),
            osaka: Regional::new(config, Region::Osaka, &counter, &guard, &parts.write_fence),
            environment: parts.environment,
            account: parts.account,
            bucket: parts.bucket,
            principal: parts.principal,
            calls: parts.calls,
            clock: parts.clock,
            write_fence: parts.write_fence,
            reads: Semaphore::new(READS_AT_ONCE),
        }
    }

    /// Waits until one more read may be made, which it is for as long as the answer is held. Nobody closes the semaphore.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.reads.acquire().await.ok()
    }

    /// Global services are called through Tokyo: no client of a third region exists.
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
