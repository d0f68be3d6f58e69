//! The lease object as a store writes and reads it: who holds the lease, until when, and under which fence.

use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::Language;
use crate::model::reason::Spoken;

/// The version of the lease object's fields.
pub const SCHEMA_VERSION: u32 = 1;

/// Who holds a lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The caller's ARN.
    pub caller: String,
    /// The name of the machine.
    pub host: String,
    /// The number of the process on that machine.
    pub pid: u32,
    /// Tells this apply from every other one: 16 hexadecimal digits.
    pub run: String,
}

/// The lease object. It is the only object of a store that is replaced. It is never deleted, because its fence must go on
/// growing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseRecord {
    /// The version of these fields.
    pub schema_version: u32,
    /// Grows by at least 1 with each holder.
    pub fence: u64,
    /// The holder.
    pub owner: Owner,
    /// The id of the plan that the holder applies, hex SHA-256.
    pub plan: String,
    /// When the holder took the lease, by its own clock, UTC.
    pub acquired_at: Timestamp,
    /// When the holder last renewed it, by its own clock, UTC.
    pub heartbeat_at: Timestamp,
    /// When it expires unless it is renewed, by the holder's clock, UTC.
    pub expires_at: Timestamp,
    /// Whether the holder gave it back.
    pub released: bool,
}

impl LeaseRecord {
    /// How long the holder may leave the lease unchanged. Between a second and an hour, because a person who can write the object
    /// can write any times.
    #[must_use]
    pub fn lasts(&self) -> Duration {
        let lasts = Duration::try_from(self.expires_at.duration_since(self.heartbeat_at)).unwrap_or_default();
        lasts.clamp(Duration::from_secs(1), Duration::from_hours(1))
    }

    pub(super) fn beaten(&self, now: Timestamp, lasts: Duration) -> Self {
        let expires_at = now.saturating_add(SignedDuration::try_from(lasts).unwrap_or_default()).unwrap_or(now);
        Self { heartbeat_at: now, expires_at, ..self.clone() }
    }
}

/// Caller, machine, process, time and the first 12 digits of the plan's id.
impl fmt::Display for LeaseRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Owner { caller, host, pid, .. } = &self.owner;
        let (since, plan) = (self.acquired_at, self.plan.get(..12).unwrap_or(&self.plan));
        write!(f, "{caller} on {host} (process {pid}) since {since:.0} for plan {plan}")
    }
}

impl Spoken for LeaseRecord {
    fn spoken(&self, language: Language) -> impl fmt::Display {
        let Owner { caller, host, pid, .. } = &self.owner;
        let (since, plan) = (self.acquired_at, self.plan.get(..12).unwrap_or(&self.plan));
        match language {
            Language::En => self.to_string(),
            Language::Ja => format!("{caller}（{host} のプロセス {pid}、{since:.0} から、計画 {plan}）"),
        }
    }
}

/// The version of the lease object: its ETag in S3, the hex SHA-256 of its bytes in a folder. A swap names the version that it
/// replaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version(pub String);

/// The lease as a store shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The lease object.
    pub record: LeaseRecord,
    /// Its version.
    pub version: Version,
    /// How long the object has been unchanged, if the store knows it by a clock of its own.
    pub age: Option<Duration>,
    /// Whether it is certain that the holder's process has ended.
    pub dead: bool,
}

/// The answer of a compare-and-swap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Swap {
    /// The object was written and has this version.
    Done(Version),
    /// The object does not have the expected version. Nothing was written.
    Conflict,
}
