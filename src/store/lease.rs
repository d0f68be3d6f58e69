//! The lease: one apply at a time in one environment, on whichever machine it runs. The protocol needs only compare-and-swap
//! from a store (ADR 0009).
//!
//! ```text
//! free, released ──────────────────────────────► acquire (fence + 1) ─► heartbeat … ─► release
//! dead, or unchanged for its whole duration ───►    "        "
//! held ────────────────────────────────────────► wait, or refuse and name the holder
//! ```
//!
//! Guarantees:
//! - A holder stops sending changes before another apply may take the lease over. No two clocks are compared for this: the
//!   holder counts from before it wrote the lease, the other apply from after it saw the lease.
//! - Fences only grow.
//! - The operator never has to unlock: a lease that its holder does not renew is taken over.
//!
//! Not guaranteed: a call that the holder sent before it stopped may take effect after the lease was taken over.

use std::convert::Infallible;
use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::future::{Either, select};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use tokio::sync::{Mutex, watch};

use crate::kinds::bucket::LEASE;
use crate::model::digest::hex;
use crate::model::reason::Spoken as _;
use crate::model::{Environment, Language, Reason as _, Said};
use crate::world::clock::SystemClock;
use crate::world::write_fence::Mark;
use crate::world::{Clock, WriteFence, log};

use super::contract::Store;
use super::error::{Contested, StoreError};

pub use super::lease_record::{LeaseRecord, Owner, SCHEMA_VERSION, Seen, Swap, Version};

/// How long a lease lasts after it was renewed.
const LASTS: Duration = Duration::from_mins(1);
/// The time between two renewals.
const BEAT: Duration = Duration::from_secs(20);
/// The time until a renewal that failed is tried again.
const BEAT_AGAIN: Duration = Duration::from_secs(5);
/// The holder stops this long before another apply may take over, because clocks do not run equally fast.
const MARGIN: Duration = Duration::from_secs(15);
/// A store dates an object to the second, and the machines of a store do not agree to the second.
const DATING: Duration = Duration::from_secs(5);
/// AWS refuses a request whose time is five minutes off, so the clocks of two machines that both call AWS differ by ten minutes
/// at most.
const SKEW: SignedDuration = SignedDuration::from_mins(10);
/// How many lost swaps end the attempt. Each lost swap means that another process won one.
const CONTESTED: u32 = 50;

/// Whether a lease may be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaseState {
    /// No lease was taken, or its holder released it.
    Free,
    /// The holder's process ended without releasing it.
    Dead,
    /// The holder did not renew it for as long as it lasts.
    Expired,
    /// Another apply holds it.
    Held,
}

/// Whether the lease that a store shows may be taken. `watched`: how long the caller has seen exactly this version, by its own
/// steady clock.
#[must_use]
pub fn judge(seen: Option<&Seen>, now: Timestamp, watched: Duration) -> LeaseState {
    let Some(seen) = seen else { return LeaseState::Free };
    let lasts = seen.record.lasts();
    let long_over = now.duration_since(seen.record.expires_at) > SKEW;
    match seen {
        Seen { record: LeaseRecord { released: true, .. }, .. } => LeaseState::Free,
        Seen { dead: true, .. } => LeaseState::Dead,
        Seen { age: Some(age), .. } if *age >= lasts + DATING => LeaseState::Expired,
        _ if watched >= lasts || long_over => LeaseState::Expired,
        _ => LeaseState::Held,
    }
}

/// The clock of a lease, and how long a second apply waits for it.
#[derive(Clone)]
pub struct Terms {
    /// The clock of this process, also in a simulated world, because processes hold leases.
    pub clock: Arc<dyn Clock>,
    /// How long to wait for a lease that another apply holds (`--wait`); zero refuses at once.
    pub wait: Duration,
    /// The time between two looks while waiting.
    pub look: Duration,
}

impl Default for Terms {
    fn default() -> Self {
        Self { clock: Arc::new(SystemClock), wait: Duration::ZERO, look: Duration::from_secs(1) }
    }
}

/// Who asks for the lease, and on which terms.
pub struct Ask<'a> {
    /// The store that keeps the lease.
    pub store: &'a Arc<dyn Store>,
    /// The environment of the apply.
    pub environment: Environment,
    /// The ARN of the caller, for messages.
    pub caller: &'a str,
    /// The id of the plan (hex SHA-256), for messages.
    pub plan: &'a str,
    /// The highest fence among the records, so that fences grow even if the lease object is lost.
    pub floor: u64,
    /// The clock, and how long to wait.
    pub terms: &'a Terms,
    /// The fence that drivers ask before they send a change. The lease opens and closes it.
    pub write_fence: &'a WriteFence,
    /// Becomes true when the operator stops the apply, which ends the wait.
    pub stop: watch::Receiver<bool>,
}

/// Why the lease was not taken.
#[derive(Debug)]
pub enum Unheld {
    /// Another apply holds it and goes on renewing it.
    Held(Box<LeaseRecord>),
    /// The store could not be read or written.
    Store(StoreError),
}

