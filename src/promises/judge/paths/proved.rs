//! What was proved, beside what it was proved from.

use crate::reach::{Facts, Proof};

/// The facts of an environment, and what they prove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proved {
    /// What was read of networks, walls, ways and hosts.
    pub facts: Facts,
    /// Which tenants are isolated.
    pub proof: Proof,
}
