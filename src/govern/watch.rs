//! Derives the next record of a watcher, and its events, from the newest record and one look.
//!
//! Guarantees:
//! - What was open is closed only by a look that could have seen that it is not open any more.
//! - Every moment since the first record is covered by a record or by a gap.
//! - The newest picture follows from the pictures of the transitions.
//! - Nothing here reads a clock: times are inputs.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::model::digest::hex;
use crate::model::plan::SCHEMA_VERSION;
use crate::model::{
    Blind, DriftReport, Environment, Gap, Happened, News, Open, Picture, Region, ResourceId, Sighting, Still, Verdict,
    VerdictState, WatchEvent, WatchKey, WatchRecord,
};

/// How often a look that changes nothing is recorded, however often a watcher looks.
pub const HEARTBEAT: SignedDuration = SignedDuration::from_mins(15);

/// By how much two clocks that are kept right may differ.
const SKEW: SignedDuration = SignedDuration::from_mins(1);

/// The newest record of an environment, with the picture of the transition that still holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Last {
    /// The key of the newest record.
    pub key: WatchKey,
    /// The newest record.
    pub record: WatchRecord,
    /// The key of that transition, and when it was recorded.
    pub transition: (WatchKey, Timestamp),
    /// How the environment stands.
    pub picture: Picture,
}

/// One look, together with the looks before it that were not recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// When the look was made, on the world's clock.
    pub at: Timestamp,
    /// The time between looks.
    pub every: SignedDuration,
    /// Whether the next look comes after `every`, as the operator declared. A look by hand says nothing about the next one.
    pub declared: bool,
    /// How many looks these are.
    pub looks: u32,
    /// How long they took together, in milliseconds.
    pub took_ms: u64,
    /// What the look saw.
    pub sighting: Sighting,
    /// Whether this process looks only once, so that it cannot record later what it does not record now.
    pub only_once: bool,
}

/// What a look saw, as the list of what is open.
#[must_use]
pub fn seen(drift: &DriftReport, verdicts: &[Verdict]) -> Sighting {
    let drifted = drift.drifted.iter().flat_map(|note| {
        note.diffs.iter().map(|diff| Open::Drifted {
            id: note.id.clone(),
            path: diff.path.clone(),
            before: diff.before.clone(),
            after: diff.after.clone(),
        })
    });
    let missing = drift.missing.iter().map(|missing| Open::Missing { id: missing.id.clone() });
    let orphans = drift.orphans.iter().map(|orphan| Open::Orphaned { id: orphan.id.clone(), physical: orphan.physical.clone() });
    let unreadable = drift.unreadable.iter().map(|failed| Open::Unreadable {
        kind: failed.kind.clone(),
        region: failed.region,
        physical: failed.physical.clone(),
        id: failed.id.clone(),
    });
    let mut open: BTreeSet<Open> = drifted.chain(missing).chain(orphans).chain(unreadable).collect();
    for verdict in verdicts.iter().filter(|verdict| not_kept(verdict.state)) {
        let promise = |state, unknown, member| Open::Promise { promise: verdict.promise.clone(), state, unknown, member };
        let members = verdict.population.iter().filter(|member| not_kept(member.state));
        let before = open.len();
        open.extend(members.map(|member| promise(member.state, member.unknown, Some(member.subject.clone()))));
        if open.len() == before {
            open.insert(promise(verdict.state, verdict.unknown, None));
        }
    }
    Sighting::Seen { open }
}

const fn not_kept(state: VerdictState) -> bool {
    matches!(state, VerdictState::Broken | VerdictState::Unknown | VerdictState::Pending)
}

/// How the environment stands after a look, and what the store records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// How the environment stands.
    pub picture: Picture,
    /// The next record and its key. Absent when nothing changed and a record was made a short time ago.
    pub write: Option<(WatchKey, WatchRecord)>,
}

