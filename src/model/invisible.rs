//! Invisible characters, and the forms in which they are shown.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character is invisible and moves, hides or turns the text beside it: controls, joiners and blanks without width,
/// marks of direction (the characters of Unicode category Cf that are used to deceive a reader).
#[must_use]
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Whether a character of a text of several lines is written as its number: joiners make emoji and scripts of India, and without
/// neighbours they deceive no reader.
const fn is_kept(c: char) -> bool {
    matches!(c, '\n' | '\t' | '\u{200c}' | '\u{200d}')
}

/// The text as a terminal may receive it: what would move the cursor, colour the screen or turn the text round is written as its
/// number, `\u{9b}`.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    let deceives = |c: char| is_invisible(c) && !is_kept(c);
    if !text.contains(deceives) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if deceives(c) { kept.extend(c.escape_unicode()) } else { kept.push(c) }
    }
    Cow::Owned(kept)
}

/// The same JSON with each invisible character of its texts as `\u009b`. JSON has none outside of texts but blanks and line ends.
#[must_use]
pub fn visible_json(json: String) -> String {
    let deceives = |c: char| is_invisible(c) && !matches!(c, '\n' | '\t');
    if !json.contains(deceives) {
        return json;
    }
    let mut kept = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        match c {
            // Between two lines.
            '\r' => {}
            c if deceives(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(kept, "\\u{unit:04x}");
                }
            }
            c => kept.push(c),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_deceives_is_written_as_its_number() {
        assert_eq!(visible("a\u{9b}31m\u{202e}b\r\u{1b}[2J\n\tc\u{200d}"), "a\\u{9b}31m\\u{202e}b\\u{d}\\u{1b}[2J\n\tc\u{200d}");
        assert!(matches!(visible("日本語 plain\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn json_is_the_same_value() {
        for text in ["a\u{9b}\u{7f}\u{202e}b", "\u{e0041}\u{200d}", "\u{1b}\r\n\"\\", "plain 日本語"] {
            let json = visible_json(serde_json::to_string_pretty(&[text]).expect("JSON"));
            assert!(!json.contains(|c| is_invisible(c) && c != '\n'), "{json}");
            assert_eq!(serde_json::from_str::<Vec<String>>(&json).expect("JSON"), [text]);
        }
    }
}
