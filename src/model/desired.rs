//! What the environment file asks for, compiled to resources.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::attributes::Attributes;
use super::authored::Authored;
use super::finding::Source;
use super::id::{Environment, Region, ResourceId};
use super::name::Name;
use super::policy::PolicyFiles;
use super::release::ReleaseRef;
use super::roles::Roles;
use super::tags::Tags;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesiredResource {
    pub attributes: Attributes,
    pub tags: Tags,
    /// Where the block that asks for this resource begins.
    pub source: Source,
    /// Where single attributes were authored, when that is more exact than `source`.
    pub authored: Authored,
    /// Take over an existing resource of this physical name (`physical_name:` was written).
    pub adopt: bool,
    /// For attributes that AWS queues: the maintenance window in words.
    pub window: Option<String>,
}

impl DesiredResource {
    #[must_use]
    pub fn source_of(&self, attribute: Name) -> &Source {
        self.authored.get(attribute).unwrap_or(&self.source)
    }

    /// Resources this one refers to: they must exist first.
    #[must_use]
    pub fn dependencies(&self) -> BTreeSet<ResourceId> {
        let mut found = BTreeSet::new();
        for value in self.attributes.values() {
            value.visit_references(&mut |reference| {
                found.insert(reference.to.clone());
            });
        }
        found
    }
}

/// Permission to delete one resource: the second of the two keys (the first is our tag on the live resource).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    pub reason: String,
    pub source: Source,
}

/// A promise that dev or staging keeps less strictly, declared with a reason and an end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Divergence {
    pub promise: String,
    pub value: String,
    pub reason: String,
    pub owner: String,
    /// Last day on which it is accepted, ISO 8601.
    pub until: String,
    pub source: Source,
}

/// One environment, complete and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesiredState {
    pub environment: Environment,
    /// Twelve digits.
    pub account: String,
    pub assume_role: Option<String>,
    pub primary: Region,
    pub recovery: Region,
    pub resources: BTreeMap<ResourceId, DesiredResource>,
    pub retire: BTreeMap<ResourceId, Tombstone>,
    pub divergences: Vec<Divergence>,
    /// What `release:` pins; absent where the tree is used.
    pub release: Option<ReleaseRef>,
    /// The tokaido that cut the release: another one might compile other resources from the same files.
    pub release_tool: Option<String>,
    /// Hours for which a release must have been proven in the environment before this one.
    pub soak_hours: i64,
    /// The S3 bucket that holds this environment's records and lease; absent where a folder does.
    pub bucket: Option<String>,
    /// Who may let a change pass; absent without `policies/roles.yaml`.
    pub roles: Option<Roles>,
    /// `change.approvals`: no fewer people than this where approvals are required.
    pub approvals: usize,
    /// SHA-256 of every configuration file this was compiled from, hex.
    pub digest: String,
    /// SHA-256 of the promises, hex.
    pub promises_digest: String,
    /// Days that promises give at least, by slug, as `policies/promises.yaml` says; the paper's own where it is silent.
    pub promised_days: BTreeMap<String, i64>,
    /// The rules of the organisation, as the tree or the release has them.
    pub policies: PolicyFiles,
}
