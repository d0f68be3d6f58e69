//! The events of an apply, the only output of the executor. The terminal, the JSON output and the records consume them.

use serde::Serialize;

use super::change::Operation;
use super::finding::Sentence;
use super::id::ResourceId;

/// How one step ended. Each step of a plan ends in exactly one of these ways.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// The driver did it and the resource settled.
    Done,
    /// The live value already equalled the target, so the executor sent no call.
    AlreadyDone,
    /// AWS or the driver refused the call, or the resource reached a failed state.
    Failed {
        /// The error. Documents have the English sentence.
        error: Sentence,
        /// Whether the step began nothing, because the resource is not what it was when the plan was made.
        #[serde(skip)]
        moved: bool,
        /// Whether surely no part of the step was made: no call was sent, or AWS refused the only one.
        #[serde(skip)]
        refused: bool,
    },
    /// The executor did not try it.
    Skipped {
        /// Why. Documents have the English sentence.
        because: Sentence,
    },
    /// A call was sent, and what it did is not known: no answer came, or the resource did not settle in time.
    Unknown {
        /// The error. Documents have the English sentence.
        error: Sentence,
    },
}

impl Outcome {
    /// The word of it in documents and records: `done`, `already-done`, `failed`, `skipped` or `unknown`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::AlreadyDone => "already-done",
            Self::Failed { .. } => "failed",
            Self::Skipped { .. } => "skipped",
            Self::Unknown { .. } => "unknown",
        }
    }
}

/// One event of an apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum ApplyEvent {
    /// Another apply holds the lease, and this one waits for it.
    AwaitingLease {
        /// Who holds the lease. Documents have the English words.
        holder: Sentence,
    },
    /// An earlier apply sent creates whose end is indeterminate. This apply waits until AWS shows what they made.
    AwaitingSight {
        /// The resources of those creates.
        ids: Vec<ResourceId>,
        /// When the wait ends, RFC 3339 in UTC.
        until: String,
    },
    /// The first step is about to begin.
    Started {
        /// How many steps the plan has.
        steps: usize,
    },
    /// A step begins.
    StepStarted {
        /// The number of the step, from 1.
        step: usize,
        /// How many steps the plan has.
        of: usize,
        /// The id of the resource that the step changes, `kind.name@region`.
        id: ResourceId,
        /// What the driver does.
        operation: Operation,
    },
    /// A step waits for AWS.
    Waiting {
        /// The number of the step, from 1.
        step: usize,
        /// How many steps the plan has.
        of: usize,
        /// The id of the resource that the step changes, `kind.name@region`.
        id: ResourceId,
        /// Seconds on the world's clock since the wait began.
        elapsed: u64,
        /// What is waited for. Documents have the English sentence.
        waiting_for: Sentence,
    },
    /// The reply to a call was lost, and the object was read.
    ReadBack {
        /// The number of the step, from 1.
        step: usize,
        /// How many steps the plan has.
        of: usize,
        /// The id of the resource that the step changes, `kind.name@region`.
        id: ResourceId,
        /// Seconds on the world's clock since the step began.
        elapsed: u64,
        /// What came instead of the replies. Documents have the English sentence.
        replies: Sentence,
        /// What the reading found, and what follows. Documents have the English sentence.
        found: Sentence,
    },
    /// A step ended.
    StepEnded {
        /// The number of the step, from 1.
        step: usize,
        /// How many steps the plan has.
        of: usize,
        /// The id of the resource that the step changes, `kind.name@region`.
        id: ResourceId,
        /// What the driver did.
        operation: Operation,
        /// Seconds on the world's clock since the step began.
        elapsed: u64,
        /// How the step ended.
        #[serde(flatten)]
        outcome: Outcome,
        /// As in the report of the step.
        #[serde(skip_serializing_if = "Option::is_none")]
        read_back: Option<Sentence>,
    },
    /// The operator asked the apply to stop. No further step begins.
    Interrupted,
    /// The steps have ended, and a fresh plan is being made.
    Replanning,
}
