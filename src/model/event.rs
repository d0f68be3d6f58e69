//! What apply tells the outside: the only way out of the executor. Terminal, JSON and records are consumers.

use serde::Serialize;

use super::change::Operation;
use super::id::ResourceId;

/// How one step ended. The four kinds add up to the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    Done,
    /// The live value already equalled the target; nothing was called.
    AlreadyDone,
    Failed {
        error: String,
    },
    /// Not tried, because of this.
    Skipped {
        because: String,
    },
    /// The call was sent and no answer says what came of it.
    Unknown {
        error: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum ApplyEvent {
    /// Another apply holds the lease, and this one waits for it.
    AwaitingLease {
        holder: String,
    },
    /// An earlier apply sent creates whose end nobody knows; AWS may show what they made until then.
    AwaitingSight {
        ids: Vec<ResourceId>,
        /// RFC 3339.
        until: String,
    },
    Started {
        steps: usize,
    },
    StepStarted {
        step: usize,
        of: usize,
        id: ResourceId,
        operation: Operation,
    },
    /// Seconds on the world's clock since the step began, and what is waited for.
    Waiting {
        step: usize,
        of: usize,
        id: ResourceId,
        elapsed: u64,
        waiting_for: String,
    },
    StepEnded {
        step: usize,
        of: usize,
        id: ResourceId,
        operation: Operation,
        elapsed: u64,
        #[serde(flatten)]
        outcome: Outcome,
    },
    Interrupted,
    Replanning,
}