impl From<StoreError> for Unheld {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// The name of this machine (`uname`).
#[must_use]
pub fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// The owner of a new lease. Its run is no secret: machine, process, time and a counter tell two applies apart.
fn owner(caller: &str, now: Timestamp) -> Owner {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let (host, pid, count) = (host(), std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
    let run = hex(&Sha256::digest(format!("{caller}/{host}/{pid}/{count}/{}", now.as_nanosecond())))[..16].to_owned();
    Owner { caller: caller.to_owned(), host, pid, run }
}

/// Takes the lease, after waiting for it as long as the terms say. Calls `on_wait` with each holder for which it waits.
///
/// # Errors
/// [`Unheld::Held`]: another apply still holds the lease after the wait. [`Unheld::Store`]: the store failed, is damaged, or
/// too many processes write the lease.
pub async fn acquire(ask: &Ask<'_>, on_wait: &mut (dyn FnMut(&LeaseRecord) + Send)) -> Result<Lease, Unheld> {
    let clock = &ask.terms.clock;
    let (begun, owner) = (Mark::of(&**clock), owner(ask.caller, clock.now()));
    let (mut watched, mut sent, mut contested): (Option<(Version, Mark)>, Option<Mark>, u32) = (None, None, 0);
    let mut told: Option<String> = None;
    loop {
        let seen = ask.store.read_lease(ask.environment).await?;
        // The store has done the swap, and its answer was lost.
        if let (Some(seen), Some(sent)) = (&seen, sent)
            && seen.record.owner.run == owner.run
        {
            return Ok(Lease::taken(ask, seen.record.clone(), seen.version.clone(), sent));
        }
        if watched.as_ref().map(|(version, _)| version) != seen.as_ref().map(|seen| &seen.version) {
            watched = seen.as_ref().map(|seen| (seen.version.clone(), Mark::of(&**clock)));
        }
        // By the steady clock alone: a wall clock that was set forward says nothing about the holder.
        let unchanged = watched.as_ref().map_or(Duration::ZERO, |(_, since)| since.steady(&**clock));
        let pause = match (judge(seen.as_ref(), clock.now(), unchanged), &seen) {
            (LeaseState::Held, Some(Seen { record, .. })) => {
                let waited = begun.elapsed(&**clock);
                if waited >= ask.terms.wait || *ask.stop.borrow() {
                    return Err(Unheld::Held(Box::new(record.clone())));
                }
                if told.replace(record.owner.run.clone()).as_ref() != Some(&record.owner.run) {
                    on_wait(record);
                }
                ask.terms.look.min(ask.terms.wait.saturating_sub(waited))
            }
            (_, seen) => {
                let now = clock.now();
                let before = seen.as_ref().map_or(0, |seen| seen.record.fence).max(ask.floor);
                // No number of applies reaches this fence: the object was not written by tokaido.
                let fence = before.checked_add(1).ok_or_else(|| StoreError::Damaged {
                    path: format!("{}/{}/{LEASE}", ask.store.place(), ask.environment),
                    reason: format!("its fence is {before}, the highest number there is"),
                })?;
                let record = LeaseRecord {
                    schema_version: SCHEMA_VERSION,
                    fence,
                    owner: owner.clone(),
                    plan: ask.plan.to_owned(),
                    acquired_at: now,
                    heartbeat_at: now,
                    expires_at: now,
                    released: false,
                }
                .beaten(now, LASTS);
                let before = Mark::of(&**clock);
                sent = Some(before);
                let expected = seen.as_ref().map(|seen| &seen.version);
                match ask.store.write_lease(ask.environment, &record, expected).await {
                    Ok(Swap::Done(version)) => return Ok(Lease::taken(ask, record, version, before)),
                    Ok(Swap::Conflict) if contested < CONTESTED => contested += 1,
                    Ok(Swap::Conflict) => {
                        return Err(StoreError::Contested { what: Contested::Lease, place: ask.store.place() }.into());
                    }
                    // The next look shows whether it was written. If that fails too, the lease expires by itself.
                    Err(error) if contested == 0 && error.is_uncertain() => contested = CONTESTED,
                    Err(error) => return Err(error.into()),
                }
                Duration::from_millis(20 * u64::from(contested.min(10)))
            }
        };
        let mut stop = ask.stop.clone();
        tokio::select! {
            () = clock.sleep(pause) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
}

/// A lease that this apply holds. It expires when it is dropped without [`Lease::release`].
pub struct Lease {
    store: Arc<dyn Store>,
    environment: Environment,
    clock: Arc<dyn Clock>,
    write_fence: WriteFence,
    fence: u64,
    run: String,
    current: Mutex<(LeaseRecord, Version)>,
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease").field("environment", &self.environment).field("fence", &self.fence).finish_non_exhaustive()
    }
}

impl Lease {
    fn taken(ask: &Ask<'_>, record: LeaseRecord, version: Version, sent: Mark) -> Self {
        log::lease("taken", record.fence);
        ask.write_fence.begin(&ask.terms.clock, sent, LASTS.saturating_sub(MARGIN));
        Self {
            store: Arc::clone(ask.store),
            environment: ask.environment,
            clock: Arc::clone(&ask.terms.clock),
            write_fence: ask.write_fence.clone(),
            fence: record.fence,
            run: record.owner.run.clone(),
            current: Mutex::new((record, version)),
        }
    }

    /// The lease's fence, under which the apply writes its records; greater than every earlier one.
    #[must_use]
    pub const fn fence(&self) -> u64 {
        self.fence
    }

    /// Why no new step may begin; `None` while the lease is held.
    #[must_use]
    pub fn lost(&self) -> Option<Said> {
        self.write_fence.closed()
    }

    /// Runs the work and renews the lease meanwhile.
    pub async fn during<T>(&self, work: impl Future<Output = T>) -> T {
        let (work, heart) = (pin!(work), pin!(self.heart()));
        match select(work, heart).await {
            Either::Left((done, _)) => done,
            Either::Right((never, _)) => match never {},
        }
    }

    async fn heart(&self) -> Infallible {
        let mut pause = BEAT;
        loop {
            self.clock.sleep(pause).await;
            if self.lost().is_some() {
                log::lease("lost", self.fence);
                return std::future::pending().await;
            }
            // A failed renewal is no loss yet: the write fence closes when the lease is lost.
            let renewed = self.renew().await.is_ok();
            log::lease(if renewed { "renewed" } else { "renewal failed" }, self.fence);
            pause = if renewed { BEAT } else { BEAT_AGAIN };
        }
    }

    /// Whether the lease is still held. The executor asks right before a call that changes something, after the call's intent is
    /// durable. A lease that ran out while the process did not run is renewed if no other apply took it.
    ///
    /// # Errors
    /// The reason, in both languages, why no new step may begin: the lease was taken over, is gone, or could not be renewed.
    pub async fn confirm(&self) -> Result<(), Said> {
        let Some(refusal) = self.write_fence.refusal() else { return Ok(()) };
        if self.lost().is_none()
            && let Err(error) = self.renew().await
        {
            let error = error.said();
            self.write_fence.close(Said::new(
                format!("{}; renewing it failed: {}", refusal.en, error.en),
                format!("{}。更新に失敗しました: {}", refusal.ja, error.ja),
            ));
        }
        self.write_fence.refusal().map_or(Ok(()), Err)
    }

    /// Renews the lease, or closes the write fence when the lease is lost; an error is a store that did not answer.
    async fn renew(&self) -> Result<(), StoreError> {
        let mut current = self.current.lock().await;
        loop {
            let (record, sent) = (current.0.beaten(self.clock.now(), LASTS), Mark::of(&*self.clock));
            match self.store.write_lease(self.environment, &record, Some(&current.1)).await? {
                Swap::Done(version) => {
                    *current = (record, version);
                    self.write_fence.extend(&self.clock, sent, LASTS.saturating_sub(MARGIN));
                    return Ok(());
                }
                Swap::Conflict => match self.store.read_lease(self.environment).await? {
                    // An earlier renewal went through and its answer was lost.
                    Some(seen) if self.is_mine(&seen) && seen.version != current.1 => *current = (seen.record, seen.version),
                    Some(seen) if self.is_mine(&seen) => {
                        return Err(StoreError::Contested { what: Contested::Lease, place: self.store.place() });
                    }
                    Some(seen) => {
                        let holder = |language| seen.record.spoken(language).to_string();
                        self.write_fence.close(Said::new(
                            format!("the lease was taken over: it is held by {}", holder(Language::En)),
                            format!("リースをほかの適用が引き継ぎました: {}", holder(Language::Ja)),
                        ));
                        return Ok(());
                    }
                    None => {
                        self.write_fence.close(Said::new("the lease object is gone", "リースのオブジェクトがなくなりました"));
                        return Ok(());
                    }
                },
            }
        }
    }

    fn is_mine(&self, seen: &Seen) -> bool {
        seen.record.fence == self.fence && seen.record.owner.run == self.run && !seen.record.released
    }

    /// Closes the write fence and releases the lease. A lease that cannot be released expires.
    pub async fn release(self) {
        if self.lost().is_some() {
            return;
        }
        log::lease("given back", self.fence);
        self.write_fence.close(Said::new("the lease was given back", "リースを返却しました"));
        let mut current = self.current.lock().await;
        for _ in 0..2 {
            let record = LeaseRecord { released: true, ..current.0.beaten(self.clock.now(), LASTS) };
            match self.store.write_lease(self.environment, &record, Some(&current.1)).await {
                // The end of the work cut off a renewal, which the store had done.
                Ok(Swap::Conflict) => match self.store.read_lease(self.environment).await {
                    Ok(Some(seen)) if self.is_mine(&seen) => *current = (seen.record, seen.version),
                    _ => return,
                },
                _ => return,
            }
        }
    }
}
