//! The output-neutral row model: what is shown and what it means, without colour, width or markup.
//!
//! A [`Cell`] says how it may be broken, because wrapping depends on meaning: a CIDR or an id stays whole, a sentence need not.

use crate::model::Language;

use super::{time, words};

/// The meaning of a piece of text. Each output decides how to show it; none shows meaning by colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Plain,
    Heading,
    Id,
    Path,
    Muted,
    Ok,
    Warn,
    Error,
    Create,
    Update,
    Replace,
    Destroy,
    Adopt,
    Interruption,
    Exposure,
    Irreversible,
    Before,
    After,
}

/// How a cell may be broken over lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Stays whole when it fits on a line of its own.
    Value,
    /// Stays whole whatever its length: a name, a command to type.
    Whole,
    /// Breaks at spaces, and between Japanese characters.
    Prose,
    /// Follows the cell before it without a space and without a break.
    Glued,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub role: Role,
    pub text: String,
    pub flow: Flow,
    /// RFC 3339, when the text is a time: an output may write it in its own form.
    pub time: Option<String>,
}

/// Cells with one space between them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line(pub Vec<Cell>);

impl Line {
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn push(mut self, role: Role, text: impl Into<String>, flow: Flow) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.0.push(Cell { role, text, flow, time: None });
        }
        self
    }

    #[must_use]
    pub fn value(self, role: Role, text: impl Into<String>) -> Self {
        self.push(role, text, Flow::Value)
    }

    #[must_use]
    pub fn whole(self, role: Role, text: impl Into<String>) -> Self {
        self.push(role, text, Flow::Whole)
    }

    #[must_use]
    pub fn prose(self, role: Role, text: impl Into<String>) -> Self {
        self.push(role, text, Flow::Prose)
    }

    #[must_use]
    pub fn glued(self, role: Role, text: impl Into<String>) -> Self {
        self.push(role, text, Flow::Glued)
    }

    /// A time, after the cell before it.
    #[must_use]
    pub fn time(mut self, rfc3339: &str) -> Self {
        let text = time::jst(rfc3339);
        let (text, flow) = if self.is_empty() { (text, Flow::Value) } else { (format!(" {text}"), Flow::Glued) };
        self.0.push(Cell { role: Role::Plain, text, flow, time: Some(rfc3339.to_owned()) });
        self
    }

    /// A separator between facts of equal rank; nothing at the beginning of a line.
    #[must_use]
    pub fn dot(self) -> Self {
        if self.is_empty() { self } else { self.glued(Role::Muted, " ·") }
    }

    /// The first cell stays with whatever is put before it.
    #[must_use]
    pub fn clinging(mut self) -> Self {
        if let Some(first) = self.0.first_mut() {
            first.text.insert(0, ' ');
            first.flow = Flow::Glued;
        }
        self
    }

    #[must_use]
    pub fn join(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The lines with `·` between them.
    #[must_use]
    pub fn dotted(lines: impl IntoIterator<Item = Self>) -> Self {
        lines.into_iter().filter(|line| !line.is_empty()).fold(Self::new(), |all, line| all.dot().join(line))
    }

    /// Words of equal rank: `a, b, c`.
    #[must_use]
    pub fn listed(role: Role, items: impl IntoIterator<Item = String>) -> Self {
        items.into_iter().fold(Self::new(), |line, item| {
            let line = if line.is_empty() { line } else { line.glued(Role::Muted, ",") };
            line.value(role, item)
        })
    }
}

/// A mark that does not depend on colour: glyph and word say the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub role: Role,
    pub glyph: &'static str,
    pub word: String,
}

/// A count that links to its section. The glyph is that of the section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    pub role: Role,
    pub glyph: &'static str,
    pub word: String,
    pub count: usize,
    /// The key of a section; an absent section has no link.
    pub key: &'static str,
}

/// One attribute, or one element of it: a label column and a body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Empty: belongs to the label above.
    pub label: String,
    pub body: Line,
}

/// One resource or one step: a head, the lines about all of it, and its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    pub mark: Option<Mark>,
    /// Marks that must be visible at once.
    pub flags: Vec<Mark>,
    pub head: Line,
    /// Stable codes, each with an explanation of its own.
    pub codes: Vec<&'static str>,
    pub about: Vec<Line>,
    pub rows: Vec<Row>,
    /// The caption of the rows, for readers who hear a table instead of seeing it.
    pub columns: Columns,
    /// Below the rows: what is left out, what to do next.
    pub notes: Vec<Line>,
    /// Lines to copy as they are.
    pub paste: Vec<String>,
}

