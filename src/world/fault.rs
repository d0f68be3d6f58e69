//! Failures on purpose, for the simulated world: it asks before and after each call.

use serde::{Deserialize, Serialize};

use super::error::ErrorClass;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Moment {
    /// The call is refused; nothing happens.
    Before,
    /// The call takes effect and the answer is lost.
    After,
}

/// `operation` is a verb and a kind, such as `create db-instance`, or `caller`; with `@osaka` only there, and `@osaka` alone
/// is every call there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub operation: String,
    pub class: ErrorClass,
    pub moment: Moment,
    /// How many calls it hits; 0 means every one.
    pub times: u32,
}
