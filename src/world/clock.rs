//! Time as an input. Only a world reads a clock.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use jiff::Timestamp;

/// The clock of a world.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The time now, in UTC.
    fn now(&self) -> Timestamp;

    /// The time since some fixed moment, on a clock that cannot be set back. It measures durations and does not tell the time of
    /// day.
    fn steady(&self) -> Duration {
        self.now().duration_since(Timestamp::UNIX_EPOCH).try_into().unwrap_or_default()
    }

    /// Waits for this duration. The simulated world moves its clock and returns at once.
    async fn sleep(&self, duration: Duration);
}

/// Two clocks that were read at the same moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockReading {
    /// The clock of this machine.
    pub ours: Timestamp,
    /// The clock of AWS, as an answer told it.
    pub theirs: Timestamp,
}

/// The clock of this machine.
#[derive(Debug, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn steady(&self) -> Duration {
        static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
        BEGAN.elapsed()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
