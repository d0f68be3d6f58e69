//! The simulated AWS behind `--world sandbox[:FILE]`.
//!
//! In: the calls that `observe` and `apply` make of its drivers; changes that a person makes beside tokaido; failures that a test
//! orders. Out: what AWS would answer; a log of operations.
//!
//! Imports: `model`, `world`, `kinds` and `plan` (paths of attributes). Must not import: `desired`, `store`, or anything below in
//! `lib.rs`.
//!
//! Guarantees: the world is an append-only log, locked for each call and durable before the reply; its state is the log replayed.
//! The `Behaviour` of a kind says how the kind behaves. Time is virtual: waiting moves the clock.

mod accepted;
mod core;
pub mod derived;
mod driver;
mod entry;
mod manual;
mod midway;
mod history;
mod log;
mod logged;
mod objects;
mod state;
mod together;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use crate::kinds;
use crate::model::{Region, Said};
use crate::world::{CallLog, Caller, Clock, ClockReading, Driver, Fault, Moment, ProviderError, Scope, World, WriteFence};

use core::Core;
use driver::SimDriver;
use logged::Logged;

pub use entry::{Key, LogEntry};
pub use log::{Log, LogError, is_sandbox};
pub use manual::{Elements, ManualError, Misfit, SandboxRow};
pub use objects::Objects;
pub use state::State;

/// One session in one account of the simulated AWS.
#[derive(Debug)]
pub struct SimWorld {
    core: Arc<Core>,
}

impl SimWorld {
    #[must_use]
    pub fn new(log: Arc<Log>, scope: Scope) -> Arc<Self> {
        Arc::new(Self { core: Arc::new(Core { log, scope, calls: CallLog::default(), write_fence: WriteFence::default() }) })
    }

    /// A simulated AWS in memory, starting at this time.
    #[must_use]
    pub fn in_memory(scope: Scope, start: Timestamp) -> Arc<Self> {
        Self::new(Arc::new(Log::in_memory(start)), scope)
    }

    /// A simulated AWS in a file, which is created when it is absent.
    pub fn open(path: &Path, scope: Scope, start: Timestamp) -> Result<Arc<Self>, LogError> {
        Ok(Self::new(Arc::new(Log::open(path, start)?), scope))
    }

    #[must_use]
    pub fn log(&self) -> &Arc<Log> {
        &self.core.log
    }

    /// Another session in the same simulated AWS, with a call log of its own.
    #[must_use]
    pub fn again(&self) -> Arc<Self> {
        Self::new(Arc::clone(&self.core.log), self.core.scope.clone())
    }

    pub fn fail(&self, fault: Fault) -> Result<(), LogError> {
        self.core.log.commit(|state| (vec![LogEntry::Fault { at: state.now, fault }], ()))
    }
}

#[async_trait]
impl World for SimWorld {
    async fn caller(&self) -> Result<Caller, ProviderError> {
        self.core.calls.record("sim:caller", false);
        let answer = async {
            self.core.struck("caller", None, "the caller's identity", Moment::Before)?;
            let account = self.core.log.read(|state| state.account.clone()).ok().flatten();
            let account = account.unwrap_or_else(|| self.core.scope.account.clone());
            Ok(Caller { arn: format!("arn:aws:sts::{account}:assumed-role/tokaido/sandbox"), account })
        };
        logged::line("sim:caller", "", answer).await
    }

    fn driver(&self, kind: &str, region: Region) -> Option<Arc<dyn Driver>> {
        let kind = kinds::find(kind)?;
        let inner = SimDriver { core: Arc::clone(&self.core), kind, region };
        Some(Arc::new(Logged { inner, kind: kind.schema.kind, region }))
    }

    fn clock(&self) -> &dyn Clock {
        self
    }

    /// The simulated AWS has one clock, so both readings are equal.
    fn clock_reading(&self) -> Option<ClockReading> {
        let now = self.core.log.read(|state| state.now).ok()?;
        Some(ClockReading { ours: now, theirs: now })
    }

    fn calls(&self) -> &CallLog {
        &self.core.calls
    }

    fn write_fence(&self) -> &WriteFence {
        &self.core.write_fence
    }

    fn identity(&self) -> String {
        self.core.log.read(|state| format!("sandbox {}", state.name)).unwrap_or_else(|_| "sandbox".to_owned())
    }

    fn banner(&self) -> Option<Said> {
        let place = self.core.log.describe();
        Some(Said::new(
            format!("simulated AWS ({}): nothing here reaches an account", place.en),
            format!("模擬の AWS です ({})。ここでの操作はアカウントに届きません", place.ja),
        ))
    }
}

#[async_trait]
impl Clock for SimWorld {
    fn now(&self) -> Timestamp {
        self.core.log.read(|state| state.now).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Tasks that wait at the same time share the clock: each computes its end before any of them moves the time.
    async fn sleep(&self, duration: Duration) {
        let step = SignedDuration::try_from(duration).unwrap_or(SignedDuration::ZERO);
        let now = self.now();
        let wake = now.saturating_add(step).unwrap_or(now);
        tokio::task::yield_now().await;
        let tick = |state: &State| if state.now < wake { vec![LogEntry::Tick { at: wake }] } else { Vec::new() };
        // When the clock could not be moved, the next call fails with the same reason.
        let _ = self.core.log.commit(|state| (tick(state), ()));
    }
}
