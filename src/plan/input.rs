//! What the planner is given.

use crate::model::{DesiredState, ObservedState, RecordedState, Schemas};

/// Everything a decision needs.
#[derive(Debug, Clone, Copy)]
pub struct PlanningInput<'a> {
    pub desired: &'a DesiredState,
    pub observed: &'a ObservedState,
    /// `None` when no apply was ever recorded.
    pub recorded: Option<&'a RecordedState>,
    pub schemas: &'a Schemas,
    pub tool_version: &'a str,
}