/// What stands in the two columns of an entry's rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Columns {
    /// An attribute, and its value before and after.
    #[default]
    Change,
    /// A resource, its state, and what was read of it.
    Facts,
}

/// Whether a page may shorten a section.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fold {
    /// Always in full, whatever the length of the page.
    Never,
    /// In full, unless the page has a limit and would exceed it.
    #[default]
    WhenLong,
    /// Title and count; the rest opens on request.
    Count,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// A stable word to which chips and links lead; empty when none does.
    pub key: &'static str,
    pub title: Line,
    pub fold: Fold,
    pub blocks: Vec<Block>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    Line(Line),
    /// Label and body in two columns, without a heading.
    Facts(Vec<Row>),
    Entry(Entry),
    Section(Section),
    Chips(Vec<Chip>),
    /// Lines to copy or to type: never wrapped.
    Paste(Vec<String>),
    /// A table with a head; outputs without tables show its rows as facts.
    Grid(Grid),
    /// Counts drawn to scale, with the same counts in words.
    Bars(Vec<Bar>),
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grid {
    pub caption: String,
    /// Of the columns, that of the labels first.
    pub head: Vec<String>,
    /// A label and a cell for every other column.
    pub rows: Vec<(String, Vec<Line>)>,
}

impl Grid {
    #[must_use]
    pub fn facts(&self) -> Vec<Row> {
        let row = |(label, cells): &(String, Vec<Line>)| row(label, Line::dotted(cells.iter().cloned()));
        self.rows.iter().map(row).collect()
    }
}

/// One whole and its parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bar {
    pub label: String,
    pub parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub role: Role,
    pub glyph: &'static str,
    pub word: String,
    pub count: usize,
}

impl Bar {
    #[must_use]
    pub fn facts(&self) -> Row {
        let part = |part: &Part| Line::new().value(part.role, format!("{} {} {}", part.glyph, part.count, part.word));
        row(&self.label, Line::dotted(self.parts.iter().map(part)))
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    pub blocks: Vec<Block>,
}

impl Document {
    pub fn line(&mut self, line: Line) {
        self.blocks.push(Block::Line(line));
    }

    /// An empty section leaves no heading.
    pub fn section(&mut self, title: Line, blocks: Vec<Block>) {
        self.part(Section { title, blocks, ..Section::default() });
    }

    /// The same, with a key and a rule for folding.
    pub fn part(&mut self, section: Section) {
        if !section.blocks.is_empty() {
            self.blocks.push(Block::Section(section));
        }
    }

    /// The last lines: the commands to type. A line is a command and, after three blanks or more, its purpose.
    pub fn next(&mut self, lines: &[String], language: Language) {
        let rows: Vec<Row> = lines
            .iter()
            .map(|line| match line.split_once("   ") {
                Some((command, purpose)) => {
                    Row { label: command.to_owned(), body: Line::new().prose(Role::Muted, purpose.trim()) }
                }
                None => Row { label: line.clone(), body: Line::new() },
            })
            .collect();
        if !rows.is_empty() {
            let title = Line::new().value(Role::Heading, words::NEXT.say(language));
            self.part(Section { key: "next", title, fold: Fold::Never, blocks: vec![Block::Facts(rows)] });
        }
    }
}

/// A document that stands alone: opened from a file, printed, or posted to a pull request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    pub language: Language,
    /// A stable word by which a program finds the page again.
    pub marker: String,
    pub title: String,
    /// Warnings that must come before everything else.
    pub warnings: Vec<String>,
    /// The environment, the account and the world.
    pub facts: Vec<Row>,
    pub body: Document,
    /// Digests and times that an auditor compares.
    pub foot: Vec<Row>,
    /// The command that shows the rest, when an output shows less than all.
    pub whole: String,
}

/// A label and what belongs to it.
#[must_use]
pub fn row(label: &str, body: Line) -> Row {
    Row { label: label.to_owned(), body }
}

/// `Orphans (2): ours by tag, declared no more`.
#[must_use]
pub fn title(role: Role, word: &str, count: usize, meaning: &str) -> Line {
    Line::new().value(role, format!("{word} ({count})")).glued(role, ":").prose(Role::Plain, meaning)
}

/// `1 resource`, `2 resources`.
#[must_use]
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
