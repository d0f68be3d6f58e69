//! Why the pipeline stops early.

use tokaido_derive::Reason;

use crate::model::{Language, Reason as _, Said, Sentence};
use crate::policy::PolicyError;
use crate::store::StoreError;
use crate::world::ProviderError;

use super::gate::Gate;
use super::parts::Findings;

#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    #[error(transparent)]
    Gate(#[from] Gate),
    #[error(transparent)]
    Provider(#[from] ProviderError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Distrusted(#[from] Distrusted),
    /// A mistake in a policy that showed only when it was evaluated: there is no plan, and nothing to apply.
    #[error("{0}; nothing was changed")]
    Policy(#[from] PolicyError),
}

impl PipelineError {
    /// The error as a sentence of a report.
    #[must_use]
    pub fn sentence(&self) -> Sentence {
        let said = match self {
            Self::Gate(gate) => gate.said(),
            Self::Provider(error) => Said::new(error.say(Language::En), error.say(Language::Ja)),
            Self::Store(error) => error.said(),
            Self::Distrusted(bug) => bug.said(),
            Self::Policy(error) => Said::new(
                format!("{error}; nothing was changed"),
                format!("ポリシーを評価できませんでした ({error})。何も変更していません"),
            ),
        };
        Ended::As { said }.into()
    }
}

/// A sentence that is there in both languages.
#[derive(Reason)]
enum Ended {
    #[en("{said}")]
    #[ja("{said}")]
    As { said: Said },
}

/// A plan that its own checks refute.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
pub enum Distrusted {
    #[en("the plan contradicts itself, which is a bug of tokaido; nothing was changed: {findings}")]
    #[ja("計画に矛盾があります。これは tokaido の不具合です。何も変更していません: {findings}")]
    Contradiction { findings: Findings },
}

impl std::error::Error for Distrusted {}
