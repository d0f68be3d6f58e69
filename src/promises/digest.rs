//! SHA-256 over parts, in hex.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// With its length in front of each part, two lists of parts cannot run together into the same bytes.
pub(crate) fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.len().to_be_bytes());
        hasher.update(part);
    }
    let mut hex = String::new();
    for byte in hasher.finalize() {
        // Writing to a `String` cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
