//! The line of a file with carets under the wrong value. The crate `annotate-snippets` draws it; it receives one line without
//! control characters that fits the terminal. In: a place and its [`Quote`]. Out: text for a terminal.

use std::path::Path;

use annotate_snippets::renderer::{AnsiColor, Effects, Style as Paint};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use unicode_width::UnicodeWidthStr as _;

use crate::model::{Quote, Severity, Source, is_invisible};

use super::text::Style;

/// Blanks for a tab.
const TAB: &str = "    ";
/// The indent of an excerpt, as of everything that belongs to a finding.
const INDENT: usize = 2;
/// Columns of a line that are shown on the narrowest terminal.
const LEAST: usize = 24;
/// The mark of a cut.
const CUT: char = '…';

/// The excerpt, each line with its end.
pub(super) fn text(place: &Source, quote: &Quote, severity: Severity, style: &Style) -> String {
    let gutter = INDENT + place.line.to_string().len() + " | ".len();
    let room = style.width.saturating_sub(gutter).max(LEAST);
    let signs: Vec<char> = quote.line.chars().collect();
    let begin = (place.column.max(1) - 1).min(signs.len());
    let end =
        begin + length(&signs, begin, Path::new(place.file.as_str()).extension().is_some_and(|extension| extension == "rego"));
    let line = Fitted::of(&signs, begin, end, room);
    let (first, source, shift) = match &quote.above {
        Some(above) => {
            let signs: Vec<char> = above.chars().collect();
            let above = Fitted::of(&signs, 0, 0, room).text;
            let shift = above.len() + 1;
            (place.line.saturating_sub(1), format!("{above}\n{}", line.text), shift)
        }
        None => (place.line, line.text, 0),
    };
    let level = match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let wrong = AnnotationKind::Primary.span(shift + line.begin..shift + line.end);
    let snippet = Snippet::source(source).line_start(first).fold(false).annotation(wrong);
    let drawn = renderer(style, gutter + room).render(&[Group::with_level(level).element(snippet)]);
    let mut out = String::new();
    for line in drawn.lines() {
        let line = line.trim_end();
        out.push_str(&" ".repeat(if line.is_empty() { 0 } else { INDENT }));
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// The colours of `text`; the caller decides the width of a line.
fn renderer(style: &Style, width: usize) -> Renderer {
    if !style.colour {
        return Renderer::plain().term_width(width + TAB.len());
    }
    Renderer::styled()
        .term_width(width + TAB.len())
        .error(AnsiColor::Red.on_default().effects(Effects::BOLD))
        .warning(AnsiColor::Yellow.on_default())
        .line_num(Paint::new().effects(Effects::DIMMED))
        .none(Paint::new())
}

/// The number of characters of the key, value or word at `begin`.
fn length(signs: &[char], begin: usize, rego: bool) -> usize {
    let rest = &signs[begin..];
    let Some(first) = rest.first() else { return 0 };
    let whole = || {
        let end = comment(rest);
        rest[..end].iter().rposition(|c| !c.is_whitespace()).map_or(1, |last| last + 1)
    };
    match first {
        // A sign that is missing or superfluous stands alone.
        ':' | ',' | ']' | '}' | '#' => 1,
        c if c.is_whitespace() => 1,
        '"' | '\'' | '`' => quoted(rest, *first).unwrap_or_else(whole),
        _ if rego => rest.iter().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.')).count().max(1),
        '[' | '{' => bracketed(rest).unwrap_or_else(whole),
        _ => {
            let flow = open_brackets(&signs[..begin]) > 0;
            let ends = |at: usize| {
                let next = rest.get(at + 1);
                let colon = rest[at] == ':' && next.is_none_or(|next| next.is_whitespace());
                colon || (flow && matches!(rest[at], ',' | ']' | '}'))
            };
            let end = (1..rest.len()).find(|at| ends(*at)).unwrap_or(rest.len()).min(whole());
            // Blanks before a bracket or a colon belong to nothing.
            rest[..end].iter().rposition(|c| !c.is_whitespace()).map_or(1, |last| last + 1)
        }
    }
}

/// Where a comment begins, or the end.
fn comment(rest: &[char]) -> usize {
    (1..rest.len()).find(|at| rest[*at] == '#' && rest[*at - 1].is_whitespace()).unwrap_or(rest.len())
}

/// With both quotes; `None` when it is not closed on this line.
fn quoted(rest: &[char], quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in rest.iter().enumerate().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            c if *c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// With both brackets; `None` when it is not closed on this line.
fn bracketed(rest: &[char]) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in rest.iter().enumerate() {
        match c {
            '[' | '{' => depth += 1,
            ']' | '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

fn open_brackets(before: &[char]) -> usize {
    before.iter().fold(0_usize, |open, c| match c {
        '[' | '{' => open + 1,
        ']' | '}' => open.saturating_sub(1),
        _ => open,
    })
}

/// A line as it is shown: cut on both sides of the mistake when it is longer than the terminal is wide.
struct Fitted {
    text: String,
    /// The mistake, in bytes of `text`.
    begin: usize,
    end: usize,
}

impl Fitted {
    fn of(signs: &[char], begin: usize, end: usize, room: usize) -> Self {
        // Text far from the mistake is cut anyway: a file of one line may have megabytes.
        let (from, to) = (begin.saturating_sub(room), (begin + room).min(signs.len()));
        let shown: Vec<String> = signs[from..to].iter().map(|c| visible(*c)).collect();
        let widths: Vec<usize> = shown.iter().map(|sign| sign.width()).collect();
        let at = begin - from;
        let whole = from == 0 && to == signs.len() && widths.iter().sum::<usize>() <= room;
        let (mut left, mut right) = (0, shown.len());
        if !whole {
            // A third of the room for the text before, and one column for each cut.
            let mut used = 0;
            left = at;
            while left > 0 && used + widths[left - 1] <= room / 3 {
                left -= 1;
                used += widths[left];
            }
            right = at;
            while right < shown.len() && used + widths[right] + 2 <= room {
                used += widths[right];
                right += 1;
            }
        }
        let mut text = String::new();
        if left > 0 || from > 0 {
            text.push(CUT);
        }
        let end = (end - from).clamp(at, right.max(at));
        let (mut first, mut last) = (text.len(), text.len());
        for (index, sign) in shown.iter().enumerate().take(right).skip(left) {
            if index == at {
                first = text.len();
            }
            text.push_str(sign);
            if index < at {
                first = text.len();
            }
            if index < end {
                last = text.len();
            }
        }
        if right < shown.len() || to < signs.len() {
            text.push(CUT);
        }
        Self { text, begin: first, end: last.max(first) }
    }
}

/// A character of a file in the form that a terminal may receive.
fn visible(c: char) -> String {
    match c {
        '\t' => TAB.to_owned(),
        c if is_invisible(c) || is_odd_blank(c) => c.escape_unicode().to_string(),
        c => c.to_string(),
    }
}

/// Blanks that look like those of ASCII and are none to YAML.
const fn is_odd_blank(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}')
}
