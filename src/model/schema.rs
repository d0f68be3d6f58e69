//! What the planner must know about a kind, as data. `plan()` receives schemas and contains no name of a kind.

use std::collections::BTreeMap;

use super::attribute::Attr;
use super::diff::Diff;
pub use super::equality::comparison::Comparison;
use super::equality::spelling::Spelled;
use super::identity::Identity;
use super::impact::Impact;
pub use super::mutability::{Case, Mutability, adds, turned_off, turned_on};
use super::name::Name;
pub use super::name_rule::NameRule;
use super::offer::OfferRule;
use super::path::Path;
use super::remedy::Remedy;
use super::risk::{Hazard, Trigger};
use super::text::Explained;
use super::value::Value;

/// What the planner, the drivers and the pages know about one attribute of a kind.
#[derive(Debug, Clone, Copy)]
pub struct AttributeSchema {
    /// The name of the attribute.
    pub name: Name,
    /// When a live value counts as the desired one.
    pub comparison: Comparison,
    /// The ways of writing its texts that mean the same.
    pub spelled: Spelled,
    /// How AWS lets the attribute change.
    pub mutability: Mutability,
    /// What a change of this attribute means to others.
    pub impact: Impact,
    /// Exceptions to the two fields above. The first case that applies counts.
    pub cases: &'static [Case],
    /// The risks that a change of this attribute brings.
    pub hazards: &'static [Hazard],
    /// Which differences cannot be taken back, and why.
    pub one_way: Option<(Trigger, Explained)>,
    /// The kinds and outputs to which live values of this attribute belong. The observer lifts such identifiers to references.
    pub refers_to: &'static [(&'static str, &'static str)],
    /// The kinds of targets after which AWS does not look when it receives a value of this attribute: it stores an identifier
    /// that leads nowhere.
    pub unasked: &'static [&'static str],
    /// The attribute inside which AWS keeps this one: one call sends both, and an element here belongs to an element there.
    pub inside: Option<Name>,
    /// The attribute that lists the elements of this one of which AWS accepts no change.
    pub locked: Option<Name>,
    /// The slug of the promise in `policies/promises.yaml` that this attribute keeps.
    pub promise: Option<&'static str>,
    /// The unit of a number: `days`, `GiB`, `minutes`. Pages show it after the number.
    pub unit: Option<&'static str>,
    /// Whether the attribute says where the resource is. While AWS refuses to move the resource, the plan also holds back its
    /// other changes, which are meant for the new place and would break the resource in the old one.
    pub place: bool,
    /// Whether others reach the resource by this value. As long as a plan does not show that it changes, what lets them in keeps
    /// what it has.
    pub entry: bool,
    /// Whether the value is a block of IP addresses. Two blocks in one place must not overlap, and each lies in the block of its
    /// place. Rules that lead there change only with it.
    pub addresses: bool,
    /// Whether AWS's create call cannot carry it. After a create it is set by a call of its own, where AWS shows another value.
    pub later: bool,
    /// AWS's name of the setting, with a comma between several.
    pub doc: &'static str,
    /// The members of the setting that tokaido reads; empty where it reads all of them.
    pub reads: &'static [&'static str],
    /// What the attribute is and what a change of it does, for `explain`.
    pub about: Explained,
    /// The page of AWS's documentation from which mutability, impact and time are taken.
    pub source: &'static str,
}

impl AttributeSchema {
    /// An attribute with the defaults: compared exactly, changed in place. Only rows of kinds call it.
    #[must_use]
    pub const fn row(name: Name, doc: &'static str) -> Self {
        Self {
            name,
            comparison: Comparison::Exact,
            spelled: &[],
            mutability: Mutability::InPlace,
            impact: Impact::InPlace,
            cases: &[],
            hazards: &[],
            one_way: None,
            refers_to: &[],
            unasked: &[],
            inside: None,
            locked: None,
            promise: None,
            unit: None,
            place: false,
            entry: false,
            addresses: false,
            later: false,
            doc,
            reads: &[],
            about: Explained::new("", ""),
            source: "",
        }
    }

    /// The same with this comparison.
    #[must_use]
    pub const fn compare(mut self, comparison: Comparison) -> Self {
        self.comparison = comparison;
        self
    }

    /// The same with these ways of writing its texts.
    #[must_use]
    pub const fn spelled(mut self, spelled: Spelled) -> Self {
        self.spelled = spelled;
        self
    }

    /// The same with this mutability.
    #[must_use]
    pub const fn mutability(mut self, mutability: Mutability) -> Self {
        self.mutability = mutability;
        self
    }

    /// The same as fixed: AWS cannot change it on a live resource. The texts say what a person does instead.
    #[must_use]
    pub const fn fixed(self, en: &'static str, ja: &'static str) -> Self {
        self.mutability(Mutability::Forbidden(Explained::new(en, ja)))
    }

    /// The same, changed by one call. The texts say when the change reaches everything that it concerns.
    #[must_use]
    pub const fn staged(self, en: &'static str, ja: &'static str) -> Self {
        self.mutability(Mutability::Staged(Explained::new(en, ja)))
    }

