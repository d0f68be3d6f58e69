//! The input of a verdict.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::model::{DesiredState, Environment, ObservedState, RecordedState, Schemas};

/// The accounts that the project names, and the account of the credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accounts {
    /// The account (twelve digits) of each environment. An environment is absent when its file cannot be read; its account is
    /// then unknown.
    pub declared: BTreeMap<Environment, String>,
    /// The account of the credentials (twelve digits), as STS answered.
    pub caller: String,
}

/// Everything that a verdict depends on.
#[derive(Debug, Clone, Copy)]
pub struct JudgeInput<'a> {
    /// What the files declare for one environment.
    pub desired: &'a DesiredState,
    /// What AWS shows, and in an audit the facts that were asked for.
    pub observed: &'a ObservedState,
    /// What the last apply left. It tells a lost resource from one that was never created.
    pub recorded: Option<&'a RecordedState>,
    /// The schemas of all kinds, by kind.
    pub schemas: &'a Schemas,
    /// `None` for a plan, which knows one environment and judges resources alone.
    pub accounts: Option<&'a Accounts>,
    /// The time of the world's clock, for the age of facts; `None` where no facts were asked for.
    pub now: Option<Timestamp>,
}
