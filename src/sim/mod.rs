//! The simulated AWS behind `--world sandbox[:FILE]`.
//!
//! The world is an append-only log of operations, locked per call and committed before the reply; its state is the
//! log replayed. How a kind behaves, its `Behaviour` says. Time is virtual: waiting moves the clock.
//! Imports `world`, `kinds` and `plan` (paths of attributes); never `desired`, `store` or anything above.

mod core;
pub mod derived;
mod driver;
mod entry;
mod manual;
mod history;
mod log;
mod logged;
mod objects;
mod state;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use crate::kinds;
use crate::model::Region;
use crate::world::{CallLog, Caller, Clock, ClockReading, Driver, Fault, Moment, ProviderError, Scope, World, WriteFence};

use core::Core;
use driver::SimDriver;
use logged::Logged;

pub use entry::LogEntry;
pub use log::{Log, LogError, is_sandbox};
pub use manual::{Elements, ManualError, Misfit, SandboxRow};
pub use objects::Objects;
pub use state::State;

/// One session in one account of the simulated world.
#[derive(Debug)]
pub struct SimWorld {
    core: Arc<Core>,
}

impl SimWorld {
    #[must_use]
    pub fn new(log: Arc<Log>, scope: Scope) -> Arc<Self> {
        Arc::new(Self { core: Arc::new(Core { log, scope, calls: CallLog::default(), write_fence: WriteFence::default() }) })
    }

    /// A world in memory, starting at this time.
    #[must_use]
    pub fn in_memory(scope: Scope, start: Timestamp) -> Arc<Self> {
        Self::new(Arc::new(Log::in_memory(start)), scope)
    }

    /// A world kept in a file, which is created when it is not there.
    pub fn open(path: &Path, scope: Scope, start: Timestamp) -> Result<Arc<Self>, LogError> {
        Ok(Self::new(Arc::new(Log::open(path, start)?), scope))
    }

    #[must_use]
    pub fn log(&self) -> &Arc<Log> {
        &self.core.log
    }

    /// Another session in the same world: calls are counted anew.
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
        self.core.struck("caller", None, "the caller's identity", Moment::Before)?;
        let account = self.core.log.read(|state| state.account.clone()).ok().flatten();
        let account = account.unwrap_or_else(|| self.core.scope.account.clone());
        Ok(Caller { arn: format!("arn:aws:sts::{account}:assumed-role/tokaido/sandbox"), account })
    }

    fn driver(&self, kind: &str, region: Region) -> Option<Arc<dyn Driver>> {
        let kind = kinds::find(kind)?;
        let inner = SimDriver { core: Arc::clone(&self.core), kind, region };
        Some(Arc::new(Logged { inner, kind: kind.schema.kind, region }))
    }

    fn clock(&self) -> &dyn Clock {
        self
    }

    /// There is one clock here, and it agrees with itself.
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

    fn banner(&self) -> Option<String> {
        Some(format!("simulated AWS ({}): nothing here reaches an account", self.core.log.describe()))
    }
}

#[async_trait]
impl Clock for SimWorld {
    fn now(&self) -> Timestamp {
        self.core.log.read(|state| state.now).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Those who wait at the same time wake by the same clock: each knows when it wakes before anybody moves time.
    async fn sleep(&self, duration: Duration) {
        let step = SignedDuration::try_from(duration).unwrap_or(SignedDuration::ZERO);
        let now = self.now();
        let wake = now.saturating_add(step).unwrap_or(now);
        tokio::task::yield_now().await;
        let tick = |state: &State| if state.now < wake { vec![LogEntry::Tick { at: wake }] } else { Vec::new() };
        // A clock that could not be moved shows in the next call, which fails with the same reason.
        let _ = self.core.log.commit(|state| (tick(state), ()));
    }
}
