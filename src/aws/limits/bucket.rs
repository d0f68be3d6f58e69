//! One bucket of calls, as this process believes that AWS keeps it.

use std::time::Duration;

/// How many calls are free at once, and how many more each second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    pub burst: f64,
    pub per_second: f64,
}

/// The rate of an operation without a published one, after the first throttle. Each further throttle lowers it.
const LEARNED: Rate = Rate { burst: 5.0, per_second: 5.0 };

/// How a throttle lowers the rate, and how a call that AWS accepts raises it again. Where AWS's own rate is lower, both balance at
/// about two throttles in five calls; where throttles come at random, up to that many change little.
const LOWER: f64 = 0.9;
const HIGHER: f64 = 1.08;

/// The lowest rate: one call in five seconds.
const LOWEST: f64 = 0.2;

/// The time between two notices about one operation.
const BETWEEN_NOTICES: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub struct Bucket {
    /// What AWS publishes.
    published: Option<Rate>,
    /// What is believed now; never more than what is published.
    rate: Option<Rate>,
    /// Free calls. Below zero: turns that were given, and are not due yet.
    free: f64,
    /// When `free` was counted; `None` before the first call.
    at: Option<Duration>,
    /// When a wait was told.
    told: Option<Duration>,
}

impl Bucket {
    pub fn new(published: Option<Rate>) -> Self {
        Self { published, rate: published, free: published.map_or(0.0, |rate| rate.burst), at: None, told: None }
    }

    pub const fn rate(&self) -> Option<Rate> {
        self.rate
    }

    /// Takes a turn, and says how long it is until then.
    pub fn take(&mut self, now: Duration) -> Duration {
        self.count(now);
        let Some(rate) = self.rate else { return Duration::ZERO };
        self.free -= 1.0;
        if self.free >= 0.0 { Duration::ZERO } else { Duration::from_secs_f64(-self.free / rate.per_second) }
    }

    /// AWS accepted a call: the rate may be higher than believed.
    pub fn granted(&mut self) {
        let Some(rate) = &mut self.rate else { return };
        rate.per_second *= HIGHER;
        if let Some(published) = self.published {
            rate.per_second = rate.per_second.min(published.per_second);
        }
    }

    /// AWS refused a call: nothing is free, and the rate may be lower than believed.
    pub fn throttled(&mut self, now: Duration) {
        self.count(now);
        match &mut self.rate {
            Some(rate) => rate.per_second = (rate.per_second * LOWER).max(LOWEST.min(rate.per_second)),
            none => *none = Some(LEARNED),
        }
        self.free = self.free.min(0.0);
    }

    /// Whether nothing was told for half a minute.
    pub fn may_tell(&mut self, now: Duration) -> bool {
        let quiet = self.told.is_none_or(|told| now.saturating_sub(told) >= BETWEEN_NOTICES);
        if quiet {
            self.told = Some(now);
        }
        quiet
    }

    fn count(&mut self, now: Duration) {
        let since = self.at.map_or(Duration::ZERO, |at| now.saturating_sub(at));
        self.at = Some(self.at.map_or(now, |at| at.max(now)));
        if let Some(rate) = self.rate {
            self.free = (since.as_secs_f64() * rate.per_second + self.free).min(rate.burst);
        }
    }
}
