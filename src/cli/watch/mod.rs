//! `tokaido watch [ENV…]`: drift and audit at an interval. Never changes a resource; only a signal ends it.
//!
//! In: the arguments, and for each look the files, credentials and world. Out: records, JSON lines, webhook calls, metrics.
//! Must not import: `plan` or `apply`. `pipeline` looks, `govern` decides what is news, `store` writes records.

mod lines;
mod look;
mod metrics;
mod outbox;
mod webhook;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::SignedDuration;
use tokio::time::{Interval, MissedTickBehavior};

use crate::govern::watch::{Circumstances, Decision, Looked, is_news, picture};
use crate::model::{Environment, Language, Picture, Reason as _, Said, Sighting, WatchEvent};
use crate::project::Project;
use crate::render::json;
use crate::store::{Store, StoreError, record_sighting};
use crate::world::Clock as _;
use crate::world::clock::SystemClock;

use super::args::{Cli, WatchArgs, WorldChoice};
use super::context;
use super::exit::{Exit, Failure};
use super::signals;
use super::terminal::Terminal;
use super::words::watching::Watching;

use lines::Lines;
use look::declared;
use metrics::Metrics;
use webhook::Webhook;

/// The longest that a service manager waits when the receiver does not answer.
const LAST_DELIVERIES: Duration = Duration::from_secs(20);

/// The shortest interval in AWS: reads are limited for each account and region.
const SHORTEST: SignedDuration = SignedDuration::from_mins(1);

pub async fn run(cli: &Cli, args: &WatchArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    if cli.world == WorldChoice::Aws && args.every() < SHORTEST {
        return Err(Failure::new(Exit::Usage, Watching::TooOften));
    }
    let metrics = Arc::new(Metrics::default());
    let webhook = Webhook::configured(args.webhook.as_deref(), &metrics, terminal)?;
    if let Some(address) = args.metrics {
        let bound = metrics::serve(address, Arc::clone(&metrics)).await;
        let bound =
            bound.map_err(|error| Failure::error(Watching::NoMetrics { address: address.to_string(), error: error.into() }))?;
        terminal.note(Watching::Metrics { address: bound.to_string() });
    }
    let named: BTreeSet<Environment> = args.environments.iter().copied().collect();
    let all = Environment::ALL.into_iter().filter(|environment| named.is_empty() || named.contains(environment));
    let mut watchers: Vec<Watcher> = all.map(Watcher::new).collect();
    terminal.note(started(args, &watchers, webhook.as_ref()));

    let lines = Lines::started(&metrics, *terminal)?;
    let outlets = Outlets { metrics: &metrics, webhook: webhook.as_ref(), lines: &lines, terminal, said: Mutex::default() };
    let mut stop = signals::stop(*terminal);
    let mut clock = ticks(args.every());
    let mut exit = Exit::Done;
    loop {
        tokio::select! {
            biased;
            // A stop request during a round takes effect here: the calls in flight have ended.
            _ = stop.changed() => break,
            _ = clock.tick() => {}
        }
        exit = round(cli, args, &mut watchers, &outlets).await;
        if args.once {
            break;
        }
    }
    let deliveries = async {
        if let Some(webhook) = webhook {
            webhook.drain(LAST_DELIVERIES).await;
        }
    };
    tokio::join!(deliveries, lines.drain(LAST_DELIVERIES));
    Ok(if args.once { exit } else { Exit::Done })
}

/// On a grid that begins now. A round that takes longer than the interval skips looks and never makes up for them.
fn ticks(every: SignedDuration) -> Interval {
    let mut ticks = tokio::time::interval(Duration::try_from(every).unwrap_or(Duration::from_mins(1)));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    ticks
}

fn started(args: &WatchArgs, watchers: &[Watcher], webhook: Option<&Webhook>) -> Watching {
    let names: Vec<&str> = watchers.iter().map(|watcher| watcher.environment.as_str()).collect();
    let how = if args.once { Watching::Once } else { Watching::Every { interval: format!("{:#}", args.every()) } };
    let news = webhook.map(|webhook| webhook.described().said()).unwrap_or_default();
    Watching::Started { environments: names.join(", "), how: how.said(), news }
}

/// The receivers of events.
struct Outlets<'a> {
    metrics: &'a Metrics,
    webhook: Option<&'a Webhook>,
    lines: &'a Lines,
    terminal: &'a Terminal,
    /// Banners: each is shown once.
    said: Mutex<BTreeSet<Said>>,
}

impl Outlets<'_> {
    fn banner(&self, banner: &Said) {
        if self.said.lock().unwrap_or_else(PoisonError::into_inner).insert(banner.clone()) {
            self.terminal.note(banner.clone());
        }
    }

    fn tell(&self, event: &WatchEvent) {
        if is_news(event) {
            self.send(event);
        }
        self.lines.say(json::line(event));
    }

    fn send(&self, event: &WatchEvent) {
        if let Some(webhook) = self.webhook {
            webhook.send(event);
        }
    }
}

