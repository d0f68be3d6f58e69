//! Time as an input. Only a world reads a clock.

use std::fmt;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use jiff::Timestamp;
use serde::Serialize;

use crate::model::Language;
use crate::model::reason::Spoken;

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

/// AWS refuses a request whose time differs from its own by more than this many seconds. Some services wait for fifteen minutes;
/// none refuses a smaller difference.
pub const TOLERANCE_SECONDS: u64 = 300;

/// Two clocks that were read at the same moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ClockReading {
    /// The clock of this machine.
    pub ours: Timestamp,
    /// The clock of AWS, as an answer told it.
    pub theirs: Timestamp,
}

impl ClockReading {
    /// The seconds by which this machine is ahead of AWS; negative when it is behind.
    #[must_use]
    pub fn ahead(&self) -> i64 {
        self.ours.duration_since(self.theirs).as_secs()
    }

    /// Whether the clocks differ by no more than this many seconds.
    #[must_use]
    pub fn agrees_within(&self, seconds: u64) -> bool {
        self.ahead().unsigned_abs() <= seconds
    }
}

/// How the clock of this machine differs from AWS's: `this machine's clock is 15 minutes behind AWS`.
impl Spoken for ClockReading {
    fn spoken(&self, language: Language) -> impl fmt::Display {
        let (ahead, off) = (self.ahead() > 0, self.ahead().unsigned_abs());
        if self.agrees_within(TOLERANCE_SECONDS) {
            return match language {
                Language::En => "this machine's clock agrees with AWS's now".to_owned(),
                Language::Ja => "このマシンの時計は現在 AWS の時刻と合っています".to_owned(),
            };
        }
        // Minutes as long as a person reads them at a glance.
        let (number, en, ja) = match off {
            0..10_800 => ((off + 30) / 60, "minutes", "分"),
            10_800..259_200 => ((off + 1_800) / 3_600, "hours", "時間"),
            _ => ((off + 43_200) / 86_400, "days", "日"),
        };
        match (language, ahead) {
            (Language::En, true) => format!("this machine's clock is {number} {en} ahead of AWS"),
            (Language::En, false) => format!("this machine's clock is {number} {en} behind AWS"),
            (Language::Ja, true) => format!("このマシンの時計は AWS より {number} {ja}進んでいます"),
            (Language::Ja, false) => format!("このマシンの時計は AWS より {number} {ja}遅れています"),
        }
    }
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
