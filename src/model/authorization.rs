//! On what ground a plan was executed: recorded with the apply, so that nobody has to be believed later.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::id::Environment;

/// Why an apply was let pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum AuthorizationBasis {
    /// The first step of an environment: it could only make the bucket of the records and the roles.
    Bootstrap,
    /// Nothing is required there.
    Open,
    /// A promoted release; nobody had to approve.
    Promoted,
    Approved {
        by: Vec<String>,
        /// SHA-256 of each signed statement that was relied on, hex.
        statements: Vec<String>,
    },
    /// The id of a recorded emergency.
    Emergency { id: String },
}

/// Somebody went past promotion, policies or approvals, and said why. It stays open until a second person has reviewed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emergency {
    /// Twelve hex digits.
    pub id: String,
    pub at: Timestamp,
    pub environment: Environment,
    /// Id of the plan.
    pub plan: String,
    /// Who ran the apply, as that machine says.
    pub by: String,
    /// Who AWS says it was.
    pub caller: String,
    /// Who made the plan.
    pub author: String,
    pub reason: String,
    /// What would have refused, in words.
    pub missing: Vec<String>,
    /// Digest of the roles in force; empty where there were none, and in records of before.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub roles: String,
}

/// A second person has looked at an emergency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    pub at: Timestamp,
    /// Id of the emergency.
    pub emergency: String,
    pub person: String,
    /// What was signed, and the signature: `ssh-keygen -Y verify` still answers for it years later.
    pub statement: String,
    pub signature: String,
}
