//! Rows to terminal text. The only place with ANSI codes and column arithmetic.
//!
//! Wrapping: a value moves whole to the next line; one that is longer than a line breaks at its own spaces; one without
//! spaces stands alone on its line and sticks out, so that it can still be copied. Nothing is ever cut.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::rows::{Block, Document, Entry, Flow, Line, Role, Row};

/// How to write: both are inputs, so that the same plan gives the same bytes everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    pub colour: bool,
    /// Columns.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { colour: false, width: 100 }
    }
}

/// Below this, columns make no sense and nothing more is gained by wrapping.
const MIN_WIDTH: usize = 40;
/// Words of marks are padded to this, so that ids stand in one column.
const MARK_WORD: usize = 7;

#[must_use]
pub fn document(document: &Document, style: &Style) -> String {
    let mut writer = Writer { out: String::new(), style: Style { width: style.width.max(MIN_WIDTH), ..*style } };
    writer.blocks(&document.blocks, 0);
    writer.out
}

/// One line (wrapped when it must be), for output that appears piece by piece.
#[must_use]
pub fn line(line: &Line, hang: usize, style: &Style) -> String {
    let mut writer = Writer { out: String::new(), style: Style { width: style.width.max(MIN_WIDTH), ..*style } };
    writer.flow(Start::default(), line, Indent { hang, floor: hang.min(4) });
    writer.out
}

#[derive(Debug, Clone)]
struct Span {
    role: Role,
    text: String,
}

/// Spans that stay together.
#[derive(Debug, Clone, Default)]
struct Group {
    space: bool,
    spans: Vec<Span>,
}

impl Group {
    fn width(&self) -> usize {
        self.spans.iter().map(|span| span.text.width()).sum()
    }
}

/// What stands on the first line before the cells.
#[derive(Debug, Default)]
struct Start {
    spans: Vec<Span>,
    /// The first cell may not move to the next line: only blanks stand before it.
    blank: bool,
}

impl Start {
    fn blanks(count: usize) -> Self {
        Self { spans: vec![Span { role: Role::Plain, text: " ".repeat(count) }], blank: true }
    }
}

/// `hang` for continuation lines; `floor` for a value that does not fit there.
#[derive(Debug, Clone, Copy)]
struct Indent {
    hang: usize,
    floor: usize,
}

struct Writer {
    out: String,
    style: Style,
}

impl Writer {
    fn blocks(&mut self, blocks: &[Block], indent: usize) {
        for (index, block) in blocks.iter().enumerate() {
            if index > 0 && gap(&blocks[index - 1], block) {
                self.out.push('\n');
            }
            match block {
                Block::Line(line) => self.flow(Start::blanks(indent), line, Indent { hang: indent + 2, floor: indent + 2 }),
                Block::Facts(rows) => self.rows(rows, indent),
                Block::Entry(entry) => self.entry(entry, indent),
                Block::Section(section) => {
                    self.flow(Start::blanks(indent), &section.title, Indent { hang: indent + 2, floor: indent + 2 });
                    if matches!(section.blocks.first(), Some(Block::Entry(entry)) if tall(entry)) {
                        self.out.push('\n');
                    }
                    self.blocks(&section.blocks, indent + 2);
                }
                Block::Paste(lines) => self.paste(lines, indent),
            }
        }
    }

    fn entry(&mut self, entry: &Entry, indent: usize) {
        let mut start = Start::blanks(indent);
        let mut hang = indent + 2;
        if let Some(mark) = &entry.mark {
            let word = format!("{} {}", mark.glyph, mark.word);
            let padding = " ".repeat((MARK_WORD + 2).saturating_sub(word.width()) + 1);
            start.spans.push(Span { role: mark.role, text: word });
            start.spans.push(Span { role: Role::Plain, text: padding });
            hang = indent + 2;
        }
        self.flow(start, &entry.head, Indent { hang, floor: hang });
        let inner = indent + 2;
        for line in &entry.about {
            self.flow(Start::blanks(inner), line, Indent { hang: inner + 2, floor: inner + 2 });
        }
        self.rows(&entry.rows, inner);
        for line in &entry.notes {
            self.flow(Start::blanks(inner), line, Indent { hang: inner + 2, floor: inner + 2 });
        }
        self.paste(&entry.paste, inner + 2);
    }