/// Derives the next record from the newest one and from a look.
#[must_use]
pub fn decide(last: Option<&Last>, looked: &Looked) -> Decision {
    // A clock that was set back must not make a record older than the one before it.
    let at = last.map_or(looked.at, |last| looked.at.max(last.record.at));
    let known = last.map(|last| &last.picture);
    let picture = picture(known, &looked.sighting, at);
    let gap = last.and_then(|last| between(&last.record, looked));
    // A clock that is right again is recorded at once and not with the next heartbeat.
    let set_back = last.is_some_and(|last| last.record.looked_at().duration_since(looked.at) > SKEW);
    let changed = known.is_none_or(|known| !known.says_the_same(&picture));
    let news = if let (Some(last), false) = (last, changed) {
        News::Heartbeat { since: last.transition.0 }
    } else {
        let (then, now) = (everything(known), everything(Some(&picture)));
        News::Transition {
            appeared: now.difference(&then).cloned().collect(),
            went: then.difference(&now).cloned().collect(),
            picture: picture.clone(),
        }
    };
    let beats = matches!(news, News::Heartbeat { .. }) && gap.is_none() && !looked.only_once && !set_back;
    // A picture that did not change keeps the words of its transition.
    let held = if changed { picture } else { known.cloned().unwrap_or(picture) };
    if beats && last.is_some_and(|last| !due(looked, looked.at.duration_since(last.record.looked_at()))) {
        return Decision { picture: held, write: None };
    }
    let record = WatchRecord {
        at,
        clock: (looked.at < at).then_some(looked.at),
        every_seconds: promised(last, looked, gap),
        looks: looked.looks,
        took_ms: looked.took_ms,
        digest: digest(&held),
        gap,
        news,
    };
    Decision { picture: held, write: Some((WatchKey::after(last.map(|last| last.key), at), record)) }
}

fn everything(picture: Option<&Picture>) -> BTreeSet<Open> {
    picture.into_iter().flat_map(Picture::all).cloned().collect()
}

/// Whether a heartbeat is due. Looks count as well as time, because a simulated clock may stand still.
fn due(looked: &Looked, since: SignedDuration) -> bool {
    let half = looked.every.min(HEARTBEAT) / 2;
    looked.every.as_secs().saturating_mul(i64::from(looked.looks)) >= HEARTBEAT.as_secs() || since >= HEARTBEAT - half
}

/// How long after a record the next one may come without a gap: one and a half times the interval, so that one missing look is a
/// gap.
#[must_use]
pub fn allowed(record: &WatchRecord) -> SignedDuration {
    reach(interval(record))
}

fn reach(every: SignedDuration) -> SignedDuration {
    let period = every.max(HEARTBEAT);
    period + period / 2
}

fn interval(record: &WatchRecord) -> SignedDuration {
    SignedDuration::from_secs(i64::from(record.every_seconds))
}

/// The gap from this record to `now`; `None` when the time is short enough.
#[must_use]
pub fn gap(record: &WatchRecord, now: Timestamp) -> Option<Gap> {
    too_long(record, now, allowed(record))
}

/// The gap between a record and a look. When the two declare different intervals, the shorter one holds, because one of the two
/// watchers is missing.
fn between(record: &WatchRecord, looked: &Looked) -> Option<Gap> {
    let every = if looked.declared { interval(record).min(looked.every) } else { interval(record) };
    too_long(record, looked.at, reach(every))
}

fn too_long(record: &WatchRecord, now: Timestamp, allowed: SignedDuration) -> Option<Gap> {
    let from = record.looked_at();
    (now.duration_since(from) > allowed).then_some(Gap { from, until: now })
}

/// The interval that holds from this record on, in seconds. One look of a timer does not lengthen what a watcher declared. When
/// the look comes after a gap, that watcher is gone, and the interval of the look holds.
fn promised(last: Option<&Last>, looked: &Looked, gap: Option<Gap>) -> u32 {
    let own = u32::try_from(looked.every.as_secs()).unwrap_or(u32::MAX);
    match last {
        Some(last) if !looked.declared => last.record.every_seconds,
        Some(last) if looked.only_once && gap.is_none() => own.min(last.record.every_seconds),
        _ => own,
    }
}

