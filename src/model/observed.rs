//! What AWS answered, with the source and the time of every answer.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::desired::DesiredState;
use super::id::{Environment, Region, ResourceId};
use super::name::Name;
use super::offer::{OfferQuestion, Offered};
use super::pairs::Pairs;
use super::readings::Readings;
use super::reason::plan::{Unanswered, Wait};
use super::reason::{Spoken, Stated};
use super::recorded::RecordedState;
use super::shared::Shared;
use super::tags::{self, Tags};
use super::text::Language;
use super::value::Value;

/// Whether a driver can work with a live resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", content = "word", rename_all = "lowercase")]
pub enum Status {
    /// AWS can change it.
    Ready,
    /// AWS is busy with it. The word is AWS's own: `creating`, `modifying`.
    Working(String),
    /// It does not become ready by waiting. The word is AWS's own, or [`ANOTHER_ACCOUNT`].
    Failed(String),
}

/// The state of an object that holds a name we need and is not in this account: names of buckets are unique in all of AWS.
/// tokaido knows nothing else of the object and never changes it.
pub const ANOTHER_ACCOUNT: &str = "in another account";

/// A value that AWS has accepted and not applied yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingValue {
    /// The attribute that will change.
    pub attribute: Name,
    /// The value that AWS will apply.
    pub value: Value,
    /// When AWS applies it.
    pub when: Stated<Wait>,
}

/// One live resource, as a driver read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// The identifier that the driver's calls take: `vpc-0a1b…`, a database identifier, a key id.
    pub physical: Shared,
    /// Values that other resources refer to, by output: `id`, `arn`, `name`.
    pub outputs: Pairs,
    /// What is known of each attribute.
    #[serde(flatten)]
    pub attributes: Readings,
    /// All its tags, those of other owners included.
    pub tags: Tags,
    /// Whether it can be changed now.
    pub status: Status,
    /// Values that AWS has accepted and not applied yet.
    #[serde(default)]
    pub pending: Vec<PendingValue>,
}

/// All resources of one kind in one region.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The objects of which everything that is needed was read.
    pub live: Vec<Live>,
    /// Objects that AWS made by itself inside a network, and that carry no tag of ours.
    pub made_by_aws: Vec<Live>,
    /// Objects that exist and whose details could not be read. They may be ours.
    pub unreadable: Vec<Unreadable>,
    /// Objects with a foreign name whose tags this caller may not read. One of them can be ours only if a person renamed it.
    pub locked: Vec<Locked>,
    /// Regions in which this caller may look for nothing.
    pub closed: Vec<Closed>,
}

/// A region in which this caller may look for nothing. What lies there is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Closed {
    /// AWS's code of the region: `us-east-1`.
    pub region: String,
    /// What closes it.
    pub by: ClosedBy,
    /// The calls that were refused, as IAM spells them. Sorted. None where the region is not enabled.
    pub refused: Vec<String>,
    /// Who asked, as an ARN, where it is known.
    pub caller: Option<String>,
}

/// What closes a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClosedBy {
    /// A policy of the organisation denies every call there.
    Organisation,
    /// The account has not enabled the region. AWS keeps what was made there before somebody disabled it.
    Account,
}

/// An object whose tags this caller may not read, and whose name is not one of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locked {
    /// What the listing says of it.
    pub live: Live,
    /// The read that was denied.
    pub denied: Unreadable,
}

/// A read that failed. What depends on it is unknown, never in order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Unreadable {
    /// The kind that was read, in kebab-case: `db-instance`.
    pub kind: String,
    /// The region that was asked.
    pub region: Region,
    /// AWS's identifier of the one object. Absent when all objects of the kind in the region are meant.
    pub physical: Option<String>,
    /// The resource, where the name of the object says which one it is.
    pub id: Option<ResourceId>,
    /// The call that failed, as AWS names it: `rds:DescribeDBInstances`.
    pub operation: String,
    /// Class and code of the error and what to do, in English, without caller and request id: the same for every caller.
    pub error: String,
    /// Present when no read failed: a create was sent and its end is indeterminate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unanswered: Option<Unanswered>,
    /// The whole error with caller and request id, in English, for people and for reports that have a time. No plan holds it.
    #[serde(skip)]
    pub told: String,
}

impl Unreadable {
    /// The whole error where it is known. For a value that was read from a file it is `error`.
    #[must_use]
    pub fn in_full(&self) -> &str {
        if self.told.is_empty() { &self.error } else { &self.told }
    }

    /// Whether the read that failed may hide this resource. An object whose resource is unknown may be any of its kind and
    /// region.
    #[must_use]
    pub fn hides(&self, id: &ResourceId) -> bool {
        self.id.as_ref().map_or(self.kind == id.kind && self.region == id.region, |named| named == id)
    }