    /// One label column for all rows. A label that would leave less than half of the line to the values does not widen
    /// the column; its body follows on the next line.
    fn rows(&mut self, rows: &[Row], indent: usize) {
        let most = self.style.width.saturating_sub(indent) / 2;
        let widths = rows.iter().map(|row| clean(&row.label).width());
        let column = widths.filter(|width| *width <= most).max().unwrap_or(0);
        for row in rows {
            let label = clean(&row.label);
            let mut start = Start::blanks(indent);
            let hang = if column == 0 { indent } else { indent + column + 2 };
            let floor = indent + 2;
            if row.body.is_empty() {
                self.flow(start, &Line::new().value(Role::Path, &row.label), Indent { hang: floor, floor });
                continue;
            }
            if label.width() > column {
                self.flow(start, &Line::new().value(Role::Path, &row.label), Indent { hang: floor, floor });
                start = Start::blanks(hang);
            } else if label.is_empty() {
                start = Start::blanks(hang);
            } else {
                let padding = hang - indent - label.width();
                start.blank = false;
                start.spans.push(Span { role: Role::Path, text: label });
                start.spans.push(Span { role: Role::Plain, text: " ".repeat(padding) });
            }
            self.flow(start, &row.body, Indent { hang: hang + 2, floor });
        }
    }

    fn paste(&mut self, lines: &[String], indent: usize) {
        for line in lines {
            let text = format!("{}{}", " ".repeat(indent), clean(line));
            self.out.push_str(text.trim_end());
            self.out.push('\n');
        }
    }

    /// Puts a line's groups on as many lines as they need.
    fn flow(&mut self, start: Start, line: &Line, indent: Indent) {
        let mut spans = start.spans;
        let mut used: usize = spans.iter().map(|span| span.text.width()).sum();
        let mut fresh = start.blank || used == 0;
        let mut queue: Vec<Group> = groups(line);
        queue.reverse();
        let width = self.style.width;
        while let Some(group) = queue.pop() {
            let size = group.width();
            let gap = usize::from(group.space && !fresh && !ends_blank(&spans));
            if used + gap + size <= width {
                put(&mut spans, gap, group);
                used += gap + size;
                fresh = false;
                continue;
            }
            let pieces = explode(&group);
            if indent.floor + size > width && pieces.len() > 1 {
                queue.extend(pieces.into_iter().rev());
                continue;
            }
            let margin = if indent.hang + size <= width { indent.hang } else { indent.floor };
            if fresh && used <= margin {
                put(&mut spans, 0, group);
                used += size;
                fresh = false;
                continue;
            }
            if !fresh {
                self.end(&spans);
            }
            spans = vec![Span { role: Role::Plain, text: " ".repeat(margin) }];
            put(&mut spans, 0, group);
            used = margin + size;
            fresh = false;
        }
        self.end(&spans);
    }

    fn end(&mut self, spans: &[Span]) {
        let last = spans.iter().rposition(|span| !span.text.trim().is_empty());
        let kept = last.map_or(0, |last| last + 1);
        for (index, span) in spans[..kept].iter().enumerate() {
            let text = if index + 1 == kept { span.text.trim_end() } else { &span.text };
            self.paint(span.role, text);
        }
        self.out.push('\n');
    }

    fn paint(&mut self, role: Role, text: &str) {
        let style = colour(role);
        if self.style.colour && !style.is_plain() && !text.trim().is_empty() {
            use std::fmt::Write as _;
            let _ = write!(self.out, "{}", style.style(text));
        } else {
            self.out.push_str(text);
        }
    }
}

fn put(spans: &mut Vec<Span>, gap: usize, group: Group) {
    if gap > 0 {
        spans.push(Span { role: Role::Plain, text: " ".repeat(gap) });
    }
    spans.extend(group.spans);
}

fn ends_blank(spans: &[Span]) -> bool {
    spans.last().is_some_and(|span| span.text.ends_with(' '))
}

