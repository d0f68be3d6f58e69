//! Which frozen content an environment is pinned to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A release by name and content. The name is for people; the digest is what promotion and approval compare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReleaseRef {
    /// `2026.11.0`
    pub id: String,
    /// SHA-256 of everything that was frozen, hex.
    pub digest: String,
}
