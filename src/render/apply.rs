//! The progress of an apply, line by line, and its report.

use std::collections::BTreeMap;

use crate::model::{ApplyEvent, ApplyReport, Language, Operation, Outcome, ResourceId, StepReport};

use super::plan::short;
use super::promises;
use super::rows::{Block, Document, Entry, Line, Mark, Role, Row, counted, title};
use super::text::{self, Style};
use super::{time, world};

/// Plain lines, for logs and terminals. The elapsed time is that of the step.
#[must_use]
pub fn event(event: &ApplyEvent, style: &Style) -> String {
    let line = match event {
        ApplyEvent::Started { steps } => {
            Line::new().prose(Role::Heading, format!("applying {}", counted(*steps, "step", "steps")))
        }
        ApplyEvent::StepStarted { step, of, id, operation } => {
            subject(at(*step, *of, 0), operation_role(*operation), doing(*operation), id)
        }
        ApplyEvent::Waiting { step, of, id, elapsed, waiting_for } => {
            because(subject(at(*step, *of, *elapsed), Role::Muted, "waiting", id), waiting_for)
        }
        ApplyEvent::StepEnded { step, of, id, operation, elapsed, outcome } => {
            let line = at(*step, *of, *elapsed);
            match outcome {
                Outcome::Done => subject(line, Role::Ok, done(*operation), id),
                Outcome::AlreadyDone => because(subject(line, Role::Ok, "already", id), "as planned; nothing was called"),
                Outcome::Failed { error } => because(subject(line, Role::Error, "FAILED", id), error),
                Outcome::Skipped { because: why } => because(subject(line, Role::Warn, "skipped", id), why),
                Outcome::Unknown { error } => because(subject(line, Role::Error, "UNKNOWN", id), error),
            }
        }
        ApplyEvent::AwaitingLease { holder } => {
            Line::new().prose(Role::Plain, format!("waiting: another apply is running: {holder}"))
        }
        ApplyEvent::AwaitingSight { ids, until } => {
            let of = Line::listed(Role::Id, ids.iter().map(ToString::to_string));
            let why = "waiting: an earlier apply may have made, and AWS may not show yet:";
            Line::new().prose(Role::Plain, why).join(of).prose(Role::Muted, format!("(until {})", time::jst(until)))
        }
        ApplyEvent::Interrupted => Line::new().prose(Role::Warn, "interrupted: the running step ends, no other begins"),
        ApplyEvent::Replanning => Line::new().prose(Role::Muted, "reading the world again to see what is left"),
    };
    text::line(&line, 16, style)
}

/// Padded past the longest word, so that ids stand in one column.
fn subject(line: Line, role: Role, word: &str, id: &ResourceId) -> Line {
    line.value(role, format!("{word:<9}")).value(Role::Id, id.to_string())
}

fn because(line: Line, why: &str) -> Line {
    line.glued(Role::Plain, ":").prose(Role::Plain, why)
}

/// `[ 3/47] 01:20`
fn at(step: usize, of: usize, elapsed: u64) -> Line {
    let digits = of.to_string().len();
    Line::new().value(Role::Muted, format!("[{step:>digits$}/{of}]")).value(Role::Muted, time::elapsed(elapsed))
}

const fn operation_role(operation: Operation) -> Role {
    match operation {
        Operation::Create => Role::Create,
        Operation::Update => Role::Update,
        Operation::Delete => Role::Destroy,
    }
}

const fn doing(operation: Operation) -> &'static str {
    match operation {
        Operation::Create => "creating",
        Operation::Update => "updating",
        Operation::Delete => "deleting",
    }
}

const fn done(operation: Operation) -> &'static str {
    match operation {
        Operation::Create => "created",
        Operation::Update => "updated",
        Operation::Delete => "deleted",
    }
}

#[must_use]
pub fn report(report: &ApplyReport, style: &Style, next: &[String]) -> String {
    text::document(&document(report, next), style)
}

/// The five ends of a step, in the order of the table.
const ENDS: [(&str, Role); 5] =
    [("done", Role::Ok), ("already done", Role::Ok), ("failed", Role::Error), ("skipped", Role::Warn), ("unknown", Role::Error)];

const fn end(outcome: &Outcome) -> usize {
    match outcome {
        Outcome::Done => 0,
        Outcome::AlreadyDone => 1,
        Outcome::Failed { .. } => 2,
        Outcome::Skipped { .. } => 3,
        Outcome::Unknown { .. } => 4,
    }
}

#[must_use]
pub fn document(report: &ApplyReport, next: &[String]) -> Document {
    let mut page = Document::default();
    page.line(verdict(report));
    page.line(Line::dotted([
        Line::new().value(Role::Heading, report.environment.as_str()),
        Line::new().value(Role::Plain, format!("plan {}", short(&report.plan))),
        Line::new().value(
            Role::Plain,
            counted(usize::try_from(report.mutating_calls).unwrap_or(usize::MAX), "changing call", "changing calls"),
        ),
        Line::new().value(Role::Plain, time::elapsed(report.elapsed)),
    ]));
    page.line(world::line(&report.world, Language::En));
    page.section(Line::new().value(Role::Heading, "Steps"), vec![Block::Facts(table(report))]);
    for (kind, meaning) in
        [(2, "AWS or a precondition refused"), (4, "sent, and no answer says what came of it"), (3, "not tried")]
    {
        let steps: Vec<&StepReport> = report.steps.iter().filter(|step| end(&step.outcome) == kind).collect();
        let (word, role) = ENDS[kind];
        let mut heading = word.to_owned();
        heading.get_mut(..1).map(str::make_ascii_uppercase).unwrap_or_default();
        let blocks =
            if kind == 3 { skipped(&steps) } else { steps.iter().map(|step| Block::Entry(trouble(step, role))).collect() };
        page.section(title(role, &heading, steps.len(), meaning), blocks);
    }
    remaining(&mut page, report);
    if !report.promises.is_empty() {
        let row = Row { label: promises::label(Language::En).to_owned(), body: promises::counts(&report.promises, Language::En) };
        page.blocks.push(Block::Facts(vec![row]));
        promises::section(&mut page, &report.promises, Language::En);
    }
    if let Some(reason) = &report.unrecorded {
        let words = format!("{reason}; what was done is above, and later drift of it will be of unknown cause");
        page.section(Line::new().value(Role::Error, "Not recorded"), vec![Block::Line(Line::new().prose(Role::Plain, words))]);
    }
    page.next(next);
    page
}

