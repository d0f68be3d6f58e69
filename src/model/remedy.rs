//! The one change that ends a failed state.

use super::name::Name;
use super::text::Explained;

/// A failed state in which AWS takes a change of one attribute and no other. It applies that change at once, with everything that
/// it has queued.
#[derive(Debug, Clone, Copy)]
pub struct Remedy {
    /// AWS's word for the state.
    pub state: &'static str,
    /// The attribute whose change ends the state.
    pub attribute: Name,
    /// The limits of that attribute: numbers that may be raised in the same call.
    pub with: &'static [Name],
    /// What the operator declares, so that a plan can change the attribute.
    pub declare: Explained,
    /// What the operator does where AWS has queued something else as well.
    pub by_hand: Explained,
}