    /// A create of this resource was sent lately and its end is indeterminate: AWS may not show yet what it made.
    #[must_use]
    pub fn in_doubt(id: &ResourceId, unanswered: Unanswered) -> Self {
        let error = unanswered.spoken(Language::En).to_string();
        Self {
            kind: id.kind.to_string(),
            region: id.region,
            physical: None,
            id: Some(id.clone()),
            operation: "create".to_owned(),
            error,
            unanswered: Some(unanswered),
            told: String::new(),
        }
    }
}

/// One read of a kind in a region, answered or failed: the source of what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRecord {
    /// The kind that was read, in kebab-case: `db-instance`.
    pub kind: String,
    /// The region that was asked.
    pub region: Region,
    /// When the read ended, RFC 3339 in UTC, on the world's clock.
    pub at: String,
}

impl CallRecord {
    /// The name of a listing in a report: `list db-instance@tokyo`.
    #[must_use]
    pub fn listing(&self) -> String {
        format!("list {}@{}", self.kind, self.region)
    }

    /// The name of a read of facts in a report: `facts db-instance@tokyo`.
    #[must_use]
    pub fn facts(&self) -> String {
        format!("facts {}@{}", self.kind, self.region)
    }
}

/// A live resource of ours. Identifiers of our other resources in it are lifted to references.
pub type Owned = Live;

/// A live resource without our tags. Two are equal whoever read them: a plan is the same for every caller.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ForeignEntry {
    /// The kind of the object, in kebab-case: `db-instance`.
    pub kind: String,
    /// The region in which AWS listed the object.
    pub region: Region,
    /// AWS's identifier of the object: `vpc-0a1b…`, an ARN or a name.
    pub physical: String,
    /// A text that helps a person to recognise it: its unique value, or else its tag `Name`.
    pub hint: Option<String>,
    /// The call about the object that was denied to this caller, as IAM spells it, where one was. No plan holds it.
    #[serde(skip)]
    pub denied: Option<String>,
}

impl PartialEq for ForeignEntry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for ForeignEntry {}

impl PartialOrd for ForeignEntry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ForeignEntry {
    fn cmp(&self, other: &Self) -> Ordering {
        (&self.kind, self.region, &self.physical, &self.hint).cmp(&(&other.kind, other.region, &other.physical, &other.hint))
    }
}

/// A live resource that carries the tags of another resource of ours.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct CopyEntry {
    /// The resource whose tags it carries.
    pub of: ResourceId,
    /// AWS's identifier of the copy.
    pub physical: String,
}

/// Why a live resource is not, or not surely, a resource of ours.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum OtherStanding {
    /// It carries no tags of this environment.
    Foreign,
    /// It carries the tags of this resource under another name.
    CopyOf(ResourceId),
    /// It is one of several that carry the tags of this resource.
    Claims(ResourceId),
}

/// A live resource that is not surely ours, in full. Promises speak about all data, whoever made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Other {
    /// The kind of the object, in kebab-case: `db-instance`.
    pub kind: Shared,
    /// The region in which AWS listed the object.
    pub region: Region,
    /// Why the object is not counted as ours.
    pub standing: OtherStanding,
    /// What was read. Identifiers of our resources in it are lifted to references.
    pub live: Live,
}

/// A fact about a live resource that no file declares: how far back a database can be restored, what lies in a vault.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FactReading {
    /// The kind of the object that the fact is about, as its driver lists it.
    pub kind: String,
    /// The region of that object.
    pub region: Region,
    /// AWS's identifier of that object.
    pub physical: String,
    /// The name of the fact, one of `kinds::facts`.
    pub name: String,
    /// The value as text; a time is RFC 3339.
    pub value: String,
    /// The call that told the fact, as AWS names it.
    pub source: String,
    /// When the call was answered, RFC 3339 in UTC.
    pub at: String,
}

/// Facts, where a command asked for them: an audit asks, a plan does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The facts that were read.
    pub facts: Vec<FactReading>,
    /// Reads of facts that failed. The resources themselves may have been read.
    pub unreadable: Vec<Unreadable>,
    /// Every read of facts that was sent, answered or failed.
    pub reads: Vec<CallRecord>,
}

