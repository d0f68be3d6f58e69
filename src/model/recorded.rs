//! What the last apply left behind, from the store. Its absence never blocks anything.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::attributes::Attributes;
use super::id::ResourceId;
use super::tags::Tags;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedResource {
    pub attributes: Attributes,
    pub tags: Tags,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedState {
    pub resources: BTreeMap<ResourceId, RecordedResource>,
    /// An apply sent a create of these, and no record says that it ended well.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unfinished: BTreeSet<ResourceId>,
}
