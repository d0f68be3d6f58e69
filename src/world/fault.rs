//! Failures on purpose, for the simulated world, which looks for them before and after each call.

use serde::{Deserialize, Serialize};

use super::error::ErrorClass;

/// When a planned failure strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Moment {
    /// The call is refused and nothing happens.
    Before,
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
