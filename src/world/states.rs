//! What AWS's words for the state of an object mean.

use crate::model::Status;

/// The words of one kind. Each variant says what a word means that it does not list.
#[derive(Debug, Clone, Copy)]
pub enum States {
    /// Every word means ready but these, which mean failed.
    ReadyUnless(&'static [&'static str]),
    /// Ready, and failed; every other word is work in progress, never ready.
    Working(&'static [&'static str], &'static [&'static str]),
    /// Ready, and work in progress; every other word means failed.
    Failed(&'static [&'static str], &'static [&'static str]),
}

impl States {
    /// What this word means.
    #[must_use]
    pub fn status(self, word: &str) -> Status {
        let (failed, working) = (|| Status::Failed(word.to_owned()), || Status::Working(word.to_owned()));
        match self {
            Self::Working(ready, _) | Self::Failed(ready, _) if ready.contains(&word) => Status::Ready,
            Self::ReadyUnless(these) if these.contains(&word) => failed(),
            Self::ReadyUnless(_) => Status::Ready,
            Self::Working(_, these) if these.contains(&word) => failed(),
            Self::Failed(_, these) if !these.contains(&word) => failed(),
            Self::Working(..) | Self::Failed(..) => working(),
        }
    }
}
