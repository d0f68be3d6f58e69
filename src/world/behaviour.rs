//! How AWS behaves towards one kind, for the simulated world. Each kind fills in one [`Behaviour`].
//!
//! A world that only returned what it was sent would prove nothing. A behaviour adds AWS's defaults, makes identifiers, refuses
//! what AWS refuses, and takes time. `sim::derived` reads from the rows of a kind what they say already: windows, fixed values,
//! links, blocks inside blocks. Only AWS's codes and messages for those are written here. What several kinds do is data of
//! [`Behaviour`]; a function says what one kind alone does.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::observed::PendingValue;
use crate::model::tags::Tags;
use crate::model::{Attributes, Home, Name, Pairs, Region, Value};

use super::demand::Demand;
use super::error::ErrorClass;
use super::states::States;

/// One object of the simulated world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimObject {
    /// The account that holds it, twelve digits.
    pub account: String,
    /// The region in which AWS listed the object.
    pub region: Region,
    /// The kind of the object, as `kinds` names it: `db-instance`.
    pub kind: String,
    /// AWS's identifier of the object: `vpc-0a1b…`, an ARN or a name.
    pub physical: String,
    /// Values that other objects refer to, by output: `id`, `arn`, `name`.
    pub outputs: Pairs,
    /// The values of its attributes, with the defaults that AWS added.
    pub attributes: Attributes,
    /// All its tags, by key.
    pub tags: Tags,
    /// AWS's word for its state until `settles_at`.
    pub state: String,
    /// AWS's word for its state from `settles_at` on.
    pub settled: String,
    /// When it reaches that state, on the clock of the simulated world.
    pub settles_at: Timestamp,
    /// From when on a listing shows it. Absent when it is shown at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_at: Option<Timestamp>,
    /// Values that were accepted and not applied yet.
    #[serde(default)]
    pub pending: Vec<PendingValue>,
    /// The identifier of the object together with which AWS made it. It goes with that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_with: Option<String>,
}

/// Makes identifiers from a counter, so that the same history gives the same identifiers.
#[derive(Debug)]
pub struct Mint<'a> {
    /// Where the object is, for ARNs.
    pub home: Home<'a>,
    /// The number of the object in the world.
    pub serial: u64,
}

impl Mint<'_> {
    /// `prefix`, a hyphen and 17 hexadecimal digits, as EC2 writes identifiers.
    #[must_use]
    pub fn ec2(&self, prefix: &str) -> String {
        format!("{prefix}-{:017x}", self.serial.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 4)
    }

    /// An identifier in the form of a UUID.
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
}

/// A refusal with AWS's code and message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiRefusal {
    /// The class of the error.
    pub class: ErrorClass,
    /// AWS's code: `DependencyViolation`.
    pub code: &'static str,
    /// AWS's message.
    pub message: String,
}

impl ApiRefusal {
    /// A refusal of values.
    #[must_use]
    pub fn invalid(code: &'static str, message: impl Into<String>) -> Self {
        Self { class: ErrorClass::Invalid, code, message: message.into() }
    }

    /// A refusal because another object uses the object.
    #[must_use]
    pub fn in_use(code: &'static str, message: impl Into<String>) -> Self {
        Self { class: ErrorClass::InUse, code, message: message.into() }
    }
}

/// The other objects of the account, for checks across objects.
pub trait Neighbours {
    /// The objects with this identifier, at most one for each region, in the order of the regions.
    fn called(&self, kind: &str, physical: &str) -> Vec<&SimObject>;

    /// An object whose attributes contain this identifier, which an object of `region` has; `None` when none does.
    fn uses(&self, region: Region, identifier: &str) -> Option<&SimObject>;

    /// Whether the account has an object of this kind whose output has this value, in any region.
    fn exists(&self, kind: &str, output: &str, identifier: &str) -> bool;
}

