//! What watchers saw, in a place of its own: nobody who plans has to read a year of heartbeats.
//!
//! ```text
//! <environment>/watch/2026-11-01/00000001.json   made only if it is not there
//! ```
//!
//! The number behind the newest one is taken by whoever comes first. Who comes second reads again and decides again, so
//! that two watchers write a transition once.

use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::govern::watch::{Decision, Last, Looked, decide, digest};
use crate::model::{Environment, News, WatchKey, WatchRecord};

use super::contract::Store;
use super::error::{Contested, StoreError};

/// Records that are fetched at once.
const AT_ONCE: usize = 16;
/// Days that are listed before everything is.
const NEAR_DAYS: i64 = 8;
/// Writes that met another one.
const CONTESTED: usize = 50;

/// The newest record, with the picture that still holds. `None` when nobody ever watched.
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
            // A heartbeat says again how it stood: one of the two was changed since.
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

/// Everything that was recorded on this day and later, oldest first.
pub async fn sightings(store: &dyn Store, environment: Environment, from: Timestamp) -> Result<Vec<WatchRecord>, StoreError> {
    let keys = store.watch().sighting_keys(environment, Some(day(from))).await?;
    stream::iter(keys.into_iter().map(|key| whole(store, environment, key))).buffered(AT_ONCE).try_collect().await
}

/// Writes down what this look changed, or that it changed nothing, unless that was said a moment ago.
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

/// As it was written.
async fn whole(store: &dyn Store, environment: Environment, key: WatchKey) -> Result<WatchRecord, StoreError> {
    let found = store.watch().sighting(environment, key).await?;
    let record = found.ok_or_else(|| damaged(store, environment, key, "it is not there, and another one says that it was"))?;
    // An emptied list would be a "clean" that nobody saw.
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
