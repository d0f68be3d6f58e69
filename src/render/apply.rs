//! The progress of an apply, line by line, and its report.

use std::collections::BTreeMap;

use unicode_width::UnicodeWidthStr as _;

use crate::model::{ApplyEvent, ApplyReport, Explained, Language, Operation, Outcome, ResourceId, Sentence, StepReport};

use super::plan::short;
use super::promises;
use super::rows::{Block, Document, Entry, Line, Mark, Role, Row, counted, title};
use super::text::{self, Style};
use super::words::{self, either};
use super::{time, world};

/// Plain lines, for logs and terminals. The elapsed time is that of the step.
#[must_use]
pub fn event(event: &ApplyEvent, style: &Style, language: Language) -> String {
    let line = match event {
        ApplyEvent::Started { steps } => {
            let words = either(
                language,
                format!("applying {}", counted(*steps, "step", "steps")),
                format!("適用を開始します（{steps} ステップ）"),
            );
            Line::new().prose(Role::Heading, words)
        }
        ApplyEvent::StepStarted { step, of, id, operation } => {
            subject(at(*step, *of, 0), operation_role(*operation), doing(*operation).say(language), id)
        }
        ApplyEvent::Waiting { step, of, id, elapsed, waiting_for } => {
            let line = subject(at(*step, *of, *elapsed), Role::Muted, WAITING.say(language), id);
            because(line, waiting_for.say(language))
        }
        ApplyEvent::ReadBack { step, of, id, elapsed, replies, found } => {
            let line = subject(at(*step, *of, *elapsed), Role::Warn, READ_BACK.say(language), id);
            let (replies, found) = (replies.say(language), found.say(language));
            because(line, &either(language, format!("{replies}; {found}"), format!("{replies}。{found}")))
        }
        ApplyEvent::StepEnded { step, of, id, operation, elapsed, outcome, read_back } => {
            let line = at(*step, *of, *elapsed);
            match outcome {
                Outcome::Done => {
                    let line = subject(line, Role::Ok, done(*operation).say(language), id);
                    read_back.iter().fold(line, |line, words| because(line, words.say(language)))
                }
                Outcome::AlreadyDone => because(subject(line, Role::Ok, ALREADY.say(language), id), AS_PLANNED.say(language)),
                Outcome::Failed { error, .. } => {
                    because(subject(line, Role::Error, FAILED.say(language), id), error.say(language))
                }
                Outcome::Skipped { because: why } => {
                    because(subject(line, Role::Warn, SKIPPED.say(language), id), why.say(language))
                }
                Outcome::Unknown { error } => because(subject(line, Role::Error, UNKNOWN.say(language), id), error.say(language)),
            }
        }
        ApplyEvent::AwaitingLease { holder } => {
            let holder = holder.say(language);
            let words = either(
                language,
                format!("waiting: another apply is running: {holder}"),
                format!("待機中: ほかの適用が実行中です: {holder}"),
            );
            Line::new().prose(Role::Plain, words)
        }
        ApplyEvent::AwaitingSight { ids, until } => {
            let of = Line::listed(Role::Id, ids.iter().map(ToString::to_string));
            let until = time::jst(until);
            let until = either(language, format!("(until {until})"), format!("（{until} まで）"));
            Line::new().prose(Role::Plain, MAY_HAVE_MADE.say(language)).join(of).prose(Role::Muted, until)
        }
        ApplyEvent::Interrupted => Line::new().prose(Role::Warn, INTERRUPTED.say(language)),
        ApplyEvent::Replanning => Line::new().prose(Role::Muted, REPLANNING.say(language)),
    };
    text::line(&line, 16, style)
}

const WAITING: Explained = Explained::new("waiting", "待機中");
const ALREADY: Explained = Explained::new("already", "実施済み");
const AS_PLANNED: Explained = Explained::new("as planned; nothing was called", "計画どおりです。呼び出しはありません");
const FAILED: Explained = Explained::new("FAILED", "失敗");
const SKIPPED: Explained = Explained::new("skipped", "未実行");
const UNKNOWN: Explained = Explained::new("UNKNOWN", "不明");
const READ_BACK: Explained = Explained::new("read back", "読み直し");
const HEALED: Explained = Explained::new("Read back", "読み直し");
const READ_BACK_MEANS: Explained =
    Explained::new("a reply was lost, and the step ended well", "応答が失われましたが、ステップは正しく終わりました");
const MAY_HAVE_MADE: Explained = Explained::new(
    "waiting: an earlier apply may have made, and AWS may not show yet:",
    "待機中: 以前の適用で作成され、AWS がまだ表示していない可能性があるもの:",
);
const INTERRUPTED: Explained = Explained::new(
    "interrupted: the running step ends, no other begins",
    "中断しました。実行中のステップは最後まで行い、新しいステップは始めません",
);
const REPLANNING: Explained =
    Explained::new("reading the world again to see what is left", "残りを確かめるため、実環境をもう一度読み取ります");

