//! What came instead of the answers to calls, and what a reading says of what they sent.

use std::fmt;

use serde::Serialize;
use tokaido_derive::Reason;

use crate::model::reason::Spoken;
use crate::model::{Language, Reason as _};
use crate::world::{ErrorClass, ProviderError};

/// What a reading says of what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Reason)]
pub(super) enum Still {
    #[en("still as before: {paths}")]
    #[ja("変更前のまま: {paths}")]
    Before { paths: Vec<String> },
    #[en("it is still there")]
    #[ja("まだ残っています")]
    There,
}

/// What came instead of an answer that says what a call did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Reason)]
enum Reply {
    #[en("AWS answered {status} to {operation}")]
    #[ja("AWS は {operation} に {status} を返しました")]
    Status { operation: String, status: u16 },
    #[en("no whole answer to {operation} came")]
    #[ja("{operation} の応答は最後まで届きませんでした")]
    Nothing { operation: String },
    #[en("AWS's answer to {operation} cannot be understood")]
    #[ja("{operation} への AWS の応答は解釈できません")]
    Unclear { operation: String },
    #[en("AWS answered {class} to {operation}")]
    #[ja("AWS は {operation} に {class} を返しました")]
    Echo { operation: String, class: &'static str },
}

impl Reply {
    fn of(error: &ProviderError) -> Self {
        let operation = error.operation.clone();
        match (error.class, error.status) {
            (ErrorClass::Unreachable, _) => Self::Nothing { operation },
            (ErrorClass::Internal, Some(status @ 500..)) => Self::Status { operation, status },
            (ErrorClass::Internal, _) => Self::Unclear { operation },
            (class, _) => Self::Echo { operation, class: class.as_str() },
        }
    }
}

/// Several, the same ones once with their number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(super) struct Replies(Vec<Reply>);

impl Replies {
    pub(super) fn of(errors: &[ProviderError]) -> Self {
        Self(errors.iter().map(Reply::of).collect())
    }
}

impl Spoken for Replies {
    fn spoken(&self, language: Language) -> impl fmt::Display {
        let parts = self.0.chunk_by(PartialEq::eq).map(|same| match (same.len(), language) {
            (1, _) => same[0].say(language),
            (times, Language::En) => format!("{} ({times} times)", same[0].say(language)),
            (times, Language::Ja) => format!("{}（{times} 回）", same[0].say(language)),
        });
        parts.collect::<Vec<_>>().join(if language == Language::En { "; " } else { "。" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_is_said_as_it_came() {
        let error = |class, status| {
            let bare = ProviderError::new(class, "sim:update", "x", "");
            ProviderError { status, ..bare }
        };
        let says = |errors: &[ProviderError], language| Replies::of(errors).spoken(language).to_string();
        let english = |class, status| says(&[error(class, status)], Language::En);
        assert_eq!(english(ErrorClass::Internal, Some(503)), "AWS answered 503 to sim:update");
        assert_eq!(english(ErrorClass::Unreachable, None), "no whole answer to sim:update came");
        // The head of an answer that was cut off came.
        assert_eq!(english(ErrorClass::Unreachable, Some(200)), "no whole answer to sim:update came");
        for status in [None, Some(200)] {
            assert_eq!(english(ErrorClass::Internal, status), "AWS's answer to sim:update cannot be understood");
        }
        assert_eq!(english(ErrorClass::AlreadyExists, Some(400)), "AWS answered already-exists to sim:update");

        let several = [(ErrorClass::Internal, Some(500)), (ErrorClass::Internal, Some(500)), (ErrorClass::Unreachable, None)];
        let several = several.map(|(class, status)| error(class, status));
        let words = "AWS answered 500 to sim:update (2 times); no whole answer to sim:update came";
        assert_eq!(says(&several, Language::En), words);
        let words = "AWS は sim:update に 500 を返しました（2 回）。sim:update の応答は最後まで届きませんでした";
        assert_eq!(says(&several, Language::Ja), words);
    }
}
