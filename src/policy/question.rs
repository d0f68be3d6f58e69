//! What the policies are asked about.

use crate::model::{DesiredState, ObservedState, PlanBody};

/// What the policies are asked about.
#[derive(Debug, Clone, Copy)]
pub struct PolicyInput<'a> {
    /// What it says of policies itself is not looked at.
    pub body: &'a PlanBody,
    pub desired: &'a DesiredState,
    pub live: &'a ObservedState,
    /// The same with the changes of the plan done.
    pub planned: &'a ObservedState,
}
