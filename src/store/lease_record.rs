//! The lease as it is written and read: who holds it, until when, under which fence.

use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::Language;
use crate::model::reason::Spoken;

pub const SCHEMA_VERSION: u32 = 1;

/// Who holds a lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The ARN that called.
    pub caller: String,
    pub host: String,
    pub pid: u32,
    /// Tells this apply from every other one.
    pub run: String,
}

/// The one object that is written again and again, and never deleted: its fence must go on growing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseRecord {
    pub schema_version: u32,
    pub fence: u64,
    pub owner: Owner,
    /// What it is held for.
    pub plan: String,
    pub acquired_at: Timestamp,
    pub heartbeat_at: Timestamp,
    pub expires_at: Timestamp,
    pub released: bool,
}

impl LeaseRecord {
    /// How long its holder lets it stay unchanged. Bounded, because whoever can write the object could write anything.
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

/// Who, where, since when, for what.
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

/// Which state of the lease object; a swap names the one that it replaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version(pub String);

/// The lease as a store shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub record: LeaseRecord,
    pub version: Version,
    /// How long it has been unchanged, when the store can tell by a clock of its own.
    pub age: Option<Duration>,
    /// The holder's process has ended for certain.
    pub dead: bool,
}

/// What compare-and-swap answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Swap {
    Done(Version),
    /// The object is not the expected one; nothing was written.
    Conflict,
}
