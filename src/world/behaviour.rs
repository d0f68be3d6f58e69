//! How AWS behaves, per kind, for the simulated world. Each kind's `sim.rs` implements this.
//!
//! A store that only echoes attributes would prove nothing: a behaviour adds the defaults that AWS adds, expands
//! identifiers, refuses what AWS refuses, takes time, and queues what AWS queues.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::observed::PendingValue;
use crate::model::tags::Tags;
use crate::model::{Attributes, Region, Status, Value};

use super::error::ErrorClass;

/// One object of the simulated world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimObject {
    pub account: String,
    pub region: Region,
    pub kind: String,
    pub physical: String,
    pub outputs: BTreeMap<String, String>,
    pub attributes: Attributes,
    pub tags: Tags,
    /// AWS's word for the state until `settles_at`, then `settled`.
    pub state: String,
    pub settled: String,
    pub settles_at: Timestamp,
    /// AWS shows it from then on; absent: at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_at: Option<Timestamp>,
    #[serde(default)]
    pub pending: Vec<PendingValue>,
}

/// Where identifiers come from: a counter, so that the same history gives the same identifiers.
#[derive(Debug)]
pub struct Mint<'a> {
    pub account: &'a str,
    pub region: Region,
    pub serial: u64,
}

impl Mint<'_> {
    /// `prefix` and 17 hexadecimal digits, as EC2 writes them.
    #[must_use]
    pub fn ec2(&self, prefix: &str) -> String {
        format!("{prefix}-{:017x}", self.serial.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 4)
    }

    /// A UUID-shaped identifier.
    #[must_use]
    pub fn uuid(&self) -> String {
        let high = self.serial.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let low = self.serial.wrapping_mul(0xc2b2_ae3d_27d4_eb4f);
        format!(
            "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            low >> 52,
            low & 0xffff_ffff_ffff
        )
    }

    #[must_use]
    pub fn arn(&self, service: &str, rest: &str) -> String {
        let region = if self.region == Region::Global { "" } else { self.region.code() };
        format!("arn:aws:{service}:{region}:{}:{rest}", self.account)
    }
}

/// A refusal with AWS's code and words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub class: ErrorClass,
    pub code: &'static str,
    pub message: String,
}

impl Refusal {
    #[must_use]
    pub fn invalid(code: &'static str, message: impl Into<String>) -> Self {
        Self { class: ErrorClass::Invalid, code, message: message.into() }
    }

    #[must_use]
    pub fn in_use(code: &'static str, message: impl Into<String>) -> Self {
        Self { class: ErrorClass::InUse, code, message: message.into() }
    }
}

/// The rest of the account, for checks across objects.
pub trait Neighbours {
    fn all(&self) -> Vec<&SimObject>;

    /// Whether any object's attributes contain this identifier.
    fn uses(&self, identifier: &str) -> Option<&SimObject>;

    /// Whether an object with this output exists in this account (any region for ARNs).
    fn exists(&self, kind: &str, output: &str, identifier: &str) -> bool;
}

pub trait Behaviour: Sync {
    /// Physical identifier and outputs of a new object.
    fn identify(&self, mint: &Mint<'_>, attributes: &Attributes) -> (String, BTreeMap<String, String>);

    /// Adds what AWS adds to a request that does not say: every dangerous default is here.
    fn add_defaults(&self, attributes: &mut Attributes);

    /// Rewrites what AWS stores in another form than it was sent.
    fn normalise(&self, _attributes: &mut Attributes) {}

    /// Refuses what AWS refuses, on the complete attributes, for create and update.
    ///
    /// # Errors
    /// The refusal that AWS would give.
    fn check(&self, _attributes: &Attributes, _neighbours: &dyn Neighbours) -> Result<(), Refusal> {
        Ok(())
    }

    /// Whether AWS refuses these attributes because of one other object of the kind, beside equal names.
    fn conflicts(&self, _attributes: &Attributes, _other: &SimObject) -> bool {
        false
    }

    /// Whether a name is unique in all of AWS and not only in the account.
    fn global_names(&self) -> bool {
        false
    }

    /// What a person who deletes the object leaves behind: nothing, or an object in this state.
    fn remains(&self) -> Option<&'static str> {
        None
    }

    /// The state word and the seconds of a create; `None` when the object is there at once.
    fn creating(&self) -> Option<(&'static str, u64)> {
        None
    }

    /// The state word and the seconds of an update.
    fn modifying(&self) -> Option<(&'static str, u64)> {
        None
    }

    /// The word of a usable object.
    fn settled(&self) -> &'static str {
        "available"
    }

    /// Attributes whose new value waits for the maintenance window, and what AWS says about when.
    fn queued(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// What AWS says about when this new value lands; `None` when it does at once.
    fn waits(&self, attribute: &str, _before: Option<&Value>, _after: &Value) -> Option<&'static str> {
        self.queued().iter().find(|(queued, _)| *queued == attribute).map(|(_, when)| *when)
    }

    /// Refuses a change because of what the object is now.
    ///
    /// # Errors
    /// The refusal that AWS would give.
    fn changeable(&self, _before: &Attributes, _after: &Attributes) -> Result<(), Refusal> {
        Ok(())
    }

    /// Refuses a deletion.
    ///
    /// # Errors
    /// The refusal that AWS would give.
    fn deletable(&self, object: &SimObject, neighbours: &dyn Neighbours) -> Result<(), Refusal> {
        in_use_unless_free(object, neighbours)
    }

    /// Called on every read: for what AWS returns differently each time (`turn` counts the reads).
    fn render(&self, _attributes: &mut Attributes, _turn: u64) {}

    /// What the state word means. The same function serves the AWS driver.
    fn readiness(&self, state: &str) -> Status;
}

/// The common rule: what another object refers to cannot go.
///
/// # Errors
/// `DependencyViolation` with the identifier of the user.
pub fn in_use_unless_free(object: &SimObject, neighbours: &dyn Neighbours) -> Result<(), Refusal> {
    for identifier in object.outputs.values() {
        if let Some(user) = neighbours.uses(identifier).filter(|user| user.physical != object.physical) {
            return Err(Refusal::in_use("DependencyViolation", format!("{} is used by {}", object.physical, user.physical)));
        }
    }
    Ok(())
}
