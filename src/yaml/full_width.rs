//! Full-width signs of a Japanese keyboard where YAML needs those of ASCII: they look alike, and YAML reads them as text. Imports
//! `model`.

use crate::model::Explained;

/// The sign in visible form, its name, and the sign that is needed.
const SIGNS: [(char, &str, Explained, Explained); 4] = [
    (
        '\u{ff1a}',
        "`：`",
        Explained::new("a full-width colon", "全角のコロン"),
        Explained::new("`:` and a blank behind it", "半角の `:` とその後ろの空白"),
    ),
    ('\u{3000}', "U+3000", Explained::new("a full-width blank", "全角の空白"), Explained::new("a blank of ASCII", "半角の空白")),
    (
        '\u{ff0d}',
        "`－`",
        Explained::new("a full-width hyphen", "全角のハイフン"),
        Explained::new("`-` and a blank behind it", "半角の `-` とその後ろの空白"),
    ),
    (
        '\u{ff03}',
        "`＃`",
        Explained::new("a full-width number sign", "全角のシャープ"),
        Explained::new("`#`, before which a blank stands", "前に空白を置いた半角の `#`"),
    ),
];

/// How many lines above the parser's error the cause may be: a parser goes on reading for a while.
const ABOVE: usize = 2;

/// A sign, its name, and the sign that is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FullWidth {
    /// In visible form: "`：`".
    pub sign: &'static str,
    pub called: Explained,
    pub needed: Explained,
}

/// The place of a sign in a text; both count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) sign: FullWidth,
}

/// The sign that keeps this text from being YAML: on the line of the parser's error, or right above.
pub(super) fn find(text: &str, line: usize) -> Option<Found> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines: Vec<(usize, &str)> = text.lines().take(line).enumerate().skip(line.saturating_sub(ABOVE + 1)).collect();
    lines.into_iter().rev().find_map(|(index, text)| {
        let (column, found) = in_structure(text)?;
        let &(_, sign, called, needed) = SIGNS.iter().find(|(known, ..)| *known == found)?;
        Some(Found { line: index + 1, column, sign: FullWidth { sign, called, needed } })
    })
}

/// The right form of a text that looks like a key with its value.
#[must_use]
pub fn full_width_colon(text: &str) -> Option<FullWidth> {
    let (colon, sign, called, needed) = SIGNS[0];
    let found = in_structure(text).is_some_and(|(_, found)| found == colon);
    found.then_some(FullWidth { sign, called, needed })
}

/// The first such sign outside quotes and comments, before any value: inside a value it is text.
fn in_structure(line: &str) -> Option<(usize, char)> {
    let mut before = ' ';
    let mut signs = line.chars().enumerate().peekable();
    while let Some((at, c)) = signs.next() {
        let next = signs.peek().map(|(_, next)| *next);
        match c {
            '"' | '\'' => return None,
            '#' if before.is_whitespace() => return None,
            // After an ASCII colon only a full-width blank can do harm.
            ':' if next == Some('\u{3000}') => return Some((at + 2, '\u{3000}')),
            ':' if next.is_none_or(char::is_whitespace) => return None,
            '\u{ff1a}' => return Some((at + 1, c)),
            '\u{3000}' if before == ' ' || before == '-' => return Some((at + 1, c)),
            '\u{ff0d}' | '\u{ff03}' if before == ' ' => return Some((at + 1, c)),
            _ => {}
        }
        before = c;
    }
    None
}
