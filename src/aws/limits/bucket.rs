//! One bucket of calls, as this process believes that AWS keeps it.

use std::time::Duration;

/// How many calls are free at once, and how many more each second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    pub burst: f64,
    pub per_second: f64,
}

/// The lowest rate of an operation without a published one, after the first throttle, and the burst as seconds of it. Each further
/// throttle lowers the rate.
const LEARNED: f64 = 5.0;
const LEARNED_BURST: f64 = 4.0;

/// How much of the calls that were believed to be free still is after a throttle. One alone may have another cause: others use the
/// same bucket, or it was not full.
const LEFT: f64 = 0.5;

/// How a throttle lowers the rate, and how a call that AWS accepts raises it again. Where AWS's own rate is lower, both balance at
/// about two throttles in five calls; where throttles come at random, up to that many change little. Of the throttles of calls that
/// were sent before the rate was lowered only one counts.
const LOWER: f64 = 0.9;
const HIGHER: f64 = 1.08;

/// The lowest rate: one call in five seconds.
const LOWEST: f64 = 0.2;

/// The time between two notices about one operation.
const BETWEEN_NOTICES: Duration = Duration::from_secs(30);

/// The turn of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// How long it is until then.
    pub wait: Duration,
    /// How often the rate was lowered before.
    round: u32,
}

/// Calls in the last full second, and in the one that has begun.
#[derive(Debug, Default)]
struct Lately {
    began: Duration,
    now: u32,
    before: u32,
}

impl Lately {
    fn call(&mut self, now: Duration) {
        let since = now.saturating_sub(self.began);
        if since >= Duration::from_secs(1) {
            self.before = if since < Duration::from_secs(2) { self.now } else { 0 };
            (self.began, self.now) = (now, 0);
        }
        self.now += 1;
    }

    fn most(&self) -> f64 {
        f64::from(self.now.max(self.before))
    }
}

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
    /// How often the rate was lowered.
    round: u32,
    lately: Lately,
    /// When a wait was told.
    told: Option<Duration>,
}

impl Bucket {
    pub fn new(published: Option<Rate>) -> Self {
        Self {
            published,
            rate: published,
            free: published.map_or(0.0, |rate| rate.burst),
            at: None,
            round: 0,
            lately: Lately::default(),
            told: None,
        }
    }

    pub const fn rate(&self) -> Option<Rate> {
        self.rate
    }

    /// Takes the next free turn.
    pub fn take(&mut self, now: Duration) -> Turn {
        self.count(now);
        let wait = match self.rate {
            None => {
                self.lately.call(now);
                0.0
            }
            Some(rate) => {
                self.free -= 1.0;
                (-self.free / rate.per_second).max(0.0)
            }
        };
        Turn { wait: Duration::from_secs_f64(wait), round: self.round }
    }

    /// AWS accepted a call: the rate may be higher than believed.
    pub fn granted(&mut self) {
        let Some(rate) = &mut self.rate else { return };
        rate.per_second *= HIGHER;
        if let Some(published) = self.published {
            rate.per_second = rate.per_second.min(published.per_second);
        }
    }

    /// Whether the rate was not lowered since this turn was given. A turn of before has another time now.
    pub const fn holds(&self, turn: Turn) -> bool {
        turn.round == self.round
    }

    /// AWS refused the call of this turn: less is free than believed, and where nothing was, the rate is lower. All turns that are not due yet are
    /// given anew.
    pub fn throttled(&mut self, turn: Turn, now: Duration) {
        if !self.holds(turn) {
            return;
        }
        self.count(now);
        self.free = self.free.max(0.0) * LEFT;
        self.round += 1;
        match &mut self.rate {
            // What was free tells nothing of the rate.
            Some(_) if self.free >= 1.0 => {}
            Some(rate) => rate.per_second = (rate.per_second * LOWER).max(LOWEST.min(rate.per_second)),
            none => {
                let per_second = self.lately.most().max(LEARNED);
                let burst = per_second * LEARNED_BURST;
                (*none, self.free) = (Some(Rate { burst, per_second }), burst * LEFT);
            }
        }
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
