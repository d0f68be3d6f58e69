//! A plan: a body that is a pure function of its inputs, and an envelope that says when, where and by whom it was made.
//!
//! In: what the planner derives from desired, recorded and observed state; the text of a plan file.
//!
//! Out: [`Plan`], the value that is saved, shown, approved and applied; [`NotAPlan`] for a file that holds none.
//!
//! Must not import: any module outside `model`.
//!
//! Guarantees: the id of a plan is the SHA-256 of the bytes of its body. A body holds no time, no nonce and no caller.

mod document;
mod v1;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::model::blocked::Blocked;
use crate::model::change::{Change, Step};
use crate::model::desired::Divergence;
use crate::model::diff::Diff;
use crate::model::digest::hex;
use crate::model::id::{Environment, Region, ResourceId};
use crate::model::observed::{CopyEntry, ForeignEntry, Unreadable};
use crate::model::offer::Unconfirmed;
use crate::model::policy::PolicyVerdict;
use crate::model::reason::Stated;
use crate::model::reason::plan::{NoteReason, OneWayReason};
use crate::model::release::ReleaseRef;
use crate::model::verdict::{NewPath, PromiseMove};
use crate::model::visible_json;

pub use document::NotAPlan;

/// Version of the JSON documents other than plans and drift reports. It rises when a field changes its meaning or disappears.
pub const SCHEMA_VERSION: u32 = 1;

/// Version of plans and drift reports, the documents that carry reasons. Version 2 only ever gains optional fields.
pub const PLAN_VERSION: u32 = 2;

/// How many resources a plan changes, by action.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Resources that the plan creates.
    pub create: usize,
    /// Resources that the plan updates in place.
    pub update: usize,
    /// Resources that the plan deletes and creates anew. The planner never does this, so it is 0.
    pub replace: usize,
    /// Resources that the plan deletes.
    pub delete: usize,
    /// Resources that exist without our tags and that the plan takes over.
    pub adopt: usize,
    /// Resources with a declared value that AWS has accepted and not applied yet.
    pub pending: usize,
    /// Resources that are exactly as declared.
    pub unchanged: usize,
}

/// Differences of one resource that this plan does not change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Note {
    /// The id of the resource, `kind.name@region`.
    pub id: ResourceId,
    /// Its differences. The list that holds the note says what `before` and `after` are.
    pub diffs: Vec<Diff>,
    /// When AWS applies a pending value, or why a difference is accepted. Absent where the list that holds the note says enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Stated<NoteReason>>,
    /// For a pending value: slugs of the promises that the value in effect breaks until AWS applies the pending one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<String>,
}

/// A live resource with our tags that the environment does not declare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Orphan {
    /// The id in its tags.
    pub id: ResourceId,
    /// AWS's identifier of the object: `vpc-0a1b…`, an ARN or a name.
    pub physical: String,
    /// The line to paste under `retire:`. Absent for stateful kinds, which no plan deletes, and for what is still used.
    pub tombstone: Option<String>,
    /// The live resources of ours that stay and refer to it, by id, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub used_by: Vec<ResourceId>,
}

/// A tombstone whose resource is not there: no live resource carries the tags of this id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SpentTombstone {
    /// The id that the tombstone names.
    pub id: ResourceId,
    /// Where the tombstone is written.
    pub source: crate::model::finding::Source,
    /// AWS's identifier of the live resource that holds the name without our tags: perhaps the resource itself, untagged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_by: Option<String>,
}

/// What taking the whole plan back would do: resources by action, and every change that cannot be taken back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WayBack {
    /// Resources whose old values a plan can put back.
    pub update: usize,
    /// Created resources that a plan can delete again.
    pub delete: usize,
    /// Deleted resources that a plan can create again.
    pub create: usize,
    /// Every change that has no way back, sorted by resource and path.
    pub one_way: Vec<OneWay>,
}

/// One change, or one difference of it, that has no way back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OneWay {
    /// The resource that is changed.
    pub id: ResourceId,
    /// The path of the difference. Absent when the whole resource has no way back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Why it cannot be taken back.
    pub reason: Stated<OneWayReason>,
}

/// The inputs of the plan by digest. The same digests and the same live state give the same body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Digests {
    /// SHA-256 of the configuration files that the environment is compiled from, hex.
    pub configuration: String,
    /// SHA-256 of the promises of the white paper, hex.
    pub promises: String,
    /// SHA-256 of the values of `policies/roles.yaml`, hex. Empty where there is no such file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub roles: String,
    /// SHA-256 of the files `policies/*.rego`, hex. Empty where there are none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub policies: String,
    /// Version of the tokaido that made the plan: another version may compile other resources from the same files.
    pub tool_version: String,
}

