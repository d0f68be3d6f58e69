//! Rows as the templates show them. This file chooses words, the templates hold markup.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::model::Language;
use crate::render::rows::{
    Bar, Block, Cell, Chip, Columns, Document, Entry, Flow, Fold, Grid, Line, Mark, Page, Role, Row, Section,
};
use crate::render::wrap::clean;
use crate::render::{time, words};

use super::style;

/// A longer value shows its beginning; the rest opens on the page and is printed.
const LONG: usize = 600;
const BEGINNING: usize = 160;

#[derive(Template)]
#[template(path = "page.html")]
pub struct PageView {
    lang: &'static str,
    title: String,
    sheet: String,
    policy: String,
    warnings: Vec<String>,
    facts: FactsView,
    blocks: Vec<BlockView>,
    foot: FactsView,
}

#[derive(Template)]
#[template(path = "block.html")]
enum BlockView {
    Line(LineView),
    Facts(FactsView),
    Commands(Vec<(String, LineView)>),
    Chips(Vec<ChipView>),
    Entry(Box<EntryView>),
    Paste(Vec<String>),
    Section(SectionView),
    Grid(GridView),
    Bars(Vec<BarView>),
}

#[derive(Template)]
#[template(path = "line.html")]
struct LineView {
    spans: Vec<Span>,
}

#[derive(Template)]
#[template(path = "facts.html")]
struct FactsView {
    rows: Vec<RowView>,
}

// The fields of templates are all escaped, so templates may contain templates unescaped.
impl HtmlSafe for BlockView {}
impl HtmlSafe for LineView {}
impl HtmlSafe for FactsView {}

struct Span {
    /// A blank before it.
    space: bool,
    class: &'static str,
    shape: Shape,
    text: String,
    /// When it is not the language of the page.
    lang: Option<&'static str>,
}

enum Shape {
    /// Words of the product.
    Words,
    /// A value, which may be written in either direction.
    Value,
    Before,
    After,
    /// UTC.
    Time(String),
    /// The beginning and the length; the text is the whole.
    Long(String, String),
}

struct RowView {
    /// The anchor of links.
    id: Option<String>,
    label: String,
    lines: Vec<LineView>,
}

struct ChipView {
    class: &'static str,
    glyph: &'static str,
    count: usize,
    word: String,
    /// The target of the link; empty when there is none.
    key: &'static str,
}

struct BadgeView {
    class: &'static str,
    glyph: &'static str,
    word: String,
}

struct EntryView {
    badges: Vec<BadgeView>,
    head: LineView,
    codes: Vec<&'static str>,
    about: Vec<LineView>,
    rows: Vec<RowView>,
    columns: [&'static str; 2],
    notes: Vec<LineView>,
    paste: Vec<String>,
}

struct GridView {
    caption: String,
    head: Vec<String>,
    rows: Vec<(String, Vec<LineView>)>,
}

/// A bar as long as the page is wide, in thousandths.
struct BarView {
    label: String,
    /// The counts in words, for readers who do not see the drawing.
    words: String,
    parts: Vec<PartView>,
}

struct PartView {
    class: &'static str,
    glyph: &'static str,
    word: String,
    count: usize,
    start: usize,
    width: usize,
}

struct SectionView {
    key: &'static str,
    title: LineView,
    folded: bool,
    blocks: Vec<BlockView>,
}

impl PageView {
    pub fn of(page: &Page) -> Self {
        let language = page.language;
        let title = clean(&page.title);
        let sheet = style::sheet(&title);
        Self {
            lang: code(language),
            policy: style::policy(&sheet),
            sheet,
            title,
            warnings: page.warnings.clone(),
            facts: facts(&page.facts, None, language),
            blocks: blocks(&page.body, language),
            foot: facts(&page.foot, None, language),
        }
    }
}

const fn code(language: Language) -> &'static str {
    match language {
        Language::En => "en",
        Language::Ja => "ja",
    }
}

fn blocks(document: &Document, language: Language) -> Vec<BlockView> {
    document.blocks.iter().map(|one| block(one, "", language)).collect()
}

fn block(block: &Block, section: &str, language: Language) -> BlockView {
    match block {
        Block::Line(one) => BlockView::Line(line(one, language)),
        Block::Facts(rows) if section == "next" => {
            BlockView::Commands(rows.iter().map(|row| (clean(&row.label), line(&row.body, language))).collect())
        }
        Block::Facts(rows) => BlockView::Facts(facts(rows, (section == "codes").then_some("code-"), language)),
        Block::Chips(chips) => BlockView::Chips(chips.iter().map(chip).collect()),
        Block::Entry(one) => BlockView::Entry(Box::new(entry(one, language))),
        Block::Paste(lines) => BlockView::Paste(lines.iter().map(|line| clean(line)).collect()),
        Block::Section(one) => BlockView::Section(part(one, language)),
        Block::Grid(one) => BlockView::Grid(grid(one, language)),
        Block::Bars(bars) => BlockView::Bars(bars.iter().map(bar).collect()),
    }
}

fn grid(grid: &Grid, language: Language) -> GridView {
    let row = |(label, cells): &(String, Vec<Line>)| (clean(label), cells.iter().map(|cell| line(cell, language)).collect());
    GridView {
        caption: clean(&grid.caption),
        head: grid.head.iter().map(|word| clean(word)).collect(),
        rows: grid.rows.iter().map(row).collect(),
    }
}