    /// The same, with new values that wait for the maintenance window.
    #[must_use]
    pub const fn window(self) -> Self {
        self.mutability(Mutability::Window)
    }

    /// The same with this impact of a change.
    #[must_use]
    pub const fn impact(mut self, impact: Impact) -> Self {
        self.impact = impact;
        self
    }

    /// The same with these exceptions.
    #[must_use]
    pub const fn cases(mut self, cases: &'static [Case]) -> Self {
        self.cases = cases;
        self
    }

    /// The same with these risks.
    #[must_use]
    pub const fn hazards(mut self, hazards: &'static [Hazard]) -> Self {
        self.hazards = hazards;
        self
    }

    /// The same, with differences that cannot be taken back, and why.
    #[must_use]
    pub const fn one_way(mut self, on: Trigger, en: &'static str, ja: &'static str) -> Self {
        self.one_way = Some((on, Explained::new(en, ja)));
        self
    }

    /// The same with this explanation.
    #[must_use]
    pub const fn about(mut self, en: &'static str, ja: &'static str) -> Self {
        self.about = Explained::new(en, ja);
        self
    }

    /// The same with this page of AWS's documentation.
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

    /// The slug of the promise that the live value breaks where `declared` is declared; `None` where it breaks none. A number is
    /// weaker when a hazard of the attribute counts the way from `declared` down to it. Values without an order are weaker
    /// whenever they differ, because nothing says that another value is as good.
    #[must_use]
    pub fn violations(&self, live: &Value, declared: &Value) -> Option<&'static str> {
        let promise = self.promise?;
        let weaker = match (live, declared) {
            (Value::Int(live), Value::Int(floor)) if self.comparison == Comparison::AtLeast => live < floor,
            (Value::Int(_), Value::Int(_)) if !self.hazards.is_empty() => {
                self.hazards.iter().any(|hazard| hazard.on.fires(false, self.name.as_str(), declared, live))
            }
            // A live element that is not declared breaks no promise, unless it exposes something.
            (_, Value::Null) => self.impact == Impact::Exposure,
            _ => live != declared,
        };
        weaker.then_some(promise)
    }

    /// The rule for a difference between these values: the first case that applies, or else the attribute's own.
    #[must_use]
    pub fn effect(&self, before: &Value, after: &Value) -> (Mutability, Impact) {
        let case = self.cases.iter().find(|case| (case.applies)(before, after));
        case.map_or((self.mutability, self.impact), |case| (case.mutability, case.impact))
    }

    /// The same with the kinds and outputs that its values identify.
    #[must_use]
    pub const fn refers_to(mut self, targets: &'static [(&'static str, &'static str)]) -> Self {
        self.refers_to = targets;
        self
    }

    /// The same with the kinds of targets after which AWS does not look when it receives a value.
    #[must_use]
    pub const fn unasked(mut self, kinds: &'static [&'static str]) -> Self {
        self.unasked = kinds;
        self
    }

    /// The same as an attribute that AWS keeps inside this one.
    #[must_use]
    pub const fn inside(mut self, attribute: Name) -> Self {
        self.inside = Some(attribute);
        self
    }

    /// The same with the attribute that lists of which of its elements AWS accepts no change.
    #[must_use]
    pub const fn locked(mut self, attribute: Name) -> Self {
        self.locked = Some(attribute);
        self
    }

    /// The same with the promise that it keeps.
    #[must_use]
    pub const fn promise(mut self, slug: &'static str) -> Self {
        self.promise = Some(slug);
        self
    }

    /// The same as an attribute that says where the resource is.
    #[must_use]
    pub const fn place(mut self) -> Self {
        self.place = true;
        self
    }

    /// The same as an attribute by whose value others reach the resource.
    #[must_use]
    pub const fn entry(mut self) -> Self {
        self.entry = true;
        self
    }

    /// The same as a block of IP addresses.
    #[must_use]
    pub const fn addresses(mut self) -> Self {
        self.addresses = true;
        self
    }

    /// The same as an attribute that the create call cannot carry.
    #[must_use]
    pub const fn later(mut self) -> Self {
        self.later = true;
        self
    }

    /// The same with this unit.
    #[must_use]
    pub const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = Some(unit);
        self
    }
}

