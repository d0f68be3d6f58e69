//! Machines whose clocks disagree, a store that answers late or not at all, and no real time: everything follows a seed.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokaido::model::Environment;
use tokaido::store::{Entry, LeaseRecord, Seen, Store, StoreError, Swap, Version, WatchStore};
use tokaido::world::{Changed, Clock, ErrorClass, ProviderError};

use super::start;
use crate::support::lab::MemoryStore;

/// Numbers from a seed (xorshift); good enough to choose what goes wrong.
#[derive(Debug)]
pub struct Chance(Mutex<u64>);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1))
    }

    pub fn below(&self, limit: u64) -> u64 {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        (*state >> 11) % limit
    }

    pub fn percent(&self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub fn millis(&self, from: u64, to: u64) -> Duration {
        Duration::from_millis(from + self.below(to - from))
    }
}

/// The one true time, which nobody in it can read.
#[derive(Debug, Default)]
pub struct Universe(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    now: Duration,
    alarms: BTreeSet<Duration>,
}

impl Universe {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn now(&self) -> Duration {
        self.state().now
    }

    pub fn sleep(self: &Arc<Self>, duration: Duration) -> Sleep {
        // Nothing is ever ready at once: a loop that waits for nothing would never end.
        Sleep { universe: Arc::clone(self), until: self.now() + duration.max(Duration::from_millis(1)) }
    }

    fn forward(&self, limit: Duration) -> bool {
        let mut state = self.state();
        let now = state.now;
        state.alarms.retain(|alarm| *alarm > now);
        let Some(next) = state.alarms.first().copied() else { return false };
        state.now = next;
        next <= limit
    }
}

pub struct Sleep {
    universe: Arc<Universe>,
    until: Duration,
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        let mut state = self.universe.state();
        if state.now >= self.until {
            return Poll::Ready(());
        }
        state.alarms.insert(self.until);
        Poll::Pending
    }
}

/// When a process does not run although it lives.
#[derive(Debug, Clone, Copy)]
pub struct Pause {
    pub from: Duration,
    pub to: Duration,
    /// The whole machine sleeps: its steady clock stands still.
    pub machine: bool,
}

#[derive(Debug)]
pub struct NodeClock {
    pub universe: Arc<Universe>,
    /// How far the wall clock is off, in seconds.
    pub off: i64,
    /// How much faster the clocks run, in thousandths.
    pub fast: i64,
    pub pauses: Vec<Pause>,
}

impl NodeClock {
    fn run(&self, time: Duration) -> Duration {
        let thousandths = u32::try_from(1000 + self.fast).expect("a rate near one");
        time * thousandths / 1000
    }
}

#[async_trait]
impl Clock for NodeClock {
    fn now(&self) -> Timestamp {
        let elapsed = SignedDuration::try_from(self.run(self.universe.now())).expect("hours");
        start() + SignedDuration::from_secs(self.off) + elapsed
    }

    fn steady(&self) -> Duration {
        let now = self.universe.now();
        let asleep: Duration = self
            .pauses
            .iter()
            .filter(|pause| pause.machine && pause.from < now)
            .map(|pause| pause.to.min(now).saturating_sub(pause.from))
            .sum();
        self.run(now.saturating_sub(asleep))
    }

    async fn sleep(&self, duration: Duration) {
        self.universe.sleep(duration).await;
    }
}

/// A process: it runs, stands still now and then, and may end at any moment.
pub struct Node {
    pub work: Option<Pin<Box<dyn Future<Output = ()>>>>,
    pub pauses: Vec<Pause>,
    pub ends: Option<Duration>,
}

/// Runs everything until nothing happens any more.
pub fn run(universe: &Arc<Universe>, nodes: &mut [Node], limit: Duration) {
    let mut context = Context::from_waker(Waker::noop());
    loop {
        let now = universe.now();
        for node in nodes.iter_mut() {
            if node.ends.is_some_and(|ends| now >= ends) {
                node.work = None;
            }
            if let Some(pause) = node.pauses.iter().find(|pause| pause.from <= now && now < pause.to) {
                universe.state().alarms.insert(pause.to);
                continue;
            }
            // What one future of a process finishes, another one of it may be waiting for.
            for _ in 0..4 {
                if node.work.as_mut().is_some_and(|work| work.as_mut().poll(&mut context).is_ready()) {
                    node.work = None;
                }
            }
        }
        if nodes.iter().all(|node| node.work.is_none()) || !universe.forward(limit) {
            return;
        }
    }
}

/// A store behind a network: calls take their time, before they take effect and after, and some fail on either side.
#[derive(Debug)]
pub struct Distant {
    pub universe: Arc<Universe>,
    pub chance: Arc<Chance>,
    pub inner: Arc<MemoryStore>,
    /// When the lease was written, for stores that can tell.
    pub written: Option<Arc<Mutex<Duration>>>,
    /// Percent of the calls that fail.
    pub failing: u64,
}

impl Distant {
    async fn travel(&self) {
        let slow = self.chance.percent(3);
        let time = if slow { self.chance.millis(5_000, 60_000) } else { self.chance.millis(1, 800) };
        self.universe.sleep(time).await;
    }

    fn lost(&self, changed: Changed) -> Result<(), StoreError> {
        if !self.chance.percent(self.failing) {
            return Ok(());
        }
        let mut error = ProviderError::new(ErrorClass::Unreachable, "s3:PutObject", "the lease", "no answer");
        error.changed = changed;
        Err(StoreError::Provider { error: Box::new(error) })
    }
}

#[async_trait]
impl Store for Distant {
    fn place(&self) -> String {
        "far away".to_owned()
    }

    async fn append_entry(&self, environment: Environment, entry: &Entry) -> Result<(), StoreError> {
        self.inner.append_entry(environment, entry).await
    }

    async fn entries(&self, environment: Environment) -> Result<Vec<Entry>, StoreError> {
        self.inner.entries(environment).await
    }

    fn watch(&self) -> &dyn WatchStore {
        self.inner.watch()
    }

    async fn read_lease(&self, environment: Environment) -> Result<Option<Seen>, StoreError> {
        self.travel().await;
        self.lost(Changed::No)?;
        let mut seen = self.inner.read_lease(environment).await?;
        if let (Some(seen), Some(written)) = (&mut seen, &self.written) {
            let written = *written.lock().unwrap_or_else(PoisonError::into_inner);
            // To the second, as S3 dates.
            seen.age = Some(Duration::from_secs(self.universe.now().as_secs().saturating_sub(written.as_secs())));
        }
        self.travel().await;
        Ok(seen)
    }

    async fn write_lease(
        &self,
        environment: Environment,
        lease: &LeaseRecord,
        expected: Option<&Version>,
    ) -> Result<Swap, StoreError> {
        self.travel().await;
        self.lost(Changed::Maybe)?;
        let swap = self.inner.write_lease(environment, lease, expected).await?;
        if let (Swap::Done(_), Some(written)) = (&swap, &self.written) {
            *written.lock().unwrap_or_else(PoisonError::into_inner) = self.universe.now();
        }
        self.travel().await;
        self.lost(Changed::Maybe)?;
        Ok(swap)
    }
}
