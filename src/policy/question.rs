//! What the policies are evaluated over.

use crate::model::{DesiredState, ObservedState, PlanBody};

/// What the policies are evaluated over.
#[derive(Debug, Clone, Copy)]
pub struct PolicyInput<'a> {
    /// The answers of policies in it are ignored.
    pub body: &'a PlanBody,
    pub desired: &'a DesiredState,
    pub live: &'a ObservedState,
    /// The live state with the changes of the plan done.
    pub planned: &'a ObservedState,
}
