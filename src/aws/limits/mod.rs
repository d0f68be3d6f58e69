//! How often each operation is called: AWS gives every account, region and operation a bucket of calls of its own.
//!
//! ```text
//! rates.rs   the published rates ──► bucket.rs  one bucket: how long a call waits for its turn
//!                                       ▲
//!            a throttle ── the bucket is empty, and its rate was taken too high
//! ```
//!
//! In: the calls that a process is about to send, and how AWS answered them. Out: for each call, how long it waits.
//!
//! Must not import: anything of tokaido; no driver, no session.
//!
//! Guarantees: while nothing is refused, calls get their turns in the order in which they asked. One operation that is out of calls holds back no other one,
//! in no other region and no other account. All sessions of a process share [`Limits::of_this_process`].

mod bucket;
mod rates;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bucket::Bucket;
pub use bucket::{Rate, Turn};
pub use rates::published;

/// What AWS counts together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Counted {
    /// Twelve digits; empty where STS has not answered yet.
    pub account: String,
    /// `ap-northeast-1`
    pub region: String,
    /// As IAM spells it: `ec2:DescribeVpcs`.
    pub operation: String,
}

/// The buckets of every operation that was called.
#[derive(Default)]
pub struct Limits(Mutex<HashMap<Counted, Bucket>>);

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limits").finish_non_exhaustive()
    }
}

impl Limits {
    /// Those of this process: two sessions in one account draw from the same buckets.
    #[must_use]
    pub fn of_this_process() -> Arc<Self> {
        static ALL: LazyLock<Arc<Limits>> = LazyLock::new(Arc::default);
        ALL.clone()
    }

    /// Takes the next free turn. `now`: the time since some fixed moment, on one clock for all.
    #[must_use]
    pub fn turn(&self, of: &Counted, now: Duration) -> Turn {
        self.with(of, |bucket| bucket.take(now))
    }

    /// Whether the turn is still the one at which the call is sent: a throttle gives those who wait another one.
    #[must_use]
    pub fn holds(&self, of: &Counted, turn: Turn) -> bool {
        self.with(of, |bucket| bucket.holds(turn))
    }

    /// AWS accepted a call.
    pub fn granted(&self, of: &Counted) {
        self.with(of, Bucket::granted);
    }

    /// AWS refused the call of this turn, because there were too many.
    pub fn throttled(&self, of: &Counted, turn: Turn, now: Duration) {
        self.with(of, |bucket| bucket.throttled(turn, now));
    }

    /// Whether a wait of this operation may be told: once in half a minute, however many calls wait.
    #[must_use]
    pub fn may_tell(&self, of: &Counted, now: Duration) -> bool {
        self.with(of, |bucket| bucket.may_tell(now))
    }

    /// The rate at which the operation is called now; `None` where AWS publishes none and has not refused a call yet.
    #[must_use]
    pub fn rate(&self, of: &Counted) -> Option<Rate> {
        self.with(of, |bucket| bucket.rate())
    }

    fn with<T>(&self, of: &Counted, does: impl FnOnce(&mut Bucket) -> T) -> T {
        let mut all: MutexGuard<'_, _> = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = all.get_mut(of) {
            return does(bucket);
        }
        does(all.entry(of.clone()).or_insert_with(|| Bucket::new(published(&of.operation))))
    }
}
