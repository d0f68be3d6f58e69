//! Which names AWS accepts.

/// What AWS accepts as the physical name of a kind.
#[derive(Debug, Clone, Copy)]
pub struct NameRule {
    /// The least number of characters.
    pub min: usize,
    /// The greatest number of characters.
    pub max: usize,
    /// Characters that are accepted besides ASCII letters and digits.
    pub also: &'static str,
    /// Whether the rules of RDS hold too: a letter first, no two hyphens in a row, no hyphen at the end, lower case.
    pub rds: bool,
    /// The rule in words, for messages.
    pub words: &'static str,
}

impl NameRule {
    /// From `min` to `max` ASCII letters, digits and characters of `also`. `words` say so.
    #[must_use]
    pub const fn new(min: usize, max: usize, also: &'static str, words: &'static str) -> Self {
        Self { min, max, also, rds: false, words }
    }

    /// What RDS accepts as an identifier of at most `max` characters.
    #[must_use]
    pub const fn rds(max: usize) -> Self {
        let words = "RDS accepts lower-case letters, digits and single hyphens, beginning with a letter";
        Self { min: 1, max, also: "-", rds: true, words }
    }

    /// Why `name` is not accepted, in words; `None` where it is.
    #[must_use]
    pub fn refuse(&self, name: &str) -> Option<String> {
        let length = name.chars().count();
        if length < self.min || length > self.max {
            return Some(format!("has {length} characters; {} to {} are accepted", self.min, self.max));
        }
        if let Some(bad) = name.chars().find(|c| !c.is_ascii_alphanumeric() && !self.also.contains(*c)) {
            return Some(format!("contains `{bad}`; {}", self.words));
        }
        let broken = self.rds
            && (!name.starts_with(|c: char| c.is_ascii_lowercase())
                || name.contains("--")
                || name.ends_with('-')
                || name.chars().any(|c| c.is_ascii_uppercase()));
        broken.then(|| self.words.to_owned())
    }
}
