//! The live world as a check sees it: what is there, what should be there, and what a failed read hides.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use smallvec::SmallVec;

use crate::model::Level;
use crate::model::{
    CallRecord, DesiredResource, Fact, FactReading, Live, Name, OtherStanding, Reading, Region, ResourceId, Shared, SortedLookup,
    Standing, Unread, Unreadable, Value, tags,
};

use super::VerdictReason;
use super::index::Index;
use super::input::JudgeInput;
use super::mislabelled::Mislabelled;
use super::paths::proved::Proved;
use super::universe::Universe;

/// One live resource under judgement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member<'a> {
    /// The id that the resource has by its tags or its name; `None` for a foreign resource.
    pub(super) id: Option<&'a ResourceId>,
    /// The id that its tags name. Links to the resource were replaced by references to this id.
    called: Option<&'a ResourceId>,
    pub(super) kind: &'a str,
    pub(super) region: Region,
    pub(super) live: &'a Live,
    pub(super) declared: Option<&'a DesiredResource>,
    pub(super) standing: Standing,
    /// Its position among the members of its kind.
    pub(super) place: usize,
    /// The id alone does not say which live resource is meant, so the physical identifier is shown as well.
    named_apart: bool,
}

/// How reports name the resource.
impl fmt::Display for Member<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.id {
            Some(id) if !self.named_apart => id.fmt(f),
            Some(id) => write!(f, "{id} ({})", self.live.physical),
            None => write!(f, "{} ({}@{})", self.live.physical, self.kind, self.region),
        }
    }
}

impl<'a> Member<'a> {
    pub(super) fn subject(&self) -> String {
        self.to_string()
    }

    /// The same as a text that clones share: the one in its tags, where that is its id.
    pub(super) fn named(&self) -> Shared {
        let tag = self.live.tags.get(tags::ID).filter(|_| !self.named_apart);
        let same = tag.filter(|tag| self.id.is_some_and(|id| id.is_written(tag)));
        same.cloned().unwrap_or_else(|| Shared::displayed(self))
    }

    /// What a link to this resource can say: its ids, if it is ours, and its identifiers.
    pub(super) fn names(&self) -> impl Iterator<Item = Called<'a>> + use<'a> {
        let ours = self.standing == Standing::Ours;
        let ids = [self.id, self.called].into_iter().flatten().filter(move |_| ours);
        ids.map(Called::Id).chain(self.live.outputs.values().map(|own| Called::Output(own)))
    }

    pub(super) fn source(&self) -> String {
        source(self.kind, self.region)
    }

    /// The tenant to which the resource belongs: the declared one, else the one in its tags. Shared and foreign resources have
    /// none.
    pub(super) fn tenant(&self) -> Option<&'a str> {
        let tags = self.declared.map_or(&self.live.tags, |declared| &declared.tags);
        let ours = self.standing == Standing::Ours;
        tags.get(tags::TENANT).map(Shared::as_str).filter(|tenant| ours && *tenant != tags::SHARED)
    }
}

