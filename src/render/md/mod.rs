//! A page as one comment for a pull request: never longer than GitHub's limit, whatever the size of the plan.
//!
//! In: rows. Out: Markdown. Must not import: the plans and reports from which rows are made.
//!
//! Sections that must be read are shortened last and never silently: their rows lose details only when nothing else is left to
//! leave out, and a comment that cannot hold their names says so at its beginning.

mod escape;

use std::fmt::Write as _;

use super::rows::{Bar, Block, Cell, Chip, Document, Entry, Flow, Fold, Line, Page, Role, Row, Section};
use super::{time, words};
use escape::Place;

/// GitHub's limit in characters. Counted in bytes here, of which there are never fewer.
pub const LIMIT: usize = 65_536;
/// Reserved for the lines below a shortened comment.
const RESERVE: usize = 600;
/// Names on one line, so that a long list can be cut between lines.
const NAMES_PER_LINE: usize = 8;

/// How much of a section is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Show {
    Title,
    Names,
    /// One line per entry.
    Heads,
    All,
}

struct Level {
    /// Longer values are shortened, with a mark.
    value: usize,
    counted: Show,
    when_long: Show,
    never: Show,
}

/// From everything to the least; the first that fits is used.
const LEVELS: [Level; 6] = [
    Level { value: 2000, counted: Show::All, when_long: Show::All, never: Show::All },
    Level { value: 500, counted: Show::Names, when_long: Show::All, never: Show::All },
    Level { value: 300, counted: Show::Title, when_long: Show::Heads, never: Show::All },
    Level { value: 120, counted: Show::Title, when_long: Show::Title, never: Show::All },
    Level { value: 120, counted: Show::Title, when_long: Show::Title, never: Show::Heads },
    Level { value: 80, counted: Show::Title, when_long: Show::Title, never: Show::Names },
];

/// Ends with a newline and fits into one comment.
#[must_use]
pub fn page(page: &Page) -> String {
    for level in &LEVELS {
        let text = Writer::new(page, level).write(None);
        if text.len() <= LIMIT {
            return text;
        }
    }
    let last = &LEVELS[LEVELS.len() - 1];
    let text = Writer::new(page, last).write(Some(words::CUT.say(page.language)));
    let mut kept = String::with_capacity(LIMIT);
    for line in text.lines() {
        if kept.len() + line.len() > LIMIT - RESERVE {
            break;
        }
        kept.push_str(line);
        kept.push('\n');
    }
    let _ = write!(kept, "\n…\n\n{}", pointer(page));
    kept
}

fn pointer(page: &Page) -> String {
    format!("{} {}\n", prose(words::WHOLE_PLAN.say(page.language)), code(&page.whole))
}

fn prose(text: &str) -> String {
    escape::prose(text, Place::Text)
}

fn code(text: &str) -> String {
    escape::code(text, Place::Text)
}

struct Writer<'a> {
    page: &'a Page,
    level: &'a Level,
    out: String,
    folded: Vec<String>,
}

impl<'a> Writer<'a> {
    const fn new(page: &'a Page, level: &'a Level) -> Self {
        Self { page, level, out: String::new(), folded: Vec::new() }
    }

    fn write(mut self, cut: Option<&str>) -> String {
        let page = self.page;
        // The first line is for programs: it stays the same from plan to plan, so that a program can find and edit the comment.
        let plain: String = page.marker.chars().filter(|c| c.is_ascii_alphanumeric() || *c == ' ').collect();
        let _ = write!(self.out, "<!-- tokaido: {plain} -->\n## {}\n\n", prose(&page.title));
        for warning in page.warnings.iter().map(String::as_str).chain(cut) {
            let _ = write!(self.out, "> <b>⚠ {}</b>\n\n", prose(warning));
        }
        let facts: Vec<String> = page.facts.iter().map(|row| format!("{} {}", prose(&row.label), self.line(&row.body))).collect();
        self.paragraph(&facts.join(" · "));
        self.blocks(&page.body);
        if !self.folded.is_empty() {
            let text = format!("{} {}", prose(words::FOLDED.say(page.language)), self.folded.join(" · "));
            self.paragraph(&text);
        }
        self.out.push_str(&pointer(page));
        self.out
    }

