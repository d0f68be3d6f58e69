//! What a watcher saw, what it wrote down about it, and what it tells others.
//!
//! A record covers the time since the record before it: either somebody looked often enough, or the record says from when
//! to when nobody did. So heartbeats and gaps together are the whole time.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::id::{Environment, Region, ResourceId};
use super::value::Value;
use super::verdict::VerdictState;

/// One thing that is not as it should be. Two looks that see the same thing make the same value: no time, no request id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "open", rename_all = "kebab-case")]
pub enum Open {
    /// `before` is what was last applied (without a record: what is declared) and `after` is live.
    Drifted { id: ResourceId, path: String, before: Value, after: Value },
    /// Applied (or, without a record, declared) and not there any more.
    Missing { id: ResourceId },
    /// Ours, and not declared.
    Orphaned { id: ResourceId, physical: String },
    /// A read was denied or failed: one object, or everything of the kind.
    Unreadable {
        kind: String,
        region: Region,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        physical: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<ResourceId>,
    },
    /// A promise that is broken, unknown or pending, and whom that concerns.
    Promise {
        promise: String,
        state: VerdictState,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        member: Option<String>,
    },
}

impl fmt::Display for Open {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Drifted { id, path, .. } => write!(f, "{id} {path} is not as applied"),
            Self::Missing { id } => write!(f, "{id} is missing"),
            Self::Orphaned { id, .. } => write!(f, "{id} is not declared"),
            Self::Unreadable { id: Some(id), .. } => write!(f, "{id} could not be read"),
            Self::Unreadable { kind, region, .. } => write!(f, "{kind} in {region} could not be read"),
            Self::Promise { promise, state, member: None } => write!(f, "{promise} is {}", state.as_str()),
            Self::Promise { promise, state, member: Some(member) } => write!(f, "{promise} is {} ({member})", state.as_str()),
        }
    }
}

/// What one look brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sighting {
    Seen {
        open: BTreeSet<Open>,
    },
    /// Nothing was seen at all. `class` is a stable word, `words` are for people.
    Blind {
        class: String,
        words: String,
    },
}

/// Something open, and since when.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Still {
    /// RFC 3339, the look that saw it first.
    #[schemars(with = "String")]
    pub since: Timestamp,
    #[serde(flatten)]
    pub what: Open,
}

/// Nobody sees anything, since when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Blind {
    /// RFC 3339, the first look that saw nothing for this reason.
    #[schemars(with = "String")]
    pub since: Timestamp,
    /// `expired-credentials`, `unreachable`, `wrong-account`, `files`, `no-answer`, …
    pub class: String,
    pub words: String,
}

/// How an environment stands: everything that is open, and whether anybody can see it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Picture {
    /// Absent while the environment can be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blind: Option<Blind>,
    /// Sorted by what is open.
    pub open: Vec<Still>,
}

impl Picture {
    /// Seen, and nothing is open.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.blind.is_none() && self.open.is_empty()
    }

    /// Whether both say the same: since when and in which words does not matter.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let class = |picture: &Self| picture.blind.as_ref().map(|blind| blind.class.clone());
        class(self) == class(other) && self.all().eq(other.all())
    }

    pub fn all(&self) -> impl Iterator<Item = &Open> {
        self.open.iter().map(|still| &still.what)
    }
}

/// Nobody looked for longer than the interval allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Gap {
    /// RFC 3339, the last look before it.
    #[schemars(with = "String")]
    pub from: Timestamp,
    /// RFC 3339, the first look after it.
    #[schemars(with = "String")]
    pub until: Timestamp,
}

impl Gap {
    #[must_use]
    pub fn seconds(&self) -> i64 {
        self.until.duration_since(self.from).as_secs()
    }
}

/// The place of a record: its day in UTC, and a number within that day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WatchKey {
    pub day: Date,
    pub number: u32,
}

impl WatchKey {
    /// The first one that is free behind `last` for a record of that time.
    #[must_use]
    pub fn after(last: Option<Self>, at: Timestamp) -> Self {
        let day = at.to_zoned(jiff::tz::TimeZone::UTC).date();
        match last {
            Some(last) if last.day >= day => Self { day: last.day, number: last.number + 1 },
            _ => Self { day, number: 1 },
        }
    }
}

impl fmt::Display for WatchKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{:08}", self.day, self.number)
    }
}

impl FromStr for WatchKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = text.split_once('/').and_then(|(day, number)| {
            let number =
                (number.len() == 8 && number.bytes().all(|byte| byte.is_ascii_digit())).then(|| number.parse().ok())??;
            Some(Self { day: day.parse().ok()?, number })
        });
        parsed.ok_or_else(|| format!("`{text}` is not the place of a sighting"))
    }
}

impl Serialize for WatchKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for WatchKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// What is written down of a look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchRecord {
    /// On the world's clock; never before the record before it.
    pub at: Timestamp,
    /// What the clock said, when that was before `at`: a clock had been ahead at a record before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<Timestamp>,
    /// The interval at which somebody looks, as was said: gaps are measured by it.
    pub every_seconds: u32,
    /// This look and those before it that changed nothing and were not written down one by one.
    pub looks: u32,
    /// How long they took together, on this machine.
    pub took_ms: u64,
    /// Of the picture: SHA-256, hex.
    pub digest: String,
    /// Before this look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<Gap>,
    #[serde(flatten)]
    pub news: News,
}

impl WatchRecord {
    /// When somebody looked, as the clock of that look said.
    #[must_use]
    pub fn looked_at(&self) -> Timestamp {
        self.clock.unwrap_or(self.at)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "kebab-case")]
pub enum News {
    /// Something is not as it was in the record before.
    Transition { picture: Picture, appeared: Vec<Open>, went: Vec<Open> },
    /// Everything is as that transition says.
    Heartbeat { since: WatchKey },
}

/// One line of `tokaido watch`, and what a webhook is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WatchEvent {
    pub schema_version: u32,
    /// The same for the same event, however often it is sent.
    pub id: String,
    pub environment: Environment,
    /// Absent when the environment's files could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Which world was looked at, as in a plan. Absent when nobody got so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub world: Option<String>,
    /// RFC 3339, on the world's clock.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// Calls that the look made, and how many of them could change something: none ever does.
    pub calls: u64,
    pub mutating_calls: u64,
    #[serde(flatten)]
    pub what: Happened,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Happened {
    /// Something appeared or went, or the environment can be seen no more, or again.
    Transition {
        /// `<day>/<number>` of the record.
        #[schemars(with = "String")]
        record: WatchKey,
        #[serde(flatten)]
        picture: Picture,
        appeared: Vec<Open>,
        went: Vec<Open>,
    },
    /// Nothing changed.
    Heartbeat {
        #[schemars(with = "String")]
        record: WatchKey,
        /// The transition that still holds.
        #[schemars(with = "String")]
        since: WatchKey,
        /// How many things are open.
        open: usize,
        blind: bool,
        looks: u32,
        took_ms: u64,
    },
    /// Nobody looked for longer than the interval allows.
    Gap {
        #[serde(flatten)]
        gap: Gap,
        seconds: i64,
    },
    /// A look that could not be written down: for the history it did not happen.
    Unrecorded {
        problem: String,
        /// Why nothing was seen; absent when something was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        blind: Option<String>,
        open: Vec<Open>,
    },
}

impl Happened {
    /// As the field `event` says it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Transition { .. } => "transition",
            Self::Heartbeat { .. } => "heartbeat",
            Self::Gap { .. } => "gap",
            Self::Unrecorded { .. } => "unrecorded",
        }
    }
}
