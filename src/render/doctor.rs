//! The report of `doctor`: problems and unknowns in full, each with what to do.

use crate::doctor::{Check, CheckResult, EnvironmentReport, Fact, Report};

use super::rows::{Block, Document, Entry, Line, Mark, Role, Row, counted};
use super::text::{self, Style};

#[must_use]
pub fn text(report: &Report, style: &Style, next: &[String]) -> String {
    text::document(&document(report, next), style)
}

#[must_use]
pub fn document(report: &Report, next: &[String]) -> Document {
    let mut page = Document::default();
    page.line(verdict(report));
    page.line(Line::dotted([
        Line::new().value(Role::Heading, format!("tokaido {}", report.tool_version)),
        Line::new().value(Role::Muted, "world").value(Role::Plain, &report.world),
    ]));
    page.section(Line::new().value(Role::Heading, "Project"), entries(&report.checks));
    for environment in &report.environments {
        page.section(title(environment), entries(&environment.checks));
    }
    page.next(next);
    page
}

fn verdict(report: &Report) -> Line {
    let (problems, unknown) = (report.count(CheckResult::Problem), report.count(CheckResult::Unknown));
    let (role, word) = look(report.verdict);
    let head = match report.verdict {
        CheckResult::Ok => "ready:",
        CheckResult::Unknown => "not certain:",
        CheckResult::Problem => "not ready:",
    };
    let line = Line::new().value(role, head);
    if report.verdict == CheckResult::Ok {
        return line.prose(Role::Plain, format!("{} {word}", counted(report.count(CheckResult::Ok), "check", "checks")));
    }
    let counts =
        [counted(problems, "problem", "problems"), format!("{unknown} unknown"), format!("{} ok", report.count(CheckResult::Ok))];
    line.join(Line::dotted(counts.map(|count| Line::new().value(Role::Plain, count))))
}

fn title(environment: &EnvironmentReport) -> Line {
    let known = |word: &str, value: &Option<String>| {
        value
            .as_ref()
            .map_or_else(Line::new, |value| Line::new().value(Role::Muted, word).glued(Role::Plain, format!(" {value}")))
    };
    Line::dotted([Line::new().value(Role::Heading, environment.environment.as_str()), known("account", &environment.account)])
}

const fn look(verdict: CheckResult) -> (Role, &'static str) {
    match verdict {
        CheckResult::Ok => (Role::Ok, "ok"),
        CheckResult::Unknown => (Role::Warn, "unknown"),
        CheckResult::Problem => (Role::Error, "problem"),
    }
}

/// Neighbours with the same words become one entry, such as checks that were skipped for one reason.
fn entries(checks: &[Check]) -> Vec<Block> {
    let same = |a: &Check, b: &Check| {
        (a.verdict, &a.says, &a.next) == (b.verdict, &b.says, &b.next) && a.facts.is_empty() && b.facts.is_empty()
    };
    checks.chunk_by(same).map(entry).collect()
}

fn entry(checks: &[Check]) -> Block {
    let Some(check) = checks.first() else { return Block::Line(Line::new()) };
    let (role, word) = look(check.verdict);
    let glyph = match check.verdict {
        CheckResult::Ok => "=",
        CheckResult::Unknown => "?",
        CheckResult::Problem => "!",
    };
    let names = Line::listed(Role::Id, checks.iter().map(|check| check.check.to_owned()));
    let next = check.next.iter().map(|next| Line::new().value(Role::Muted, "next:").prose(Role::Plain, next));
    Block::Entry(Entry {
        mark: Some(Mark { role, glyph, word: word.to_owned() }),
        head: names.glued(Role::Muted, ":").prose(Role::Plain, &check.says),
        rows: check.facts.iter().flat_map(rows).collect(),
        notes: next.collect(),
        ..Entry::default()
    })
}

/// Words in one paragraph; sentences on lines of their own.
fn rows(fact: &Fact) -> Vec<Row> {
    let head = format!("{} ({})", fact.label, fact.items.len());
    if !fact.sentences {
        return vec![Row { label: head, body: Line::listed(Role::Plain, fact.items.iter().cloned()) }];
    }
    let label = |index| if index == 0 { head.clone() } else { String::new() };
    let row = |(index, item): (usize, &String)| Row { label: label(index), body: Line::new().prose(Role::Plain, item) };
    fact.items.iter().enumerate().map(row).collect()
}
