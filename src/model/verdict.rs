//! What was found out about each promise: never more than was looked at, and of whom.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::desired::Divergence;
use super::id::{Environment, Region};
use super::reason::Explanation;
use super::text::Said;

/// Who or what keeps a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PromiseKind {
    /// tokaido sets and checks it.
    Enforce,
    /// Something else does it; tokaido collects the evidence.
    Prove,
    /// People do it; tokaido gates or records it.
    Process,
    /// Outside the infrastructure: printed, so that an auditor finds every clause.
    Info,
}

impl PromiseKind {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Prove => "prove",
            Self::Process => "process",
            Self::Info => "info",
        }
    }
}

/// Most serious first: of several, the first holds for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum VerdictState {
    Broken,
    /// A read that the verdict needs was denied or failed, or what it says cannot be understood.
    Unknown,
    /// AWS has accepted the right value and will apply it later.
    Pending,
    Kept,
    /// There is nothing that the promise speaks about.
    NotApplicable,
    /// Infrastructure or a process could decide it, and tokaido does not look yet.
    NoCheckYet,
    /// No infrastructure decides it.
    OutsideInfrastructure,
}

impl VerdictState {
    pub const ALL: [Self; 7] = [
        Self::Broken,
        Self::Unknown,
        Self::Pending,
        Self::Kept,
        Self::NotApplicable,
        Self::NoCheckYet,
        Self::OutsideInfrastructure,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Unknown => "unknown",
            Self::Pending => "pending",
            Self::Kept => "kept",
            Self::NotApplicable => "not applicable",
            Self::NoCheckYet => "no check yet",
            Self::OutsideInfrastructure => "outside infrastructure",
        }
    }
}

/// How much was seen. A verdict has the least of everything it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// AWS returns the setting.
    Configured,
    /// AWS says that it took effect everywhere it must.
    Effective,
    /// A fact that could not exist unless it works.
    Evidenced,
}

impl Level {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Configured => "configured",
            Self::Effective => "effective",
            Self::Evidenced => "evidenced",
        }
    }
}

/// What a thing that was examined is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    Ours,
    /// In our account or networks, without our tag.
    Foreign,
    /// Carries our tags under another name.
    Copy,
    /// Declared, and not there.
    Absent,
    /// It, or everything of its kind, could not be read.
    Unread,
}

/// One thing that AWS said.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Fact {
    pub name: String,
    // Many facts may cite one value: the list of a backup plan.
    #[schemars(with = "String")]
    pub value: Arc<str>,
    /// The read it comes from: `list db-instance@tokyo`.
    pub source: String,
    /// RFC 3339, on the world's clock; absent where no clock was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// One member of a population.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Examined {
    /// An id of ours, or `physical (kind@region)`.
    pub subject: String,
    pub kind: String,
    pub standing: Standing,
    pub state: VerdictState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Why, when it is not simply kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Explanation>,
    pub facts: Vec<Fact>,
}

/// One promise in one environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    pub promise: String,
    pub clause: String,
    pub kind: PromiseKind,
    pub state: VerdictState,
    /// The least level of what is kept or pending; absent where nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Everything the promise speaks about, judged one by one.
    pub population: Vec<Examined>,
    /// The promise is kept less strictly here, as declared; it is judged against that value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub divergence: Option<Divergence>,
    /// What the check does not look at yet, or why there is none.
    pub not_judged: Said,
}

impl Verdict {
    /// Members in this state.
    pub fn in_state(&self, state: VerdictState) -> impl Iterator<Item = &Examined> {
        self.population.iter().filter(move |examined| examined.state == state)
    }
}

/// What a plan or an apply does to one promise. No facts and no times: the same inputs give the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PromiseMove {
    pub promise: String,
    pub clause: String,
    pub before: VerdictState,
    /// With everything done that the plan does; what AWS queues is `pending`.
    pub after: VerdictState,
    /// Whatever is broken, unknown or pending on either side, and moves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
}

/// One read that verdicts rest on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReadRecord {
    /// As facts name it.
    pub source: String,
    /// RFC 3339.
    pub at: String,
    /// What AWS is asked for it, as IAM spells it.
    pub calls: Vec<String>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// All promises of one environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EnvironmentAudit {
    pub environment: Environment,
    pub account: String,
    pub regions: Vec<Region>,
    /// Who asked AWS, as STS answered.
    pub caller: String,
    /// Which world was read.
    pub world: String,
    /// RFC 3339, when the last read ended.
    pub observed_at: String,
    /// SHA-256 of the configuration and of the promises, hex.
    pub configuration: String,
    pub promises: String,
    /// In the order of the paper.
    pub verdicts: Vec<Verdict>,
    pub reads: Vec<ReadRecord>,
    /// Promises that this environment's release words differently than the report does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub worded: Vec<PromiseWords>,
}

/// A promise in words, for whoever reads a report without the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PromiseWords {
    pub promise: String,
    pub clause: String,
    pub kind: PromiseKind,
    pub iso27017_2015: Vec<String>,
    pub iso27002_2022: Vec<String>,
    pub title: Said,
    pub sentence: Said,
}

/// An environment of which nothing could be said, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotAudited {
    pub environment: Environment,
    pub problem: String,
}

/// What `audit` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuditReport {
    pub schema_version: u32,
    pub tool_version: String,
    /// What was asked for, in the order of the paper: all, or those of one clause.
    pub promises: Vec<PromiseWords>,
    pub environments: Vec<EnvironmentAudit>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_audited: Vec<NotAudited>,
}

impl AuditReport {
    pub fn verdicts(&self) -> impl Iterator<Item = (&EnvironmentAudit, &Verdict)> {
        self.environments.iter().flat_map(|audit| audit.verdicts.iter().map(move |verdict| (audit, verdict)))
    }

    /// What the promise says in this environment: its release may say it otherwise than the tree.
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