/// SHA-256 of everything in the picture, hex.
#[must_use]
pub fn digest(picture: &Picture) -> String {
    hex(&Sha256::digest(serde_json::to_vec(picture).unwrap_or_default()))
}

/// How the environment stands after this look. `known` is the picture before it, `at` the time of the look.
#[must_use]
pub fn picture(known: Option<&Picture>, sighting: &Sighting, at: Timestamp) -> Picture {
    match sighting {
        Sighting::Blind { class, words } => {
            let since = known.and_then(|known| known.blind.as_ref()).filter(|blind| blind.class == *class);
            let since = since.map_or(at, |blind| blind.since);
            let open = known.map(|known| known.open.clone()).unwrap_or_default();
            Picture { blind: Some(Blind { since, class: class.clone(), words: words.clone() }), open }
        }
        Sighting::Seen { open } => {
            let before: BTreeMap<&Open, Timestamp> =
                known.into_iter().flat_map(|known| &known.open).map(|still| (&still.what, still.since)).collect();
            let hidden = before.keys().filter(|what| !open.contains(**what) && hidden(what, open)).copied();
            let all: BTreeSet<&Open> = open.iter().chain(hidden).collect();
            let still = |what: &Open| Still { since: before.get(what).copied().unwrap_or(at), what: what.clone() };
            Picture { blind: None, open: all.into_iter().map(still).collect() }
        }
    }
}

/// Whether something that was open may still be open behind a read that failed in this look. Reads that failed before are judged
/// by this look alone.
fn hidden(what: &Open, now: &BTreeSet<Open>) -> bool {
    match what {
        Open::Drifted { id, .. } | Open::Missing { id } | Open::Orphaned { id, .. } => covered(id, now),
        Open::Promise { promise, state: VerdictState::Broken | VerdictState::Pending, member, .. } => {
            // What is not asked would hide it at every look: it is open as that instead.
            let unknown = |other: &Open| {
                matches!(other, Open::Promise { promise: of, state: VerdictState::Unknown, member: about, .. }
                    if of == promise && other.holds() && (about.is_none() || about == member))
            };
            now.iter().any(unknown) || member.as_deref().is_some_and(|member| member_covered(member, now))
        }
        Open::Promise { .. } | Open::Unreadable { .. } => false,
    }
}

fn covered(id: &ResourceId, now: &BTreeSet<Open>) -> bool {
    now.iter().any(|open| match open {
        Open::Unreadable { id: Some(named), .. } => named == id,
        Open::Unreadable { kind, region, .. } => *kind == id.kind && *region == id.region,
        _ => false,
    })
}

/// Whether a read that failed may hide this member: an id, or `physical (kind@region)`.
fn member_covered(member: &str, now: &BTreeSet<Open>) -> bool {
    if let Ok(id) = member.parse::<ResourceId>() {
        return covered(&id, now);
    }
    let place = member.rsplit_once(" (").and_then(|(name, place)| Some((name, place.strip_suffix(')')?)));
    let Some((name, (kind, region))) = place.and_then(|(name, place)| Some((name, place.split_once('@')?))) else { return false };
    let here = |of: &str, at: Region| of == kind && at.as_str() == region;
    now.iter().any(|open| match open {
        Open::Unreadable { kind, region, physical, .. } => {
            here(kind, *region) && physical.as_ref().is_none_or(|physical| physical == name)
        }
        _ => false,
    })
}

/// What an event says about a look besides what it saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circumstances {
    /// The environment that was looked at.
    pub environment: Environment,
    /// Its AWS account, twelve digits; absent when its files could not be read.
    pub account: Option<String>,
    /// Which one was looked at; absent when nobody got so far.
    pub world: Option<String>,
    /// How many calls the look made.
    pub calls: u64,
    /// How many of them could change something: always 0.
    pub mutating_calls: u64,
}

