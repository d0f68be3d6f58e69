//! What the commands say in sentences of their own, in both languages: one file for each group of commands.
//!
//! In: the facts of a sentence. Out: reasons (docs/adr/0018-reasons-are-data.md), which the terminal and
//! [`Failure`](super::exit::Failure) say in the language of the command.
//! Must not import: anything but `model`.

pub mod applying;
pub mod files;
pub mod general;
pub mod policy;
pub mod releasing;
pub mod signing;
pub mod simulated;
#[cfg(feature = "watch")]
pub mod watching;

use std::path::Path;

use crate::model::Said;

/// `1 file`, `3 files`; `ja` follows the number: `個のファイル`.
pub fn counted(count: usize, one: &str, many: &str, ja: &str) -> Said {
    Said::new(format!("{count} {}", if count == 1 { one } else { many }), format!("{count} {ja}"))
}

/// A part of a sentence that is the same in both languages: names, values, words of other programs.
pub fn same(text: impl Into<String>) -> Said {
    let text = text.into();
    Said::new(text.clone(), text)
}

/// Texts one after another, with the same separator in both languages.
pub fn joined(parts: impl IntoIterator<Item = Said>, separator: &str) -> Said {
    let (en, ja): (Vec<_>, Vec<_>) = parts.into_iter().map(|said| (said.en, said.ja)).unzip();
    Said::new(en.join(separator), ja.join(separator))
}

/// A path as a field of a sentence.
pub fn path(path: &Path) -> String {
    path.display().to_string()
}
