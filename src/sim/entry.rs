//! One line of the log. The state after a line depends only on the state before it and on this line.

use jiff::Timestamp;
use serde::de::IgnoredAny;
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
pub enum LogEntry {
    /// The first line.
    Start {
        version: u32,
        at: Timestamp,
        /// Distinguishes this simulated AWS from every other.
        name: String,
    },
    /// An object as it is from now on. `by` is `tokaido` or `hand`; `verb` says which operation made it so.
    Put {
        at: Timestamp,
        by: String,
        verb: String,
        object: Box<SimObject>,
        /// What AWS made by itself together with the object.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        with: Vec<SimObject>,
    },
    /// An object is gone, and with it what AWS made together with it.
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
    /// From now on AWS shows new objects of this kind so many seconds late.
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
    /// Ends planned failures and delays, and gives the credentials back to the environment's account.
    ClearFaults {
        at: Timestamp,
    },
    /// From now on the credentials belong to this account, whatever the environment says.
    Account {
        at: Timestamp,
        account: String,
    },
}

/// The fields of [`LogEntry::Put`].
#[derive(Deserialize)]
struct Put {
    #[serde(rename = "entry")]
    _entry: IgnoredAny,
    at: Timestamp,
    by: String,
    verb: String,
    object: Box<SimObject>,
    #[serde(default)]
    with: Vec<SimObject>,
}

impl LogEntry {
    /// The object as it is from now on.
    #[must_use]
    pub fn put(at: Timestamp, by: &str, verb: &str, object: SimObject) -> Self {
        Self::Put { at, by: by.to_owned(), verb: verb.to_owned(), object: Box::new(object), with: Vec::new() }
    }

    /// One line. Nearly all lines put an object; those are recognised by their beginning, because a reader that waits for the
    /// field `entry` copies the line first. A line with another beginning is read in the general way.
    pub(super) fn read(line: &str) -> serde_json::Result<Self> {
        let quick = line.starts_with(r#"{"entry":"put","#).then(|| serde_json::from_str(line).ok()).flatten();
        match quick {
            Some(Put { at, by, verb, object, with, .. }) => Ok(Self::Put { at, by, verb, object, with }),
            None => serde_json::from_str(line),
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    const PUT: &str = r#"{"entry":"put","at":"2026-11-01T00:00:00Z","by":"tokaido","verb":"create","object":{"account":"111111111111","region":"ap-northeast-1","kind":"vpc","physical":"vpc-1","outputs":{"id":"vpc-1"},"attributes":{"cidr":"10.0.0.0/16"},"tags":{},"state":"pending","settled":"available","settles_at":"2026-11-01T00:00:20Z","pending":[]}}"#;

    #[test]
    fn every_line_is_read_or_refused_as_ever() {
        let mut lines = vec![PUT.to_owned(), r#"{"entry":"tick","at":"2026-11-01T00:00:00Z"}"#.to_owned()];
        for (from, to) in [
            (r#""by":"tokaido","#, r#""by":"tokaido","more":[{}],"#),
            (r#""by":"tokaido","#, r#""by":"tokaido","by":"hand","#),
            (r#""by":"tokaido","#, ""),
            (r#""by":"#, r#""entry":"tick","by":"#),
            ("ap-northeast-1", "us-east-1"),
            ("}}", "}"),
            (r#""pending":[]"#, r#""pending":{}"#),
            (r#"{"entry":"put","#, r#"{ "entry": "put", "#),
        ] {
            assert!(PUT.contains(from), "{from}");
            lines.push(PUT.replace(from, to));
        }
        for line in lines {
            match (LogEntry::read(&line), serde_json::from_str::<LogEntry>(&line)) {
                (Ok(quick), Ok(ever)) => assert_eq!(quick, ever, "{line}"),
                (Err(quick), Err(ever)) => assert_eq!(quick.to_string(), ever.to_string(), "{line}"),
                (quick, ever) => panic!("{line}: {quick:?} and {ever:?}"),
            }
        }
        let with =
            format!("{},\"with\":[{}]}}", &PUT[..PUT.len() - 1], &PUT[PUT.find("{\"account").expect("an object")..PUT.len() - 1]);
        let read = LogEntry::read(&with).expect("a line");
        assert!(matches!(&read, LogEntry::Put { with, object, .. } if with[..] == [(**object).clone()]), "{read:?}");
        assert_eq!(read, serde_json::from_str(&with).expect("a line"));
        let entry: LogEntry = serde_json::from_str(PUT).expect("a line");
        assert_eq!(serde_json::to_string(&entry).expect("plain data"), PUT, "what is written begins as it is read");
    }
}
