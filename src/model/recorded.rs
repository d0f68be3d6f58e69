//! What the store knows of the last apply. A missing record never blocks a plan.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::attributes::Attributes;
use super::diff::Diff;
use super::id::ResourceId;
use super::tags::Tags;

/// One resource as the last apply left it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedResource {
    /// The attributes that were applied.
    pub attributes: Attributes,
    /// The tags that were applied.
    pub tags: Tags,
}

/// What the records of all applies of an environment add up to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedState {
    /// Every resource that tokaido applied and did not delete since.
    pub resources: BTreeMap<ResourceId, RecordedResource>,
    /// Resources for which an apply sent a create, while no record says that the create succeeded; with what it was to give them.
    /// The list is empty in records of older versions.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unfinished: BTreeMap<ResourceId, Vec<Diff>>,
    /// The differences that an apply sent as an update, while no record says that the update ended well: its process died, or AWS's
    /// answer was lost. AWS may have made any of them. Of each path the last one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sent: BTreeMap<ResourceId, Vec<Diff>>,
    /// Resources for which an apply sent a delete, while no record says that the delete ended well.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub deleting: BTreeSet<ResourceId>,
    /// When the last of what `sent` and `deleting` hold of a resource may have been sent: the step began then, or ended in doubt.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sent_at: BTreeMap<ResourceId, Timestamp>,
}