/// What AWS sets where a request gives no value.
#[derive(Debug, Clone, Copy)]
pub enum Given {
    /// This value, true or false.
    Bool(bool),
    /// This number.
    Int(i64),
    /// This text.
    Text(&'static str),
    /// A list without items.
    EmptyList,
    /// A map without entries.
    EmptyMap,
    /// A list of one element, which has these texts in its fields.
    Element(&'static [(&'static str, &'static str)]),
    /// The value of this attribute, or none where it has none.
    SameAs(Name),
    /// The value that this function makes.
    Made(fn() -> Value),
}

/// AWS's refusal of a link that leads nowhere. The row of the attribute says where its link leads.
#[derive(Debug, Clone, Copy)]
pub struct LinkCheck {
    /// The attribute that holds the link, or a list of links.
    pub attribute: Name,
    /// The attribute is a list of maps, and this field of each holds the link.
    pub within: Option<&'static str>,
    /// AWS's code.
    pub code: &'static str,
    /// AWS's message, with `{}` for the identifier.
    pub message: &'static str,
    /// With what an identifier begins; any other text is no link.
    pub beginning: &'static str,
    /// Whether AWS refuses a link to an object in another place.
    pub here: bool,
    /// A value that is no link and is accepted.
    pub except: Option<&'static str>,
    /// Whether AWS refuses a request without this attribute.
    pub required: bool,
}

impl LinkCheck {
    /// A required link with this code and this message.
    #[must_use]
    pub const fn new(attribute: Name, code: &'static str, message: &'static str) -> Self {
        Self { attribute, within: None, code, message, beginning: "", here: false, except: None, required: true }
    }

    /// The same for a list of maps: the link is in this field of each.
    #[must_use]
    pub const fn within(mut self, field: &'static str) -> Self {
        self.within = Some(field);
        self
    }

    /// The same for a list of maps, where only a text in this field that begins so is a link, and only to an object in the same
    /// place.
    #[must_use]
    pub const fn here(mut self, field: &'static str, beginning: &'static str) -> Self {
        self.within = Some(field);
        self.beginning = beginning;
        self.here = true;
        self
    }

    /// The same, with this value that is no link and is accepted.
    #[must_use]
    pub const fn except(mut self, value: &'static str) -> Self {
        self.except = Some(value);
        self
    }

    /// The same for a link that a request may leave out.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.required = false;
        self
    }
}

/// AWS makes such an object by itself together with another one.
#[derive(Debug, Clone, Copy)]
pub struct MadeWith {
    /// The kind of the other one.
    pub kind: &'static str,
    /// What it is made with.
    pub attributes: MadeAttributes,
    /// AWS's code and message, with `{}` for the identifier, when somebody deletes the object alone.
    pub kept: (&'static str, &'static str),
}

/// The attributes of an object that AWS makes together with the one of the first identifier, which has these attributes. The second
/// text is the identifier of the object itself.
pub type MadeAttributes = fn(&str, &str, &Attributes) -> Attributes;

impl MadeWith {
    /// Made together with one of this kind, with these attributes. `kept`: as the field.
    #[must_use]
    pub const fn new(kind: &'static str, attributes: MadeAttributes, kept: (&'static str, &'static str)) -> Self {
        Self { kind, attributes, kept }
    }
}

/// The objects of another kind of which each belongs to one object of this kind. They do not keep it from being deleted.
#[derive(Debug, Clone, Copy)]
pub struct Associates {
    /// The attribute that lists them.
    pub attribute: Name,
    /// Their kind.
    pub kind: &'static str,
    /// Where this attribute is true, the object has also all those of its place that no other object lists.
    pub others: Option<Name>,
}

/// A change that reaches AWS.
#[derive(Debug, Clone, Copy)]
pub struct Modification<'a> {
    /// AWS's word for the state of the object.
    pub state: &'a str,
    /// The attributes that change.
    pub changed: &'a [Name],
    /// The attributes that the call holds: those that change, and what AWS keeps inside them.
    pub sent: &'a [Name],
    /// The values before.
    pub before: &'a Attributes,
    /// The values after.
    pub after: &'a Attributes,
}

/// How AWS applies a change.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    /// At once, with everything that it has queued. The object is then in its settled state.
    pub at_once: bool,
    /// The values that AWS sets by itself together with the change.
    pub also: Attributes,
}

/// A check of the attributes of an object beside the other objects; its error is AWS's refusal.
pub type Check = fn(&Attributes, &dyn Neighbours) -> Result<(), ApiRefusal>;

