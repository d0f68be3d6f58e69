//! What was decided about the resources, in the words of a plan, before it has an order.

use crate::model::plan::{Note, Orphan, SpentTombstone, Summary};
use crate::model::reason::plan::{BlockedReason, NextStep};
use crate::model::{Blocked, BlockedCode, Change};

#[derive(Debug, Default)]
pub(super) struct Decided {
    pub changes: Vec<Change>,
    pub summary: Summary,
    pub drifted: Vec<Note>,
    pub pending: Vec<Note>,
    pub service_managed: Vec<Note>,
    pub orphans: Vec<Orphan>,
    pub blocked: Vec<Blocked>,
    pub spent_tombstones: Vec<SpentTombstone>,
}

/// A refusal before it has a place: its word, why, and what to do.
pub(super) type Refused = (BlockedCode, BlockedReason, NextStep);