fn bar(bar: &Bar) -> BarView {
    let all: usize = bar.parts.iter().map(|part| part.count).sum();
    let mut before = 0;
    let parts = bar.parts.iter().filter(|part| part.count > 0).map(|part| {
        let start = 1000 * before / all;
        before += part.count;
        PartView {
            class: class(part.role),
            glyph: part.glyph,
            word: clean(&part.word),
            count: part.count,
            start,
            width: 1000 * before / all - start,
        }
    });
    let parts: Vec<PartView> = parts.collect();
    let words: Vec<String> = parts.iter().map(|part| format!("{} {}", part.count, part.word)).collect();
    BarView { label: clean(&bar.label), words: words.join(", "), parts }
}

fn part(section: &Section, language: Language) -> SectionView {
    SectionView {
        key: section.key,
        title: brief(&section.title, language),
        folded: section.fold == Fold::Count,
        blocks: section.blocks.iter().map(|one| block(one, section.key, language)).collect(),
    }
}

fn entry(entry: &Entry, language: Language) -> EntryView {
    let lines = |lines: &[Line]| lines.iter().map(|one| line(one, language)).collect();
    EntryView {
        badges: entry.mark.iter().chain(&entry.flags).map(badge).collect(),
        head: brief(&entry.head, language),
        codes: entry.codes.clone(),
        about: lines(&entry.about),
        rows: rows(&entry.rows, None, language),
        columns: match entry.columns {
            Columns::Change => [words::ATTRIBUTE.say(language), words::BEFORE_AFTER.say(language)],
            Columns::Facts => [words::RESOURCE.say(language), words::STATE_AND_FACTS.say(language)],
        },
        notes: lines(&entry.notes),
        paste: entry.paste.iter().map(|line| clean(line)).collect(),
    }
}

fn badge(mark: &Mark) -> BadgeView {
    BadgeView { class: class(mark.role), glyph: mark.glyph, word: clean(&mark.word) }
}

fn chip(chip: &Chip) -> ChipView {
    let class = if chip.count == 0 { "none" } else { class(chip.role) };
    ChipView { class, glyph: chip.glyph, count: chip.count, word: clean(&chip.word), key: chip.key }
}

fn facts(facts: &[Row], prefix: Option<&str>, language: Language) -> FactsView {
    FactsView { rows: rows(facts, prefix, language) }
}

/// A row without a label belongs to the one above.
fn rows(rows: &[Row], prefix: Option<&str>, language: Language) -> Vec<RowView> {
    let mut found: Vec<RowView> = Vec::new();
    for row in rows {
        let body = line(&row.body, language);
        match found.last_mut().filter(|_| row.label.is_empty()) {
            Some(above) => above.lines.push(body),
            None => found.push(RowView {
                id: prefix.map(|prefix| format!("{prefix}{}", row.label)),
                label: clean(&row.label),
                lines: vec![body],
            }),
        }
    }
    found
}

fn line(line: &Line, language: Language) -> LineView {
    LineView { spans: line.0.iter().enumerate().map(|(index, cell)| span(cell, index == 0, true, language)).collect() }
}

/// In a heading, which has nothing to open.
fn brief(line: &Line, language: Language) -> LineView {
    LineView { spans: line.0.iter().enumerate().map(|(index, cell)| span(cell, index == 0, false, language)).collect() }
}

fn span(cell: &Cell, first: bool, opens: bool, language: Language) -> Span {
    let text = clean(&cell.text);
    let inner = text.trim_start();
    let space = !first && (cell.flow != Flow::Glued || inner.len() < text.len());
    let lang = (cell.flow == Flow::Prose).then(|| spoken(inner)).flatten().filter(|one| *one != language).map(code);
    let span = Span { space, class: class(cell.role), shape: Shape::Words, text: inner.to_owned(), lang };
    let length = inner.chars().count();
    if let Some(utc) = cell.time.as_deref().and_then(time::utc) {
        let text = cell.time.as_deref().map(|at| time::long(at, language)).unwrap_or_default();
        return Span { shape: Shape::Time(utc), text, ..span };
    }
    if opens && length > LONG {
        let beginning = format!("{}…", inner.chars().take(BEGINNING).collect::<String>());
        let count = format!("{} ({})", words::SHOW_ALL.say(language), words::CHARACTERS.count(length, language));
        return Span { shape: Shape::Long(beginning, count), ..span };
    }
    let shape = match (cell.role, cell.flow) {
        (Role::Before, _) => Shape::Before,
        (Role::After, _) => Shape::After,
        (_, Flow::Prose) => Shape::Words,
        _ => Shape::Value,
    };
    Span { shape, ..span }
}

/// The language of a sentence. A single word decides nothing: it may be a name.
fn spoken(text: &str) -> Option<Language> {
    let japanese = |c: char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}');
    if text.contains(japanese) {
        return Some(Language::Ja);
    }
    let words = text.split_whitespace().filter(|word| word.chars().all(|c| c.is_ascii_alphabetic() || ",.;:()'".contains(c)));
    (words.count() > 1).then_some(Language::En)
}

const fn class(role: Role) -> &'static str {
    match role {
        Role::Plain => "plain",
        Role::Heading => "heading",
        Role::Id => "id",
        Role::Path => "path",
        Role::Muted => "muted",
        Role::Ok => "ok",
        Role::Warn => "warn",
        Role::Error => "error",
        Role::Create => "create",
        Role::Update => "update",
        Role::Replace => "replace",
        Role::Destroy => "destroy",
        Role::Adopt => "adopt",
        Role::Interruption => "interruption",
        Role::Exposure => "exposure",
        Role::Irreversible => "irreversible",
        Role::Before => "before",
        Role::After => "after",
    }
}