    fn paragraph(&mut self, text: &str) {
        if !text.is_empty() {
            let _ = write!(self.out, "{text}\n\n");
        }
    }

    fn blocks(&mut self, document: &Document) {
        for block in &document.blocks {
            self.block(block, Show::All);
        }
    }

    fn block(&mut self, block: &Block, show: Show) {
        match block {
            Block::Section(section) => self.section(section),
            Block::Line(line) if show == Show::All => {
                let text = self.line(line);
                self.paragraph(&text);
            }
            Block::Line(line) => {
                let text = self.line(line);
                let _ = writeln!(self.out, "- {text}");
            }
            Block::Facts(rows) => self.table(rows),
            Block::Chips(chips) => self.chips(chips),
            Block::Entry(entry) => self.entry(entry, show),
            Block::Paste(lines) => self.paste(lines),
            Block::Grid(grid) => self.table(&grid.facts()),
            Block::Bars(bars) => self.table(&bars.iter().map(Bar::facts).collect::<Vec<_>>()),
        }
    }

    fn section(&mut self, section: &Section) {
        let (show, details) = match section.fold {
            Fold::Never => (self.level.never, false),
            Fold::WhenLong => (self.level.when_long, false),
            Fold::Count => (self.level.counted, self.level.counted > Show::Title),
        };
        let title = self.title(&section.title, if details { Place::Fold } else { Place::Text });
        if show == Show::Title {
            self.folded.push(title);
            return;
        }
        if details {
            let _ = write!(self.out, "<details><summary>{title}</summary>\n\n");
        } else {
            let _ = write!(self.out, "### {title}\n\n");
        }
        if show == Show::Names {
            self.names(section);
        } else {
            for block in &section.blocks {
                self.block(block, show);
            }
            if show == Show::Heads {
                self.out.push('\n');
            }
        }
        if details {
            self.out.push_str("</details>\n\n");
        }
    }

    /// Entries by name, a few on each line; other blocks are short and stay.
    fn names(&mut self, section: &Section) {
        let names: Vec<String> = section
            .blocks
            .iter()
            .filter_map(|block| match block {
                Block::Entry(entry) => Some(self.name(entry)),
                _ => None,
            })
            .collect();
        for some in names.chunks(NAMES_PER_LINE) {
            let _ = writeln!(self.out, "{}  ", some.join(", "));
        }
        if !names.is_empty() {
            self.out.push('\n');
        }
        for block in section.blocks.iter().filter(|block| !matches!(block, Block::Entry(_))) {
            self.block(block, Show::All);
        }
    }

    fn name(&self, entry: &Entry) -> String {
        let ids: Vec<String> =
            entry.head.0.iter().filter(|cell| cell.role == Role::Id).map(|cell| self.cell(cell, Place::Text, false).1).collect();
        match (&entry.mark, ids.is_empty()) {
            (_, true) => self.line(&entry.head),
            (Some(mark), false) => format!("{} {}", prose(mark.glyph), ids.join(", ")),
            (None, false) => ids.join(", "),
        }
    }

