//! Arguments of `tokaido sandbox`.

use clap::{Args, Subcommand};

use crate::kinds;
use crate::model::{Environment, Region, ResourceId};
use crate::world::{ErrorClass, Moment};

use super::view::Format;

#[derive(Debug, Args)]
pub struct SandboxArgs {
    /// The environment that the resource belongs to
    #[arg(long, global = true, default_value = "production", value_name = "ENV")]
    pub env: Environment,
    #[command(subcommand)]
    pub verb: SandboxVerb,
}

#[derive(Debug, Subcommand)]
pub enum SandboxVerb {
    /// Empty the simulated AWS and delete the records of what was applied to it
    Reset {
        /// The time at which its clock starts (RFC 3339). Without it: now
        #[arg(long, value_name = "TIME")]
        at: Option<jiff::Timestamp>,
    },
    /// Show every resource of the simulated world
    List {
        /// Only this resource, with its attributes
        id: Option<ResourceId>,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Change an attribute by hand: PATH is `attribute`, `attribute[element]`, or `attribute[+]` to add one; `(state)` is AWS's
    /// word for the state of the whole resource
    Set {
        id: ResourceId,
        path: String,
        /// JSON, or plain text; may be negative
        #[arg(allow_hyphen_values = true)]
        value: String,
    },
    /// Remove an attribute's value or one element by hand
    Unset { id: ResourceId, path: String },
    /// Delete a resource by hand, where AWS lets a person delete it
    Remove { id: ResourceId },
    /// Let calls fail: OPERATION is a verb and a kind such as `list kms-key`, or `caller`; `list kms-key@osaka` fails in Osaka
    /// only, `@osaka` fails every call in Osaka
    Fail {
        #[arg(value_parser = operation)]
        operation: String,
        /// access-denied, expired-credentials, throttled, unreachable, invalid, busy, in-use, quota, internal, not-found, already-exists
        #[arg(value_parser = error_class)]
        class: ErrorClass,
        /// How many calls fail; 0 is all of them
        #[arg(long, default_value_t = 0)]
        times: u32,
        /// The call takes effect and its answer is lost
        #[arg(long)]
        after: bool,
        /// A part of a create or an update takes effect, and the answer to a later part is lost
        #[arg(long, conflicts_with = "after")]
        midway: bool,
    },
    /// Let AWS show new resources of a kind late, as it sometimes does: `lag vpc 4m`
    Lag {
        #[arg(value_parser = kind)]
        kind: String,
        /// How late, such as 4m
        #[arg(value_parser = duration)]
        duration: jiff::SignedDuration,
    },
    /// End `fail`, `lag` and `account`: calls succeed, new resources show at once, credentials belong to the environment
    Heal,
    /// Advance the simulated clock; nothing else changes
    Advance {
        /// How far, such as 90m, 24h or 2d
        #[arg(value_parser = duration)]
        duration: jiff::SignedDuration,
    },
    /// Pretend that the credentials belong to this account
    Account {
        #[arg(value_parser = account)]
        account: String,
    },
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

fn account(text: &str) -> Result<String, String> {
    let good = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if good { Ok(text.to_owned()) } else { Err("an account is 12 digits".to_owned()) }
}

/// A misspelt call would never fail, and the operator who rehearses would believe that tokaido survived the failure.
fn operation(text: &str) -> Result<String, String> {
    let (call, region) = text.split_once('@').map_or((text, None), |(call, region)| (call, Some(region)));
    let places = || Region::ALL.map(Region::as_str).join(", ");
    if region.is_some_and(|region| Region::ALL.iter().all(|known| known.as_str() != region)) {
        return Err(format!("behind `@` stands one of {}", places()));
    }
    if call == "caller" || call.is_empty() && region.is_some() {
        return Ok(text.to_owned());
    }
    let Some((verb, of)) = call.split_once(' ') else { return Err(format!("a verb and a kind: {}", VERBS.join(", "))) };
    if !VERBS.contains(&verb) {
        return Err(format!("there are {}", VERBS.join(", ")));
    }
    kind(of).map(|_| text.to_owned())
}

/// What a driver can be asked for.
const VERBS: [&str; 7] = ["list", "read", "facts", "offers", "create", "update", "delete"];

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

/// Of the two options at most one is given. A call without parts would never fail in the middle.
pub fn moment(operation: &str, after: bool, midway: bool) -> Option<Moment> {
    let has_parts = ["create ", "update "].iter().any(|verb| operation.starts_with(verb));
    match (after, midway) {
        (_, true) => has_parts.then_some(Moment::Midway),
        (true, false) => Some(Moment::After),
        (false, false) => Some(Moment::Before),
    }
}
