//! One line of the log. The state after a line is the state before it and this line, nothing else.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::Region;
use crate::world::Fault;
use crate::world::behaviour::SimObject;

/// What identifies an object of the simulated world.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    pub account: String,
    pub region: Region,
    pub kind: String,
    pub physical: String,
}

impl Key {
    #[must_use]
    pub fn of(object: &SimObject) -> Self {
        Self {
            account: object.account.clone(),
            region: object.region,
            kind: object.kind.clone(),
            physical: object.physical.clone(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "kebab-case")]
pub enum Entry {
    /// The first line.
    Start {
        version: u32,
        at: Timestamp,
        /// Tells this world from every other.
        name: String,
    },
    /// An object as it is from now on. `by` is `tokaido` or `hand`; `verb` says what made it so.
    Put {
        at: Timestamp,
        by: String,
        verb: String,
        object: Box<SimObject>,
    },
    Remove {
        at: Timestamp,
        by: String,
        key: Key,
    },
    /// Time passed.
    Tick {
        at: Timestamp,
    },
    Fault {
        at: Timestamp,
        fault: Fault,
    },
    /// From now on AWS shows a new object of this kind so many seconds late.
    Lag {
        at: Timestamp,
        kind: String,
        seconds: u64,
    },
    /// A planned failure hit a call.
    Strike {
        at: Timestamp,
        index: usize,
    },
    /// No planned failure is left, nothing is shown late, and the account is the environment's.
    ClearFaults {
        at: Timestamp,
    },
    /// The credentials belong to this account from now on, whatever the environment says.
    Account {
        at: Timestamp,
        account: String,
    },
}

impl Entry {
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::Start { at, .. }
            | Self::Put { at, .. }
            | Self::Remove { at, .. }
            | Self::Tick { at }
            | Self::Fault { at, .. }
            | Self::Lag { at, .. }
            | Self::Strike { at, .. }
            | Self::ClearFaults { at }
            | Self::Account { at, .. } => *at,
        }
    }
}