/// A member of a population, as far as AWS shows it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Seen<'a> {
    Here(Member<'a>),
    /// It was applied once and is not there.
    Lost(&'a ResourceId),
    /// It was applied once and is not there; this resource may be it, mislabelled.
    Astray(&'a ResourceId, &'a Live),
    NotMade(&'a ResourceId),
    Hidden(&'a ResourceId, &'a Unreadable),
}

/// What a link says about its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Called<'a> {
    Id(&'a ResourceId),
    Output(&'a str),
}

/// Where a link leads.
#[derive(Debug, Clone)]
pub(super) enum Found<'a> {
    Here(Members<'a>),
    /// A failed read may hide the target.
    Hidden(&'a Unreadable),
    /// No listing shows the target.
    Nowhere,
}

/// Nearly every link leads to one.
pub(super) type Members<'a> = SmallVec<[Member<'a>; 1]>;

pub(super) fn source(kind: &str, region: Region) -> String {
    format!("list {kind}@{region}")
}

pub(super) fn read_failed(source: String, read: &CallRecord) -> Fact {
    Fact { name: "read".to_owned(), value: "failed".into(), source, at: Some(read.at.clone()) }
}

pub(super) struct View<'a> {
    pub(super) input: JudgeInput<'a>,
    /// Whether facts and reasons are kept, or only the states of the members.
    pub(super) told: bool,
    /// What the check that looks has declared.
    universe: Cell<Universe>,
    /// The kind that was asked about last, and whether the promise is about it: members come kind by kind.
    about: Cell<(&'a str, bool)>,
    times: BTreeMap<(&'a str, Region), &'a str>,
    kinds: BTreeMap<&'a str, OfKind<'a>>,
    /// By kind and identifier: every member with such an output.
    facts: BTreeMap<(&'a str, Region, &'a str, &'a str), &'a FactReading>,
    /// Values that many facts cite, by resource and attribute: every database cites the whole list of its backup plan.
    texts: RefCell<BTreeMap<(usize, Name), Arc<str>>>,
    /// Which tenants are isolated. It is proved for the first check that asks.
    proved: OnceCell<Arc<Proved>>,
}

/// The members of one kind. The indexes are made when a check first asks for them.
#[derive(Default)]
struct OfKind<'a> {
    members: Vec<Member<'a>>,
    /// Our resources by their id, and by the id that their tags name.
    by_id: OnceCell<Index>,
    /// All resources by each of their identifiers.
    by_output: OnceCell<Index>,
    /// The declared resources that are not there.
    absent: OnceCell<Vec<Seen<'a>>>,
}

impl<'a> OfKind<'a> {
    fn answering(&self, id: &ResourceId) -> impl Iterator<Item = &Member<'a>> {
        let index = self.by_id.get_or_init(|| {
            let ours = self.members.iter().enumerate().filter(|(_, member)| member.standing == Standing::Ours);
            Index::of(
                self.members.len(),
                ours.flat_map(|(place, member)| {
                    let other = member.called.filter(|called| Some(*called) != member.id);
                    member.id.into_iter().chain(other).map(move |id| (id, place))
                }),
            )
        });
        let members = index.at(id).map(|place| &self.members[place]);
        members.filter(move |member| member.id == Some(id) || member.called == Some(id))
    }

    fn identified(&self, identifier: &str) -> impl Iterator<Item = &Member<'a>> {
        let index = self.by_output.get_or_init(|| {
            let all = self.members.iter().enumerate();
            Index::of(
                self.members.len(),
                all.flat_map(|(place, member)| member.live.outputs.values().map(move |own| (own.as_str(), place))),
            )
        });
        let members = index.at(identifier).map(|place| &self.members[place]);
        members.filter(move |member| member.live.outputs.values().any(|own| own.as_str() == identifier))
    }
}

impl<'a> View<'a> {
    pub(super) fn of(input: JudgeInput<'a>, told: bool) -> Self {
        let observed = input.observed;
        let mut view = Self {
            input,
            told,
            universe: Cell::new(Universe::NOTHING),
            about: Cell::new(("", false)),
            times: observed.reads.iter().map(|read| ((read.kind.as_str(), read.region), read.at.as_str())).collect(),
            kinds: BTreeMap::new(),
            facts: BTreeMap::new(),
            texts: RefCell::default(),
            proved: OnceCell::new(),
        };
        for reading in observed.evidence.iter().flat_map(|evidence| &evidence.facts) {
            view.facts.insert((&reading.kind, reading.region, &reading.physical, &reading.name), reading);
        }
        let owned = observed.owned.keys().map(|id| id.kind.as_str());
        for (kind, count) in counted(owned.chain(observed.others.iter().map(|other| other.kind.as_str()))) {
            view.kinds.entry(kind).or_default().members.reserve_exact(count);
        }
        let stray = Mislabelled::of(input);
        let mut declared = SortedLookup::of(&input.desired.resources);
        for (called, live) in &observed.owned {
            let declared = declared.get(called);
            let meant = stray.meant(&called.kind, called.region, live);
            let id = meant.map_or(called, |(id, _)| id);
            view.add(Member {
                id: Some(id),
                called: Some(called),
                kind: &called.kind,
                region: called.region,
                live,
                declared: if meant.is_some() { input.desired.resources.get(id) } else { declared },
                standing: Standing::Ours,
                place: 0,
                named_apart: meant.is_some_and(|(_, alone)| !alone),
            });
        }
        for other in &observed.others {
            let (called, unsure) = match &other.standing {
                OtherStanding::Claims(id) => (Some(id), Standing::Ours),
                OtherStanding::CopyOf(id) => (Some(id), Standing::Copy),
                OtherStanding::Foreign => (None, Standing::Foreign),
            };
            let (id, standing, named_apart) = match stray.meant(&other.kind, other.region, &other.live) {
                Some((id, alone)) => (Some(id), Standing::Ours, !alone),
                None => (called, unsure, !called.is_some_and(|id| unsure == Standing::Ours && stray.left_alone(observed, id))),
            };
            view.add(Member {
                id,
                called,
                kind: &other.kind,
                region: other.region,
                live: &other.live,
                declared: id.filter(|_| standing == Standing::Ours).and_then(|id| input.desired.resources.get(id)),
                standing,
                place: 0,
                named_apart,
            });
        }
        view
    }

    /// What was proved; proved by reading what this universe declares, if nobody asked before.
    pub(super) fn proved(&self, universe: Universe, prove: impl FnOnce() -> Proved) -> Arc<Proved> {
        let proved = self.proved.get_or_init(|| {
            let asking = self.universe.replace(universe);
            let proved = Arc::new(prove());
            self.universe.set(asking);
            proved
        });
        Arc::clone(proved)
    }

    /// From here on the check with this universe looks.
    pub(super) fn look_at(&self, universe: Universe) {
        self.universe.set(universe);
        self.about.set(("", false));
    }

    /// Whether the promise is about members of this kind.
    pub(super) fn is_about(&self, kind: &'a str) -> bool {
        let (last, about) = self.about.get();
        if std::ptr::eq(last, kind) {
            return about;
        }
        let about = self.universe().is_about(kind);
        self.about.set((kind, about));
        about
    }

    pub(super) const fn universe(&self) -> Universe {
        self.universe.get()
    }

    /// An attribute that the check declares, of any member: `Null` where AWS has none.
    ///
    /// # Errors
    /// It was not read.
    pub(super) fn read(&self, member: &Member<'a>, attribute: Name) -> Result<&'a Value, Unread> {
        debug_assert!(
            self.universe().declares(member.kind, attribute),
            "{} reads {attribute} of {} and does not declare it",
            self.universe().slug,
            member.kind
        );
        Ok(member.live.attributes.reading(attribute).asked()?.unwrap_or(&Value::Null))
    }

    fn add(&mut self, member: Member<'a>) {
        let members = &mut self.kinds.entry(member.kind).or_default().members;
        members.push(Member { place: members.len(), ..member });
    }

    /// How many members of this kind are here.
    pub(super) fn count(&self, kind: &str) -> usize {
        self.kinds.get(kind).map_or(0, |of_kind| of_kind.members.len())
    }

    /// An attribute of another resource as facts show it. It is made once.
    pub(super) fn text_of(&self, member: &Member<'_>, attribute: Name) -> Arc<str> {
        let key = (std::ptr::from_ref(member.live).addr(), attribute);
        let mut texts = self.texts.borrow_mut();
        let text = || match member.live.attributes.reading(attribute) {
            Reading::Value(value) => value.to_string().into(),
            Reading::Absent => Value::Null.to_string().into(),
            Reading::NotAsked => "(not asked)".into(),
            Reading::Failed(_) => "(not read)".into(),
        };
        Arc::clone(texts.entry(key).or_insert_with(text))
    }

    /// When this kind was read in this region, RFC 3339.
    pub(super) fn at(&self, kind: &str, region: Region) -> Option<&'a str> {
        self.times.get(&(kind, region)).copied()
    }

    fn of_kind(&self, kind: &str) -> impl Iterator<Item = Member<'a>> {
        self.kinds.get(kind).into_iter().flat_map(|of_kind| &of_kind.members).copied()
    }

    /// Every resource of this kind, foreign ones included, and those that are declared and not there.
    pub(super) fn all(&self, kind: &str) -> impl Iterator<Item = Seen<'a>> {
        self.of_kind(kind).map(Seen::Here).chain(self.absent(kind))
    }

    /// The resources of this kind that are ours, and those that are declared and not there.
    pub(super) fn ours(&self, kind: &str) -> impl Iterator<Item = Seen<'a>> {
        let ours = self.of_kind(kind).filter(|member| member.standing == Standing::Ours);
        ours.map(Seen::Here).chain(self.absent(kind))
    }

    fn absent(&self, kind: &str) -> Vec<Seen<'a>> {
        let Some(of_kind) = self.kinds.get(kind) else { return self.absent_beside(kind, Vec::new()) };
        let absent = of_kind.absent.get_or_init(|| {
            let ours = of_kind.members.iter().filter(|member| member.standing == Standing::Ours);
            self.absent_beside(kind, ours.filter_map(|member| member.id).collect())
        });
        absent.clone()
    }

    fn absent_beside(&self, kind: &str, mut here: Vec<&ResourceId>) -> Vec<Seen<'a>> {
        here.sort_unstable();
        let mut here = here.into_iter().peekable();
        let first = ResourceId::new(kind, "", Region::Tokyo);
        let declared = self.input.desired.resources.range(first..).map(|(id, _)| id).take_while(|id| id.kind == kind);
        let declared = declared.filter(|id| {
            while here.next_if(|other| other < id).is_some() {}
            here.next_if_eq(id).is_none()
        });
        let recorded = |id: &ResourceId| self.input.recorded.is_some_and(|state| state.resources.contains_key(id));
        declared
            .map(|id| match self.hides(id) {
                Some(failed) => Seen::Hidden(id, failed),
                None if recorded(id) => self.astray(id).map_or(Seen::Lost(id), |live| Seen::Astray(id, live)),
                None => Seen::NotMade(id),
            })
            .collect()
    }

    /// Whether resources of the environment are there and no record says what was applied. A resource that was never created then
    /// cannot be told from a lost one. An environment without any resource has lost none.
    pub(super) fn forgotten(&self) -> bool {
        self.input.recorded.is_none() && !self.input.observed.owned.is_empty()
    }

    /// The resource that may be this one, mislabelled. A kind with a unique value is recognised by the value instead.
    fn astray(&self, id: &'a ResourceId) -> Option<&'a Live> {
        let input = self.input;
        let unique = input.schemas.get(id.kind.as_str()).is_none_or(|schema| schema.unique.is_some());
        let known = |live: &&Live| {
            let mut here = self.of_kind(&id.kind).filter(|member| member.region == id.region);
            here.any(|member| member.live.physical == live.physical && member.declared.is_some())
        };
        let mut found = input.observed.mislabelled(id, input.desired, input.recorded).filter(|live| !known(live));
        if unique { None } else { found.next() }
    }

    /// The failed read of this kind in this region.
    pub(super) fn failed(&self, kind: &str, region: Region) -> Option<&'a Unreadable> {
        self.input.observed.unreadable.iter().find(|failed| failed.kind == kind && failed.region == region)
    }

    /// The failed read that may hide a resource.
    fn hides(&self, id: &ResourceId) -> Option<&'a Unreadable> {
        self.input.observed.hides(id, self.input.recorded)
    }

    /// Follows a link that was read in `region`.
    pub(super) fn follow(&self, link: &Value, kind: &str, region: Region) -> Found<'a> {
        let found: Members<'a> = match (link, self.kinds.get(kind)) {
            (Value::Ref(reference), Some(of_kind)) => of_kind.answering(&reference.to).copied().collect(),
            // A name identifies a resource only in the region where it is used; an ARN or an id identifies it everywhere.
            (Value::Text(text), Some(of_kind)) => {
                let anywhere = text.starts_with("arn:");
                let here = |member: &&Member<'a>| anywhere || member.region == region || member.region == Region::Global;
                of_kind.identified(text).filter(here).copied().collect()
            }
            _ => Members::new(),
        };
        if !found.is_empty() {
            return Found::Here(found);
        }
        let home = region_of(link).unwrap_or(region);
        let hides = |failed: &&Unreadable| failed.kind == kind && (failed.region == home || failed.region == Region::Global);
        self.input.observed.unreadable.iter().find(hides).map_or(Found::Nowhere, Found::Hidden)
    }

    /// The fact of this name about a resource.
    pub(super) fn fact(&self, member: &Member<'_>, name: &str) -> Option<&'a FactReading> {
        self.facts.get(&(member.kind, member.region, member.live.physical.as_str(), name)).copied()
    }

    /// The facts of a resource whose names begin so.
    pub(super) fn facts_named(&self, member: &Member<'a>, prefix: &'static str) -> impl Iterator<Item = &'a FactReading> {
        let (kind, region, physical) = (member.kind, member.region, member.live.physical.as_str());
        let facts = self.facts.range((kind, region, physical, prefix)..);
        let of_it = move |(place, _): &(&(&str, Region, &str, &str), _)| {
            (place.0, place.1, place.2) == (kind, region, physical) && place.3.starts_with(prefix)
        };
        facts.take_while(of_it).map(|(_, reading)| *reading)
    }

    /// The failed read that may hide a fact about this kind in this region.
    pub(super) fn untold(&self, kind: &str, region: Region) -> Option<&'a Unreadable> {
        let evidence = self.input.observed.evidence.as_ref()?;
        evidence.unreadable.iter().find(|failed| failed.kind == kind && failed.region == region)
    }

    /// Whether facts were asked for at all.
    pub(super) const fn evidence(&self) -> bool {
        self.input.observed.evidence.is_some()
    }

    /// The days that the promise demands in this environment: the promised ones, or those of a declared divergence.
    pub(super) fn days(&self, slug: &str) -> i64 {
        let desired = self.input.desired;
        let promised = desired.promised_days.get(slug).copied().unwrap_or(0).max(super::super::floor::days_of_paper(slug));
        let lowered = desired.divergences.iter().find(|divergence| divergence.promise == slug);
        lowered.and_then(|divergence| super::super::floor::days(&divergence.value)).unwrap_or(promised)
    }
}

