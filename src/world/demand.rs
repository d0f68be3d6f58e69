//! What AWS demands of a value by itself: bounds of numbers and lengths, the beginning of a text, the size of a block.

use crate::model::Name;

use super::error::ErrorClass;

/// One demand, and AWS's refusal of a value that does not meet it. An attribute that is absent meets every demand but that of
/// a block.
#[derive(Debug, Clone, Copy)]
pub struct Demand {
    /// The attribute.
    pub attribute: Name,
    /// What of its value is judged.
    pub of: Measure,
    /// The class of the refusal.
    pub class: ErrorClass,
    /// AWS's code.
    pub code: &'static str,
    /// AWS's message, with `{}` for what was found: the number, or the text.
    pub message: &'static str,
}

/// What of a value is judged, and the least and the greatest number that AWS accepts.
#[derive(Debug, Clone, Copy)]
pub enum Measure {
    /// The number.
    Number(i64, i64),
    /// How many items the list has.
    Items(usize, usize),
    /// How many items of the list have the same word in this field, at most. Found is the number with the word.
    ItemsOfEach(&'static str, usize),
    /// The number in this field of each item of the list.
    EachNumber(&'static str, i64, i64),
    /// The length of the prefix of an IPv4 block.
    Prefix(i64, i64),
    /// The text begins with the first, and not with the second unless that is empty.
    Begins(&'static str, &'static str),
}

impl Demand {
    /// A refusal of the value, as invalid, with this code and this message.
    #[must_use]
    pub const fn new(attribute: Name, of: Measure, code: &'static str, message: &'static str) -> Self {
        Self { attribute, of, class: ErrorClass::Invalid, code, message }
    }

    /// The same as a quota of the account.
    #[must_use]
    pub const fn quota(attribute: Name, of: Measure, code: &'static str, message: &'static str) -> Self {
        Self { attribute, of, class: ErrorClass::Quota, code, message }
    }
}
