//! The input of the planner.

use crate::model::{DesiredState, KindSchema, ObservedState, RecordedState, Schemas};

/// Everything that a decision depends on.
#[derive(Debug, Clone, Copy)]
pub struct PlanningInput<'a> {
    /// What the files declare for one environment.
    pub desired: &'a DesiredState,
    /// What AWS shows, sorted by [`super::classify()`].
    pub observed: &'a ObservedState,
    /// What the last apply left; `None` when no apply was ever recorded.
    pub recorded: Option<&'a RecordedState>,
    /// The schemas of all kinds, by kind.
    pub schemas: &'a Schemas,
    /// The version of this tokaido, for the plan's digests.
    pub tool_version: &'a str,
}

/// Finds the schema of a kind. Ids are sorted by kind, so the kind is nearly always the one that was asked for before.
pub(super) fn schema_of(schemas: &Schemas) -> impl FnMut(&str) -> Option<&'static KindSchema> {
    let mut last: Option<&'static KindSchema> = None;
    move |kind| {
        if last.is_none_or(|schema| schema.kind != kind) {
            last = schemas.get(kind).copied();
        }
        last
    }
}
