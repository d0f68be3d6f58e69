//! When a live value counts as the desired one: a rule of each attribute.

use crate::model::name::Name;

/// When a live value counts as the desired one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// An equal value.
    Exact,
    /// A list without order or duplicates, with the same items.
    Set,
    /// A list of maps. Two elements are the same one when these fields are equal. The other fields are compared.
    Keyed(&'static [&'static str]),
    /// A map of which every key is ours: a key that is not desired is drift.
    Map,
    /// Text, compared without regard to ASCII case.
    CaseFolded,
    /// A number that AWS may raise above the desired one. It never becomes smaller.
    AtLeast,
    /// The version of a database engine, as [`crate::model::engine_version::accepts`] says: `16` accepts 16.4, and `16.4` accepts 16.9.
    Version {
        /// The attribute that names the engine.
        engine: Name,
    },
    /// An IAM policy document: statements without order, and a scalar equals a list of one element.
    Policy,
    /// Policy documents by name. Each is compared as one document, and a document that is not declared is a difference.
    Policies,
    /// Tags: only keys that begin with `tokaido:`, without the intent.
    Tags,
    /// The value is sent when the resource is created and never compared, because AWS does not return it.
    WriteOnly,
    /// The value is read for the promises. No file declares it, so it is neither sent nor compared.
    ReadOnly,
}

impl Comparison {
    /// Whether a live value is compared with a declared one at all.
    #[must_use]
    pub const fn compares(self) -> bool {
        !matches!(self, Self::WriteOnly | Self::ReadOnly)
    }
}