/// Padded past the longest word, so that ids stand in one column.
fn subject(line: Line, role: Role, word: &str, id: &ResourceId) -> Line {
    let padding = " ".repeat(9_usize.saturating_sub(word.width()));
    line.value(role, format!("{word}{padding}")).value(Role::Id, id.to_string())
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

const fn doing(operation: Operation) -> Explained {
    match operation {
        Operation::Create => Explained::new("creating", "作成中"),
        Operation::Update => Explained::new("updating", "変更中"),
        Operation::Delete => Explained::new("deleting", "削除中"),
    }
}

const fn done(operation: Operation) -> Explained {
    match operation {
        Operation::Create => Explained::new("created", "作成済み"),
        Operation::Update => Explained::new("updated", "変更済み"),
        Operation::Delete => Explained::new("deleted", "削除済み"),
    }
}

#[must_use]
pub fn report(report: &ApplyReport, style: &Style, next: &[String], language: Language) -> String {
    text::document(&document(report, next, language), style)
}

/// The five ends of a step, in the order of the table.
const ENDS: [(Explained, Role); 5] = [
    (Explained::new("done", "完了"), Role::Ok),
    (Explained::new("already done", "実施済み"), Role::Ok),
    (Explained::new("failed", "失敗"), Role::Error),
    (Explained::new("skipped", "未実行"), Role::Warn),
    (Explained::new("unknown", "不明"), Role::Error),
];

/// The sections of what did not end well: which end, its heading, and what it means.
const TROUBLE: [(usize, Explained, Explained); 3] = [
    (
        2,
        Explained::new("Failed", "失敗"),
        Explained::new("AWS or a precondition refused", "AWS または前提条件により拒否されました"),
    ),
    (
        4,
        Explained::new("Unknown", "不明"),
        Explained::new("sent, and no answer says what came of it", "送信しましたが、結果の応答がありません"),
    ),
    (3, Explained::new("Skipped", "未実行"), Explained::new("not tried", "実行していません")),
];

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
pub fn document(report: &ApplyReport, next: &[String], language: Language) -> Document {
    let mut page = Document::default();
    page.line(verdict(report, language));
    let calls = usize::try_from(report.mutating_calls).unwrap_or(usize::MAX);
    page.line(Line::dotted([
        Line::new().value(Role::Heading, report.environment.as_str()),
        Line::new().value(Role::Plain, format!("{} {}", words::PLAN.say(language), short(&report.plan))),
        Line::new().value(
            Role::Plain,
            either(language, counted(calls, "changing call", "changing calls"), format!("変更の呼び出し {calls} 件")),
        ),
        Line::new().value(Role::Plain, time::elapsed(report.elapsed)),
    ]));
    page.line(world::line(&report.world, language));
    page.section(
        Line::new().value(Role::Heading, either(language, "Steps", "ステップ")),
        vec![Block::Facts(table(report, language))],
    );
    for (kind, heading, meaning) in TROUBLE {
        let steps: Vec<&StepReport> = report.steps.iter().filter(|step| end(&step.outcome) == kind).collect();
        let (_, role) = ENDS[kind];
        let blocks = if kind == 3 {
            skipped(&steps, language)
        } else {
            steps.iter().map(|step| Block::Entry(trouble(step, role, language))).collect()
        };
        page.section(title(role, heading.say(language), steps.len(), meaning.say(language)), blocks);
    }
    let read_back = report.steps.iter().filter_map(|step| {
        let words = step.read_back.as_ref()?;
        let mark = Mark { role: Role::Ok, glyph: "✓", word: format!("[{}]", step.number) };
        Some(Block::Entry(told(step, mark, words.say(language), language)))
    });
    let read_back: Vec<Block> = read_back.collect();
    page.section(title(Role::Ok, HEALED.say(language), read_back.len(), READ_BACK_MEANS.say(language)), read_back);
    remaining(&mut page, report, language);
    if !report.promises.is_empty() {
        let row = Row { label: promises::label(language).to_owned(), body: promises::counts(&report.promises, language) };
        page.blocks.push(Block::Facts(vec![row]));
        promises::section(&mut page, &report.promises, language);
    }
    if let Some(reason) = &report.unrecorded {
        let reason = reason.say(language);
        let words = either(
            language,
            format!("{reason}; what was done is above, and later drift of it will be of unknown cause"),
            format!("{reason}。実行した内容は上に示しています。今後これらがずれた場合、原因は不明になります"),
        );
        let heading = either(language, "Not recorded", "記録なし");
        page.section(Line::new().value(Role::Error, heading), vec![Block::Line(Line::new().prose(Role::Plain, words))]);
    }
    page.next(next, language);
    page
}

fn verdict(report: &ApplyReport, language: Language) -> Line {
    let refused = report.blocked > 0;
    let trouble =
        report.interrupted || refused || report.unrecorded.is_some() || report.steps.iter().any(|step| end(&step.outcome) >= 2);
    let (role, words) = match (trouble, &report.remaining) {
        (true, _) => (Role::Error, either(language, "apply incomplete:", "適用は未完了です:")),
        (false, Some(left)) if left.is_empty() => (Role::Ok, either(language, "apply finished:", "適用が完了しました:")),
        (false, _) => (Role::Warn, either(language, "apply finished:", "適用が完了しました:")),
    };
    let left = match &report.remaining {
        Some(left) if left.is_empty() && refused => {
            let blocked = report.blocked;
            either(
                language,
                format!("a fresh plan refuses {}", counted(blocked, "resource", "resources")),
                format!("計画し直すと、リソース {blocked} 個が拒否されます"),
            )
        }
        Some(left) if left.is_empty() => either(language, "a fresh plan is empty", "計画し直しても、変更は残っていません"),
        Some(left) => either(
            language,
            format!("a fresh plan still wants to change {}", counted(left.len(), "resource", "resources")),
            format!("計画し直すと、リソース {} 個の変更が残っています", left.len()),
        ),
        None => either(language, "no fresh plan could be made", "計画し直すことができませんでした"),
    };
    let cut =
        if report.interrupted { either(language, "it was interrupted; ", "中断されました。") } else { String::new() };
    Line::new().value(role, words).prose(Role::Plain, format!("{cut}{left}"))
}

/// Every step is in exactly one row, so the rows add up to the last one.
fn table(report: &ApplyReport, language: Language) -> Vec<Row> {
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
            row(word.say(language), if count == 0 { Role::Muted } else { *role }, count)
        })
        .collect();
    rows.push(row(&either(language, "steps of the plan", "計画のステップ"), Role::Heading, total));
    if report.blocked > 0 {
        let line = Line::new().value(Role::Error, format!("{:>digits$}", report.blocked));
        let meaning =
            either(language, "(refused by a fresh plan, in no step)", "（計画し直すと拒否されるもの。ステップには含まれません）");
        rows.push(Row { label: words::BLOCKED_COUNT.say(language).to_owned(), body: line.prose(Role::Muted, meaning) });
    }
    rows
}

