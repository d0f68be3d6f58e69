//! What the planner must know about a kind, as data: `plan()` receives it and contains no kind's name.

use std::collections::BTreeMap;

use super::diff::Diff;
use super::impact::Impact;
use super::name::Name;
use super::path::Path;
use super::reason::plan::Wait;
use super::risk::{Hazard, Trigger};
use super::text::Explained;
use super::value::Value;

/// How AWS lets an attribute change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutability {
    /// One call, no interruption.
    InPlace,
    /// In place, with a restart now or in the maintenance window.
    Reboot,
    /// AWS queues it for the maintenance window (we never send `ApplyImmediately`).
    Window,
    /// One call; when it reaches everything it concerns, in words.
    Staged(Explained),
    /// Cannot change on the live resource. A plan never replaces it: it shows the procedure and stops there.
    Forbidden(Explained),
}

impl Mutability {
    /// When a new value takes effect, in words.
    #[must_use]
    pub const fn when(self) -> Explained {
        match self {
            Self::InPlace => Explained::new("now", "すぐに反映"),
            Self::Reboot => Explained::new("effective after a manual reboot", "手動で再起動した後に反映"),
            Self::Window => Explained::new("in the next maintenance window", "次のメンテナンス時間帯に反映"),
            Self::Staged(words) => words,
            Self::Forbidden(_) => Explained::new("never", "変更できない"),
        }
    }

    /// What AWS holds a new value back for; `None` where it does not.
    #[must_use]
    pub const fn wait(self) -> Option<Wait> {
        match self {
            Self::Window => Some(Wait::Window),
            Self::Reboot => Some(Wait::Reboot),
            Self::InPlace | Self::Staged(_) | Self::Forbidden(_) => None,
        }
    }

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InPlace => "in place",
            Self::Reboot => "reboot",
            Self::Window => "window",
            Self::Staged(_) => "staged",
            Self::Forbidden(_) => "forbidden",
        }
    }
}

/// Values for which AWS has another rule than for the rest of an attribute.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// `0 ↔ n`
    pub words: &'static str,
    /// Over before and after.
    pub applies: fn(&Value, &Value) -> bool,
    pub mutability: Mutability,
    pub impact: Impact,
}

/// When a live value counts as the desired one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Exact,
    /// A list without order or duplicates.
    Set,
    /// A list of maps; an element is the same one when these fields are equal. Fields outside the key are compared.
    Keyed(&'static [&'static str]),
    /// A map owned as a whole: keys that are not desired are drift.
    Map,
    /// Text without regard to ASCII case.
    CaseFolded,
    /// Live may have grown past desired by itself; it never shrinks.
    AtLeast,
    /// `16` accepts 16.4; `16.4` accepts 16.9; numeric per component.
    Version,
    /// An IAM policy document: statements as a set, scalars equal one-element lists.
    Policy,
    /// Several policy documents by name; each is compared as one, and a document that nobody declared is a difference.
    Policies,
    /// Only the keys of the `tokaido:` namespace, without the intent.
    Tags,
    /// Sent on create, never compared: AWS does not return it.
    WriteOnly,
}

#[derive(Debug, Clone, Copy)]
pub struct AttributeSchema {
    pub name: Name,
    pub comparison: Comparison,
    pub mutability: Mutability,
    /// What a change of this attribute means to somebody else.
    pub impact: Impact,
    /// Exceptions to the two above; the first that applies wins.
    pub cases: &'static [Case],
    pub hazards: &'static [Hazard],
    /// Which differences cannot be taken back, and why.
    pub one_way: Option<(Trigger, Explained)>,
    /// Live values here are identifiers of (kind, output): they are lifted to references.
    pub refers_to: &'static [(&'static str, &'static str)],
    /// The promise this attribute keeps, by its slug in `policies/promises.yaml`.
    pub promise: Option<&'static str>,
    /// `days`, `GiB`, `minutes`: shown after a number.
    pub unit: Option<&'static str>,
    /// Says where the resource is. While AWS refuses to move it, what else is declared is meant for the other place and
    /// is held back: it would only break the resource where it still is.
    pub place: bool,
    /// A block of IP addresses: two of them in one place must not overlap, and each lies in that of its place.
    pub addresses: bool,
    /// One line with the AWS name of the setting.
    pub doc: &'static str,
    /// What it is and what a change of it does, for `explain`.
    pub about: Explained,
    /// The AWS page from which mutability, impact and time are taken.
    pub source: &'static str,
}

