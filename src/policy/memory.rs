//! Which texts this program found without mistakes. The result of a check depends on the text, the name of its file and this
//! program: a key is the digest of the three. ADR 0019 says what a wrong entry can do. Imports `model`.

use std::collections::BTreeSet;
use std::fmt;

#[cfg(feature = "policy")]
use crate::model::digest::digest;

/// Keeps keys from one run to the next. It may lose any key. A key that no check added is only trusted when it is the 64 hex
/// digits of a text.
pub trait Memory: fmt::Debug + Send + Sync {
    /// Every key that is remembered.
    fn known(&self) -> BTreeSet<String>;
    /// Remembers these keys. When that fails, the next run checks again.
    fn add(&self, keys: &[String]);
}

/// Remembers nothing.
#[derive(Debug, Clone, Copy)]
pub struct Nothing;

impl Memory for Nothing {
    fn known(&self) -> BTreeSet<String> {
        BTreeSet::new()
    }

    fn add(&self, _: &[String]) {}
}

/// Of the file's name only the part that a check reads: a policy of the tree and the same policy in a release have one key.
#[cfg(feature = "policy")]
pub(super) fn key(file: &str, text: &str) -> String {
    let parts = ["tokaido/checked-policy/v1", env!("CARGO_PKG_VERSION"), env!("TOKAIDO_SOURCES"), rego_check::stem(file), text];
    digest(parts.map(str::as_bytes))
}
