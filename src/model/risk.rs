//! What a change can do to somebody, as stable codes, and what in an attribute's difference sets one off.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::Value;

/// In the order of the codes, which is the order in which a change lists them. A code never changes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Risk {
    /// A restart, a reboot, a failover, or a service that stops answering.
    #[serde(rename = "AV201")]
    Interrupts,
    /// AWS waits for the maintenance window.
    #[serde(rename = "AV202")]
    Waits,
    /// Puts back what somebody moved.
    #[serde(rename = "DR901")]
    Repairs,
    /// Destroys data, keys or evidence. No plan may carry it: the linter refuses.
    #[serde(rename = "DS101")]
    Destroys,
    /// Deletes something that holds no data.
    #[serde(rename = "DS102")]
    Deletes,
    /// There is no way back.
    #[serde(rename = "IR401")]
    Irreversible,
    /// Touches logging or audit.
    #[serde(rename = "LG801")]
    Logging,
    /// Moves data, or what decides where data goes, between regions.
    #[serde(rename = "RG701")]
    Residency,
    /// Somebody may reach more than before.
    #[serde(rename = "SE301")]
    Exposes,
    /// Weakens encryption, or changes who may use its keys.
    #[serde(rename = "SE302")]
    Encryption,
    /// Lowers the protection against deletion, or backups.
    #[serde(rename = "SE303")]
    Protection,
    /// Touches what keeps tenants apart.
    #[serde(rename = "TN601")]
    Tenants,
}

impl Risk {
    pub const ALL: [Self; 12] = [
        Self::Interrupts,
        Self::Waits,
        Self::Repairs,
        Self::Destroys,
        Self::Deletes,
        Self::Irreversible,
        Self::Logging,
        Self::Residency,
        Self::Exposes,
        Self::Encryption,
        Self::Protection,
        Self::Tenants,
    ];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Interrupts => "AV201",
            Self::Waits => "AV202",
            Self::Repairs => "DR901",
            Self::Destroys => "DS101",
            Self::Deletes => "DS102",
            Self::Irreversible => "IR401",
            Self::Logging => "LG801",
            Self::Residency => "RG701",
            Self::Exposes => "SE301",
            Self::Encryption => "SE302",
            Self::Protection => "SE303",
            Self::Tenants => "TN601",
        }
    }
}

/// Which differences of an attribute count. Only `Where` looks at a create: all others compare with a live value.
#[derive(Debug, Clone, Copy)]
pub enum Trigger {
    Changed,
    /// The value, or one element of it, goes away.
    Removed,
    TurnedOff,
    /// A smaller number, or none.
    Lowered,
    /// A larger number, or none.
    Raised,
    /// This field of an element becomes smaller. `null` before is for ever.
    Shortened(&'static str),
    /// In words, and as a predicate over path, before and after: the whole value, or one element.
    Where(&'static str, fn(&str, &Value, &Value) -> bool),
}

impl Trigger {
    #[must_use]
    pub fn fires(self, created: bool, path: &str, before: &Value, after: &Value) -> bool {
        if let Self::Where(_, holds) = self {
            return holds(path, before, after);
        }
        let less = |a: &Value, b: &Value| matches!((a.as_int(), b.as_int()), (Some(a), Some(b)) if a < b);
        let gone = !before.is_null() && after.is_null();
        let fired = match self {
            Self::Changed | Self::Where(..) => true,
            Self::Removed => gone,
            Self::TurnedOff => *before == Value::Bool(true) && *after != Value::Bool(true),
            Self::Lowered => gone || less(after, before),
            Self::Raised => gone || less(before, after),
            Self::Shortened(field) => {
                let named = path.strip_suffix(field).is_some_and(|rest| rest.ends_with("]."));
                named && (less(after, before) || (before.is_null() && !after.is_null()))
            }
        };
        fired && !created
    }

    /// For tables: `lowered`.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Changed => "changed".to_owned(),
            Self::Removed => "removed".to_owned(),
            Self::TurnedOff => "turned off".to_owned(),
            Self::Lowered => "lowered".to_owned(),
            Self::Raised => "raised".to_owned(),
            Self::Shortened(field) => format!("{field} lowered"),
            Self::Where(words, _) => words.to_owned(),
        }
    }
}

/// A risk of one attribute.
#[derive(Debug, Clone, Copy)]
pub struct Hazard {
    pub risk: Risk,
    pub on: Trigger,
}

impl Hazard {
    #[must_use]
    pub const fn new(risk: Risk, on: Trigger) -> Self {
        Self { risk, on }
    }
}
