//! SHA-256 in hexadecimal digits.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// SHA-256 of several parts, 64 hexadecimal digits. The length of each part is hashed in front of it, so two different lists of
/// parts never give the same bytes.
pub fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.len().to_be_bytes());
        hasher.update(part);
    }
    hex(&hasher.finalize())
}

/// The bytes as lower-case hexadecimal digits, two for each byte.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
