//! The one style sheet, and the content policy of the page: it allows this style sheet, by its digest, and nothing else.

use sha2::{Digest as _, Sha256};

/// The sheet with the page's title at the head of every printed page.
pub fn sheet(title: &str) -> String {
    // No value can end the string or the sheet.
    let safe = |c: char| c.is_alphanumeric() || " -_.'".contains(c);
    let title: String = title.chars().map(|c| if safe(c) { c } else { '-' }).collect();
    format!("{}@page {{ @top-left {{ content: \"tokaido {title}\" }} }}\n", include_str!("../../../templates/page.css"))
}

/// For `<meta http-equiv>`.
pub fn policy(sheet: &str) -> String {
    let digest = base64(&Sha256::digest(sheet));
    format!("default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")
}

/// RFC 4648, with padding. One digest does not need a library.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte)) << (8 * (3 - three.len()));
        for index in 0..4 {
            let digit = DIGITS[bits >> (18 - 6 * index) & 63];
            text.push(if index <= three.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn the_vectors_of_rfc_4648() {
        let vectors = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")];
        for (plain, coded) in vectors {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