impl AttributeSchema {
    /// For the rows of a kind alone.
    #[must_use]
    pub const fn row(name: &'static str, doc: &'static str) -> Self {
        Self {
            name: Name::row(name),
            comparison: Comparison::Exact,
            mutability: Mutability::InPlace,
            impact: Impact::InPlace,
            cases: &[],
            hazards: &[],
            one_way: None,
            refers_to: &[],
            promise: None,
            unit: None,
            place: false,
            addresses: false,
            doc,
            about: Explained::new("", ""),
            source: "",
        }
    }

    #[must_use]
    pub const fn compare(mut self, comparison: Comparison) -> Self {
        self.comparison = comparison;
        self
    }

    #[must_use]
    pub const fn mutability(mut self, mutability: Mutability) -> Self {
        self.mutability = mutability;
        self
    }

    /// AWS keeps it on the live resource; the words say what a person does instead.
    #[must_use]
    pub const fn fixed(self, en: &'static str, ja: &'static str) -> Self {
        self.mutability(Mutability::Forbidden(Explained::new(en, ja)))
    }

    /// A new value waits for the maintenance window.
    #[must_use]
    pub const fn window(self) -> Self {
        self.mutability(Mutability::Window)
    }

    #[must_use]
    pub const fn impact(mut self, impact: Impact) -> Self {
        self.impact = impact;
        self
    }

    #[must_use]
    pub const fn cases(mut self, cases: &'static [Case]) -> Self {
        self.cases = cases;
        self
    }

    #[must_use]
    pub const fn hazards(mut self, hazards: &'static [Hazard]) -> Self {
        self.hazards = hazards;
        self
    }

    #[must_use]
    pub const fn one_way(mut self, on: Trigger, en: &'static str, ja: &'static str) -> Self {
        self.one_way = Some((on, Explained::new(en, ja)));
        self
    }

    #[must_use]
    pub const fn about(mut self, en: &'static str, ja: &'static str) -> Self {
        self.about = Explained::new(en, ja);
        self
    }

    #[must_use]
    pub const fn source(mut self, page: &'static str) -> Self {
        self.source = page;
        self
    }

    /// Why this difference of a live resource cannot be taken back; `None` where it can.
    #[must_use]
    pub fn no_way_back(&self, diff: &Diff) -> Option<Explained> {
        let (on, why) = self.one_way?;
        on.fires(false, &diff.path, &diff.before, &diff.after).then_some(why)
    }

    /// The promise that the value in effect does not keep, where another is declared. A number is weaker when the schema
    /// says so of the way down to it; of what has no order nobody can say that it is as good, so it is not.
    #[must_use]
    pub fn violations(&self, live: &Value, declared: &Value) -> Option<&'static str> {
        let promise = self.promise?;
        let weaker = match (live, declared) {
            (Value::Int(live), Value::Int(floor)) if self.comparison == Comparison::AtLeast => live < floor,
            (Value::Int(_), Value::Int(_)) if !self.hazards.is_empty() => {
                self.hazards.iter().any(|hazard| hazard.on.fires(false, self.name.as_str(), declared, live))
            }
            // An element that goes away keeps nothing back, unless it admits somebody.
            (_, Value::Null) => self.impact == Impact::Exposure,
            _ => live != declared,
        };
        weaker.then_some(promise)
    }

    /// The rule for this difference.
    #[must_use]
    pub fn effect(&self, before: &Value, after: &Value) -> (Mutability, Impact) {
        let case = self.cases.iter().find(|case| (case.applies)(before, after));
        case.map_or((self.mutability, self.impact), |case| (case.mutability, case.impact))
    }

    #[must_use]
    pub const fn refers_to(mut self, targets: &'static [(&'static str, &'static str)]) -> Self {
        self.refers_to = targets;
        self
    }

    #[must_use]
    pub const fn promise(mut self, slug: &'static str) -> Self {
        self.promise = Some(slug);
        self
    }

    #[must_use]
    pub const fn place(mut self) -> Self {
        self.place = true;
        self
    }

    #[must_use]
    pub const fn addresses(mut self) -> Self {
        self.addresses = true;
        self
    }

    #[must_use]
    pub const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = Some(unit);
        self
    }
}

