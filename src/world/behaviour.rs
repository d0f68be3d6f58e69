//! How AWS behaves, per kind, for the simulated world. Each kind fills in one [`Behaviour`].
//!
//! A store that only echoes attributes would prove nothing: a behaviour adds the defaults that AWS adds, mints identifiers,
//! refuses what AWS refuses, and takes time. What a kind's rows say already (windows, fixed values, links, blocks inside
//! blocks) is read from the rows by `sim::derived`; only AWS's codes and words for it are written here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::observed::PendingValue;
use crate::model::tags::Tags;
use crate::model::{Attributes, Name, Pairs, Region, Status, Value};

use super::error::ErrorClass;

/// One object of the simulated world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimObject {
    pub account: String,
    pub region: Region,
    pub kind: String,
    pub physical: String,
    pub outputs: Pairs,
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
pub struct ApiRefusal {
    pub class: ErrorClass,
    pub code: &'static str,
    pub message: String,
}

impl ApiRefusal {
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
    /// What has this physical identifier: one object for each region at most, in the order of the regions.
    fn called(&self, kind: &str, physical: &str) -> Vec<&SimObject>;

    /// Whether any object's attributes contain this identifier.
    fn uses(&self, identifier: &str) -> Option<&SimObject>;

    /// Whether an object with this output exists in this account (any region for ARNs).
    fn exists(&self, kind: &str, output: &str, identifier: &str) -> bool;
}

/// What AWS puts where a request says nothing.
#[derive(Debug, Clone, Copy)]
pub enum Given {
    Bool(bool),
    Int(i64),
    Text(&'static str),
    EmptyList,
    EmptyMap,
    /// The value of another attribute; nothing without one.
    SameAs(Name),
    Made(fn() -> Value),
}

/// How AWS names a new object.
#[derive(Debug, Clone, Copy)]
pub enum Identity {
    /// `<prefix>-` and 17 hexadecimal digits; the output `id`.
    Ec2(&'static str),
    /// A UUID, and an ARN of this service that ends in prefix and UUID; the outputs `id` and `arn`.
    Uuid(&'static str, &'static str),
    /// The name that was asked for, and an ARN of this service that ends in prefix and name; the outputs `name` and `arn`.
    Named(&'static str, &'static str),
    /// The same with an ARN of another form: made from region, account and attributes.
    NamedBy(fn(&Mint<'_>, &Attributes) -> String),
}

/// The codes of a service about IP blocks.
#[derive(Debug, Clone, Copy)]
pub struct BlockCodes {
    /// The block does not lie in that of its place.
    pub outside: &'static str,
}

/// AWS's answer about a link that leads nowhere. Which link leads where, the attribute's row says.
#[derive(Debug, Clone, Copy)]
pub struct LinkCheck {
    pub attribute: Name,
    pub code: &'static str,
    /// With `{}` for the identifier.
    pub message: &'static str,
    /// A value that is no link.
    pub except: Option<&'static str>,
    /// Whether AWS refuses a request without it.
    pub required: bool,
}

impl LinkCheck {
    #[must_use]
    pub const fn new(attribute: Name, code: &'static str, message: &'static str) -> Self {
        Self { attribute, code, message, except: None, required: true }
    }
}

pub type Check = fn(&Attributes, &dyn Neighbours) -> Result<(), ApiRefusal>;

/// What a kind says of AWS. Start from [`Behaviour::of`].
#[derive(Clone, Copy)]
pub struct Behaviour {
    pub identity: Identity,
    /// What the state word means. The driver of AWS asks the same function.
    pub readiness: fn(&str) -> Status,
    /// Every dangerous default is here.
    pub defaults: &'static [(Name, Given)],
    /// Defaults that depend on what was asked for.
    pub complete: fn(&mut Attributes),
    /// Rewrites what AWS stores in another form than it was sent.
    pub normalise: fn(&mut Attributes),
    pub links: &'static [LinkCheck],
    pub blocks: Option<BlockCodes>,
    /// Refuses what AWS refuses, on the complete attributes, for create and update: by the values alone, before links are
    /// followed.
    pub check: Check,
    /// The same, by what the links lead to: they lead somewhere.
    pub linked: Check,
    /// Attributes whose text no two objects of the kind have, beside the name.
    pub exclusive: &'static [Name],
    /// Whether a name is unique in all of AWS and not only in the account.
    pub global_names: bool,
    /// What a person who deletes the object leaves behind: nothing, or an object in this state.
    pub remains: Option<&'static str>,
    /// The state word and the seconds of a create; `None` when the object is there at once.
    pub creating: Option<(&'static str, u64)>,
    /// The state word and the seconds of an update.
    pub modifying: Option<(&'static str, u64)>,
    /// The word of a usable object.
    pub settled: &'static str,
    /// Refuses a change because of what the object is now: before, after.
    pub changeable: fn(&Attributes, &Attributes) -> Result<(), ApiRefusal>,
    /// Refuses a deletion.
    pub deletable: fn(&SimObject, &dyn Neighbours) -> Result<(), ApiRefusal>,
    /// Called on every read: for what AWS returns differently each time. The number counts the reads.
    pub render: fn(&mut Attributes, u64),
}

impl Behaviour {
    /// A kind that is there at once, has no states and no defaults, and is refused nothing but a deletion while it is used.
    #[must_use]
    pub const fn of(identity: Identity) -> Self {
        Self {
            identity,
            readiness: |_| Status::Ready,
            defaults: &[],
            complete: |_| {},
            normalise: |_| {},
            links: &[],
            blocks: None,
            check: |_, _| Ok(()),
            linked: |_, _| Ok(()),
            exclusive: &[],
            global_names: false,
            remains: None,
            creating: None,
            modifying: None,
            settled: "available",
            changeable: |_, _| Ok(()),
            deletable: in_use_unless_free,
            render: |_, _| {},
        }
    }
}

/// For [`Behaviour::normalise`]: AWS stores these texts in lower case.
pub fn fold(attributes: &mut Attributes, names: &[Name]) {
    for name in names {
        if let Some(folded) = attributes.text(*name).map(str::to_ascii_lowercase) {
            attributes.set(*name, folded);
        }
    }
}

/// The common rule: what another object refers to cannot go.
///
/// # Errors
/// `DependencyViolation` with the identifier of the user.
pub fn in_use_unless_free(object: &SimObject, neighbours: &dyn Neighbours) -> Result<(), ApiRefusal> {
    for identifier in object.outputs.values() {
        if let Some(user) = neighbours.uses(identifier).filter(|user| user.physical != object.physical) {
            return Err(ApiRefusal::in_use("DependencyViolation", format!("{} is used by {}", object.physical, user.physical)));
        }
    }
    Ok(())
}
