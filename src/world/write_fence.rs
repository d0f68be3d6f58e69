//! The write fence: whether this session may still change something. A driver asks it where it sends a call, because a lost lease
//! must stop the call there.
//!
//! The fence is open until the session takes a lease. Then it stays open for a little less time than the lease, counted from a
//! moment before the lease was written. It closes early when another apply takes the lease over.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::{Clock, ErrorClass, ProviderError};
use crate::model::Said;

/// A moment on two clocks of a machine. The operator can set the wall clock, and the steady clock stands still while the machine
/// sleeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    steady: Duration,
    wall: Timestamp,
}

impl Mark {
    /// The moment that this clock shows now.
    #[must_use]
    pub fn of(clock: &dyn Clock) -> Self {
        Self { steady: clock.steady(), wall: clock.now() }
    }

    /// How much time the steady clock, which cannot be set, counted since the mark.
    #[must_use]
    pub fn steady(&self, clock: &dyn Clock) -> Duration {
        clock.steady().saturating_sub(self.steady)
    }

    /// How much time passed since the mark: the longer of the two clocks' answers. The shorter one may have slept or been set
    /// back.
    #[must_use]
    pub fn elapsed(&self, clock: &dyn Clock) -> Duration {
        let wall = Duration::try_from(clock.now().duration_since(self.wall)).unwrap_or_default();
        self.steady(clock).max(wall)
    }
}

/// The write fence of a session. The drivers and the keeper of the lease share it.
#[derive(Clone, Default)]
pub struct WriteFence(Arc<Mutex<State>>);

#[derive(Default)]
enum State {
    /// The session holds no lease, and its drivers are used without one.
    #[default]
    Open,
    Until {
        clock: Arc<dyn Clock>,
        renewed: Mark,
        lasts: Duration,
    },
    Closed(Said),
    Never(Said),
}

impl WriteFence {
    /// A fence that nothing opens, for what is only read. The reason is in every refusal.
    #[must_use]
    pub fn never(reason: Said) -> Self {
        Self(Arc::new(Mutex::new(State::Never(reason))))
    }

    /// Whether this is a fence that nothing opens.
    #[must_use]
    pub fn is_never(&self) -> bool {
        self.with(|state| matches!(state, State::Never(_)))
    }

    /// Keeps the fence open until `lasts` after `renewed`. A fence that is closed stays closed.
    pub fn extend(&self, clock: &Arc<dyn Clock>, renewed: Mark, lasts: Duration) {
        self.with(|state| {
            if !matches!(state, State::Closed(_) | State::Never(_)) {
                *state = State::Until { clock: Arc::clone(clock), renewed, lasts };
            }
        });
    }

    /// Opens the fence until `lasts` after `renewed`, for a lease that was just taken. It forgets why an earlier lease was lost.
    /// A fence that nothing opens stays closed.
    pub fn begin(&self, clock: &Arc<dyn Clock>, renewed: Mark, lasts: Duration) {
        self.with(|state| {
            if !matches!(state, State::Never(_)) {
                *state = State::Until { clock: Arc::clone(clock), renewed, lasts };
            }
        });
    }

    /// Closes the fence until a new lease is taken. The first reason is kept.
    pub fn close(&self, reason: Said) {
        self.with(|state| {
            if !matches!(state, State::Closed(_) | State::Never(_)) {
                *state = State::Closed(reason);
            }
        });
    }

    /// Why the fence was closed; `None` when it was not.
    #[must_use]
    pub fn closed(&self) -> Option<Said> {
        self.with(|state| match state {
            State::Closed(reason) | State::Never(reason) => Some(reason.clone()),
            State::Open | State::Until { .. } => None,
        })
    }

    /// Why no call may be sent now; `None` when one may.
    #[must_use]
    pub fn refusal(&self) -> Option<Said> {
        self.with(|state| match state {
            State::Open => None,
            State::Closed(reason) | State::Never(reason) => Some(reason.clone()),
            State::Until { clock, renewed, lasts } => {
                let elapsed = renewed.elapsed(&**clock);
                (elapsed >= *lasts).then(|| {
                    let (elapsed, lasts) = (elapsed.as_secs(), lasts.as_secs());
                    Said::new(
                        format!("the lease was last renewed {elapsed} seconds ago, and nothing is sent after {lasts}"),
                        format!("リースの最後の更新から {elapsed} 秒経過しています。{lasts} 秒を過ぎると何も送信しません"),
                    )
                })
            }
        })
    }

    /// Asks for one call that changes something, right before the driver sends it.
    ///
    /// # Errors
    /// [`ErrorClass::Fenced`] when the driver must not send the call.
    pub fn check(&self, operation: &str, resource: &str) -> Result<(), ProviderError> {
        self.refusal().map_or(Ok(()), |reason| Err(ProviderError::new(ErrorClass::Fenced, operation, resource, reason.en)))
    }

    fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for WriteFence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = self.with(|state| match state {
            State::Open => "open",
            State::Until { .. } => "until",
            State::Closed(_) => "closed",
            State::Never(_) => "never",
        });
        f.debug_tuple("WriteFence").field(&word).finish()
    }
}
