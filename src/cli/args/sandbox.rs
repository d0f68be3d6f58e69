//! The words of `tokaido sandbox`.

use clap::{Args, Subcommand};

use crate::kinds;
use crate::model::{Environment, ResourceId};
use crate::world::{ErrorClass, Moment};

use super::Format;

#[derive(Debug, Args)]
pub struct SandboxArgs {
    /// Whose resource is meant
    #[arg(long, global = true, default_value = "production", value_name = "ENV")]
    pub env: Environment,
    #[command(subcommand)]
    pub verb: SandboxVerb,
}

#[derive(Debug, Subcommand)]
pub enum SandboxVerb {
    /// Start with an empty world and forget what was applied to it
    Reset {
        /// The time it starts at (RFC 3339); now when absent
        #[arg(long, value_name = "TIME")]
        at: Option<jiff::Timestamp>,
    },
    /// Show every resource of the simulated world
    List {
        /// Only this one, with its attributes
        id: Option<ResourceId>,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Change an attribute by hand: PATH is `attribute`, `attribute[element]`, or `attribute[+]` to add one
    Set {
        id: ResourceId,
        path: String,
        /// JSON, or plain text; may be negative
        #[arg(allow_hyphen_values = true)]
        value: String,
    },
    /// Remove an attribute's value or one element by hand
    Unset { id: ResourceId, path: String },
    /// Delete a resource by hand, as far as AWS lets a person
    Remove { id: ResourceId },
    /// Make calls fail: OPERATION is a verb and a kind such as `list kms-key`, or `caller`; `list kms-key@osaka` only there,
    /// `@osaka` everything there
    Fail {
        operation: String,
        /// access-denied, expired-credentials, throttled, unreachable, invalid, busy, in-use, quota, internal, not-found, already-exists
        #[arg(value_parser = error_class)]
        class: ErrorClass,
        /// How many calls; 0 is every one
        #[arg(long, default_value_t = 0)]
        times: u32,
        /// The call takes effect and its answer is lost
        #[arg(long)]
        after: bool,
    },
    /// Let AWS show new resources of a kind late, as it sometimes does: `lag vpc 4m`
    Lag {
        #[arg(value_parser = kind)]
        kind: String,
        /// 4m
        #[arg(value_parser = duration)]
        duration: jiff::SignedDuration,
    },
    /// Let calls succeed again, and new resources be shown at once
    Heal,
    /// Let time pass, and nothing else
    Advance {
        /// 90m, 24h, 2d
        #[arg(value_parser = duration)]
        duration: jiff::SignedDuration,
    },
    /// Pretend that the credentials belong to this account
    Account { account: String },
}

/// A whole number of minutes, hours or days. At most five digits, so that no clock overflows.
fn duration(text: &str) -> Result<jiff::SignedDuration, String> {
    let wrong = || format!("`{text}` is no duration; write minutes, hours or days: 90m, 24h, 2d");
    let digits = text.get(..text.len().saturating_sub(1)).unwrap_or_default();
    let good = (1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number: i64 = digits.parse().ok().filter(|_| good).ok_or_else(wrong)?;
    match text.chars().next_back() {
        Some('m') => Ok(jiff::SignedDuration::from_mins(number)),
        Some('h') => Ok(jiff::SignedDuration::from_hours(number)),
        Some('d') => Ok(jiff::SignedDuration::from_hours(24 * number)),
        _ => Err(wrong()),
    }
}

fn kind(text: &str) -> Result<String, String> {
    let known = || format!("there are {}", kinds::ALL.map(|kind| kind.schema.kind).join(", "));
    kinds::find(text).map(|kind| kind.schema.kind.to_owned()).ok_or_else(known)
}

fn error_class(text: &str) -> Result<ErrorClass, String> {
    ErrorClass::ALL.into_iter().find(|class| class.as_str() == text).ok_or_else(|| {
        let known = ErrorClass::ALL.map(ErrorClass::as_str).join(", ");
        format!("there are {known}")
    })
}

pub const fn moment(after: bool) -> Moment {
    if after { Moment::After } else { Moment::Before }
}
