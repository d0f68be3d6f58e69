//! What an audit found out about each promise. A verdict never says more than was read, and names the resources.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::desired::Divergence;
use super::id::Region;
use super::name::Name;
use super::reason::Explanation;
use super::text::{Explained, Said};

/// Who keeps a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PromiseKind {
    /// tokaido sets the values and checks them.
    Enforce,
    /// Another system keeps it. tokaido collects the evidence.
    Prove,
    /// People keep it. tokaido gates their actions or records them.
    Process,
    /// Infrastructure does not keep it. tokaido prints it, so that an auditor finds every clause.
    Info,
}

impl PromiseKind {
    /// The word in JSON: `enforce`.
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

/// How a promise stands. The most serious state comes first; of several members the first state holds for the promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum VerdictState {
    /// What was read breaks the promise.
    Broken,
    /// A read that the verdict needs was denied or failed, or its answer cannot be understood.
    Unknown,
    /// AWS has accepted the right value and applies it later.
    Pending,
    /// Everything that was read keeps the promise.
    Kept,
    /// There is no resource that the promise speaks about.
    NotApplicable,
    /// Infrastructure or a process could decide it, and tokaido does not check it yet.
    NoCheckYet,
    /// Nothing in the infrastructure decides it.
    OutsideInfrastructure,
}

impl VerdictState {
    /// Every state, most serious first.
    pub const ALL: [Self; 7] = [
        Self::Broken,
        Self::Unknown,
        Self::Pending,
        Self::Kept,
        Self::NotApplicable,
        Self::NoCheckYet,
        Self::OutsideInfrastructure,
    ];

    /// Whether a promotion waits for a promise or a member in this state, and a watch has it open. What tokaido may not or does not
    /// ask for is the same at every look: verdicts list it, and nothing waits for it.
    #[must_use]
    pub const fn is_open(self, unknown: Option<UnknownCause>) -> bool {
        match self {
            Self::Broken | Self::Pending => true,
            Self::Unknown => match unknown {
                Some(cause) => cause.holds(),
                None => true,
            },
            Self::Kept | Self::NotApplicable | Self::NoCheckYet | Self::OutsideInfrastructure => false,
        }
    }

    /// The words for people: `not applicable`. JSON has the same in kebab-case.
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

    /// The words for people in both languages.
    #[must_use]
    pub const fn titled(self) -> Explained {
        let japanese = match self {
            Self::Broken => "違反",
            Self::Unknown => "不明",
            Self::Pending => "反映待ち",
            Self::Kept => "遵守",
            Self::NotApplicable => "対象なし",
            Self::NoCheckYet => "未判定",
            Self::OutsideInfrastructure => "インフラ対象外",
        };
        Explained::new(self.as_str(), japanese)
    }
}

/// Why a member or a promise is unknown, most serious first. A promotion waits for the first two; the third says where nobody
/// may look, and the last what no command asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UnknownCause {
    /// A read was denied or failed, or its answer is incomplete.
    ReadFailed,
    /// Everything was read, and what it means for the promise cannot be told.
    NotUnderstood,
    /// This caller may not look there: a region is closed.
    Closed,
    /// tokaido does not ask AWS for what would decide it.
    NotAsked,
}

impl UnknownCause {
    /// Whether a promotion waits for it.
    #[must_use]
    pub const fn holds(self) -> bool {
        matches!(self, Self::ReadFailed | Self::NotUnderstood)
    }

    /// The word in JSON: `read-failed`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadFailed => "read-failed",
            Self::NotUnderstood => "not-understood",
            Self::Closed => "closed",
            Self::NotAsked => "not-asked",
        }
    }

    /// The words for people in both languages.
    #[must_use]
    pub const fn titled(self) -> Explained {
        match self {
            Self::ReadFailed => Explained::new("a read failed", "読み取りに失敗"),
            Self::NotUnderstood => Explained::new("read and not understood", "読み取れたが判断できない"),
            Self::Closed => Explained::new("closed, not looked at", "閉鎖のため未確認"),
            Self::NotAsked => Explained::new("not asked", "未照会"),
        }
    }
}

/// What a verdict rests on. A verdict has the lowest level of everything that it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// AWS returns the setting.
    Configured,
    /// AWS says that the setting took effect everywhere it must.
    Effective,
    /// A fact that could not exist unless the setting works.
    Evidenced,
}

impl Level {
    /// The word in JSON: `configured`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Configured => "configured",
            Self::Effective => "effective",
            Self::Evidenced => "evidenced",
        }
    }
}

/// How a resource that was examined relates to the environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// It carries our tags.
    Ours,
    /// It is in our account or networks and carries no tags of ours.
    Foreign,
    /// It carries our tags under another name.
    Copy,
    /// The environment declares it, and it is not there.
    Absent,
    /// It could not be read, or nothing of its kind could.
    Unread,
}

