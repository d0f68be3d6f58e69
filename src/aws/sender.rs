//! The one way of a call to AWS: it waits for its turn, is sent, and after a failure that may pass is sent again.
//!
//! ```text
//! driver, store, STS ─► turn (limits) ─► place among the reads ─► SDK, one attempt ─► answer
//!                         ▲                                              │ failed
//!                         └──────── pause ◄─── patience: again? ◄────────┘
//! ```
//!
//! The SDK makes one attempt of each call, so that one place decides what is sent twice: the SDK would send a create again whose
//! reply was lost.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use tokio::sync::Semaphore;

use super::attempt;
use super::classify::{classify, without_a_byte};
use super::limits::{Counted, Limits, Turn};
use super::patience::{Attempts, Patience, SILENT_ATTEMPTS};
use crate::world::notice::{Listener, Notice};
use crate::world::{Clock, ErrorClass, ProviderError};

/// How often a call that waits looks whether it has another turn now.
const LOOK: Duration = Duration::from_secs(1);

/// A wait that is as long as this is told.
const TOLD: Duration = Duration::from_secs(3);

/// One call, as limits and errors name it.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// As IAM spells it: `rds:CreateDBInstance`.
    pub operation: &'a str,
    /// `ap-northeast-1`
    pub region: &'a str,
    /// The object that the call is about.
    pub resource: &'a str,
}

/// Reads that share a patience, and their places.
#[derive(Debug, Clone, Copy)]
pub struct Reads<'a> {
    pub sender: &'a Sender,
    /// How often a read is sent at most.
    pub attempts: u32,
    /// How many wait for their answers at the same time.
    pub places: Option<&'a Semaphore>,
}

impl Reads<'_> {
    /// # Errors
    /// As [`Sender::send`].
    pub async fn read<T, E, C>(&self, asked: Asked<'_>, call: impl Fn() -> C + Send + Sync) -> Result<T, ProviderError>
    where
        T: Send,
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        C: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        self.sender.send(asked, Patience::Repeatable { attempts: self.attempts }, self.places, call).await
    }
}

/// What the calls of one account share.
pub struct Sender {
    account: String,
    principal: Option<String>,
    limits: Arc<Limits>,
    clock: Arc<dyn Clock>,
    listener: Listener,
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").field("account", &self.account).finish_non_exhaustive()
    }
}

impl Sender {
    /// `account`: twelve digits, empty before STS has answered. `principal`: the caller, for messages of errors.
    #[must_use]
    pub fn new(
        (account, principal): (&str, Option<&str>),
        limits: Arc<Limits>,
        clock: Arc<dyn Clock>,
        listener: Listener,
    ) -> Self {
        Self { account: account.to_owned(), principal: principal.map(str::to_owned), limits, clock, listener }
    }

    /// The caller, as STS answered.
    #[must_use]
    pub fn principal(&self) -> Option<&str> {
        self.principal.as_deref()
    }

    /// Sends a call until it succeeds, or fails for good. `places`: how many such calls wait for their answers at the same time.
    ///
    /// # Errors
    /// The error of the last attempt, classified.
    pub async fn send<T, E, C>(
        &self,
        asked: Asked<'_>,
        patience: Patience,
        places: Option<&Semaphore>,
        call: impl Fn() -> C + Send + Sync,
    ) -> Result<T, ProviderError>
    where
        T: Send,
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        C: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        let counted = self.counted(asked);
        let mut attempts = Attempts::new(patience);
        loop {
            let turn = self.turn(&counted).await;
            let place = match places {
                Some(places) => places.acquire().await.ok(),
                None => None,
            };
            let began = self.clock.steady();
            let answer = attempt::numbered(attempts.made() + 1, call()).await;
            let took = self.clock.steady().saturating_sub(began);
            drop(place);
            let error = match answer {
                Ok(answer) => {
                    self.limits.granted(&counted);
                    return Ok(answer);
                }
                Err(error) => error,
            };
            let silent = without_a_byte(&error);
            let error = classify(asked.operation, asked.resource, self.principal(), &error);
            match error.class {
                ErrorClass::Throttled => self.limits.throttled(&counted, turn, self.clock.steady()),
                ErrorClass::Unreachable | ErrorClass::Internal => {}
                // A refusal is an answer: the call was not one too many.
                _ => self.limits.granted(&counted),
            }
            let pause = attempts.after(&error, silent);
            if silent {
                self.listener.hear(&told_silent(&counted, &attempts, took, pause.is_some()));
            }
            let Some(pause) = pause else { return Err(error) };
            if pause >= TOLD && !silent && self.limits.may_tell(&counted, self.clock.steady()) {
                self.listener.hear(&told_pause(&counted, pause, &error));
            }
            self.clock.sleep(pause).await;
        }
    }

    fn counted(&self, asked: Asked<'_>) -> Counted {
        let text = str::to_owned;
        Counted { account: self.account.clone(), region: text(asked.region), operation: text(asked.operation) }
    }

    /// Waits until AWS's limits leave room for the call.
    async fn turn(&self, counted: &Counted) -> Turn {
        loop {
            let turn = self.limits.turn(counted, self.clock.steady());
            let mut left = turn.wait;
            while !left.is_zero() && self.limits.holds(counted, turn) {
                self.tell_turn(counted, left);
                let now = left.min(LOOK);
                self.clock.sleep(now).await;
                left -= now;
            }
            if self.limits.holds(counted, turn) {
                return turn;
            }
        }
    }

    fn tell_turn(&self, counted: &Counted, left: Duration) {
        if left >= TOLD && self.limits.may_tell(counted, self.clock.steady()) {
            let rate = self.limits.rate(counted).map_or(0.0, |rate| rate.per_second);
            let (operation, region) = (counted.operation.clone(), counted.region.clone());
            self.listener.hear(&Notice::Turn { operation, region, seconds: rounded(left), rate: short(rate) });
        }
    }
}

fn told_silent(counted: &Counted, attempts: &Attempts, took: Duration, again: bool) -> Notice {
    let (operation, region, seconds) = (counted.operation.clone(), counted.region.clone(), rounded(took));
    match again {
        true => Notice::Silent { operation, region, seconds, next: attempts.silent() + 1, most: SILENT_ATTEMPTS },
        false => Notice::SilentToTheEnd { operation, region, seconds },
    }
}

fn told_pause(counted: &Counted, pause: Duration, error: &ProviderError) -> Notice {
    let (operation, region, seconds) = (counted.operation.clone(), counted.region.clone(), rounded(pause));
    match error.class {
        ErrorClass::Throttled => Notice::Throttled { operation, region, seconds },
        _ => Notice::Again { operation, region, seconds, answered: error.message.clone() },
    }
}

fn rounded(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_millis() >= 500)
}

/// `0.3`, `20`
fn short(rate: f64) -> String {
    if rate >= 10.0 { format!("{rate:.0}") } else { format!("{rate:.1}") }
}