    fn entry(&mut self, entry: &Entry, show: Show) {
        let mut head = String::new();
        if let Some(mark) = &entry.mark {
            let _ = write!(head, "<b>{} {}</b> ", prose(mark.glyph), prose(&mark.word));
        }
        head.push_str(&self.line(&entry.head));
        for flag in &entry.flags {
            let _ = write!(head, " <b>{} {}</b>", prose(flag.glyph), prose(&flag.word));
        }
        for one in &entry.codes {
            let _ = write!(head, " {}", code(one));
        }
        let about: Vec<String> = entry.about.iter().map(|line| self.line(line)).collect();
        if show == Show::Heads {
            let first = about.first().map(|text| format!(" · {text}")).unwrap_or_default();
            let _ = writeln!(self.out, "- {head}{first}");
            return;
        }
        // On one line: a text at the beginning of a line could be a list or a heading.
        let lines: Vec<String> = std::iter::once(head).chain(about).collect();
        self.paragraph(&lines.join("<br>"));
        self.table(&entry.rows);
        let notes: Vec<String> = entry.notes.iter().map(|line| self.line(line)).collect();
        self.paragraph(&notes.join("<br>"));
        self.paste(&entry.paste);
    }

    /// A label once, with everything that belongs to it in the same cell.
    fn table(&mut self, rows: &[Row]) {
        if rows.is_empty() {
            return;
        }
        self.out.push_str("| | |\n|---|---|\n");
        let mut rows = rows.iter().peekable();
        while let Some(row) = rows.next() {
            let mut lines = vec![self.line(&row.body)];
            while let Some(more) = rows.next_if(|row| row.label.is_empty()) {
                lines.push(self.line(&more.body));
            }
            let _ = writeln!(self.out, "| {} | {} |", self.label(&row.label), lines.join("<br>"));
        }
        self.out.push('\n');
    }

    /// A name in the product's own language is prose, an attribute or a command is a value.
    fn label(&self, label: &str) -> String {
        let shortened = shorten(label, self.level.value);
        if label.is_ascii() && (label.contains('_') || label.starts_with("tokaido ")) {
            code(&shortened)
        } else {
            prose(&shortened)
        }
    }

    fn chips(&mut self, chips: &[Chip]) {
        let chips = chips.iter().map(|chip| {
            let said = words::tallied(chip.count, &chip.word, self.page.language);
            let text = format!("{} {}", prose(chip.glyph), prose(&said));
            if chip.count == 0 { text } else { format!("<b>{text}</b>") }
        });
        let text = chips.collect::<Vec<_>>().join(" · ");
        self.paragraph(&text);
    }

    fn paste(&mut self, lines: &[String]) {
        let lines: Vec<String> = lines.iter().map(|line| code(&shorten(line, self.level.value))).collect();
        self.paragraph(&lines.join("<br>"));
    }

    fn line(&self, line: &Line) -> String {
        self.cells(line, Place::Text, true)
    }

    /// A heading needs no bold text.
    fn title(&self, line: &Line, place: Place) -> String {
        self.cells(line, place, false)
    }

    fn cells(&self, line: &Line, place: Place, bold: bool) -> String {
        let mut text = String::new();
        for cell in &line.0 {
            let (space, shown) = self.cell(cell, place, bold);
            if space && !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&shown);
        }
        text
    }

    /// The text of a cell, and whether a blank goes before it.
    fn cell(&self, cell: &Cell, place: Place, bold: bool) -> (bool, String) {
        let inner = cell.text.trim_start();
        let space = cell.flow != Flow::Glued || inner.len() < cell.text.len();
        let shown =
            cell.time.as_deref().map_or_else(|| shorten(inner, self.level.value), |at| time::long(at, self.page.language));
        let value = match cell.role {
            _ if cell.time.is_some() => false,
            Role::Id | Role::Path | Role::Before | Role::After => true,
            // The ids of foreign resources are copied too.
            _ => cell.flow != Flow::Prose && shown.contains('@'),
        };
        let shown = match cell.role {
            _ if value => escape::code(&shown, place),
            Role::Heading if bold => format!("<b>{}</b>", escape::prose(&shown, place)),
            _ => escape::prose(&shown, place),
        };
        (space, shown)
    }
}

/// `the beginning… (10240)`: the length of the whole.
fn shorten(text: &str, most: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most).collect();
    format!("{kept}… ({count})")
}
