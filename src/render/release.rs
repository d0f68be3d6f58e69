//! Releases: the list, one of them, and the differences between two.

use crate::govern::release::{Described, Fate, FileDiff, Listed};

use super::plan::short;
use super::promotion::overrides;
use super::rows::{Block, Document, Entry, Line, Mark, Role, Row, counted};
use super::text::{self, Style};
use super::time;

#[must_use]
pub fn list(releases: &[Listed], style: &Style, next: &[String]) -> String {
    let mut page = Document::default();
    if releases.is_empty() {
        page.line(Line::new().prose(Role::Plain, "no release was cut yet"));
    }
    for listed in releases {
        page.blocks.push(Block::Entry(line(listed)));
    }
    page.next(next);
    text::document(&page, style)
}

fn line(listed: &Listed) -> Entry {
    let digest = listed.release.as_ref().map(|release| Line::new().value(Role::Plain, short(&release.digest)));
    let cut =
        listed.cut_at.as_ref().map(|at| Line::new().value(Role::Muted, "cut").glued(Role::Plain, format!(" {}", time::jst(at))));
    let tool = listed.tool_version.as_ref().map(|tool| Line::new().value(Role::Plain, format!("tokaido {tool}")));
    let pins = listed.pinned_by.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let pins = (!pins.is_empty()).then(|| Line::new().value(Role::Ok, format!("pinned: {pins}")));
    let head = [Some(Line::new().value(Role::Heading, &listed.id)), digest, cut, tool, pins];
    let mark = (!listed.problems.is_empty()).then(|| Mark { role: Role::Error, glyph: "!", word: "altered".to_owned() });
    Entry {
        mark,
        head: Line::dotted(head.into_iter().flatten()),
        about: listed.note.iter().map(|note| Line::new().prose(Role::Plain, note)).collect(),
        notes: listed.problems.iter().map(|problem| Line::new().prose(Role::Error, problem)).collect(),
        ..Entry::default()
    }
}

#[must_use]
pub fn show(release: &Described, style: &Style, next: &[String]) -> String {
    let mut page = Document::default();
    let fact = |name: &str, value: String| Line::new().value(Role::Muted, name).glued(Role::Plain, format!(" {value}"));
    page.line(Line::dotted([
        Line::new().value(Role::Heading, format!("release {}", release.release.id)),
        fact("cut", time::jst(&release.cut_at)),
        fact("with tokaido", release.tool_version.clone()),
    ]));
    page.line(fact("digest", release.release.digest.clone()));
    if let Some(note) = &release.note {
        page.line(Line::new().prose(Role::Plain, note));
    }
    let files = release.files.iter().map(|(path, sha256)| Row {
        label: path.clone(),
        body: Line::new().value(Role::Muted, format!("sha256 {}", short(sha256))),
    });
    page.section(
        Line::new()
            .value(Role::Heading, format!("Frozen ({})", release.files.len()))
            .glued(Role::Muted, ": exactly as they were cut"),
        vec![Block::Facts(files.collect())],
    );
    for under in &release.environments {
        let pinned = if under.pinned { "pinned to it" } else { "not pinned to it" };
        let mut blocks = overrides(&under.overrides);
        let diverging = under.divergences.iter().map(|divergence| Row {
            label: divergence.promise.clone(),
            body: Line::new()
                .value(Role::After, &divergence.value)
                .prose(Role::Muted, format!("until {}: {} ({})", divergence.until, divergence.reason, divergence.owner)),
        });
        let diverging: Vec<Row> = diverging.collect();
        if !diverging.is_empty() {
            blocks.push(Block::Facts(diverging));
        }
        blocks.extend(under.problems.iter().map(|problem| Block::Line(Line::new().prose(Role::Error, problem))));
        if blocks.is_empty() {
            blocks.push(Block::Line(Line::new().prose(Role::Muted, "nothing is declared differently")));
        }
        page.section(
            Line::new()
                .value(Role::Heading, under.environment.as_str())
                .glued(Role::Muted, format!(": {pinned}; declared differences")),
            blocks,
        );
    }
    page.next(next);
    text::document(&page, style)
}

/// `2026.11.0 → 2026.11.1: 1 file differs`, and its lines.
#[must_use]
pub fn diff(old: &str, new: &str, files: &[FileDiff], style: &Style) -> String {
    let mut page = Document::default();
    let differ =
        if files.is_empty() { "nothing differs".to_owned() } else { counted(files.len(), "file differs", "files differ") };
    page.line(Line::new().value(Role::Heading, format!("{old} → {new}")).glued(Role::Plain, format!(": {differ}")));
    for file in files {
        let word = match file.fate {
            Fate::Added => "added",
            Fate::Removed => "removed",
            Fate::Changed => "changed",
        };
        let mut rows = Vec::new();
        for (index, hunk) in file.hunks.iter().enumerate() {
            if index > 0 {
                rows.push(Row { label: "…".to_owned(), body: Line::new() });
            }
            rows.extend(hunk.iter().map(|line| {
                let role = match line.sign {
                    '-' => Role::Before,
                    '+' => Role::After,
                    _ => Role::Muted,
                };
                Row { label: line.line.to_string(), body: Line::new().whole(role, format!("{} {}", line.sign, line.text)) }
            }));
        }
        if file.hunks.is_empty() {
            rows.push(Row { label: String::new(), body: Line::new().prose(Role::Muted, "not text, or empty") });
        }
        let title = Line::new().value(Role::Id, &file.path).glued(Role::Plain, format!(": {word}"));
        page.section(title, vec![Block::Facts(rows)]);
    }
    text::document(&page, style)
}
