//! The report of an apply.

use serde::Serialize;

use super::change::Operation;
use super::event::Outcome;
use super::finding::Sentence;
use super::id::{Environment, ResourceId};
use super::verdict::PromiseMove;

/// How one step of the plan ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepReport {
    /// The number of the step, from 1.
    pub number: usize,
    /// The id of the resource that the step changes, `kind.name@region`.
    pub id: ResourceId,
    /// What the driver did.
    pub operation: Operation,
    /// Seconds on the world's clock from the beginning to the end of the step.
    pub elapsed: u64,
    /// How the step ended.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Of a step that ended well although a reply was lost: what AWS answered, and what a reading found. Documents have the
    /// English sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_back: Option<Sentence>,
}

/// What a fresh plan would still change after the apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remaining {
    /// The id of the resource, `kind.name@region`.
    pub id: ResourceId,
    /// The paths of its differences.
    pub paths: Vec<String>,
}

/// How an apply ended. Every step of the plan is in `steps` exactly once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApplyReport {
    /// Version of this document (`SCHEMA_VERSION`).
    pub schema_version: u32,
    /// The environment that was applied.
    pub environment: Environment,
    /// The account that was changed, twelve digits.
    pub account: String,
    /// Which world was changed, as in a plan.
    pub world: String,
    /// The id of the plan, 64 hexadecimal digits.
    pub plan: String,
    /// Every step, in the order of their numbers.
    pub steps: Vec<StepReport>,
    /// How many resources the fresh plan refuses. The apply tried nothing for them.
    pub blocked: usize,
    /// Whether the operator stopped the apply.
    pub interrupted: bool,
    /// What a fresh plan still changes; `null` when the fresh plan could not be made.
    pub remaining: Option<Vec<Remaining>>,
    /// Every promise that has a check, as it was when the plan was made and as it was after the apply.
    pub promises: Vec<PromiseMove>,
    /// Why the store could not record what was done; documents have the English sentence. No step began after that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unrecorded: Option<Sentence>,
    /// How many calls the apply sent that can change something.
    pub mutating_calls: u64,
    /// Seconds on the world's clock from the beginning to the end of the apply.
    pub elapsed: u64,
}