fn named(step: &StepReport, language: Language) -> Line {
    let operation = match step.operation {
        Operation::Create => words::CREATE,
        Operation::Update => words::UPDATE,
        Operation::Delete => words::DELETE,
    };
    Line::new().value(operation_role(step.operation), operation.say(language)).value(Role::Id, step.id.to_string())
}

fn told(step: &StepReport, mark: Mark, words: &str, language: Language) -> Entry {
    Entry {
        mark: Some(mark),
        head: named(step, language).dot().value(Role::Muted, time::elapsed(step.elapsed)),
        about: vec![Line::new().prose(Role::Plain, words)],
        ..Entry::default()
    }
}

fn trouble(step: &StepReport, role: Role, language: Language) -> Entry {
    let error = match &step.outcome {
        Outcome::Failed { error, .. } | Outcome::Unknown { error } => error.say(language),
        Outcome::Skipped { because } => because.say(language),
        Outcome::Done | Outcome::AlreadyDone => "",
    };
    told(step, Mark { role, glyph: "×", word: format!("[{}]", step.number) }, error, language)
}

/// One failure often skips many steps: the cause is printed once.
fn skipped(steps: &[&StepReport], language: Language) -> Vec<Block> {
    let mut causes: BTreeMap<(usize, &Sentence), Vec<&StepReport>> = BTreeMap::new();
    let mut order: BTreeMap<&Sentence, usize> = BTreeMap::new();
    for step in steps {
        if let Outcome::Skipped { because } = &step.outcome {
            let first = *order.entry(because).or_insert(step.number);
            causes.entry((first, because)).or_default().push(step);
        }
    }
    causes
        .into_iter()
        .map(|((_, because), steps)| {
            let items =
                steps.iter().map(|step| Line::new().value(Role::Muted, format!("[{}]", step.number)).join(named(step, language)));
            Block::Entry(Entry {
                head: Line::new().prose(Role::Plain, cause(because, language)),
                about: items.collect(),
                ..Entry::default()
            })
        })
        .collect()
}

fn cause(because: &Sentence, language: Language) -> String {
    let because = because.say(language);
    either(language, format!("because {because}"), format!("理由: {because}"))
}

fn remaining(page: &mut Document, report: &ApplyReport, language: Language) {
    let heading = either(language, "Remaining", "残り");
    let Some(left) = &report.remaining else {
        let why = either(
            language,
            "the fresh plan could not be made, so what is left is not known",
            "計画し直すことができなかったため、残りは分かりません",
        );
        let unknown = either(language, "unknown", "不明");
        page.section(
            Line::new().value(Role::Warn, heading).glued(Role::Plain, ":").prose(Role::Plain, unknown),
            vec![Block::Line(Line::new().prose(Role::Plain, why))],
        );
        return;
    };
    let rows: Vec<Row> = left
        .iter()
        .map(|resource| Row { label: resource.id.to_string(), body: Line::listed(Role::Path, resource.paths.iter().cloned()) })
        .collect();
    let blocks = if rows.is_empty() { Vec::new() } else { vec![Block::Facts(rows)] };
    let meaning = either(language, "what a fresh plan still wants", "計画し直したときの変更");
    page.section(title(Role::Warn, &heading, left.len(), &meaning), blocks);
}
