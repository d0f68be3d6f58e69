//! Rows to terminal text. The only place with ANSI codes and column arithmetic.
//!
//! Wrapping: a value moves whole to the next line. One that is longer than a line breaks at its own spaces. One without spaces
//! stands alone on its line and sticks out, so that it can still be copied. Nothing is cut.

use unicode_width::UnicodeWidthStr;

use super::rows::{Bar, Block, Chip, Document, Entry, Line, Role, Row};
use super::wrap::{Group, Span, clean, explode, groups};

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

/// Below this width columns make no sense, and wrapping gains nothing.
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
                Block::Facts(rows) => self.rows(rows, indent, 0),
                Block::Entry(entry) => self.entry(entry, indent),
                Block::Section(section) => {
                    self.flow(Start::blanks(indent), &section.title, Indent { hang: indent + 2, floor: indent + 2 });
                    if matches!(section.blocks.first(), Some(Block::Entry(entry)) if tall(entry)) {
                        self.out.push('\n');
                    }
                    self.blocks(&section.blocks, indent + 2);
                }
                Block::Chips(chips) => self.chips(chips, indent),
                Block::Paste(lines) => self.paste(lines, indent),
                Block::Grid(grid) => self.rows(&grid.facts(), indent, 0),
                Block::Bars(bars) => self.rows(&bars.iter().map(Bar::facts).collect::<Vec<_>>(), indent, 0),
            }
        }
    }

    fn entry(&mut self, entry: &Entry, indent: usize) {
        let mut start = Start::blanks(indent);
        let hang = indent + 2;
        if let Some(mark) = &entry.mark {
            let word = format!("{} {}", mark.glyph, mark.word);
            let padding = " ".repeat((MARK_WORD + 2).saturating_sub(word.width()) + 1);
            start.blank = false;
            start.spans.push(Span { role: mark.role, text: word });
            start.spans.push(Span { role: Role::Plain, text: padding });
        }
        let flags = entry.flags.iter().map(|flag| Line::new().value(flag.role, format!("{} {}", flag.glyph, flag.word)));
        let mut head = Line::dotted(flags.chain([entry.head.clone()]));
        if !entry.codes.is_empty() {
            head = head.whole(Role::Warn, format!("[{}]", entry.codes.join(" ")));
        }
        self.flow(start, &head, Indent { hang, floor: hang });
        let inner = indent + 2;
        for line in &entry.about {
            self.flow(Start::blanks(inner), line, Indent { hang: inner, floor: inner });
        }
        self.rows(&entry.rows, inner, 2);
        for line in &entry.notes {
            self.flow(Start::blanks(inner), line, Indent { hang: inner + 2, floor: inner + 2 });
        }
        self.paste(&entry.paste, inner + 2);
    }

    /// One label column for all rows. A label that would leave less than half of the line to the values does not widen
    /// the column; its body follows on the next line.
    fn rows(&mut self, rows: &[Row], indent: usize, more: usize) {
        let most = self.style.width.saturating_sub(indent) / 2;
        let widths = rows.iter().map(|row| clean(&row.label).width());
        let column = widths.filter(|width| *width <= most).max().unwrap_or(0);
        for row in rows {
            let label = clean(&row.label);
            let mut start = Start::blanks(indent);
            let hang = if column == 0 { indent } else { indent + column + 2 };
            let floor = indent + 2;
            if row.body.is_empty() {
                self.flow(start, &Line::new().whole(Role::Path, &row.label), Indent { hang: floor, floor });
                continue;
            }
            if label.width() > column {
                self.flow(start, &Line::new().whole(Role::Path, &row.label), Indent { hang: floor, floor });
                start = Start::blanks(hang.max(floor));
            } else if label.is_empty() {
                start = Start::blanks(hang);
            } else {
                let padding = hang - indent - label.width();
                start.blank = false;
                start.spans.push(Span { role: Role::Path, text: label });
                start.spans.push(Span { role: Role::Plain, text: " ".repeat(padding) });
            }
            self.flow(start, &row.body, Indent { hang: hang + more, floor });
        }
    }

    fn chips(&mut self, chips: &[Chip], indent: usize) {
        let line = Line::dotted(chips.iter().map(|chip| {
            let role = if chip.count == 0 { Role::Muted } else { chip.role };
            Line::new().value(role, format!("{} {}", chip.count, chip.word))
        }));
        self.flow(Start::blanks(indent), &line, Indent { hang: indent + 2, floor: indent + 2 });
    }

    fn paste(&mut self, lines: &[String], indent: usize) {
        for line in lines {
            let text = format!("{}{}", " ".repeat(indent), clean(line));
            self.out.push_str(text.trim_end());
            self.out.push('\n');
        }
    }

    /// Puts a line's groups on as many lines as they need.
    fn flow(&mut self, start: Start, line: &Line, mut indent: Indent) {
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
            if margin < indent.hang {
                // The following cells belong to this value, so they stand under it and not in the column that it left.
                indent.hang = if fresh { indent.floor + 2 } else { indent.floor };
            }
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

    /// Neighbours of one role are painted as one, without the blanks at the end of the line.
    fn end(&mut self, spans: &[Span]) {
        let mut runs: Vec<Span> = Vec::new();
        for span in spans {
            match runs.last_mut() {
                Some(run) if run.role == span.role => run.text.push_str(&span.text),
                _ => runs.push(span.clone()),
            }
        }
        while let Some(run) = runs.last_mut() {
            run.text.truncate(run.text.trim_end().len());
            if !run.text.is_empty() {
                break;
            }
            runs.pop();
        }
        for run in &runs {
            self.paint(run.role, &run.text);
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
        // A blank inside a sentence has the sentence's colour: one run, not one per word.
        let before = spans.last().map(|span| span.role);
        let role = group.spans.first().map(|span| span.role).filter(|role| Some(*role) == before).unwrap_or(Role::Plain);
        spans.push(Span { role, text: " ".repeat(gap) });
    }
    spans.extend(group.spans);
}

fn ends_blank(spans: &[Span]) -> bool {
    spans.last().is_some_and(|span| span.text.ends_with(' '))
}

/// Entries of more than one line, and what follows them, are separated by a blank line.
fn gap(before: &Block, after: &Block) -> bool {
    match (before, after) {
        (_, Block::Section(_)) | (Block::Section(_), _) => true,
        (Block::Entry(one), Block::Entry(other)) => tall(one) || tall(other),
        (Block::Entry(one), _) => tall(one),
        (_, Block::Entry(other)) => tall(other),
        _ => false,
    }
}

fn tall(entry: &Entry) -> bool {
    !(entry.about.is_empty() && entry.rows.is_empty() && entry.notes.is_empty() && entry.paste.is_empty())
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
