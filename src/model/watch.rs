//! What a watcher saw, what it recorded about it, and what it reports.
//!
//! A record covers the time since the record before it. Either a watcher looked often enough in that time, or the record holds a
//! gap: the time without a look. So heartbeats and gaps together cover the whole time. See docs/watch.md and ADR 0014.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::id::{Environment, Region, ResourceId};
use super::text::Said;
use super::value::Value;
use super::verdict::{UnknownCause, VerdictState};

/// One thing that is not as it should be. Two looks that see the same thing make equal values: it has no time and no request id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "open", rename_all = "kebab-case")]
pub enum Open {
    /// A value differs from what was applied.
    Drifted {
        /// The id of the resource, `kind.name@region`.
        id: ResourceId,
        /// Where the difference lies, as `Diff::path`.
        path: String,
        /// What was last applied; without a record, what is declared.
        before: Value,
        /// The live value.
        after: Value,
    },
    /// A resource that was applied (without a record: that is declared) is not there.
    Missing {
        /// The id of the resource, `kind.name@region`.
        id: ResourceId,
    },
    /// A live resource carries our tags and is not declared.
    Orphaned {
        /// The id in its tags.
        id: ResourceId,
        /// AWS's identifier of the object: `vpc-0a1b…`, an ARN or a name.
        physical: String,
    },
    /// A read was denied or failed.
    Unreadable {
        /// The kind that was read, in kebab-case: `db-instance`.
        kind: String,
        /// The region that was asked.
        region: Region,
        /// AWS's identifier of the one object; absent when the whole kind could not be read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        physical: Option<String>,
        /// The resource, where it is known which one it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<ResourceId>,
    },
    /// A promise is broken, unknown or pending.
    Promise {
        /// The slug of the promise.
        promise: String,
        /// How it stands.
        state: VerdictState,
        /// Why it is unknown. Absent where it is not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unknown: Option<UnknownCause>,
        /// The member of its population that this concerns: an id of ours, or `physical (kind@region)`. Absent when none is
        /// named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        member: Option<String>,
    },
}

impl Open {
    /// Whether a promotion waits for it. It does not wait for what is live and not declared, nor for what tokaido does not ask for.
    #[must_use]
    pub const fn holds(&self) -> bool {
        match self {
            Self::Orphaned { .. } => false,
            Self::Promise { state, unknown, .. } => state.is_open(*unknown),
            Self::Drifted { .. } | Self::Missing { .. } | Self::Unreadable { .. } => true,
        }
    }
}

impl fmt::Display for Open {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Drifted { id, path, .. } => write!(f, "{id} {path} is not as applied"),
            Self::Missing { id } => write!(f, "{id} is missing"),
            Self::Orphaned { id, .. } => write!(f, "{id} is not declared"),
            Self::Unreadable { id: Some(id), .. } => write!(f, "{id} could not be read"),
            Self::Unreadable { kind, region, .. } => write!(f, "{kind} in {region} could not be read"),
            Self::Promise { promise, state, unknown, member } => {
                let cause = unknown.filter(|cause| !cause.holds());
                let cause = cause.map(|cause| format!(", {}", cause.titled().en)).unwrap_or_default();
                write!(f, "{promise} is {}{cause}", state.as_str())?;
                member.as_ref().map_or(Ok(()), |member| write!(f, " ({member})"))
            }
        }
    }
}

impl Open {
    /// The same in both languages.
    #[must_use]
    pub fn said(&self) -> Said {
        let japanese = match self {
            Self::Drifted { id, path, .. } => format!("{id} の {path} が適用どおりではありません"),
            Self::Missing { id } => format!("{id} がありません"),
            Self::Orphaned { id, .. } => format!("{id} は宣言されていません"),
            Self::Unreadable { id: Some(id), .. } => format!("{id} を読み取れません"),
            Self::Unreadable { kind, region, .. } => format!("{region} の {kind} を読み取れません"),
            Self::Promise { promise, state, unknown, member } => {
                let cause = unknown.filter(|cause| !cause.holds());
                let cause = cause.map(|cause| format!("（{}）", cause.titled().ja)).unwrap_or_default();
                let state = format!("{}{cause}", state.titled().ja);
                let member = member.as_ref().map(|member| format!("（{member}）")).unwrap_or_default();
                format!("約束 {promise} は{state}です{member}")
            }
        };
        Said::new(self.to_string(), japanese)
    }
}

/// What one look saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sighting {
    /// The environment was read.
    Seen {
        /// Everything that is not as it should be.
        open: BTreeSet<Open>,
    },
    /// Nothing was seen.
    Blind {
        /// Why, as a stable word: `expired-credentials`. docs/watch.md lists them.
        class: String,
        /// Why, in English.
        words: String,
    },
}

/// One thing that is open, and since when.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Still {
    /// The look that saw it first, RFC 3339 in UTC.
    #[schemars(with = "String")]
    pub since: Timestamp,
    /// What is open.
    #[serde(flatten)]
    pub what: Open,
}

/// A watcher cannot see the environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Blind {
    /// The first look that saw nothing for this reason, RFC 3339 in UTC.
    #[schemars(with = "String")]
    pub since: Timestamp,
    /// Why, as a stable word: `expired-credentials`, `unreachable`, `wrong-account`, `files`, `no-answer`. docs/watch.md lists
    /// them.
    pub class: String,
    /// Why, in English.
    pub words: String,
}