/// What the process keeps of one environment from round to round. Losing it loses looks that were not recorded, and a gap says
/// so.
struct Watcher {
    environment: Environment,
    /// Looks since the last record, and how long they took.
    looks: u32,
    took: Duration,
    /// For a round with broken files or credentials: the store of the last round.
    store: Option<Arc<dyn Store>>,
    /// The failure to record was reported already.
    told: bool,
    /// The picture after the last look, for a look that cannot be recorded; the history counts before it.
    picture: Option<Picture>,
}

impl Watcher {
    const fn new(environment: Environment) -> Self {
        Self { environment, looks: 0, took: Duration::ZERO, store: None, told: false, picture: None }
    }
}

/// All environments at the same time. Each is looked at by itself, so that none hides or delays another. There are three at most,
/// and a look holds one environment's resources.
async fn round(cli: &Cli, args: &WatchArgs, watchers: &mut [Watcher], outlets: &Outlets<'_>) -> Exit {
    // The files of this round, read once for all of them.
    let project = context::files_anew(cli).map_err(|failure| failure.text(Language::En));
    let accounts = project.as_ref().map_err(Clone::clone).and_then(declared);
    let seen = (project.as_ref(), accounts.as_ref());
    let looks = watchers.iter_mut().map(|watcher| one(cli, args, watcher, seen, outlets));
    let exits = futures::future::join_all(looks).await;
    exits.into_iter().fold(Exit::Done, Exit::worse)
}

async fn one(
    cli: &Cli,
    args: &WatchArgs,
    watcher: &mut Watcher,
    (project, accounts): (Result<&Project, &String>, Result<&crate::promises::Accounts, &String>),
    outlets: &Outlets<'_>,
) -> Exit {
    let environment = watcher.environment;
    let saw = look::look(cli, project, environment, accounts, outlets.terminal).await;
    if let Some(banner) = &saw.banner {
        outlets.banner(banner);
    }
    watcher.looks = watcher.looks.saturating_add(1);
    watcher.took += saw.took;
    if saw.store.is_some() {
        watcher.store.clone_from(&saw.store);
    }
    let looked = Looked {
        // Without the world's clock nothing is recorded; events then have the time of this machine.
        at: saw.at.unwrap_or_else(|| SystemClock.now()),
        every: args.every(),
        declared: args.every.is_some() || !args.once,
        looks: watcher.looks,
        took_ms: u64::try_from(watcher.took.as_millis()).unwrap_or(u64::MAX),
        sighting: saw.sighting.clone(),
        only_once: args.once,
    };
    outlets.metrics.looked(environment, &saw);
    let around = Circumstances {
        environment,
        account: saw.account.clone(),
        world: saw.world.clone(),
        calls: saw.calls.iter().map(|call| call.count).sum(),
        mutating_calls: saw.calls.iter().filter(|call| call.mutating).map(|call| call.count).sum(),
    };
    let written = match saw.at {
        Some(_) => write(watcher.store.as_ref(), environment, &looked).await,
        None => Err((Watching::NoClock.said(), Exit::Error)),
    };
    match written {
        Ok(Decision { picture, write }) => {
            watcher.told = false;
            outlets.metrics.stands(environment, &saw, Some(&picture), true);
            if let Some((key, record)) = &write {
                (watcher.looks, watcher.took) = (0, Duration::ZERO);
                outlets.metrics.wrote(environment, record);
                for event in around.events(*key, record, &picture) {
                    outlets.tell(&event);
                }
            }
            watcher.picture = Some(picture);
            saw.exit
        }
        Err((problem, exit)) => {
            outlets.metrics.unrecorded(environment);
            let nothing = watcher.picture.is_none() && matches!(looked.sighting, Sighting::Blind { .. });
            watcher.picture = (!nothing).then(|| picture(watcher.picture.as_ref(), &looked.sighting, looked.at));
            outlets.metrics.stands(environment, &saw, watcher.picture.as_ref(), false);
            outlets.terminal.problem(Watching::NotWrittenDown { environment, problem: problem.clone() });
            let event = around.unrecorded(&looked, problem.en);
            // Once: every round would report the same.
            if !std::mem::replace(&mut watcher.told, true) {
                outlets.send(&event);
            }
            outlets.lines.say(json::line(&event));
            saw.exit.worse(exit)
        }
    }
}

async fn write(store: Option<&Arc<dyn Store>>, environment: Environment, looked: &Looked) -> Result<Decision, (Said, Exit)> {
    let Some(store) = store else {
        return Err((Watching::NoStore.said(), Exit::Error));
    };
    record_sighting(&**store, environment, looked).await.map_err(|error: StoreError| {
        let exit = if error.is_refusal() { Exit::Refused } else { Exit::Error };
        (error.said(), exit)
    })
}
