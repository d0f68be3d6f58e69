//! What is wrong with a policy, as values. Whoever shows them knows the file.

use std::fmt;

/// A place in the text of a policy. Lines and columns count from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

impl Place {
    /// The first character of the text.
    pub const START: Self = Self { line: 1, column: 1 };
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// The kinds of mistakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// A field that the input does not have.
    UnknownInputField,
    /// A comparison with a word or a type that never stands there.
    UnknownInputValue,
    /// The head of a rule may have no value; one such head makes a rule forget all that it has found.
    MayBeUndefined,
    /// A reference into the input that cannot be followed.
    UntraceableInput,
    /// A function that depends on something else than the input, or makes as much as it is told to.
    ImpureBuiltin,
    /// A function that a policy cannot call, or a number of arguments that a function does not take.
    UnknownFunction,
    /// A name that nothing binds.
    UnknownName,
    /// `import`, `data` or `with`: something from outside of the file.
    Alone,
    /// A rule that leads back to itself, or through too many others.
    Endless,
    /// The package does not fit the file, or the file cannot have this name.
    Name,
    /// The two sets are not defined as they must be, or a rule is there that neither leads to.
    Rules,
    /// The text is not Rego v1.
    Syntax,
    /// The policy cannot be asked about an input with nothing in it.
    Fails,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 13] = [
        Self::UnknownInputField,
        Self::UnknownInputValue,
        Self::MayBeUndefined,
        Self::UntraceableInput,
        Self::ImpureBuiltin,
        Self::UnknownFunction,
        Self::UnknownName,
        Self::Alone,
        Self::Endless,
        Self::Name,
        Self::Rules,
        Self::Syntax,
        Self::Fails,
    ];

    /// A stable word for tables and programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownInputField => "unknown-input-field",
            Self::UnknownInputValue => "unknown-input-value",
            Self::MayBeUndefined => "may-be-undefined",
            Self::UntraceableInput => "untraceable-input",
            Self::ImpureBuiltin => "impure-builtin",
            Self::UnknownFunction => "unknown-function",
            Self::UnknownName => "unknown-name",
            Self::Alone => "policy-alone",
            Self::Endless => "endless-policy",
            Self::Name => "policy-name",
            Self::Rules => "policy-rules",
            Self::Syntax => "policy-syntax",
            Self::Fails => "policy-fails",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text in English and in Japanese. What needs no words, such as an example in Rego, is the same in both.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text {
    /// The text in English.
    pub en: String,
    /// The text in Japanese.
    pub ja: String,
}

impl Text {
    /// The same in both languages: a word of the policy, an example, what the engine says.
    pub(crate) fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { en: text.clone(), ja: text }
    }

    /// The texts one after the other, with a word between them.
    pub(crate) fn joined(texts: impl IntoIterator<Item = Self>, en: &str, ja: &str) -> Self {
        let (english, japanese): (Vec<String>, Vec<String>) = texts.into_iter().map(|text| (text.en, text.ja)).unzip();
        Self { en: english.join(en), ja: japanese.join(ja) }
    }
}

impl<E: Into<String>, J: Into<String>> From<(E, J)> for Text {
    fn from((en, ja): (E, J)) -> Self {
        Self { en: en.into(), ja: ja.into() }
    }
}

/// The text in English.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

/// One mistake in a policy: where, what was read, what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind of mistake.
    pub code: Code,
    /// Where it stands.
    pub place: Place,
    /// What is wrong, with the words of the policy in backticks. What the engine says of a text that it cannot read is English.
    pub message: Text,
    /// What would be right. Empty where nothing better can be said.
    pub expected: Text,
    /// Another place that matters, and what it is: `first defined here`.
    pub related: Option<(Text, Place)>,
}

impl Finding {
    pub(crate) fn new(code: Code, place: Place, message: impl Into<Text>) -> Self {
        Self { code, place, message: message.into(), expected: Text::default(), related: None }
    }

    pub(crate) fn expected(mut self, text: impl Into<Text>) -> Self {
        self.expected = text.into();
        self
    }

    pub(crate) fn related(mut self, what: impl Into<Text>, place: Place) -> Self {
        self.related = Some((what.into(), place));
        self
    }
}

/// Why a policy gave no answer about one input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Where the policy failed: at least the definition of the set that was asked for.
    pub place: Place,
    /// What the engine says.
    pub reason: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.reason)
    }
}

impl std::error::Error for Complaint {}