fn verdict(report: &ApplyReport) -> Line {
    let refused = report.blocked > 0;
    let trouble =
        report.interrupted || refused || report.unrecorded.is_some() || report.steps.iter().any(|step| end(&step.outcome) >= 2);
    let (role, words) = match (trouble, &report.remaining) {
        (true, _) => (Role::Error, "apply incomplete:"),
        (false, Some(left)) if left.is_empty() => (Role::Ok, "apply finished:"),
        (false, _) => (Role::Warn, "apply finished:"),
    };
    let left = match &report.remaining {
        Some(left) if left.is_empty() && refused => {
            format!("a fresh plan refuses {}", counted(report.blocked, "resource", "resources"))
        }
        Some(left) if left.is_empty() => "a fresh plan is empty".to_owned(),
        Some(left) => format!("a fresh plan still wants to change {}", counted(left.len(), "resource", "resources")),
        None => "no fresh plan could be made".to_owned(),
    };
    let cut = if report.interrupted { "it was interrupted; " } else { "" };
    Line::new().value(role, words).prose(Role::Plain, format!("{cut}{left}"))
}

/// Every step is in exactly one row, so the rows add up to the last one.
fn table(report: &ApplyReport) -> Vec<Row> {
    let total = report.steps.len();
    let digits = total.to_string().len();
    let row = |label: &str, role: Role, count: usize| Row {
        label: label.to_owned(),
        body: Line::new().value(role, format!("{count:>digits$}")),
    };
    let mut rows: Vec<Row> = ENDS
        .iter()
        .enumerate()
        .map(|(kind, (word, role))| {
            let count = report.steps.iter().filter(|step| end(&step.outcome) == kind).count();
            row(word, if count == 0 { Role::Muted } else { *role }, count)
        })
        .collect();
    rows.push(row("steps of the plan", Role::Heading, total));
    if report.blocked > 0 {
        let line = Line::new().value(Role::Error, format!("{:>digits$}", report.blocked));
        rows.push(Row { label: "blocked".to_owned(), body: line.prose(Role::Muted, "(refused by a fresh plan, in no step)") });
    }
    rows
}

fn named(step: &StepReport) -> Line {
    let operation = match step.operation {
        Operation::Create => "create",
        Operation::Update => "update",
        Operation::Delete => "delete",
    };
    Line::new().value(operation_role(step.operation), operation).value(Role::Id, step.id.to_string())
}

fn trouble(step: &StepReport, role: Role) -> Entry {
    let error = match &step.outcome {
        Outcome::Failed { error } | Outcome::Unknown { error } => error.as_str(),
        Outcome::Skipped { because } => because.as_str(),
        Outcome::Done | Outcome::AlreadyDone => "",
    };
    Entry {
        mark: Some(Mark { role, glyph: "×", word: format!("[{}]", step.number) }),
        head: named(step).dot().value(Role::Muted, time::elapsed(step.elapsed)),
        about: vec![Line::new().prose(Role::Plain, error)],
        ..Entry::default()
    }
}

/// One failure often skips many steps: the cause is printed once.
fn skipped(steps: &[&StepReport]) -> Vec<Block> {
    let mut causes: BTreeMap<(usize, &str), Vec<&StepReport>> = BTreeMap::new();
    let mut order: BTreeMap<&str, usize> = BTreeMap::new();
    for step in steps {
        if let Outcome::Skipped { because } = &step.outcome {
            let first = *order.entry(because).or_insert(step.number);
            causes.entry((first, because)).or_default().push(step);
        }
    }
    causes
        .into_iter()
        .map(|((_, because), steps)| {
            let items = steps.iter().map(|step| Line::new().value(Role::Muted, format!("[{}]", step.number)).join(named(step)));
            Block::Entry(Entry {
                head: Line::new().prose(Role::Plain, format!("because {because}")),
                about: items.collect(),
                ..Entry::default()
            })
        })
        .collect()
}

fn remaining(page: &mut Document, report: &ApplyReport) {
    let Some(left) = &report.remaining else {
        page.section(
            Line::new().value(Role::Warn, "Remaining").glued(Role::Plain, ":").prose(Role::Plain, "unknown"),
            vec![Block::Line(Line::new().prose(Role::Plain, "the fresh plan could not be made, so what is left is not known"))],
        );
        return;
    };
    let rows: Vec<Row> = left
        .iter()
        .map(|resource| Row { label: resource.id.to_string(), body: Line::listed(Role::Path, resource.paths.iter().cloned()) })
        .collect();
    let blocks = if rows.is_empty() { Vec::new() } else { vec![Block::Facts(rows)] };
    page.section(title(Role::Warn, "Remaining", left.len(), "what a fresh plan still wants"), blocks);
}