/// The live world, sorted into resources that are ours and resources that are not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ObservedState {
    /// Live resources that are ours, by id.
    pub owned: BTreeMap<ResourceId, Owned>,
    /// Ids that more than one live resource carries, with the sorted identifiers of AWS.
    pub ambiguous: BTreeMap<ResourceId, Vec<String>>,
    /// Live resources that hold a unique value and are not surely ours, by kind, region and value in lower case. A create with
    /// that value would collide.
    pub taken: BTreeMap<(Shared, Region, String), Owned>,
    /// Live resources without our tags, sorted.
    pub foreign: Vec<ForeignEntry>,
    /// Live resources with the tags of another resource, sorted.
    pub copies: Vec<CopyEntry>,
    /// Reads that failed, sorted.
    pub unreadable: Vec<Unreadable>,
    /// The denied reads of the tags of objects with a foreign name, sorted. See [`ObservedState::hides`].
    pub locked: Vec<Unreadable>,
    /// Regions in which this caller may look for nothing, sorted. Only an audit looks there.
    pub closed: Vec<Closed>,
    /// Every listing of the look, answered or failed.
    pub reads: Vec<CallRecord>,
    /// Every foreign resource, every copy and every one of several claims, in full, sorted by kind, region and identifier.
    pub others: Vec<Other>,
    /// What AWS offers, by question. A plan asks for what it would make or change.
    pub offers: BTreeMap<OfferQuestion, Offered>,
    /// Facts that no file declares; absent where the command did not ask for them.
    pub evidence: Option<Evidence>,
}

impl ObservedState {
    /// The failed read that may hide the resource `id`, which no listing shows. An object with a foreign name whose tags may not
    /// be read hides a resource that was applied once: it may be that one, renamed. It hides nothing that was never made.
    #[must_use]
    pub fn hides(&self, id: &ResourceId, recorded: Option<&RecordedState>) -> Option<&Unreadable> {
        let locked = || {
            let applied = recorded.is_some_and(|state| state.resources.contains_key(id));
            self.locked.iter().find(|denied| applied && denied.hides(id))
        };
        self.unreadable.iter().find(|failed| failed.hides(id)).or_else(locked)
    }

    /// The failed reads that a report has to name: every one of `unreadable`, and the locked objects that may be a resource of
    /// ours which was applied once and is not there.
    #[must_use]
    pub fn unread(&self, recorded: Option<&RecordedState>) -> Vec<Unreadable> {
        let absent = |id: &&ResourceId| !self.owned.contains_key(*id) && !self.ambiguous.contains_key(*id);
        let lost: Vec<&ResourceId> = match recorded {
            Some(state) if !self.locked.is_empty() => state.resources.keys().filter(absent).collect(),
            _ => Vec::new(),
        };
        let doubtful = self.locked.iter().filter(|denied| lost.iter().any(|id| denied.hides(id)));
        let mut all: Vec<Unreadable> = self.unreadable.iter().chain(doubtful).cloned().collect();
        all.sort();
        all
    }

    /// Resources of the kind and region of `id` that have lost a part of our tags, and may be `id` by those that are left.
    pub fn unlabelled<'a>(&'a self, id: &'a ResourceId, environment: Environment) -> impl Iterator<Item = &'a Live> {
        let may_be = move |tags: &Tags| match (tags.get(tags::ENVIRONMENT), tags.get(tags::ID)) {
            (Some(named), found) => {
                named == environment.as_str() && found.is_none_or(|found| found.parse::<ResourceId>().is_err())
            }
            (None, Some(found)) => *found == id.to_string(),
            (None, None) => false,
        };
        let here = self.others.iter().filter(|other| other.kind == id.kind && other.region == id.region);
        here.filter(move |other| other.standing == OtherStanding::Foreign && may_be(&other.live.tags)).map(|other| &other.live)
    }

    /// Mislabelled resources of the kind and region of `id`: copies, each of several claims, objects with only a part of our
    /// tags, and objects whose tags name an id that the environment neither declares nor retires and that no record says was
    /// applied. Each may be the resource `id` with a changed tag.
    pub fn mislabelled<'a>(
        &'a self,
        id: &'a ResourceId,
        desired: &'a DesiredState,
        recorded: Option<&'a RecordedState>,
    ) -> impl Iterator<Item = &'a Live> {
        let half = |live: &Live| {
            let says = |tag: &str, word: &str| live.tags.get(tag).is_some_and(|found| found == word);
            says(tags::ENVIRONMENT, desired.environment.as_str()) || says(tags::ID, &id.to_string())
        };
        let others = self.others.iter().filter(move |other| {
            let here = other.kind == id.kind && other.region == id.region;
            here && (other.standing != OtherStanding::Foreign || half(&other.live))
        });
        let unheard = move |other: &ResourceId| {
            let applied = recorded.is_none_or(|state| state.resources.contains_key(other));
            !applied && !desired.resources.contains_key(other) && !desired.retire.contains_key(other)
        };
        let owned = self.owned.iter().filter(move |(other, _)| other.kind == id.kind && other.region == id.region);
        owned.filter(move |(other, _)| unheard(other)).map(|(_, live)| live).chain(others.map(|other| &other.live))
    }
}
