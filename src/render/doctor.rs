//! The report of `doctor`: problems and unknowns in full, each with what to do.

use crate::doctor::{Check, CheckResult, EnvironmentReport, Fact, Report};
use crate::model::{Explained, Language, Sentence};

use super::rows::{Block, Document, Entry, Line, Mark, Role, Row, counted};
use super::text::{self, Style};
use super::words::{self, either};
use super::world;

#[must_use]
pub fn text(report: &Report, style: &Style, next: &[String], language: Language) -> String {
    text::document(&document(report, next, language), style)
}

#[must_use]
pub fn document(report: &Report, next: &[String], language: Language) -> Document {
    let mut page = Document::default();
    page.line(verdict(report, language));
    page.line(Line::dotted([
        Line::new().value(Role::Heading, format!("tokaido {}", report.tool_version)),
        world::line(&report.world, language),
    ]));
    let project = either(language, "Project", "プロジェクト");
    page.section(Line::new().value(Role::Heading, project), entries(&report.checks, language));
    for environment in &report.environments {
        page.section(title(environment, language), entries(&environment.checks, language));
    }
    page.next(next, language);
    page
}

fn verdict(report: &Report, language: Language) -> Line {
    let (problems, unknown) = (report.count(CheckResult::Problem), report.count(CheckResult::Unknown));
    let (role, word) = look(report.verdict);
    let head = match report.verdict {
        CheckResult::Ok => either(language, "ready:", "準備ができています:"),
        CheckResult::Unknown => either(language, "not certain:", "確認できない項目があります:"),
        CheckResult::Problem => either(language, "not ready:", "問題があります:"),
    };
    let (line, ok) = (Line::new().value(role, head), report.count(CheckResult::Ok));
    if report.verdict == CheckResult::Ok {
        let word = word.say(language);
        let all = either(language, format!("{} {word}", counted(ok, "check", "checks")), format!("{ok} 項目すべて{word}"));
        return line.prose(Role::Plain, all);
    }
    let counts = [
        either(language, counted(problems, "problem", "problems"), format!("問題 {problems} 件")),
        words::tallied(unknown, look(CheckResult::Unknown).1.say(language), language),
        words::tallied(ok, look(CheckResult::Ok).1.say(language), language),
    ];
    line.join(Line::dotted(counts.map(|count| Line::new().value(Role::Plain, count))))
}

fn title(environment: &EnvironmentReport, language: Language) -> Line {
    let known = |word: Explained, value: &Option<String>| {
        value.as_ref().map_or_else(Line::new, |value| {
            Line::new().value(Role::Muted, word.say(language)).glued(Role::Plain, format!(" {value}"))
        })
    };
    let name = Line::new().value(Role::Heading, environment.environment.as_str());
    Line::dotted([name, known(words::ACCOUNT, &environment.account)])
}

const fn look(verdict: CheckResult) -> (Role, Explained) {
    match verdict {
        CheckResult::Ok => (Role::Ok, Explained::new("ok", "正常")),
        CheckResult::Unknown => (Role::Warn, Explained::new("unknown", "不明")),
        CheckResult::Problem => (Role::Error, Explained::new("problem", "問題")),
    }
}

/// Neighbours with the same words become one entry, such as checks that were skipped for one reason.
fn entries(checks: &[Check], language: Language) -> Vec<Block> {
    let same = |a: &Check, b: &Check| {
        (a.verdict, &a.says, &a.next) == (b.verdict, &b.says, &b.next) && a.facts.is_empty() && b.facts.is_empty()
    };
    checks.chunk_by(same).map(|checks| entry(checks, language)).collect()
}

fn entry(checks: &[Check], language: Language) -> Block {
    let Some(check) = checks.first() else { return Block::Line(Line::new()) };
    let (role, word) = look(check.verdict);
    let glyph = match check.verdict {
        CheckResult::Ok => "=",
        CheckResult::Unknown => "?",
        CheckResult::Problem => "!",
    };
    let names = Line::listed(Role::Id, checks.iter().map(|check| check.check.to_owned()));
    let next =
        |next: &Sentence| Line::new().value(Role::Muted, words::NEXT_STEP.say(language)).prose(Role::Plain, next.say(language));
    Block::Entry(Entry {
        mark: Some(Mark { role, glyph, word: word.say(language).to_owned() }),
        head: names.glued(Role::Muted, ":").prose(Role::Plain, check.says.say(language)),
        rows: check.facts.iter().flat_map(|fact| rows(fact, language)).collect(),
        notes: check.next.iter().map(next).collect(),
        ..Entry::default()
    })
}

/// Words in one paragraph; sentences on lines of their own.
fn rows(fact: &Fact, language: Language) -> Vec<Row> {
    let head = format!("{} ({})", fact.label.say(language), fact.items.len());
    if !fact.sentences {
        let items = fact.items.iter().map(|item| item.say(language).to_owned());
        return vec![Row { label: head, body: Line::listed(Role::Plain, items) }];
    }
    let label = |index| if index == 0 { head.clone() } else { String::new() };
    let row =
        |(index, item): (usize, &Sentence)| Row { label: label(index), body: Line::new().prose(Role::Plain, item.say(language)) };
    fact.items.iter().enumerate().map(row).collect()
}
