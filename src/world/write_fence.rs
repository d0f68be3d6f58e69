//! Whether this session may still change something: asked at the send site, where a lost lease must stop a call.
//!
//! Open until a lease is taken. Then it lasts a little less long than the lease, counted from before the lease was
//! written, and ends early when somebody else took the lease over.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::{Clock, ErrorClass, ProviderError};

/// A moment on both clocks of a machine: one can be set, the other stands still while the machine sleeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    steady: Duration,
    wall: Timestamp,
}

impl Mark {
    #[must_use]
    pub fn of(clock: &dyn Clock) -> Self {
        Self { steady: clock.steady(), wall: clock.now() }
    }

    /// What the clock that nobody can set says.
    #[must_use]
    pub fn steady(&self, clock: &dyn Clock) -> Duration {
        clock.steady().saturating_sub(self.steady)
    }

    /// The longer of what the two clocks say, because the shorter one may have slept or been set back.
    #[must_use]
    pub fn elapsed(&self, clock: &dyn Clock) -> Duration {
        let wall = Duration::try_from(clock.now().duration_since(self.wall)).unwrap_or_default();
        self.steady(clock).max(wall)
    }
}

/// Shared by a session's drivers and the one who keeps the lease.
#[derive(Clone, Default)]
pub struct WriteFence(Arc<Mutex<State>>);

#[derive(Default)]
enum State {
    /// No lease was taken: a driver is used by itself.
    #[default]
    Open,
    Until {
        clock: Arc<dyn Clock>,
        renewed: Mark,
        lasts: Duration,
    },
    Closed(String),
}

impl WriteFence {
    /// For so long from `renewed` on. A closed write fence stays closed.
    pub fn extend(&self, clock: &Arc<dyn Clock>, renewed: Mark, lasts: Duration) {
        self.with(|state| {
            if !matches!(state, State::Closed(_)) {
                *state = State::Until { clock: Arc::clone(clock), renewed, lasts };
            }
        });
    }

    /// A new lease was taken: what happened to an earlier one is over.
    pub fn begin(&self, clock: &Arc<dyn Clock>, renewed: Mark, lasts: Duration) {
        self.with(|state| *state = State::Until { clock: Arc::clone(clock), renewed, lasts });
    }

    /// For good; the first reason stays.
    pub fn close(&self, reason: impl Into<String>) {
        self.with(|state| {
            if !matches!(state, State::Closed(_)) {
                *state = State::Closed(reason.into());
            }
        });
    }

    /// Why it was closed, if it was.
    #[must_use]
    pub fn closed(&self) -> Option<String> {
        self.with(|state| if let State::Closed(reason) = state { Some(reason.clone()) } else { None })
    }

    /// Why nothing may be sent now.
    #[must_use]
    pub fn refusal(&self) -> Option<String> {
        self.with(|state| match state {
            State::Open => None,
            State::Closed(reason) => Some(reason.clone()),
            State::Until { clock, renewed, lasts } => {
                let elapsed = renewed.elapsed(&**clock);
                (elapsed >= *lasts).then(|| {
                    let (elapsed, lasts) = (elapsed.as_secs(), lasts.as_secs());
                    format!("the lease was last renewed {elapsed} seconds ago, and nothing is sent after {lasts}")
                })
            }
        })
    }

    /// What a driver asks right before it changes something.
    ///
    /// # Errors
    /// The call must not be sent.
    pub fn check(&self, operation: &str, resource: &str) -> Result<(), ProviderError> {
        self.refusal().map_or(Ok(()), |reason| Err(ProviderError::new(ErrorClass::Fenced, operation, resource, reason)))
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
        });
        f.debug_tuple("WriteFence").field(&word).finish()
    }
}
