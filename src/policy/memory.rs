//! Which texts this program found without mistakes. What a check finds depends on the text, the name of its file and this
//! program: a key is the digest of the three. docs/adr/0019 says what an entry can do. Imports `model`.

use std::collections::BTreeSet;
use std::fmt;

#[cfg(feature = "policy")]
use crate::model::digest::digest;

/// Keeps keys from one run to the next. It may forget any of them, and a key that was never added only looks like one that
/// was: 64 hex digits that fit a text.
pub trait Memory: fmt::Debug + Send + Sync {
    /// Every key that is remembered.
    fn known(&self) -> BTreeSet<String>;
    /// Remembers these. Where that fails, the next run checks again.
    fn add(&self, keys: &[String]);
}

/// Nothing is remembered.
#[derive(Debug, Clone, Copy)]
pub struct Nothing;

impl Memory for Nothing {
    fn known(&self) -> BTreeSet<String> {
        BTreeSet::new()
    }

    fn add(&self, _: &[String]) {}
}

/// Of the name only what a check looks at: the tree's policy and the same one in a release are one.
#[cfg(feature = "policy")]
pub(super) fn key(file: &str, text: &str) -> String {
    let parts = ["tokaido/checked-policy/v1", env!("CARGO_PKG_VERSION"), env!("TOKAIDO_SOURCES"), rego_check::stem(file), text];
    digest(parts.map(str::as_bytes))
}
