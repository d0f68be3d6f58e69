//! The real world: AWS. It has a client for each service and region, one place that reads AWS's error codes, and one that counts
//! calls.
//!
//! ```text
//! connect ─► credentials ─► AssumeRole ─► GetCallerIdentity ─► AwsWorld ─► Driver (aws/drivers)
//!                                                                 │
//!                        every call: sender (limits, attempts) · Counter (call log) · Guard (allowed hosts) · Fence (write fence) · replies (complete?) · classify (error codes)
//! ```
//!
//! In: the options of a run (environment, role, bucket, allowed hosts) and the requests of `observe` and `apply`.
//!
//! Out: [`AwsWorld`] with a driver for each kind and region, and [`S3Store`].
//!
//! Imports: `model`, `world`, `kinds`, `plan` (paths) and `store` (whose traits [`S3Store`] implements). Must not import: `desired`,
//! `compile`, or anything below in `lib.rs`.
//!
//! Guarantees:
//! - No driver exists before STS has answered who the caller is.
//! - No request goes to a host that is not AWS, loopback or named by the operator.
//! - Nothing unread is nothing there: a reply is complete, or its call failed.
//! - A session in another account reads: its write fence never opens.
//! - What changes something is sent again only after a refusal which proves that nothing happened. The SDK's own retries, which
//!   would repeat a create whose reply was lost, are off.
//! - Each operation is called as often as AWS allows in its account and region, and no more often.
//! - No code path differs between AWS and a test endpoint.

pub mod attempt;
pub mod call;
pub mod classify;
pub mod connect;
pub mod count;
pub mod date;
pub mod document;
pub mod drivers;
pub mod endpoint;
pub mod fence;
pub mod generic;
pub mod http;
pub mod inventory;
pub mod label;
pub mod limits;
pub mod log;
pub mod operation;
pub mod others;
pub mod pages;
pub mod patience;
pub mod prelude;
pub mod read;
pub mod replies;
pub mod sender;
pub mod session;
pub mod settings;
pub mod shape;
pub mod store;
pub mod tags;

use std::sync::Arc;

use async_trait::async_trait;

use crate::model::{Region, Said};
use crate::world::{CallLog, Caller, Clock, ClockReading, Driver, ProviderError, World, WriteFence};

pub use call::Place;
pub use connect::{ConnectError, Options, connect};
pub use session::Session;
pub use store::S3Store;

/// One account, as the credentials of this run see it.
#[derive(Debug)]
pub struct AwsWorld {
    session: Arc<Session>,
    caller: Caller,
    clock_reading: Option<ClockReading>,
    banner: Option<Said>,
}

impl AwsWorld {
    /// The clients of this connection, for the store, which is no resource.
    #[must_use]
    pub const fn session(&self) -> &Arc<Session> {
        &self.session
    }
}

#[async_trait]
impl World for AwsWorld {
    /// STS answered while connecting, so every world has a caller before it has a driver.
    async fn caller(&self) -> Result<Caller, ProviderError> {
        Ok(self.caller.clone())
    }

    fn driver(&self, kind: &str, region: Region) -> Option<Arc<dyn Driver>> {
        drivers::find(kind, &self.session, region)
    }

    fn clock(&self) -> &dyn Clock {
        self.session.clock()
    }

    /// The reading that came with STS's answer.
    fn clock_reading(&self) -> Option<ClockReading> {
        self.clock_reading
    }

    fn calls(&self) -> &CallLog {
        self.session.calls()
    }

    fn write_fence(&self) -> &WriteFence {
        self.session.write_fence()
    }

    fn identity(&self) -> String {
        self.banner.as_ref().map_or_else(|| "aws".to_owned(), |_| "aws behind another endpoint".to_owned())
    }

    fn banner(&self) -> Option<Said> {
        self.banner.clone()
    }
}
