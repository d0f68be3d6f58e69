//! A plan: a body that is a pure function of its inputs, and an envelope that says when it was made.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::blocked::Blocked;
use super::change::{Change, Step};
use super::desired::Divergence;
use super::diff::Diff;
use super::id::{Environment, Region, ResourceId};
use super::observed::{CopyEntry, ForeignEntry, Unreadable};
use super::policy::PolicyVerdict;
use super::release::ReleaseRef;
use super::verdict::PromiseMove;

/// Version of the JSON document. Raised when a field changes its meaning or disappears.
pub const SCHEMA_VERSION: u32 = 1;

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
    /// In words: when a pending value lands, why AWS moved a managed one.
    pub explanation: String,
    /// Of a pending value: promises, by slug, that the value in effect does not keep until then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unkept: Vec<String>,
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
    pub source: super::finding::Source,
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
    pub why: String,
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
    /// SHA-256 of the canonical body, hex. Canonical: compact JSON, struct fields in declared order, maps sorted.
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

#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The saved artefact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// SHA-256 of the body, hex. An approval binds this.
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
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub author: String,
    /// Which world was read; a rehearsal in a sandbox is not a plan for AWS.
    pub world: String,
    /// SHA-256 over the id and the envelope. It stops an edited time or nonce, not somebody who can compute it.
    pub seal: String,
    #[serde(flatten)]
    pub body: PlanBody,
}

impl Plan {
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
