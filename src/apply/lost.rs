//! Calls of one step whose reply was lost or cannot be used, and what the step says of them (ADR 0033).

use tokaido_derive::Reason;

use crate::model::moment::Lasting;
use crate::model::{Outcome, Reason as _, Said, Sentence};
use crate::world::{Changed, ErrorClass, ProviderError};

use super::reason::{Advised, StepReason};
use super::replies::{Replies, Still};
use super::step::{ended, failed, unknown};

/// How often one change is sent without a part of it being reached, the first time included.
pub(super) const SENDS: usize = 3;

/// Seconds between a lost reply and the reading that follows it, for the first, the second and the third loss.
const PAUSES: [u64; SENDS] = [5, 15, 45];

/// Whether this error leaves open what a call did to the object. A refusal does not.
pub(super) fn is_lost(error: &ProviderError) -> bool {
    error.class.is_inconclusive() && error.changed != Changed::No
}

/// The replies that one change did not get.
#[derive(Debug, Default)]
pub(super) struct Lost {
    errors: Vec<ProviderError>,
    /// How many there were when a reading last showed that a part was reached. One change can be many calls of AWS.
    before_progress: usize,
    /// Whether the same was sent before the first of these calls: a create has set it, and its object does not show it yet.
    sent_before: bool,
}

impl Lost {
    pub(super) fn of(error: ProviderError) -> Self {
        Self { errors: vec![error], before_progress: 0, sent_before: false }
    }

    pub(super) const fn after_create() -> Self {
        Self { errors: Vec::new(), before_progress: 0, sent_before: true }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    pub(super) fn is_last(&self) -> bool {
        self.in_vain() >= SENDS
    }

    /// A reading shows that the last call has reached a part.
    pub(super) fn progressed(&mut self) {
        self.before_progress = self.errors.len();
    }

    /// How many calls in a row have reached nothing.
    fn in_vain(&self) -> usize {
        self.errors.len() - self.before_progress
    }

    /// Adds the error of a call, or ends the step with it. Of what is sent again, an answer that it is there already, or gone
    /// already, may be the echo of the call before: the next reading decides.
    pub(super) fn add(&mut self, error: ProviderError, still: &Still) -> Result<(), Outcome> {
        let again = self.sent_before || !self.is_empty();
        let echo = again && matches!(error.class, ErrorClass::AlreadyExists | ErrorClass::NotFound);
        if is_lost(&error) || echo {
            self.errors.push(error);
            return Ok(());
        }
        if self.is_empty() {
            return Err(ended(&error));
        }
        Err(failed(StepReason::ResentRefused { replies: self.replies(), still: still.clone(), error: Advised(error) }))
    }

    pub(super) fn pause(&self) -> u64 {
        PAUSES[self.in_vain().clamp(1, SENDS) - 1]
    }

    pub(super) fn replies(&self) -> Replies {
        Replies::of(&self.errors)
    }

    /// A reading told why the step fails.
    pub(super) fn failed(&self, reason: StepReason) -> Outcome {
        failed(if self.is_empty() { reason } else { StepReason::AfterLoss { replies: self.replies(), reason: reason.said() } })
    }

    /// No reading told what came of the last call.
    pub(super) fn unknown(&self, reason: StepReason) -> Outcome {
        unknown(if self.is_empty() { reason } else { StepReason::NotReadBack { replies: self.replies(), reason: reason.said() } })
    }

    pub(super) fn not_sent_again(&self, still: Still, reason: Said) -> Outcome {
        unknown(StepReason::NotSentAgain { replies: self.replies(), still, reason })
    }

    /// After the last of all sends; `None` while there may be another.
    pub(super) fn given_up(&self, still: &Still) -> Option<Outcome> {
        let error = self.errors.last().filter(|_| self.is_last())?;
        let after = Lasting(i64::try_from(self.pause()).unwrap_or(i64::MAX));
        let (sent, replies, still) = (self.errors.len(), self.replies(), still.clone());
        Some(unknown(StepReason::NeverAnswered { sent, replies, after, still, error: Advised(error.clone()) }))
    }

    /// What a step that ended well says: `None` when every call was answered. `read` says whether a reading showed it, or the
    /// answer to a call that was sent again.
    pub(super) fn note(&self, read: bool, gone: bool) -> Option<Sentence> {
        let (replies, sent) = (self.replies(), self.errors.len() + 1);
        let note = match (self.is_empty(), read, gone) {
            (true, ..) => return None,
            (_, true, false) => Healed::There { replies },
            (_, true, true) => Healed::Gone { replies },
            (_, false, _) => Healed::SentAgain { replies, sent },
        };
        Some(note.into())
    }
}

/// Why a step ended well although a reply was lost.
#[derive(Debug, Clone, Reason)]
pub(super) enum Healed {
    #[en("{replies}; read back: the value is there")]
    #[ja("{replies}。読み直した結果: 値は反映されています")]
    There { replies: Replies },
    #[en("{replies}; read back: it is gone")]
    #[ja("{replies}。読み直した結果: 削除されています")]
    Gone { replies: Replies },
    #[en("{replies}; read back, sent again, and answered (sent {sent} times)")]
    #[ja("{replies}。読み直して再送し、応答がありました（送信 {sent} 回）")]
    SentAgain { replies: Replies, sent: usize },
    #[en("{replies}; found by its tag: {physical}")]
    #[ja("{replies}。タグで見つかりました: {physical}")]
    Found { replies: Replies, physical: String },
    #[en("{first}; then {second}")]
    #[ja("{first}。その後、{second}")]
    Both { first: Said, second: Said },
}

/// What a reading found, in the live output.
#[derive(Debug, Clone, Reason)]
pub(super) enum Reading {
    #[en("the value is there")]
    #[ja("値は反映されています")]
    Reached,
    #[en("it is gone")]
    #[ja("削除されています")]
    Gone,
    #[en("it is there: {physical}")]
    #[ja("作成されています: {physical}")]
    Made { physical: String },
    #[en("{still}; it is sent again")]
    #[ja("{still}。再送します")]
    Again { still: Still },
}

/// What came instead of the replies, in the live output.
#[derive(Debug, Clone, Reason)]
pub(super) enum Came {
    #[en("{replies}")]
    #[ja("{replies}")]
    Instead { replies: Replies },
}