/// How many of each kind there are. Those of one kind come after each other, at most a few times.
fn counted<'k>(kinds: impl Iterator<Item = &'k str>) -> BTreeMap<&'k str, usize> {
    let (mut counts, mut kinds) = (BTreeMap::new(), kinds.peekable());
    while let Some(kind) = kinds.next() {
        let mut count = 1;
        while kinds.next_if_eq(&kind).is_some() {
            count += 1;
        }
        *counts.entry(kind).or_default() += count;
    }
    counts
}

/// The region that a reference or an ARN names.
pub(super) fn region_of(link: &Value) -> Option<Region> {
    match link {
        Value::Ref(reference) => Some(reference.to.region),
        Value::Text(text) => Region::from_code(arn_region(text)?),
        _ => None,
    }
}

/// The account that an ARN names; `None` of a reference, which leads to something of ours.
pub(super) fn account_of(link: &Value) -> Option<&str> {
    link.as_text()?.strip_prefix("arn:")?.split(':').nth(3)
}

/// `arn:aws:backup:ap-northeast-3:…` → `ap-northeast-3`.
pub(super) fn arn_region(text: &str) -> Option<&str> {
    text.strip_prefix("arn:")?.split(':').nth(2)
}

pub(super) fn failure(failed: &Unreadable) -> VerdictReason {
    VerdictReason::ReadFailed { operation: failed.operation.clone(), error: failed.in_full().to_owned() }
}

/// The least level that a check reaches by reading settings alone.
pub(super) const SETTINGS: Level = Level::Configured;