/// Everything that an approver approves. It has no time, nonce or caller: the same inputs give the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanBody {
    /// Version of this document (`PLAN_VERSION`); 1 in a plan that was read from a file of version 1.
    pub schema_version: u32,
    /// The environment that the plan changes.
    pub environment: Environment,
    /// The AWS account of the environment, twelve digits.
    pub account: String,
    /// The primary region and the recovery region.
    pub regions: Vec<Region>,
    /// The release that the environment file pins. Absent where the environment is compiled from the working tree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<ReleaseRef>,
    /// The inputs of the plan.
    pub digests: Digests,
    /// The changes in numbers.
    pub summary: Summary,
    /// The changes, at most one for each resource.
    pub changes: Vec<Change>,
    /// The steps that carry out the changes, in the order of their numbers.
    pub steps: Vec<Step>,
    /// Resources that were changed outside tokaido since the last apply: `before` is what was applied, `after` is live.
    pub drifted: Vec<Note>,
    /// Resources with values that AWS has accepted and not applied yet.
    pub pending: Vec<Note>,
    /// Resources whose live values exceed the declared ones in a way that is accepted, such as storage that AWS enlarged.
    pub service_managed: Vec<Note>,
    /// Live resources with our tags that the environment does not declare.
    pub orphans: Vec<Orphan>,
    /// Live resources without our tags. No plan changes them.
    pub foreign: Vec<ForeignEntry>,
    /// Live resources that carry the tags of another resource of ours, such as a restored snapshot.
    pub copies: Vec<CopyEntry>,
    /// Reads that failed. What depends on them is unknown.
    pub unreadable: Vec<Unreadable>,
    /// Declared or retired resources that the plan refuses to change, with the reason.
    pub blocked: Vec<Blocked>,
    /// Resources to make or change of which AWS did not say whether it offers the declared values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unconfirmed: Vec<Unconfirmed>,
    /// Tombstones whose resource is not there.
    pub spent_tombstones: Vec<SpentTombstone>,
    /// Promises that this environment keeps less strictly, as declared.
    pub divergences: Vec<Divergence>,
    /// What taking the plan back would do. Absent when the plan changes nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way_back: Option<WayBack>,
    /// Every promise that has a check, before and after the plan, in the order of the white paper.
    #[serde(default)]
    pub promises: Vec<PromiseMove>,
    /// Paths between tenants that the plan opens. None: no new path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub new_paths: Vec<NewPath>,
    /// What every policy says of this plan, sorted by code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<PolicyVerdict>,
}

impl PlanBody {
    /// SHA-256 of the bytes as which this body is written, hex: compact JSON, fields in the order of the structs, maps sorted.
    ///
    /// # Panics
    /// Never: a body is plain data.
    #[must_use]
    pub fn digest(&self) -> String {
        hex(&Sha256::digest(self.written().expect("a plan body is plain data")))
    }

    /// The body as it stands in a file: on one line, each invisible character as its number.
    pub(super) fn written(&self) -> serde_json::Result<String> {
        serde_json::to_string(self).map(visible_json)
    }

    /// Whether the plan changes no resource. It may still hold notes, refusals and failed reads.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Policies that refuse the plan. A plan without changes and without steps needs no permission, so no policy refuses it.
    pub fn denials(&self) -> impl Iterator<Item = &PolicyVerdict> {
        let acts = !(self.changes.is_empty() && self.steps.is_empty());
        self.policies.iter().filter(move |verdict| acts && verdict.refuses())
    }

    /// Whether a policy refuses the plan.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        self.denials().next().is_some()
    }
}

/// A plan as it is saved: the body and its envelope. `document` reads and writes its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// SHA-256 of the bytes of the body in the file, hex. An approval names this id.
    pub id: String,
    /// When the plan was made, RFC 3339 in UTC.
    pub created_at: String,
    /// Until when it may be applied, RFC 3339 in UTC: 24 hours after `created_at`.
    pub expires_at: String,
    /// When the last live read ended, RFC 3339 in UTC.
    pub observed_at: String,
    /// A text that tells two plans of the same body apart, because a plan is used once.
    pub nonce: String,
    /// The ARN that asked AWS, as STS answered.
    pub caller: String,
    /// Who made the plan, as the machine says where it was made: an e-mail address, or the caller again. Authors never approve
    /// their own plan.
    pub author: String,
    /// The world that was read. A plan made in a sandbox is no plan for AWS.
    pub world: String,
    /// SHA-256 of the id and the envelope, hex. An edited time or nonce no longer fits the seal. The seal does not stop an editor
    /// who computes a new one.
    pub seal: String,
    /// What the plan does and what it found.
    pub body: PlanBody,
    /// Present when the plan was read from a file that this version of tokaido would write with other bytes.
    pub foreign: Option<Box<Foreign>>,
}

/// What another version of tokaido, or an editor, wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    /// SHA-256 of the bytes of the body in that file, hex.
    pub digest: String,
    /// The text of the whole file. Written as JSON, the plan is this text again.
    pub file: String,
}

impl Plan {
    /// SHA-256 of the bytes of the body, hex: what [`Self::id`] must be.
    #[must_use]
    pub fn digest(&self) -> String {
        self.foreign.as_ref().map_or_else(|| self.body.digest(), |foreign| foreign.digest.clone())
    }

    /// The same plan with this author and a new seal.
    #[must_use]
    pub fn authored(mut self, author: impl Into<String>) -> Self {
        self.author = author.into();
        self.seal = self.sealed();
        self
    }

    /// SHA-256 of the id and the envelope, hex: what [`Self::seal`] must be.
    #[must_use]
    pub fn sealed(&self) -> String {
        let parts = [
            &self.id,
            &self.created_at,
            &self.expires_at,
            &self.observed_at,
            &self.nonce,
            &self.caller,
            &self.author,
            &self.world,
        ];
        hex(&Sha256::digest(parts.map(String::as_str).join("\n")))
    }
}
