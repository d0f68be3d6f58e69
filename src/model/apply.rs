//! How an apply ended.

use serde::Serialize;

use super::change::Operation;
use super::event::Outcome;
use super::id::{Environment, ResourceId};
use super::verdict::PromiseMove;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepReport {
    pub number: usize,
    pub id: ResourceId,
    pub operation: Operation,
    /// Seconds on the world's clock.
    pub elapsed: u64,
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What a fresh plan still wants after the apply: ids and attribute paths.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remaining {
    pub id: ResourceId,
    pub paths: Vec<String>,
}

/// Every step of the plan is in `steps` exactly once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApplyReport {
    pub schema_version: u32,
    pub environment: Environment,
    pub account: String,
    /// Which world was changed, as in a plan.
    pub world: String,
    pub plan: String,
    pub steps: Vec<StepReport>,
    /// Resources that the fresh plan refuses; nothing was tried for them.
    pub blocked: usize,
    pub interrupted: bool,
    /// `None` when the fresh plan could not be made.
    pub remaining: Option<Vec<Remaining>>,
    /// Every promise that has a check, as it was when the plan was made and as the closing look found it.
    pub promises: Vec<PromiseMove>,
    /// Why what was done could not be recorded; no step was begun after that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unrecorded: Option<String>,
    pub mutating_calls: u64,
    pub elapsed: u64,
}
