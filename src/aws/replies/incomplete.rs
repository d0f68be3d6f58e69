//! Why a reply is not used, in words for the person who has to find the cause.

/// What is wrong with a reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Incomplete {
    #[error("the reply is empty")]
    Empty,
    #[error("the reply ends in the middle, inside {inside}")]
    Cut { inside: String },
    #[error("the reply broke off: {why}")]
    Broke { why: String },
    #[error("the reply stopped: not a byte came for {seconds} s")]
    Silent { seconds: u64 },
    #[error("the reply is no {form}, so it is not from AWS or not complete")]
    Garbage { form: &'static str },
    #[error("the reply is <{found}>, where AWS answers with <{expected}>")]
    Root { found: String, expected: String },
    #[error("the reply has no {member}, which AWS always sends")]
    Missing { member: String },
    #[error("the reply says that more follows, and its {token} does not say where")]
    Lost { token: String },
    #[error("the reply is larger than {megabytes} MiB")]
    Large { megabytes: usize },
    #[error("the reply says that something does not exist (HTTP 404) without a code of AWS")]
    NoCode,
}