/// What AWS accepts as the physical name of a kind.
#[derive(Debug, Clone, Copy)]
pub struct NameRule {
    pub min: usize,
    pub max: usize,
    /// Characters accepted beside ASCII letters and digits.
    pub also: &'static str,
    /// RDS: starts with a letter, no two hyphens in a row, no hyphen at the end, lower case.
    pub rds: bool,
    /// In words, for messages.
    pub words: &'static str,
}

impl NameRule {
    /// What RDS accepts as an identifier.
    #[must_use]
    pub const fn rds(max: usize) -> Self {
        let words = "RDS accepts lower-case letters, digits and single hyphens, beginning with a letter";
        Self { min: 1, max, also: "-", rds: true, words }
    }

    /// Why `name` is not accepted, in words.
    #[must_use]
    pub fn refuse(&self, name: &str) -> Option<String> {
        let length = name.chars().count();
        if length < self.min || length > self.max {
            return Some(format!("has {length} characters; {} to {} are accepted", self.min, self.max));
        }
        if let Some(bad) = name.chars().find(|c| !c.is_ascii_alphanumeric() && !self.also.contains(*c)) {
            return Some(format!("contains `{bad}`; {}", self.words));
        }
        let broken = self.rds
            && (!name.starts_with(|c: char| c.is_ascii_lowercase())
                || name.contains("--")
                || name.ends_with('-')
                || name.chars().any(|c| c.is_ascii_uppercase()));
        broken.then(|| self.words.to_owned())
    }
}

#[derive(Debug, Clone, Copy)]
pub struct KindSchema {
    pub kind: &'static str,
    /// In words, for people: `RDS database instance`.
    pub title: &'static str,
    /// Holds data, keys or evidence: never deleted or replaced by a plan.
    pub stateful: bool,
    /// Why a deleted one cannot be made again as it was; absent where it can.
    pub once_gone: Option<Explained>,
    /// The attribute that is the physical name, when AWS keeps it unique; otherwise the tag is the identity.
    pub name: Option<(Name, NameRule)>,
    /// An attribute whose value must be free before a create: the name, an alias, an address block. Something foreign
    /// that holds it may be ours with its tags removed, so a create is refused rather than a second one made.
    pub unique: Option<Name>,
    pub attributes: &'static [AttributeSchema],
    /// The AWS documentation page the rules come from, below docs.aws.amazon.com.
    pub page: &'static str,
}

impl KindSchema {
    /// A kind that holds nothing and has no name of its own. `page` lies below docs.aws.amazon.com.
    #[must_use]
    pub const fn new(
        kind: &'static str,
        title: &'static str,
        attributes: &'static [AttributeSchema],
        page: &'static str,
    ) -> Self {
        Self { kind, title, stateful: false, once_gone: None, name: None, unique: None, attributes, page }
    }

    /// The page as an address.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("https://docs.aws.amazon.com/{}", self.page)
    }

    #[must_use]
    pub fn row(&self, name: Name) -> Option<&'static AttributeSchema> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    #[must_use]
    pub fn attribute(&self, name: impl AsRef<str>) -> Option<&'static AttributeSchema> {
        let name = name.as_ref();
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

pub type Schemas = BTreeMap<&'static str, &'static KindSchema>;

/// The parts of the path of a difference. Of an attribute that the schema does not know, nothing is known but the brackets.
#[must_use]
pub fn parts<'a>(path: &'a str, schema: Option<&KindSchema>) -> Path<'a> {
    Path::read(path, |attribute| {
        let known = schema.and_then(|schema| schema.attribute(attribute));
        known.is_none_or(|attribute| matches!(attribute.comparison, Comparison::Keyed(_)))
    })
}
