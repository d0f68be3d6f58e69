//! Signs of a Japanese keyboard, and blanks of a word processor, where YAML needs those of ASCII: they look alike, and YAML reads
//! them as text. Imports `model`.

use crate::model::Explained;

type Sign = (char, &'static str, Explained, Explained);

/// The sign in visible form, its name, and the sign that is needed.
const SIGNS: [Sign; 17] = [
    sign('\u{ff1a}', "`：`", "a full-width colon", "全角のコロン", "`:` and a blank behind it", "半角の `:` とその後ろの空白"),
    sign('\u{3000}', "U+3000", "a full-width blank", "全角の空白", "a blank of ASCII", "半角の空白"),
    sign('\u{a0}', "U+00A0", "a no-break blank", "改行しない空白", "a blank of ASCII", "半角の空白"),
    sign('\u{202f}', "U+202F", "a narrow no-break blank", "幅の狭い改行しない空白", "a blank of ASCII", "半角の空白"),
    sign('\u{2007}', "U+2007", "a blank as wide as a digit", "数字幅の空白", "a blank of ASCII", "半角の空白"),
    sign('\u{ff0d}', "`－`", "a full-width hyphen", "全角のハイフン", "`-` and a blank behind it", "半角の `-` とその後ろの空白"),
    sign(
        '\u{ff03}',
        "`＃`",
        "a full-width number sign",
        "全角のシャープ",
        "`#`, before which a blank stands",
        "前に空白を置いた半角の `#`",
    ),
    sign('\u{ff5b}', "`｛`", "a full-width brace", "全角の波括弧", "`{`", "半角の `{`"),
    sign('\u{ff5d}', "`｝`", "a full-width brace", "全角の波括弧", "`}`", "半角の `}`"),
    sign('\u{ff3b}', "`［`", "a full-width bracket", "全角の角括弧", "`[`", "半角の `[`"),
    sign('\u{ff3d}', "`］`", "a full-width bracket", "全角の角括弧", "`]`", "半角の `]`"),
    sign('\u{ff0c}', "`，`", "a full-width comma", "全角のコンマ", "`,`", "半角の `,`"),
    sign('\u{3001}', "`、`", "a Japanese comma", "読点", "`,`", "半角の `,`"),
    sign('\u{ff02}', "`＂`", "a full-width quotation mark", "全角の引用符", "`\"`", "半角の `\"`"),
    sign('\u{201c}', "`“`", "a typographic quotation mark", "引用符（“）", "`\"`", "半角の `\"`"),
    sign('\u{201d}', "`”`", "a typographic quotation mark", "引用符（”）", "`\"`", "半角の `\"`"),
    sign('\u{ff07}', "`＇`", "a full-width apostrophe", "全角のアポストロフィ", "`'`", "半角の `'`"),
];

const fn sign(
    sign: char,
    shown: &'static str,
    en: &'static str,
    ja: &'static str,
    needed: &'static str,
    needed_ja: &'static str,
) -> Sign {
    (sign, shown, Explained::new(en, ja), Explained::new(needed, needed_ja))
}

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
        let (column, sign) = in_structure(text, 0)?;
        Some(Found { line: index + 1, column, sign })
    })
}

/// The sign in a text that looks like a key with its value, or like a map or a list. `flow`: the text stands in a map on one line.
#[must_use]
pub fn full_width(text: &str, flow: bool) -> Option<FullWidth> {
    in_structure(text, usize::from(flow)).map(|(_, sign)| sign).filter(|sign| !matches!(sign.sign, "`－`" | "`＃`"))
}

/// Where a reader of YAML is in a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// Before a key, an item or a value.
    Start,
    /// In a key, or in what may become one.
    Key,
    /// In a value, where such signs are text.
    Value,
}

/// The first such sign outside quotes and comments where YAML needs a sign of its own: inside a value it is text. `depth`: how many
/// maps and lists on one line are open before the text.
fn in_structure(line: &str, mut depth: usize) -> Option<(usize, FullWidth)> {
    let (mut at, mut before, mut behind_colon) = (At::Start, ' ', false);
    let mut signs = line.chars().enumerate().peekable();
    while let Some((index, c)) = signs.next() {
        let next = signs.peek().map(|(_, next)| *next);
        let ends = next.is_none_or(char::is_whitespace);
        let wrong = match c {
            '\u{ff1a}' => at == At::Key,
            '\u{ff0d}' | '\u{ff03}' => at == At::Start && before == ' ' && !behind_colon,
            // Blanks, and what opens a map, a list or a text.
            '\u{3000}' | '\u{a0}' | '\u{202f}' | '\u{2007}' | '\u{ff5b}' | '\u{ff3b}' | '\u{ff02}' | '\u{201c}' | '\u{201d}'
            | '\u{ff07}' => at == At::Start,
            '\u{ff5d}' | '\u{ff3d}' | '\u{ff0c}' | '\u{3001}' => depth > 0,
            _ => false,
        };
        if wrong {
            let &(_, sign, called, needed) = SIGNS.iter().find(|(known, ..)| *known == c)?;
            return Some((index + 1, FullWidth { sign, called, needed }));
        }
        match c {
            '"' | '\'' if at == At::Start => return None,
            '#' if before.is_whitespace() => return None,
            '{' | '[' if at == At::Start => depth += 1,
            '}' | ']' if depth > 0 => (depth, at) = (depth - 1, At::Value),
            ',' if depth > 0 => (at, behind_colon) = (At::Start, false),
            // Behind a colon of ASCII, only the blank and what opens a value can be wrong.
            ':' if ends || next.is_some_and(|next| SIGNS[1..5].iter().any(|(sign, ..)| *sign == next)) => {
                (at, behind_colon) = (At::Start, true);
            }
            '-' if at == At::Start && ends && !behind_colon => {}
            c if c.is_whitespace() => {}
            _ if at == At::Start => at = if behind_colon { At::Value } else { At::Key },
            _ => {}
        }
        before = c;
    }
    None
}