/// What the planner, the drivers and the pages know about one kind.
#[derive(Debug, Clone, Copy)]
pub struct KindSchema {
    /// The name of the kind, in kebab-case: `db-instance`.
    pub kind: &'static str,
    /// The kind in words: `RDS database instance`.
    pub title: &'static str,
    /// The same in Japanese, as AWS's Japanese documentation has it: `RDS データベースインスタンス`.
    pub title_ja: &'static str,
    /// Whether no file declares such a resource. It is read and judged, and nothing else.
    pub observed: bool,
    /// Whether the kind holds data, keys or evidence. A plan never deletes or replaces such a resource.
    pub stateful: bool,
    /// Why a deleted resource cannot be made again as it was. Absent where it can.
    pub once_gone: Option<Explained>,
    /// The attribute that is the physical name, and its rule, where AWS keeps the name unique. Elsewhere the tags are the
    /// identity.
    pub name: Option<(Name, NameRule)>,
    /// An attribute whose value must be free before a create: the name, an alias, an address block. A foreign resource that holds
    /// the value may be ours with its tags removed, so the plan refuses the create and makes no second resource.
    pub unique: Option<Name>,
    /// The attribute that lists further values which a resource holds besides its unique one, and which are not free either.
    pub holds_too: Option<Name>,
    /// The failed state that one change ends. Absent where AWS takes no change in any failed state.
    pub remedy: Option<Remedy>,
    /// What AWS offers with which values. Absent where AWS takes any legal value at any time.
    pub offered: Option<OfferRule>,
    /// How AWS identifies a new object: which outputs it has, and which of them follow from the declaration.
    pub identity: Identity,
    /// Every attribute of the kind.
    pub attributes: &'static [AttributeSchema],
    /// The page of AWS's documentation from which the rules are taken, below docs.aws.amazon.com.
    pub page: &'static str,
}

impl KindSchema {
    /// A stateless kind without a physical name. `title`: the kind in words, in both languages. `page` lies below docs.aws.amazon.com.
    #[must_use]
    pub const fn new(
        kind: &'static str,
        title: Explained,
        identity: Identity,
        attributes: &'static [AttributeSchema],
        page: &'static str,
    ) -> Self {
        Self {
            kind,
            title: title.en,
            title_ja: title.ja,
            observed: false,
            stateful: false,
            once_gone: None,
            remedy: None,
            offered: None,
            name: None,
            unique: None,
            holds_too: None,
            identity,
            attributes,
            page,
        }
    }

    /// The kind in words of both languages.
    #[must_use]
    pub const fn titled(&self) -> Explained {
        Explained::new(self.title, self.title_ja)
    }

    /// The same as a kind that no file declares.
    #[must_use]
    pub const fn observed(mut self) -> Self {
        self.observed = true;
        self
    }

    /// The same as a kind that holds data, keys or evidence.
    #[must_use]
    pub const fn stateful(mut self) -> Self {
        self.stateful = true;
        self
    }

    /// The same as a kind whose deleted resources cannot be made again as they were, and why.
    #[must_use]
    pub const fn once_gone(mut self, en: &'static str, ja: &'static str) -> Self {
        self.once_gone = Some(Explained::new(en, ja));
        self
    }

    /// The same as a kind with a failed state that one change ends.
    #[must_use]
    pub const fn remedy(mut self, remedy: Remedy) -> Self {
        self.remedy = Some(remedy);
        self
    }

    /// The same as a kind of which AWS offers some values and others not.
    #[must_use]
    pub const fn offered(mut self, rule: OfferRule) -> Self {
        self.offered = Some(rule);
        self
    }

    /// The same with this physical name, and what AWS accepts as such.
    #[must_use]
    pub const fn name(mut self, attribute: Attr<String>, rule: NameRule) -> Self {
        self.name = Some((attribute.name(), rule));
        self
    }

    /// The same with this attribute, whose value must be free before a create.
    #[must_use]
    pub const fn unique(mut self, attribute: Attr<String>) -> Self {
        self.unique = Some(attribute.name());
        self
    }

    /// The same with the attribute that lists further values which a resource holds.
    #[must_use]
    pub const fn holds_too(mut self, attribute: Attr<Vec<String>>) -> Self {
        self.holds_too = Some(attribute.name());
        self
    }

    /// The address of the page.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("https://docs.aws.amazon.com/{}", self.page)
    }

    /// The attribute of this name; `None` for a name that the kind does not have.
    #[must_use]
    pub fn row(&self, name: Name) -> Option<&'static AttributeSchema> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The attributes that one call sends together with this one, and itself.
    pub fn together(&self, name: Name) -> impl Iterator<Item = &'static AttributeSchema> {
        let outer = |attribute: &AttributeSchema| attribute.inside.unwrap_or(attribute.name);
        let home = self.row(name).map(outer);
        self.attributes.iter().filter(move |attribute| Some(outer(attribute)) == home)
    }

    /// As [`Self::row`], for a name as text.
    #[must_use]
    pub fn attribute(&self, name: impl AsRef<str>) -> Option<&'static AttributeSchema> {
        let name = name.as_ref();
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

/// The schemas of all kinds, by the name of the kind.
pub type Schemas = BTreeMap<&'static str, &'static KindSchema>;

/// The parts of the path of a difference. Of an attribute that the schema does not have, the brackets alone decide.
#[must_use]
pub fn parts<'a>(path: &'a str, schema: Option<&KindSchema>) -> Path<'a> {
    Path::read(path, |attribute| {
        let known = schema.and_then(|schema| schema.attribute(attribute));
        known.is_none_or(|attribute| matches!(attribute.comparison, Comparison::Keyed(_)))
    })
}
