//! Signs of a Japanese keyboard where YAML needs those of ASCII: they look alike and mean nothing to it. Imports `model`.

use crate::model::Explained;

/// The sign, as it can be seen, what it is called, and what is needed.
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

/// Lines above the place where a parser gives up: it goes on reading for a while.
const ABOVE: usize = 2;

/// A sign, what it is called, and what is needed instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FullWidth {
    /// As it can be seen: "`：`".
    pub sign: &'static str,
    pub called: Explained,
    pub needed: Explained,
}

/// Where a sign stands in a text; both count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) sign: FullWidth,
}

/// The sign that keeps this text from being YAML: on the line where the parser gave up, or right above.
pub(super) fn find(text: &str, line: usize) -> Option<Found> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines: Vec<(usize, &str)> = text.lines().take(line).enumerate().skip(line.saturating_sub(ABOVE + 1)).collect();
    lines.into_iter().rev().find_map(|(index, text)| {
        let (column, found) = in_structure(text)?;
        let &(_, sign, called, needed) = SIGNS.iter().find(|(known, ..)| *known == found)?;
        Some(Found { line: index + 1, column, sign: FullWidth { sign, called, needed } })
    })
}

/// What would be right for what looks like a key and its value, and is one text.
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
            // Behind a colon of ASCII only a blank that is none can do harm.
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
