//! A plan: a body that is a pure function of its inputs, and an envelope that says when it was made.

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
use crate::model::policy::PolicyVerdict;
use crate::model::reason::Stated;
use crate::model::reason::plan::{NoteReason, OneWayReason};
use crate::model::release::ReleaseRef;
use crate::model::verdict::PromiseMove;

pub use document::NotAPlan;

/// Version of the JSON documents other than plans and drift reports. Raised when a field changes its meaning or disappears.
pub const SCHEMA_VERSION: u32 = 1;

/// Version of plans and drift reports: the documents that carry reasons. From here on it gains only optional fields.
pub const PLAN_VERSION: u32 = 2;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    pub create: usize,
    pub update: usize,
    pub replace: usize,
    pub delete: usize,
    pub adopt: usize,
    pub pending: usize,
    /// Resources that are exactly as declared.
    pub unchanged: usize,
}

/// Differences of one resource that are not changes of this plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Note {
    pub id: ResourceId,
    pub diffs: Vec<Diff>,
    /// When a pending value lands, why AWS moved a managed one; absent where the list says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Stated<NoteReason>>,
    /// Of a pending value: promises, by slug, that the value in effect does not keep until then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Orphan {
    pub id: ResourceId,
    pub physical: String,
    /// The line to paste under `retire:`; absent for stateful kinds, which no plan deletes.
    pub tombstone: Option<String>,
}

/// A tombstone that nothing with our tags answers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SpentTombstone {
    pub id: ResourceId,
    pub source: crate::model::finding::Source,
    /// What holds the name without our tags: perhaps the resource, with its tags removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_by: Option<String>,
}

/// What taking the whole plan back would do: counts per action, and every change that cannot be taken back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WayBack {
    /// Resources whose old values can be put back.
    pub update: usize,
    /// Resources that can be retired again.
    pub delete: usize,
    /// Resources that can be made again.
    pub create: usize,
    pub one_way: Vec<OneWay>,
}

/// One change, or one difference of it, that has no way back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OneWay {
    pub id: ResourceId,
    /// Absent when it is the whole resource.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    pub reason: Stated<OneWayReason>,
}

/// Inputs of the plan by digest: the same digests and the same live state give the same body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Digests {
    pub configuration: String,
    pub promises: String,
    /// Of the values of `policies/roles.yaml`; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub roles: String,
    /// Of the files of `policies/*.rego`; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub policies: String,
    pub tool_version: String,
}

/// Everything that is approved. No time, nonce or caller: the same inputs give the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanBody {
    pub schema_version: u32,
    pub environment: Environment,
    pub account: String,
    pub regions: Vec<Region>,
    /// Absent where the environment is compiled from the tree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<ReleaseRef>,
    pub digests: Digests,
    pub summary: Summary,
    pub changes: Vec<Change>,
    pub steps: Vec<Step>,
    pub drifted: Vec<Note>,
    pub pending: Vec<Note>,
    pub service_managed: Vec<Note>,
    pub orphans: Vec<Orphan>,
    pub foreign: Vec<ForeignEntry>,
    pub copies: Vec<CopyEntry>,
    pub unreadable: Vec<Unreadable>,
    pub blocked: Vec<Blocked>,
    pub spent_tombstones: Vec<SpentTombstone>,
    pub divergences: Vec<Divergence>,
    /// Absent when there is nothing to take back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way_back: Option<WayBack>,
    /// Every promise that has a check, before and after; in the order of the paper.
    #[serde(default)]
    pub promises: Vec<PromiseMove>,
    /// What every policy says of this plan; by code.
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
        let bytes = serde_json::to_vec(self).expect("a plan body is plain data");
        hex(&Sha256::digest(bytes))
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Policies that do not let it pass. What changes nothing needs nobody's leave, whatever a policy finds there.
    pub fn denials(&self) -> impl Iterator<Item = &PolicyVerdict> {
        let acts = !(self.changes.is_empty() && self.steps.is_empty());
        self.policies.iter().filter(move |verdict| acts && verdict.refuses())
    }

    #[must_use]
    pub fn is_denied(&self) -> bool {
        self.denials().next().is_some()
    }
}

/// The saved artefact. Its file is written and read in [`document`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// SHA-256 of the body's bytes in the file, hex. An approval binds this.
    pub id: String,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339; 24 hours after creation.
    pub expires_at: String,
    /// When the last live read ended.
    pub observed_at: String,
    /// A plan is used once; this tells two plans of the same body apart.
    pub nonce: String,
    /// Who asked AWS, as STS answered.
    pub caller: String,
    /// Who made it, as the machine says where it was made: an e-mail address, or the caller again. Never approves it.
    pub author: String,
    /// Which world was read; a rehearsal in a sandbox is not a plan for AWS.
    pub world: String,
    /// SHA-256 over the id and the envelope. It stops an edited time or nonce, not somebody who can compute it.
    pub seal: String,
    pub body: PlanBody,
    /// Of a plan that was read from a file that this version of tokaido would write otherwise.
    pub foreign: Option<Box<Foreign>>,
}

/// What another version, or an editor, wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    /// Of its body's bytes, hex.
    pub digest: String,
    /// The whole file. As JSON the plan is this text.
    pub file: String,
}

impl Plan {
    /// SHA-256 of the body's bytes, hex: what the id must be.
    #[must_use]
    pub fn digest(&self) -> String {
        self.foreign.as_ref().map_or_else(|| self.body.digest(), |foreign| foreign.digest.clone())
    }

    /// The same plan, made by this person.
    #[must_use]
    pub fn authored(mut self, author: impl Into<String>) -> Self {
        self.author = author.into();
        self.seal = self.sealed();
        self
    }

    /// What `seal` must be.
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
