//! The resources that an environment file asks for.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
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

/// One resource as the environment file asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesiredResource {
    /// The values that it should have. Attributes that are not here are not compared.
    pub attributes: Attributes,
    /// The tags of our namespace that it should carry.
    pub tags: Tags,
    /// Where the block that asks for it begins.
    pub source: Source,
    /// Where single attributes are written, when that is more exact than `source`.
    pub authored: Authored,
    /// Whether an existing resource of this physical name is taken over: `physical_name:` is written.
    pub adopt: bool,
    /// The maintenance window in words, for attributes that AWS changes in it.
    pub window: Option<String>,
}

impl DesiredResource {
    /// Where this attribute is written, or where the block begins.
    #[must_use]
    pub fn source_of(&self, attribute: Name) -> &Source {
        self.authored.get(attribute).unwrap_or(&self.source)
    }

    /// The resources that this one refers to. They must exist first.
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

/// The permission to delete one resource, under `retire:`. A deletion needs two keys: the tombstone, and our tag on the live
/// resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// Why the resource goes, as a person wrote it.
    pub reason: String,
    /// Where the tombstone is written.
    pub source: Source,
}

/// A promise that dev or staging keeps less strictly, declared with a reason and an end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Divergence {
    /// The slug of the promise in `policies/promises.yaml`.
    pub promise: String,
    /// The value that holds instead.
    pub value: String,
    /// Why, as a person wrote it.
    pub reason: String,
    /// Who answers for it, as a person wrote it.
    pub owner: String,
    /// The last day on which it is accepted, `YYYY-MM-DD`.
    pub until: String,
    /// Where the divergence is written.
    pub source: Source,
}

/// Something that nobody can look at, accepted with a reason and an end. It turns nothing that is broken into kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// What is accepted: [`CLOSED_REGIONS`], or the code of one region.
    pub what: String,
    /// Why, as a person wrote it.
    pub reason: String,
    /// Who answers for it, as a person wrote it.
    pub owner: String,
    /// The last day on which it is accepted.
    pub until: Date,
    /// Where it is written.
    pub source: Source,
}

/// Something that ends connections of several tenants and begins others, and that the environment accepts between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedForwarder {
    /// AWS's identifier: of an interface, an endpoint or an endpoint service, or a load balancer's `app/NAME/ID`.
    pub id: String,
    /// Why nothing passes through it from one tenant to another, as a person wrote it.
    pub reason: String,
    /// Where it is written.
    pub source: Source,
}

/// A role of another account by which what lies there is read, and never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// The account, twelve digits.
    pub account: String,
    /// The ARN of the role that is assumed there.
    pub role: String,
    /// Why it is read, as a person wrote it.
    pub reason: String,
    /// Where it is written.
    pub source: Source,
}

/// Every region in which this caller may look for nothing.
pub const CLOSED_REGIONS: &str = "closed-regions";

/// One environment, complete and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesiredState {
    /// The environment that the files declare.
    pub environment: Environment,
    /// The AWS account, twelve digits.
    pub account: String,
    /// The ARN of the role that tokaido assumes in the account; absent where it works with the caller's own credentials.
    pub assume_role: Option<String>,
    /// The region of the services and the data.
    pub primary: Region,
    /// The region of the backup copies.
    pub recovery: Region,
    /// Every resource that should exist.
    pub resources: BTreeMap<ResourceId, DesiredResource>,
    /// Every resource that may be deleted.
    pub retire: BTreeMap<ResourceId, Tombstone>,
    /// Promises that this environment keeps less strictly.
    pub divergences: Vec<Divergence>,
    /// What nobody can look at and the environment accepts, in the order of the file.
    pub exceptions: Vec<Exception>,
    /// Load balancers, proxies and endpoints that may stand between tenants, in the order of the file.
    pub shared_forwarders: Vec<SharedForwarder>,
    /// Roles of other accounts, one for each account, in the order of the file.
    pub readers: Vec<Reader>,
    /// The tenants that use each shared database, sorted.
    pub database_users: BTreeMap<ResourceId, BTreeSet<String>>,
    /// The release that `release:` pins. Absent where the environment is compiled from the working tree.
    pub release: Option<ReleaseRef>,
    /// Version of the tokaido that cut the release: another version may compile other resources from the same files.
    pub release_tool: Option<String>,
    /// Hours for which a release must have been proven in the environment before this one (`change.soak`).
    pub soak_hours: i64,
    /// The S3 bucket of the records and the lease (`store.bucket`). Absent where a folder holds them.
    pub bucket: Option<String>,
    /// Who may approve a plan. Absent without `policies/roles.yaml`.
    pub roles: Option<Roles>,
    /// The least number of approvals where approvals are required (`change.approvals`).
    pub approvals: usize,
    /// SHA-256 of every configuration file that the environment is compiled from, hex.
    pub digest: String,
    /// SHA-256 of the promises, hex.
    pub promises_digest: String,
    /// Days that a promise gives at least, by slug: the number in `policies/promises.yaml`, or else the one in the white paper.
    pub promised_days: BTreeMap<String, i64>,
    /// The policies of the organisation, from the working tree or from the release.
    pub policies: PolicyFiles,
}
