//! The decisions about the resources, before they have an order.

use crate::model::plan::{Note, Orphan, SpentTombstone, Summary};
use crate::model::reason::plan::{BlockedReason, NextStep};
use crate::model::{Blocked, BlockedCode, Change, Unconfirmed};

/// The lists of a plan, as in [`crate::model::PlanBody`].
#[derive(Debug, Default)]
pub(super) struct Decided {
    pub changes: Vec<Change>,
    pub summary: Summary,
    pub drifted: Vec<Note>,
    pub pending: Vec<Note>,
    pub service_managed: Vec<Note>,
    pub orphans: Vec<Orphan>,
    pub blocked: Vec<Blocked>,
    pub unconfirmed: Vec<Unconfirmed>,
    pub spent_tombstones: Vec<SpentTombstone>,
}

/// A refusal without its resource: its code, why, and what the operator does next.
pub(super) type Refused = (BlockedCode, BlockedReason, NextStep);
