//! What a verdict is made from.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::model::{DesiredState, Environment, ObservedState, RecordedState, Schemas};

/// Which accounts the project names, and whose credentials were used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accounts {
    /// An environment that is absent has a file that cannot be read: whose account is its own is then not known.
    pub declared: BTreeMap<Environment, String>,
    /// As STS answered.
    pub caller: String,
}

/// Everything a verdict needs.
#[derive(Debug, Clone, Copy)]
pub struct JudgeInput<'a> {
    pub desired: &'a DesiredState,
    pub observed: &'a ObservedState,
    /// What the last apply left: whether something absent was ever there.
    pub recorded: Option<&'a RecordedState>,
    pub schemas: &'a Schemas,
    /// `None` where only resources are judged: a plan knows one environment.
    pub accounts: Option<&'a Accounts>,
    /// The world's clock, for the age of facts; `None` where none were asked for.
    pub now: Option<Timestamp>,
}
