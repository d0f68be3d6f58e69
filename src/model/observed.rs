//! What AWS answered, with the source and the age of every answer.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::desired::DesiredState;
use super::id::{Region, ResourceId};
use super::name::Name;
use super::pairs::Pairs;
use super::readings::Readings;
use super::reason::plan::{Unanswered, Wait};
use super::reason::{Spoken, Stated};
use super::recorded::RecordedState;
use super::shared::Shared;
use super::tags::{self, Tags};
use super::text::Language;
use super::value::Value;

/// Whether a resource can be worked with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", content = "word", rename_all = "lowercase")]
pub enum Status {
    Ready,
    /// AWS is busy with it; the word is AWS's own (`creating`, `modifying`).
    Working(String),
    /// It will not become ready by waiting.
    Failed(String),
}

/// The state of something that holds a name we want and is not even in this account: names of buckets are unique in all
/// of AWS. Nothing else is known of it, and it is in nobody's scope.
pub const ANOTHER_ACCOUNT: &str = "in another account";

/// A value that AWS has accepted and not applied yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingValue {
    pub attribute: Name,
    pub value: Value,
    pub when: Stated<Wait>,
}

/// One live resource, as a driver read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// What the driver's calls take: `vpc-0a1b…`, a database identifier, a key id.
    pub physical: String,
    /// Values that other resources refer to: `id`, `arn`, `name`.
    pub outputs: Pairs,
    #[serde(flatten)]
    pub attributes: Readings,
    pub tags: Tags,
    pub status: Status,
    #[serde(default)]
    pub pending: Vec<PendingValue>,
}

/// Everything of one kind in one region.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    pub live: Vec<Live>,
    /// Objects that exist but whose reads failed; they may be ours.
    pub unreadable: Vec<Unreadable>,
}

/// Something that could not be read. Whatever depends on it is unknown, never ok.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Unreadable {
    pub kind: String,
    pub region: Region,
    /// The one object, or all of the kind.
    pub physical: Option<String>,
    /// The owner, when it is known from the name.
    pub id: Option<ResourceId>,
    /// The call that failed, as AWS names it.
    pub operation: String,
    /// The classified error, in words.
    pub error: String,
    /// It is no failed read, but a create whose end nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unanswered: Option<Unanswered>,
    /// All that AWS said, with caller and request id, which `error` has not: for people, and for reports that have a time. No
    /// plan holds it.
    #[serde(skip)]
    pub told: String,
}

impl Unreadable {
    /// All that is known of the failure; of one that was read from a file, what the file says.
    #[must_use]
    pub fn in_full(&self) -> &str {
        if self.told.is_empty() { &self.error } else { &self.told }
    }

    /// Whether this resource may be behind it. One object whose owner is not known may be any of its kind there.
    #[must_use]
    pub fn hides(&self, id: &ResourceId) -> bool {
        self.id.as_ref().map_or(self.kind == id.kind && self.region == id.region, |named| named == id)
    }

    /// A create of this was sent lately, nobody knows how it ended, and AWS may still hide what it made.
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

/// One read, for provenance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRecord {
    pub kind: String,
    pub region: Region,
    /// RFC 3339, on the world's clock.
    pub at: String,
}

/// A resource of ours as it is now, its links lifted to references.
pub type Owned = Live;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct ForeignEntry {
    pub kind: String,
    pub region: Region,
    pub physical: String,
    /// A name or tag that helps a person to recognise it.
    pub hint: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct CopyEntry {
    /// Whose tags it carries.
    pub of: ResourceId,
    pub physical: String,
}

/// Why a live resource is none of ours, or not surely.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum OtherStanding {
    Foreign,
    /// Carries the tags of this one under another name.
    CopyOf(ResourceId),
    /// One of several that claim to be this one.
    Claims(ResourceId),
}

/// A live resource that is not ours alone, whole: promises are about all data, whoever made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Other {
    pub kind: String,
    pub region: Region,
    pub standing: OtherStanding,
    /// Links to resources of ours are lifted.
    pub live: Live,
}

/// A fact that no one declares: how far a database can be restored, what lies in a vault.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FactReading {
    /// Whose fact, as the driver lists it.
    pub kind: String,
    pub region: Region,
    pub physical: String,
    pub name: String,
    pub value: String,
    /// The call that said so.
    pub source: String,
    /// RFC 3339.
    pub at: String,
}

/// Facts, when they were asked for: an audit asks, a plan does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    pub facts: Vec<FactReading>,
    /// Reads of facts that failed. The resources themselves may have been read well.
    pub unreadable: Vec<Unreadable>,
}

/// The live world, sorted into ours and not ours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ObservedState {
    pub owned: BTreeMap<ResourceId, Owned>,
    /// More than one live resource claims the id: physical identifiers, sorted.
    pub ambiguous: BTreeMap<ResourceId, Vec<String>>,
    /// Live resources that are not, or not surely, what their tags say or that carry none, by (kind, region, unique value):
    /// a create of that value would collide.
    pub taken: BTreeMap<(Shared, Region, String), Owned>,
    pub foreign: Vec<ForeignEntry>,
    pub copies: Vec<CopyEntry>,
    pub unreadable: Vec<Unreadable>,
    pub reads: Vec<CallRecord>,
    /// Everything foreign, every copy and every claim, in full; sorted.
    pub others: Vec<Other>,
    pub evidence: Option<Evidence>,
}

impl ObservedState {
    /// What carries tags of ours in this kind and region and stands for nothing: a copy, one of several claims, a half of
    /// our tags, or an id that nobody declares, retires or ever applied. It may be `id` under a changed tag.
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
