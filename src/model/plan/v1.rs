//! Plans of version 1, frozen. tokaido shows and verifies them and never approves or applies one. In version 1 envelope and body
//! were one object, reasons were English sentences, and the id was the digest of the body serialised anew. Nothing in this file
//! changes any more. What it shares with version 2 is copied here before it changes (`tests/suite/plan/v1` keeps two such files).

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::model::Impact;
use crate::model::blocked::BlockedCode;
use crate::model::change::{Action, Precondition, Step};
use crate::model::desired::Divergence;
use crate::model::diff::Diff;
use crate::model::digest::hex;
use crate::model::finding::Source;
use crate::model::id::{Environment, Region, ResourceId};
use crate::model::observed::{CopyEntry, ForeignEntry};
use crate::model::policy::PolicyVerdict;
use crate::model::reason::Stated;
use crate::model::release::ReleaseRef;
use crate::model::risk::Risk;
use crate::model::verdict::PromiseMove;
use crate::model::{Blocked, Change, OneWay, Unreadable, WayBack};

use super::{Digests, Foreign, Orphan, Plan, PlanBody, SpentTombstone, Summary};

/// The version that every file of this layout names.
pub(super) const VERSION: u32 = 1;

#[derive(Deserialize)]
struct FileV1 {
    id: String,
    created_at: String,
    expires_at: String,
    observed_at: String,
    nonce: String,
    caller: String,
    #[serde(default)]
    author: String,
    world: String,
    seal: String,
    #[serde(flatten)]
    body: BodyV1,
}

#[derive(Serialize, Deserialize)]
struct BodyV1 {
    schema_version: u32,
    environment: Environment,
    account: String,
    regions: Vec<Region>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    release: Option<ReleaseRef>,
    digests: Digests,
    summary: Summary,
    changes: Vec<ChangeV1>,
    steps: Vec<Step>,
    drifted: Vec<NoteV1>,
    pending: Vec<NoteV1>,
    service_managed: Vec<NoteV1>,
    orphans: Vec<Orphan>,
    foreign: Vec<ForeignEntry>,
    copies: Vec<CopyEntry>,
    unreadable: Vec<UnreadableV1>,
    blocked: Vec<BlockedV1>,
    spent_tombstones: Vec<SpentTombstone>,
    divergences: Vec<Divergence>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    way_back: Option<WayBackV1>,
    #[serde(default)]
    promises: Vec<PromiseMove>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    policies: Vec<PolicyVerdict>,
}

#[derive(Serialize, Deserialize)]
struct ChangeV1 {
    id: ResourceId,
    kind: String,
    region: Region,
    action: Action,
    reason: String,
    impact: Impact,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    risks: Vec<Risk>,
    when: String,
    diffs: Vec<Diff>,
    preconditions: Vec<Precondition>,
    depends_on: Vec<ResourceId>,
    source: Option<Source>,
    unchanged: usize,
}

#[derive(Serialize, Deserialize)]
struct NoteV1 {
    id: ResourceId,
    diffs: Vec<Diff>,
    explanation: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unkept: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct UnreadableV1 {
    kind: String,
    region: Region,
    physical: Option<String>,
    id: Option<ResourceId>,
    operation: String,
    error: String,
}

#[derive(Serialize, Deserialize)]
struct BlockedV1 {
    id: ResourceId,
    code: BlockedCode,
    reason: String,
    next: String,
    diffs: Vec<Diff>,
    source: Option<Source>,
}

#[derive(Serialize, Deserialize)]
struct WayBackV1 {
    update: usize,
    delete: usize,
    create: usize,
    one_way: Vec<OneWayV1>,
}

#[derive(Serialize, Deserialize)]
struct OneWayV1 {
    id: ResourceId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    why: String,
}

/// Reads a plan of version 1. Its sentences stay English and its version stays 1.
pub(super) fn read(text: &str) -> Result<Plan, serde_json::Error> {
    let file: FileV1 = serde_json::from_str(text)?;
    let digest = hex(&Sha256::digest(serde_json::to_vec(&file.body)?));
    Ok(Plan {
        id: file.id,
        created_at: file.created_at,
        expires_at: file.expires_at,
        observed_at: file.observed_at,
        nonce: file.nonce,
        caller: file.caller,
        author: file.author,
        world: file.world,
        seal: file.seal,
        body: file.body.into(),
        foreign: Some(Box::new(Foreign { digest, file: text.to_owned() })),
    })
}

impl From<BodyV1> for PlanBody {
    fn from(body: BodyV1) -> Self {
        let notes = |notes: Vec<NoteV1>| notes.into_iter().map(super::Note::from).collect();
        Self {
            schema_version: body.schema_version,
            environment: body.environment,
            account: body.account,
            regions: body.regions,
            release: body.release,
            digests: body.digests,
            summary: body.summary,
            changes: body.changes.into_iter().map(Change::from).collect(),
            steps: body.steps,
            drifted: notes(body.drifted),
            pending: notes(body.pending),
            service_managed: notes(body.service_managed),
            orphans: body.orphans,
            foreign: body.foreign,
            copies: body.copies,
            unreadable: body.unreadable.into_iter().map(Unreadable::from).collect(),
            blocked: body.blocked.into_iter().map(Blocked::from).collect(),
            unconfirmed: Vec::new(),
            spent_tombstones: body.spent_tombstones,
            divergences: body.divergences,
            way_back: body.way_back.map(WayBack::from),
            promises: body.promises,
            new_paths: Vec::new(),
            policies: body.policies,
        }
    }
}

impl From<ChangeV1> for Change {
    fn from(change: ChangeV1) -> Self {
        Self {
            id: change.id,
            kind: change.kind,
            region: change.region,
            action: change.action,
            reason: Stated::sentence(change.reason),
            impact: change.impact,
            risks: change.risks,
            when: vec![Stated::sentence(change.when)],
            diffs: change.diffs,
            preconditions: change.preconditions,
            depends_on: change.depends_on,
            source: change.source,
            unchanged: change.unchanged,
        }
    }
}

impl From<NoteV1> for super::Note {
    fn from(note: NoteV1) -> Self {
        let reason = Some(note.explanation).filter(|text| !text.is_empty()).map(Stated::sentence);
        Self { id: note.id, diffs: note.diffs, reason, violations: note.unkept }
    }
}

impl From<UnreadableV1> for Unreadable {
    fn from(failed: UnreadableV1) -> Self {
        let UnreadableV1 { kind, region, physical, id, operation, error } = failed;
        Self { kind, region, physical, id, operation, error, unanswered: None, told: String::new() }
    }
}

impl From<BlockedV1> for Blocked {
    fn from(wish: BlockedV1) -> Self {
        let (reason, next) = (Stated::sentence(wish.reason), Stated::sentence(wish.next));
        Self { id: wish.id, code: wish.code, reason, next, diffs: wish.diffs, source: wish.source }
    }
}

impl From<WayBackV1> for WayBack {
    fn from(back: WayBackV1) -> Self {
        let one = |one: OneWayV1| OneWay { id: one.id, path: one.path, reason: Stated::sentence(one.why) };
        let one_way = back.one_way.into_iter().map(one).collect();
        Self { update: back.update, delete: back.delete, create: back.create, one_way }
    }
}