/// How an environment stands: everything that is open, and whether a watcher can see it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Picture {
    /// Why a watcher cannot see the environment. Absent while it can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blind: Option<Blind>,
    /// Everything that is open, sorted.
    pub open: Vec<Still>,
}

impl Picture {
    /// Whether the environment was seen and nothing is open.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.blind.is_none() && self.open.is_empty()
    }

    /// Whether both say that the same things are open and are blind for the same reason. Times and words do not count.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let class = |picture: &Self| picture.blind.as_ref().map(|blind| blind.class.clone());
        class(self) == class(other) && self.all().eq(other.all())
    }

    /// Everything that is open, without the times.
    pub fn all(&self) -> impl Iterator<Item = &Open> {
        self.open.iter().map(|still| &still.what)
    }
}

/// A time in which no watcher looked, longer than the interval allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Gap {
    /// The last look before it, RFC 3339 in UTC.
    #[schemars(with = "String")]
    pub from: Timestamp,
    /// The first look after it, RFC 3339 in UTC.
    #[schemars(with = "String")]
    pub until: Timestamp,
}

impl Gap {
    /// Its length in seconds.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        self.until.duration_since(self.from).as_secs()
    }
}

/// The key of a record: a day and a number within the day. It is written `2026-11-01/00000001`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WatchKey {
    /// The day in UTC.
    pub day: Date,
    /// The number within the day, from 1.
    pub number: u32,
}

impl WatchKey {
    /// The first free key after `last` for a record of the time `at`. A key never goes back to an earlier day.
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

/// What the store keeps of a look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchRecord {
    /// When the record was made, on the world's clock. It is never earlier than the record before it.
    pub at: Timestamp,
    /// What the clock said, when that was earlier than `at`. Then the clock was ahead when the record before was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<Timestamp>,
    /// The interval at which a watcher looks, in seconds, as it was declared. Gaps are measured by it.
    pub every_seconds: u32,
    /// How many looks the record covers: this one and those before it that changed nothing and were not recorded.
    pub looks: u32,
    /// How long these looks took together, in milliseconds on this machine.
    pub took_ms: u64,
    /// SHA-256 of the picture, hex.
    pub digest: String,
    /// The gap before this look.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<Gap>,
    /// What the look changed.
    #[serde(flatten)]
    pub news: News,
}

impl WatchRecord {
    /// When the look was made, as its clock said.
    #[must_use]
    pub fn looked_at(&self) -> Timestamp {
        self.clock.unwrap_or(self.at)
    }
}

/// What a look changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "kebab-case")]
pub enum News {
    /// Something differs from the record before.
    Transition {
        /// How the environment stands.
        picture: Picture,
        /// What is open and was not.
        appeared: Vec<Open>,
        /// What was open and is not.
        went: Vec<Open>,
    },
    /// Nothing changed since a transition.
    Heartbeat {
        /// The transition that still holds.
        since: WatchKey,
    },
}

/// One line of `tokaido watch`, and the body of a webhook (`schemas/watch.schema.json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WatchEvent {
    /// Version of this document (`SCHEMA_VERSION`).
    pub schema_version: u32,
    /// The id of the event, 32 hex digits. An event that is sent again has the same id.
    pub id: String,
    /// The environment that was looked at.
    pub environment: Environment,
    /// The AWS account of the environment, twelve digits. Absent when the files of the environment could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Which world was looked at, as in a plan. Absent when nobody got so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub world: Option<String>,
    /// When the look was made, RFC 3339 in UTC, on the world's clock.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// How many calls the look made.
    pub calls: u64,
    /// How many of them could change something: always 0.
    pub mutating_calls: u64,
    /// What happened.
    #[serde(flatten)]
    pub what: Happened,
}

/// What an event tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Happened {
    /// Something appeared or went, or the environment became blind or can be seen again.
    Transition {
        /// The key of the record: `2026-11-01/00000001`.
        #[schemars(with = "String")]
        record: WatchKey,
        /// How the environment stands.
        #[serde(flatten)]
        picture: Picture,
        /// What is open and was not.
        appeared: Vec<Open>,
        /// What was open and is not.
        went: Vec<Open>,
    },
    /// Nothing changed.
    Heartbeat {
        /// The key of the record.
        #[schemars(with = "String")]
        record: WatchKey,
        /// The key of the transition that still holds.
        #[schemars(with = "String")]
        since: WatchKey,
        /// How many things are open.
        open: usize,
        /// Whether the environment cannot be seen.
        blind: bool,
        /// How many looks the record covers.
        looks: u32,
        /// How long these looks took together, in milliseconds.
        took_ms: u64,
    },
    /// No watcher looked for longer than the interval allows.
    Gap {
        /// From when to when.
        #[serde(flatten)]
        gap: Gap,
        /// The length of the gap in seconds.
        seconds: i64,
    },
    /// A look that the store could not record. The history does not have it.
    Unrecorded {
        /// Why it could not be recorded, in English.
        problem: String,
        /// Why nothing was seen, as a stable word. Absent when something was seen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        blind: Option<String>,
        /// What the look saw that is not as it should be.
        open: Vec<Open>,
    },
}

impl Happened {
    /// The word in the field `event`: `transition`.
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