/// One value that AWS returned.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Fact {
    /// The name of the attribute, or of the fact as `kinds::facts` has it.
    pub name: String,
    /// The value as text.
    // Many facts may cite one value: the list of a backup plan.
    #[schemars(with = "String")]
    pub value: Arc<str>,
    /// The read that told it: `list db-instance@tokyo`.
    pub source: String,
    /// When that read ended, RFC 3339 in UTC, on the world's clock. Absent where a plan judges, which has no time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// One member of the population of a promise, with its verdict.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Examined {
    /// An id of ours, or `physical (kind@region)`.
    pub subject: String,
    /// The kind of the member, in kebab-case: `db-instance`.
    pub kind: String,
    /// How the member relates to the environment.
    pub standing: Standing,
    /// How the promise stands for this member.
    pub state: VerdictState,
    /// Why the member is unknown. Absent where it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown: Option<UnknownCause>,
    /// Whether the promise is about something else and needs this member as well: a key, a vault. Such members alone keep no
    /// promise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub beside: bool,
    /// What the verdict rests on; absent where the member is neither kept nor pending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Why the member is not kept, or what limits the verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Explanation>,
    /// The values that decided.
    pub facts: Vec<Fact>,
}

/// Whose resources a check looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Whose {
    /// Those that carry our tags.
    Ours,
    /// Every one that AWS lists, foreign ones and copies too.
    All,
    /// Foreign ones only where our networks are.
    InOurNetworks,
}

/// What a part of a universe is to the promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PartRole {
    /// The promise is about these. Without any, it is not applicable.
    Subject,
    /// Each of these is judged as well. They alone keep no promise.
    Beside,
    /// These are read to judge the others.
    Read,
}

/// One part of what a check looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Part {
    /// The kind, in kebab-case: `db-instance`.
    pub kind: String,
    /// The regions in which it is read.
    pub regions: Vec<Region>,
    /// Whose resources of the kind.
    pub whose: Whose,
    /// What they are to the promise.
    pub role: PartRole,
    /// The attributes that are read. A member of which one was not read is unknown.
    pub attributes: Vec<Name>,
}

/// The verdict on one promise in one environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// The slug of the promise in `policies/promises.yaml`.
    pub promise: String,
    /// The clause of the white paper: `12`.
    pub clause: String,
    /// Who keeps the promise.
    pub kind: PromiseKind,
    /// The most serious state of its members, or why there are none. Not applicable where nothing is there that the promise is
    /// about.
    pub state: VerdictState,
    /// Why the promise is unknown: the most serious cause of its members. Absent where it is not unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown: Option<UnknownCause>,
    /// The lowest level of the members that are kept or pending. Absent where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// What the check looks at: the kinds, where, whose, and which attributes. Empty without a check.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub universe: Vec<Part>,
    /// Every resource that the promise speaks about, judged one by one.
    pub population: Vec<Examined>,
    /// Present when this environment declares that it keeps the promise less strictly. The members are judged against that value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub divergence: Option<Divergence>,
    /// What the check looks at, in words. Absent without a check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looks: Option<Said>,
    /// What the check does not look at yet, or why there is no check.
    pub not_judged: Said,
}

impl Verdict {
    /// The members in this state.
    pub fn in_state(&self, state: VerdictState) -> impl Iterator<Item = &Examined> {
        self.population.iter().filter(move |examined| examined.state == state)
    }
}

/// What a plan or an apply does to one promise. It has no facts and no times, so that the same inputs give the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PromiseMove {
    /// The slug of the promise.
    pub promise: String,
    /// The clause of the white paper.
    pub clause: String,
    /// How the promise stands before.
    pub before: VerdictState,
    /// Why it is unknown before. Absent where it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown: Option<UnknownCause>,
    /// Whether a member is pending before, where the promise is unknown. Unknown says nothing of the members that were read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
    /// How it stands after everything that the plan does. What AWS applies later is `pending`.
    pub after: VerdictState,
    /// Members that are broken, unknown or pending before or after, and whose state changes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
}

/// A path between tenants that nothing opens before a plan, and that is open after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NewPath {
    /// The tenants that send.
    pub from: Vec<String>,
    /// The tenants at which it arrives.
    pub to: Vec<String>,
    /// The first packet, and what would let it pass.
    pub way: Explanation,
}

impl PromiseMove {
    /// Whether a promotion waits for the promise as it stands before: for itself, or for a member that is pending.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.pending || self.before.is_open(self.unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_asked_for_is_unknown_and_not_open() {
        let open = |cause| VerdictState::ALL.into_iter().filter(move |state| state.is_open(cause)).collect::<Vec<_>>();
        let waits = [VerdictState::Broken, VerdictState::Unknown, VerdictState::Pending];
        assert_eq!(open(Some(UnknownCause::ReadFailed)), waits);
        assert_eq!(open(Some(UnknownCause::NotUnderstood)), waits);
        assert_eq!(open(None), waits, "an older document does not say why");
        assert_eq!(open(Some(UnknownCause::NotAsked)), [VerdictState::Broken, VerdictState::Pending]);
    }
}