/// How AWS behaves towards one kind. [`Behaviour::PLAIN`] is the start.
#[derive(Clone, Copy)]
pub struct Behaviour {
    /// What AWS's words for the state mean. The driver of AWS reads the same.
    pub states: States,
    /// The values that AWS sets where a request gives none, every dangerous default among them.
    pub defaults: &'static [(Name, Given)],
    /// Sets defaults that depend on the other values.
    pub complete: fn(&mut Attributes),
    /// Attributes whose text AWS stores in lower case.
    pub folded: &'static [Name],
    /// Rewrites other values that AWS stores in another form than it receives.
    pub normalise: fn(&mut Attributes),
    /// The links that AWS checks.
    pub links: &'static [LinkCheck],
    /// The code for a block that does not lie in the block of its place; absent for a kind without such blocks.
    pub outside: Option<&'static str>,
    /// What AWS demands of single values, judged before `check`.
    pub demands: &'static [Demand],
    /// Refuses what AWS refuses because of the values alone, for creates and updates, with defaults filled in and before links
    /// are followed.
    pub check: Check,
    /// Refuses what AWS refuses because of the objects that the links lead to. The links lead to objects that exist.
    pub linked: Check,
    /// Attributes besides the name whose text no two objects of the kind share.
    pub exclusive: &'static [Name],
    /// Whether a name is unique in all of AWS and not only in the account.
    pub global_names: bool,
    /// What stays when a person deletes the object: nothing, or the object in this state.
    pub remains: Option<&'static str>,
    /// The word for the state during a create, and its seconds. `None` when the object is ready at once.
    pub creating: Option<(&'static str, u64)>,
    /// The word for the state during an update, and its seconds. `None` when the update is done at once.
    pub modifying: Option<(&'static str, u64)>,
    /// The word for the state of an object that can be used.
    pub settled: &'static str,
    /// Refuses a change because of the values before and after.
    pub changeable: fn(&Attributes, &Attributes) -> Result<(), ApiRefusal>,
    /// What AWS makes of a change: how it applies it, or a refusal.
    pub takes: fn(&Modification<'_>) -> Result<Taken, ApiRefusal>,
    /// Refuses a deletion.
    pub deletable: fn(&SimObject, &dyn Neighbours) -> Result<(), ApiRefusal>,
    /// Policies whose statements a read returns in no fixed order.
    pub shuffled: &'static [Name],
    /// With what AWS makes such an object by itself; `None` where it makes none.
    pub made_with: Option<MadeWith>,
    /// Which objects of another kind belong to it.
    pub associates: Option<Associates>,
    /// What AWS offers in a region with these values; `None` where it names no offer at all. As `Driver::offers`.
    pub offers: fn(&Attributes, Region) -> Option<Vec<Attributes>>,
    /// AWS's refusal of an object that is to be made or changed to these values and that it does not offer.
    pub unoffered: fn(&Attributes, Region) -> Option<ApiRefusal>,
}

impl Behaviour {
    /// A kind without states and defaults that is ready at once. The world refuses its deletion while another object uses it, and
    /// nothing else.
    pub const PLAIN: Self = Self {
        states: States::ReadyUnless(&[]),
        defaults: &[],
        complete: |_| {},
        folded: &[],
        normalise: |_| {},
        links: &[],
        outside: None,
        demands: &[],
        check: |_, _| Ok(()),
        linked: |_, _| Ok(()),
        exclusive: &[],
        global_names: false,
        remains: None,
        creating: None,
        modifying: None,
        settled: "available",
        changeable: |_, _| Ok(()),
        takes: |_| Ok(Taken::default()),
        deletable: in_use_unless_free,
        offers: |_, _| None,
        unoffered: |_, _| None,
        shuffled: &[],
        made_with: None,
        associates: None,
    };
}

/// The common rule of deletions: an object stays while another object refers to it.
///
/// # Errors
/// `DependencyViolation`, with the identifier of the object that refers to it.
pub fn in_use_unless_free(object: &SimObject, neighbours: &dyn Neighbours) -> Result<(), ApiRefusal> {
    for identifier in object.outputs.values() {
        if let Some(user) = neighbours.uses(object.region, identifier).filter(|user| user.physical != object.physical) {
            return Err(ApiRefusal::in_use("DependencyViolation", format!("{} is used by {}", object.physical, user.physical)));
        }
    }
    Ok(())
}
