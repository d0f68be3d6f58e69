//! Exit codes (README, "Exit codes"), and which one wins when several hold.

use super::words::same;
use crate::model::{BlockedCode, Explained, Language, PlanBody, Reason, Said};
use crate::pipeline::PipelineError;
use crate::render::errors;
use crate::render::text::Style;
use crate::store::StoreError;
use crate::world::ProviderError;
use std::process::ExitCode;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Done,
    Error,
    Changes,
    Drift,
    /// A promise is broken.
    Broken,
    Refused,
    Incomplete,
    NotEmpty,
    Undetermined,
    Usage,
}

impl Exit {
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Error => 1,
            Self::Changes => 2,
            Self::Drift => 3,
            Self::Broken => 4,
            Self::Refused => 5,
            Self::Incomplete => 6,
            Self::NotEmpty => 7,
            Self::Undetermined => 8,
            Self::Usage => 64,
        }
    }

    /// 1 > 6 > 7 > 5 > 4 > 3 > 8 > 2 > 0 (design 2.3); wrong usage never meets another.
    const fn rank(self) -> u8 {
        match self {
            Self::Usage => 9,
            Self::Error => 8,
            Self::Incomplete => 7,
            Self::NotEmpty => 6,
            Self::Refused => 5,
            Self::Broken => 4,
            Self::Drift => 3,
            Self::Undetermined => 2,
            Self::Changes => 1,
            Self::Done => 0,
        }
    }

    #[must_use]
    pub const fn worse(self, other: Self) -> Self {
        if other.rank() > self.rank() { other } else { self }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Why a command ended early. The caller that shows a refusal says that it is one.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    pub said: Said,
}

impl Failure {
    /// A text that exists in one language alone does not compile.
    pub fn new(exit: Exit, said: impl Into<Said>) -> Self {
        Self { exit, said: said.into() }
    }

    pub fn error(said: impl Into<Said>) -> Self {
        Self::new(Exit::Error, said)
    }

    /// An error in the words of another program or library, which has no other language.
    pub fn theirs(text: &impl ToString) -> Self {
        Self::error(same(text.to_string()))
    }

    pub fn refused(said: impl Into<Said>) -> Self {
        Self::new(Exit::Refused, said)
    }

    pub fn refused_because(reason: &impl Reason) -> Self {
        Self::refused(reason.said())
    }

    /// As it is shown.
    pub fn shown(&self) -> Said {
        match self.exit {
            Exit::Refused => Said::new(format!("refused: {}", self.said.en), format!("拒否: {}", self.said.ja)),
            _ => self.said.clone(),
        }
    }

    /// As it is shown in one language.
    pub fn text(&self, language: Language) -> String {
        self.shown().say(language).to_owned()
    }

    /// Records that cannot be read: a refusal when an operator must repair something first.
    pub fn unread(error: &StoreError, consequence: Explained) -> Self {
        let exit = if error.is_refusal() { Exit::Refused } else { Exit::Error };
        let said = error.said();
        Self { exit, said: Said::new(format!("{}{}", said.en, consequence.en), format!("{}{}", said.ja, consequence.ja)) }
    }

    pub fn of(error: &PipelineError, style: &Style) -> Self {
        match error {
            PipelineError::Gate(gate) => Self::refused_because(gate),
            PipelineError::Provider(error) => Self { exit: Exit::Error, said: provider(error, style) },
            PipelineError::Store(error) if error.is_refusal() => {
                Self::unread(error, Explained::new("; nothing was changed", "。何も変更していません"))
            }
            PipelineError::Store(error) => {
                Self::unread(error, Explained::new("; nothing in AWS depends on it", "。AWS の状態には影響しません"))
            }
            PipelineError::Distrusted(bug) => Self { exit: Exit::Error, said: bug.said() },
            PipelineError::Policy(policy) => Self::error(Said::new(error.to_string(), format!("{policy}。何も変更していません"))),
        }
    }
}

/// A refusal by AWS, as it is shown.
pub fn provider(error: &ProviderError, style: &Style) -> Said {
    Said::new(errors::text(error, style, Language::En), errors::text(error, style, Language::Ja))
}

/// What keeps a plan from being complete: blocked changes are errors, failed reads leave it undetermined.
pub fn completeness(body: &PlanBody) -> Exit {
    let read_failed = !body.unreadable.is_empty();
    let unknown = |code| matches!(code, BlockedCode::Unreadable | BlockedCode::InDoubt);
    let undetermined = |code| unknown(code) || (code == BlockedCode::DependsOnBlocked && read_failed);
    let refused = body.blocked.iter().any(|blocked| !undetermined(blocked.code));
    let exit = if read_failed { Exit::Undetermined } else { Exit::Done };
    if refused { exit.worse(Exit::Error) } else { exit }
}

/// Whether policies let the plan pass. An apply with an emergency override was not refused, so this is no part of the plan's
/// quality.
pub fn policy_outcome(body: &PlanBody) -> Exit {
    if body.is_denied() { Exit::Refused } else { Exit::Done }
}

#[cfg(test)]
mod tests {
    use super::Exit::{Broken, Changes, Done, Drift, Error, Incomplete, NotEmpty, Refused, Undetermined};
    use super::{Explained, Failure, Language, StoreError};
    use crate::model::Environment;

    #[test]
    fn the_worst_one_wins_in_the_documented_order() {
        let order = [Error, Incomplete, NotEmpty, Refused, Broken, Drift, Undetermined, Changes, Done];
        for (index, worse) in order.iter().enumerate() {
            for better in &order[index..] {
                assert_eq!(worse.worse(*better), *worse);
                assert_eq!(better.worse(*worse), *worse);
            }
        }
    }

    #[test]
    fn a_bucket_that_must_be_put_right_first_refuses_and_a_damaged_record_is_an_error() {
        let none = StoreError::NoBucket { bucket: "records".to_owned(), environment: Environment::Dev };
        let refused = Failure::unread(&none, Explained::new("; nothing was changed", "。何も変更していません"));
        assert_eq!(refused.exit, Refused);
        let text = refused.text(Language::En);
        assert!(text.starts_with("refused: the bucket records") && text.ends_with("; nothing was changed"), "{text}");
        let text = refused.text(Language::Ja);
        assert!(text.starts_with("拒否: dev のバケット records") && text.ends_with("。何も変更していません"), "{text}");
        let damaged = StoreError::Damaged { path: "1.json".to_owned(), reason: "no JSON".to_owned() };
        assert_eq!(Failure::unread(&damaged, Explained::new("", "")).exit, Error);
    }
}
