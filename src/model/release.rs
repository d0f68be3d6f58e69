//! The release that an environment is pinned to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A release by name and content. The name is for people. Promotion and approval compare the digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReleaseRef {
    /// Year, month and a number within the month: `2026.11.0`.
    pub id: String,
    /// SHA-256 of everything that the release froze, hex.
    pub digest: String,
}