/// Entries of more than two lines, and what follows them, are set apart.
fn gap(before: &Block, after: &Block) -> bool {
    match (before, after) {
        (_, Block::Section(_)) | (Block::Section(_) | Block::Facts(_), _) => true,
        (Block::Entry(one), Block::Entry(other)) => tall(one) || tall(other),
        (Block::Entry(one), _) => tall(one),
        (_, Block::Entry(other)) => tall(other),
        (_, Block::Facts(_)) => true,
        _ => false,
    }
}

fn tall(entry: &Entry) -> bool {
    entry.about.len() + entry.rows.len() + entry.notes.len() + entry.paste.len() > 1
}

fn groups(line: &Line) -> Vec<Group> {
    let mut found: Vec<Group> = Vec::new();
    for cell in &line.0 {
        let text = clean(&cell.text);
        let space = !found.is_empty();
        match (cell.flow, found.last_mut()) {
            (Flow::Glued, Some(group)) => group.spans.push(Span { role: cell.role, text }),
            (Flow::Prose, _) => found.extend(words(cell.role, &text, space)),
            (Flow::Value | Flow::Glued, _) => found.push(Group { space, spans: vec![Span { role: cell.role, text }] }),
        }
    }
    found
}

/// A group that is longer than a line, at its spaces. A separator stays with what it follows.
fn explode(group: &Group) -> Vec<Group> {
    let mut found: Vec<Group> = Vec::new();
    for span in &group.spans {
        let joined = found.last_mut().filter(|_| matches!(span.text.trim(), "·" | "," | ":" | ")"));
        if let Some(group) = joined {
            group.spans.push(span.clone());
            continue;
        }
        let space = if found.is_empty() { group.space } else { span.text.starts_with(' ') };
        let mut pieces = words(span.role, &span.text, space);
        if let (false, Some(last), false) = (space, found.last_mut(), pieces.is_empty()) {
            last.spans.extend(pieces.remove(0).spans);
        }
        found.extend(pieces);
    }
    found
}

/// Breaks at spaces, and around wide characters except where Japanese typesetting forbids it.
fn words(role: Role, text: &str, space: bool) -> Vec<Group> {
    let mut found = Vec::new();
    for (index, word) in text.split_whitespace().enumerate() {
        let mut piece = String::new();
        let mut first = true;
        let mut before: Option<char> = None;
        for next in word.chars() {
            if before.is_some_and(|before| breakable(before, next)) {
                found.push(group(role, std::mem::take(&mut piece), first && (index > 0 || space)));
                first = false;
            }
            piece.push(next);
            before = Some(next);
        }
        found.push(group(role, piece, first && (index > 0 || space)));
    }
    found
}

fn group(role: Role, text: String, space: bool) -> Group {
    Group { space, spans: vec![Span { role, text }] }
}

fn breakable(before: char, next: char) -> bool {
    let wide = |c: char| c.width().unwrap_or(0) == 2;
    let closing = "、。，．・：；？！）］｝」』】〕〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョ,.;:!?)]}";
    let opening = "（［｛「『【〔〈《([{";
    (wide(before) || wide(next)) && !closing.contains(next) && !opening.contains(before) && next.width().unwrap_or(0) > 0
}

/// Names and messages come from outside: nothing in them may move the cursor, colour the screen or turn the text round.
fn clean(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => kept.push(' '),
            '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => {
                kept.extend(c.escape_unicode());
            }
            c if c.is_control() => kept.extend(c.escape_unicode()),
            c => kept.push(c),
        }
    }
    kept
}

fn colour(role: Role) -> owo_colors::Style {
    let style = owo_colors::Style::new();
    match role {
        Role::Plain => style,
        Role::Heading | Role::Id => style.bold(),
        Role::Path => style.cyan(),
        Role::Muted => style.dimmed(),
        Role::Ok | Role::Create | Role::After => style.green(),
        Role::Warn | Role::Update | Role::Interruption => style.yellow(),
        Role::Error | Role::Destroy | Role::Replace => style.red().bold(),
        Role::Exposure | Role::Irreversible => style.magenta().bold(),
        Role::Adopt => style.blue(),
        Role::Before => style.red(),
    }
}
