//! One apply at a time in one environment: the stores' contract, the protocol, the executor that lost its lease, races.

pub mod contract;
mod executor;
mod protocol;
mod race;
pub mod universe;

use jiff::{SignedDuration, Timestamp};
use tokaido::store::LeaseRecord;
use tokaido::store::lease::Owner;

use crate::support::lab::START;

/// A lease of somebody else, renewed at this moment for a minute.
pub fn lease(run: &str, fence: u64, at: Timestamp) -> LeaseRecord {
    LeaseRecord {
        schema_version: 1,
        fence,
        owner: Owner {
            caller: "arn:aws:iam::111111111111:user/alice".to_owned(),
            host: "elsewhere".to_owned(),
            pid: 7,
            run: run.to_owned(),
        },
        plan: "ab".repeat(32),
        acquired_at: at,
        heartbeat_at: at,
        expires_at: at + SignedDuration::from_secs(60),
        released: false,
    }
}

pub fn start() -> Timestamp {
    START.parse().expect("a time")
}
