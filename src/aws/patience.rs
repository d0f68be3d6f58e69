//! When a call is made again, and after how long. It decides only; [`super::sender`] waits and calls.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::time::Duration;

use super::classify::{not_visible_yet, propagating};
use crate::world::{Changed, ErrorClass, ProviderError};

/// Attempts of a read. AWS fails for a moment now and then, and a plan of many resources makes many reads.
pub const READ_ATTEMPTS: u32 = 8;

/// Attempts of a call to which AWS sends nothing. Each waits for twenty seconds.
pub const SILENT_ATTEMPTS: u32 = 3;

/// The longest time for which a call waits because AWS says that there are too many.
const THROTTLED: Duration = Duration::from_secs(120);

/// The longest time for which a write waits until IAM has spread a role.
const SPREADING: Duration = Duration::from_secs(120);

/// The longest time for which a new object may stay invisible. Comparable tools found five minutes necessary.
pub const VISIBLE: Duration = Duration::from_secs(300);

/// The longest pause between two attempts.
const LONGEST: Duration = Duration::from_secs(20);

/// The pause before the second attempt of a call that failed.
const FIRST: Duration = Duration::from_millis(100);

/// The pause before the second attempt of a call that was throttled. Where its operation has no calls left, its limits make it wait
/// longer.
const FIRST_THROTTLED: Duration = Duration::from_millis(10);

/// What may be done about a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// A read, or a write on a condition: two of them do what one does. Any failure that may pass is a reason for another attempt,
    /// up to this many.
    Repeatable { attempts: u32 },
    /// It changes something. It is sent again only after a refusal which proves that nothing happened.
    Write,
    /// A write on an object that was made a moment ago: "does not exist" means "not visible yet".
    OnNew,
}

/// The attempts of one call.
#[derive(Debug)]
pub struct Attempts {
    patience: Patience,
    made: u32,
    silent: u32,
    throttled: (u32, Duration),
    spread: (u32, Duration),
}

impl Attempts {
    #[must_use]
    pub const fn new(patience: Patience) -> Self {
        Self { patience, made: 0, silent: 0, throttled: (0, Duration::ZERO), spread: (0, Duration::ZERO) }
    }

    /// How many attempts have failed.
    #[must_use]
    pub const fn made(&self) -> u32 {
        self.made
    }

    /// How many of them were left without a byte.
    #[must_use]
    pub const fn silent(&self) -> u32 {
        self.silent
    }

    /// The pause before the next attempt; `None` when there is none. `silent`: AWS sent nothing.
    pub fn after(&mut self, error: &ProviderError, silent: bool) -> Option<Duration> {
        self.made += 1;
        if error.class == ErrorClass::Throttled {
            let pause = growing(FIRST_THROTTLED, self.throttled.0, LONGEST);
            return next(&mut self.throttled, pause, THROTTLED).map(spread_out);
        }
        match self.patience {
            Patience::Repeatable { attempts } => self.repeat(error, silent, attempts),
            Patience::Write if propagating(error) => self.spreading(error, SPREADING),
            Patience::OnNew if propagating(error) || not_visible_yet(error) => self.spreading(error, VISIBLE),
            Patience::Write | Patience::OnNew => None,
        }
    }

    fn repeat(&mut self, error: &ProviderError, silent: bool, attempts: u32) -> Option<Duration> {
        self.silent += u32::from(silent);
        let passes = matches!(error.class, ErrorClass::Unreachable | ErrorClass::Internal | ErrorClass::Busy);
        if !passes || self.made >= attempts || self.silent >= SILENT_ATTEMPTS {
            return None;
        }
        Some(spread_out(growing(FIRST, self.made - 1, LONGEST)))
    }

    /// A refusal which proves that nothing happened, and which a later attempt may not get.
    fn spreading(&mut self, error: &ProviderError, most: Duration) -> Option<Duration> {
        if error.changed != Changed::No {
            return None;
        }
        let pause = growing(Duration::from_secs(1), self.spread.0, LONGEST);
        next(&mut self.spread, pause, most)
    }
}

/// Counts one more pause, while there was less than `most` of them.
fn next((count, waited): &mut (u32, Duration), pause: Duration, most: Duration) -> Option<Duration> {
    if *waited >= most {
        return None;
    }
    *count += 1;
    *waited += pause;
    Some(pause)
}

/// Twice as long each time.
fn growing(first: Duration, times: u32, longest: Duration) -> Duration {
    first.saturating_mul(1 << times.min(16)).min(longest)
}

/// A part of it, so that calls which failed together do not come together again ("Exponential backoff and jitter", the AWS
/// Architecture Blog: any part is as likely as any other).
fn spread_out(pause: Duration) -> Duration {
    let part = RandomState::new().build_hasher().finish() % 1000;
    pause.mul_f64(f64::from(u32::try_from(part).unwrap_or(0)) / 1000.0)
}
