//! The authorization basis of an apply. It is recorded with the apply, so that an auditor can check later why it could run.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::id::Environment;
use super::text::Said;

/// Why an apply was permitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum AuthorizationBasis {
    /// The bootstrap of an environment, which could only make the bucket of the records and the roles.
    Bootstrap,
    /// The environment requires nothing.
    Open,
    /// The release was promoted, and no approval was required.
    Promoted,
    /// Approvers signed the plan.
    Approved {
        /// The ids of the approvers in `policies/roles.yaml`.
        by: Vec<String>,
        /// SHA-256 of each signed statement that the apply relied on, hex.
        statements: Vec<String>,
    },
    /// An emergency override.
    Emergency {
        /// Id of the recorded emergency, twelve hex digits.
        id: String,
    },
}

/// An emergency override: an operator applied a plan that promotion, policies or approvals did not permit, and said why. It stays
/// open until a second person has reviewed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emergency {
    /// The id of the emergency, twelve hex digits.
    pub id: String,
    /// When the apply was permitted.
    pub at: Timestamp,
    /// The environment that was applied.
    pub environment: Environment,
    /// The id of the plan, 64 hex digits.
    pub plan: String,
    /// Who ran the apply, as that machine says.
    pub by: String,
    /// The ARN that ran the apply, as STS answered.
    pub caller: String,
    /// Who made the plan.
    pub author: String,
    /// Why the apply could not wait, as the operator wrote it.
    pub reason: String,
    /// Every reason that would have refused the apply, in English.
    pub missing: Vec<String>,
    /// The same in Japanese. Empty in records of older versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing_ja: Vec<String>,
    /// Digest of the roles in force. Empty where there were none, and in records of older versions.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub roles: String,
}

impl Emergency {
    /// The reasons that would have refused the apply, as a list with a line for each. The Japanese list of a record of an older
    /// version is English.
    #[must_use]
    pub fn skipped(&self) -> Said {
        let list = |reasons: &[String]| reasons.iter().map(|why| format!("\n  - {why}")).collect::<Vec<_>>().concat();
        let japanese = if self.missing_ja.is_empty() { &self.missing } else { &self.missing_ja };
        Said::new(list(&self.missing), list(japanese))
    }
}

/// The review of an emergency override by a second person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// When the reviewer signed.
    pub at: Timestamp,
    /// The id of the emergency, twelve hex digits.
    pub emergency: String,
    /// The id of the reviewer in `policies/roles.yaml`.
    pub person: String,
    /// The text that the reviewer signed, so that `ssh-keygen -Y verify` can check it years later.
    pub statement: String,
    /// The signature, armoured SSHSIG.
    pub signature: String,
}
