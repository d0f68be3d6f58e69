//! Failures on purpose, for the simulated world, which looks for them before and after each call.

use serde::{Deserialize, Serialize};

use super::error::ErrorClass;

/// When a planned failure strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Moment {
    /// Nothing happens. The class says whether the caller knows it: a refusal is an answer; of a call that changes something and
    /// is not answered (`unreachable`, `internal`) nobody knows what it did.
    Before,
    /// A part of what a create or an update does takes effect, and the answer to a later part is lost. No other call has parts.
    Midway,
    /// The call takes effect and its answer is lost.
    After,
}

/// A planned failure of calls in the simulated world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Which calls: a verb and a kind, `create db-instance`, or `caller`. With `@osaka` behind it only calls in that region, and
    /// `@osaka` alone means every call there.
    pub operation: String,
    /// The class of the error.
    pub class: ErrorClass,
    /// When it strikes.
    pub moment: Moment,
    /// How many calls it hits; 0 means every call.
    pub times: u32,
}
