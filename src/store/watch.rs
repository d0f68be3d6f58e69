//! The sightings of watchers. They have a place of their own, so that a plan does not read a year of heartbeats.
//!
//! ```text
//! <environment>/watch/2026-11-01/00000001.json   made only if it is not there
//! ```
//!
//! The first watcher takes the number after the newest one. The second watcher reads and decides again, so that two watchers
//! write a transition once.

use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::govern::watch::{Decision, Last, Looked, decide, digest};
use crate::model::{Environment, News, WatchKey, WatchRecord};

use super::contract::Store;
use super::error::{Contested, StoreError};

/// How many sightings are fetched at the same time.
const AT_ONCE: usize = 16;
/// How many days are listed before all are.
const NEAR_DAYS: i64 = 8;
/// How many lost writes end the attempt.
const CONTESTED: usize = 50;

/// The newest sighting, with the transition whose picture still holds. `None` when no watcher ever ran.
///
/// # Errors
/// [`StoreError`]: the store cannot be read, or a sighting is missing or was changed.
pub async fn last_sighting(store: &dyn Store, environment: Environment, now: Timestamp) -> Result<Option<Last>, StoreError> {
    let watch = store.watch();
    let near = day(now).checked_sub(jiff::Span::new().days(NEAR_DAYS)).ok();
    let newest = match watch.sighting_keys(environment, near).await?.pop() {
        None => watch.sighting_keys(environment, None).await?.pop(),
        found => found,
    };
    let Some(key) = newest else { return Ok(None) };
    let record = whole(store, environment, key).await?;
    let (transition, at, picture) = match &record.news {
        News::Transition { picture, .. } => (key, record.at, picture.clone()),
        News::Heartbeat { since } => match whole(store, environment, *since).await? {
            // A heartbeat repeats the digest of its transition, so one of the two was changed later.
            WatchRecord { digest, .. } if digest != record.digest => {
                let reason = format!("its digest {} is not the {digest} of {since}, which it says still holds", record.digest);
                return Err(damaged(store, environment, key, &reason));
            }
            WatchRecord { news: News::Transition { picture, .. }, at, .. } => (*since, at, picture),
            _ => return Err(damaged(store, environment, *since, "it is no transition, and a heartbeat says so")),
        },
    };
    Ok(Some(Last { key, record, transition: (transition, at), picture }))
}

/// Every sighting of this day (UTC) and later, oldest first.
///
/// # Errors
/// [`StoreError`]: the store cannot be read, or a sighting is missing or was changed.
pub async fn sightings(store: &dyn Store, environment: Environment, from: Timestamp) -> Result<Vec<WatchRecord>, StoreError> {
    let keys = store.watch().sighting_keys(environment, Some(day(from))).await?;
    stream::iter(keys.into_iter().map(|key| whole(store, environment, key))).buffered(AT_ONCE).try_collect().await
}

/// Records what this look changed: a transition, or a heartbeat unless the last one is recent.
///
/// # Errors
/// [`StoreError`]: the store cannot be read or written, a sighting was changed, or too many watchers write at the same time.
pub async fn record(store: &dyn Store, environment: Environment, looked: &Looked) -> Result<Decision, StoreError> {
    for _ in 0..CONTESTED {
        let last = last_sighting(store, environment, looked.at).await?;
        let decision = decide(last.as_ref(), looked);
        let Some((key, record)) = &decision.write else { return Ok(decision) };
        if store.watch().add_sighting(environment, *key, record).await? {
            return Ok(decision);
        }
    }
    Err(StoreError::Contested { what: Contested::Sightings, place: store.place() })
}

/// The sighting with this key, as it was written: its digest is checked.
async fn whole(store: &dyn Store, environment: Environment, key: WatchKey) -> Result<WatchRecord, StoreError> {
    let found = store.watch().sighting(environment, key).await?;
    let record = found.ok_or_else(|| damaged(store, environment, key, "it is not there, and another one says that it was"))?;
    // A list that was emptied by hand would pass for a clean look that never happened.
    match &record.news {
        News::Transition { picture, .. } if digest(picture) != record.digest => {
            let reason = format!("its digest is {}, and what is written there has {}", record.digest, digest(picture));
            Err(damaged(store, environment, key, &reason))
        }
        News::Transition { .. } | News::Heartbeat { .. } => Ok(record),
    }
}

fn damaged(store: &dyn Store, environment: Environment, key: WatchKey, reason: &str) -> StoreError {
    StoreError::Damaged { path: format!("{}/{environment}/watch/{key}.json", store.place()), reason: reason.to_owned() }
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}
