//! Why AWS refuses a request before it looks at anything of the account.

use std::fmt;

/// One thing that AWS refuses in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which member: `BackupPlan.Rules[0].RuleName`. Empty for the request as a whole.
    pub member: String,
    /// Why.
    pub why: Why,
}

/// Why AWS refuses a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// AWS demands it.
    Missing,
    /// AWS knows no member of this name.
    Unknown,
    /// It is of another type.
    Type {
        /// What AWS wants: `a text`.
        wanted: &'static str,
    },
    /// The text has too few or too many characters, or the list too few or too many items.
    Length {
        /// How many it has.
        found: i64,
        /// The limit that it passes.
        limit: i64,
    },
    /// The number is too small or too great.
    Number {
        /// The number.
        found: i64,
        /// The limit that it passes.
        limit: i64,
    },
    /// The text does not match.
    Unlike {
        /// The text.
        found: String,
        /// AWS's expression.
        pattern: &'static str,
    },
    /// The text is none of AWS's choices.
    NoWord {
        /// The text.
        found: String,
        /// The choices.
        words: Vec<&'static str>,
    },
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("is required"),
            Self::Unknown => f.write_str("is no member of this request"),
            Self::Type { wanted } => write!(f, "must be {wanted}"),
            Self::Length { found, limit } if found < limit => write!(f, "has length {found}; {limit} is the least"),
            Self::Length { found, limit } => write!(f, "has length {found}; {limit} is the most"),
            Self::Number { found, limit } if found < limit => write!(f, "is {found}; {limit} is the least"),
            Self::Number { found, limit } => write!(f, "is {found}; {limit} is the most"),
            Self::Unlike { found, pattern } => write!(f, "is {found:?} and must match {pattern}"),
            Self::NoWord { found, words } => write!(f, "is {found:?} and must be one of {}", words.join(", ")),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.member.is_empty() { write!(f, "the request {}", self.why) } else { write!(f, "{} {}", self.member, self.why) }
    }
}
