//! The report of `audit`: the verdicts of each environment, and the reads on which they rest.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::id::{Environment, Region};
use super::observed::ForeignEntry;
use super::text::Said;
use super::verdict::{PromiseKind, Verdict, VerdictState};

/// One read that verdicts rest on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReadRecord {
    /// The name under which facts refer to it: `list db-instance@tokyo`.
    pub source: String,
    /// When it ended, RFC 3339 in UTC.
    pub at: String,
    /// The calls of AWS that the read makes, as IAM spells them: `rds:DescribeDBInstances`.
    pub calls: Vec<String>,
    /// Why the whole read failed. Absent when it was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The objects whose details could not be read. The others of the same read were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<FailedObject>,
}

/// One object of a listing whose details could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FailedObject {
    /// AWS's identifier of the object, or else the id of the resource.
    pub object: String,
    /// The call that failed, as AWS names it: `rds:ListTagsForResource`.
    pub call: String,
    /// Why it failed.
    pub error: String,
}

/// Every promise of one environment, judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EnvironmentAudit {
    /// The environment that was read.
    pub environment: Environment,
    /// The AWS account of the environment, twelve digits.
    pub account: String,
    /// The primary region and the recovery region.
    pub regions: Vec<Region>,
    /// The ARN that asked AWS, as STS answered.
    pub caller: String,
    /// The world that was read.
    pub world: String,
    /// When the last read ended, RFC 3339 in UTC.
    pub observed_at: String,
    /// SHA-256 of the configuration files, hex.
    pub configuration: String,
    /// SHA-256 of the promises, hex.
    pub promises: String,
    /// The verdicts, in the order of the white paper.
    pub verdicts: Vec<Verdict>,
    /// Every read that the verdicts rest on.
    pub reads: Vec<ReadRecord>,
    /// Promises that the release of this environment words differently than the report does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub worded: Vec<PromiseWords>,
    /// Keys, buckets and vaults of others whose own policy denied a call to the caller.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed: Vec<ForeignEntry>,
}

/// A promise in words, for readers of a report who do not have the file of the promises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PromiseWords {
    /// The slug of the promise.
    pub promise: String,
    /// The clause of the white paper.
    pub clause: String,
    /// Who keeps the promise.
    pub kind: PromiseKind,
    /// Controls of ISO/IEC 27017:2015 that it belongs to.
    pub iso27017_2015: Vec<String>,
    /// Controls of ISO/IEC 27002:2022 that it belongs to.
    pub iso27002_2022: Vec<String>,
    /// The title of the promise, in both languages.
    pub title: Said,
    /// The sentence of the white paper.
    pub sentence: Said,
}

/// An environment that could not be judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotAudited {
    /// The environment that could not be judged.
    pub environment: Environment,
    /// Why it could not be judged, in English.
    pub problem: String,
}

/// The report of `audit`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuditReport {
    /// Version of this document (`SCHEMA_VERSION`).
    pub schema_version: u32,
    /// Version of the tokaido that wrote it.
    pub tool_version: String,
    /// The promises that were asked for, in the order of the white paper: all of them, or those of one clause.
    pub promises: Vec<PromiseWords>,
    /// The environments that were judged.
    pub environments: Vec<EnvironmentAudit>,
    /// The environments that could not be judged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_audited: Vec<NotAudited>,
}

impl AuditReport {
    /// Every verdict of every environment, with the environment.
    pub fn verdicts(&self) -> impl Iterator<Item = (&EnvironmentAudit, &Verdict)> {
        self.environments.iter().flat_map(|audit| audit.verdicts.iter().map(move |verdict| (audit, verdict)))
    }

    /// The words of a promise in this environment. Its release may word the promise differently than the working tree does.
    #[must_use]
    pub fn words<'a>(&'a self, audit: &'a EnvironmentAudit, promise: &str) -> Option<&'a PromiseWords> {
        audit.worded.iter().chain(&self.promises).find(|words| words.promise == promise)
    }

    /// Whether any verdict is in this state.
    #[must_use]
    pub fn any(&self, state: VerdictState) -> bool {
        self.verdicts().any(|(_, verdict)| verdict.state == state)
    }
}