impl Circumstances {
    fn event(&self, at: Timestamp, name: &str, what: Happened) -> WatchEvent {
        let account = self.account.as_deref().unwrap_or("unknown");
        let id = hex(&Sha256::digest(format!("{}/{account}/{name}/{at}", self.environment)))[..32].to_owned();
        WatchEvent {
            schema_version: SCHEMA_VERSION,
            id,
            environment: self.environment,
            account: self.account.clone(),
            world: self.world.clone(),
            at,
            calls: self.calls,
            mutating_calls: self.mutating_calls,
            what,
        }
    }

    /// The events of a record: a gap has an event of its own, before the event of what was seen at its end.
    #[must_use]
    pub fn events(&self, key: WatchKey, record: &WatchRecord, picture: &Picture) -> Vec<WatchEvent> {
        let gap =
            record.gap.map(|gap| self.event(record.at, &format!("{key}/gap"), Happened::Gap { gap, seconds: gap.seconds() }));
        let news = match &record.news {
            News::Transition { picture, appeared, went } => {
                Happened::Transition { record: key, picture: picture.clone(), appeared: appeared.clone(), went: went.clone() }
            }
            News::Heartbeat { since } => Happened::Heartbeat {
                record: key,
                since: *since,
                open: picture.open.len(),
                blind: picture.blind.is_some(),
                looks: record.looks,
                took_ms: record.took_ms,
            },
        };
        gap.into_iter().chain([self.event(record.at, &key.to_string(), news)]).collect()
    }

    /// The event of a look that could not be recorded. `problem` says why, in English.
    #[must_use]
    pub fn unrecorded(&self, looked: &Looked, problem: String) -> WatchEvent {
        let (blind, open) = match &looked.sighting {
            Sighting::Blind { class, .. } => (Some(class.clone()), Vec::new()),
            Sighting::Seen { open } => (None, open.iter().cloned().collect()),
        };
        // Two looks at one moment are two events: a simulated clock may stand still.
        self.event(looked.at, &format!("unrecorded/{}", looked.looks), Happened::Unrecorded { problem, blind, open })
    }
}

/// Whether the event is sent to others. Heartbeats are only for the history.
#[must_use]
pub const fn is_news(event: &WatchEvent) -> bool {
    !matches!(event.what, Happened::Heartbeat { .. })
}

/// What `status` says about the watching of one environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Watched {
    /// The newest recorded look.
    pub last_look: Timestamp,
    /// The interval at which a watcher looks, in seconds.
    pub every_seconds: u32,
    /// Why nothing can be seen, and since when.
    pub blind: Option<Blind>,
    /// The time of a record that lies in the future: a clock was ahead, so it is unknown when that look was made.
    pub ahead: Option<Timestamp>,
    /// Since when the environment is seen with nothing open.
    pub clean_since: Option<Timestamp>,
    /// Everything that is open, each with the time since when.
    pub open: Vec<Still>,
    /// The gaps of the last seven days, oldest first. A gap that ends now still goes on.
    pub gaps: Vec<Gap>,
    /// The length of these gaps in seconds.
    pub gap_seconds: i64,
}

/// How far back `status` looks for gaps.
pub const LOOK_BACK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What `status` says, from the newest record and the records of the last days.
#[must_use]
pub fn watched(last: &Last, records: &[WatchRecord], now: Timestamp) -> Watched {
    let from = now.saturating_sub(LOOK_BACK).unwrap_or(now);
    let recorded = records.iter().filter_map(|record| record.gap);
    let gaps: Vec<Gap> = recorded
        .chain(gap(&last.record, now))
        .filter(|gap| gap.until > from)
        .map(|gap| Gap { from: gap.from.max(from), until: gap.until.min(now) })
        .filter(|gap| gap.from < gap.until)
        .collect();
    let newest = last.record.looked_at().max(last.transition.1);
    let ahead = (newest.duration_since(now) > SKEW).then_some(newest);
    Watched {
        last_look: last.record.looked_at(),
        every_seconds: last.record.every_seconds,
        blind: last.picture.blind.clone(),
        ahead,
        clean_since: (ahead.is_none() && last.picture.is_clean()).then_some(last.transition.1),
        open: last.picture.open.clone(),
        gap_seconds: gaps.iter().map(Gap::seconds).sum(),
        gaps,
    }
}
