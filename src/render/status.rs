//! The board of `status`: one block for each environment, in the order of the promotion path.

use crate::govern::promotion::{Asked, Refusal};
use crate::govern::status::{Drift, EnvironmentStatus, Next, Status, Waiting};
use crate::govern::watch::Watched;
use crate::model::{Environment, Language, ReleaseRef};

use super::plan::short;
use super::rows::{Block, Document, Line, Role, Row, counted};
use super::text::{self, Style};
use super::{time, world};

#[must_use]
pub fn text(status: &Status, command: &str, style: &Style) -> String {
    let mut page = Document::default();
    let live = status.environments.iter().any(|of| of.drift != Drift::NotRead);
    let source = if live { "from records and a live read" } else { "from records; --live also reads for drift" };
    page.line(Line::dotted([
        Line::new().value(Role::Heading, "status"),
        Line::new().value(Role::Plain, time::jst(&status.now.to_string())),
        Line::new().prose(Role::Muted, source),
    ]));
    page.line(world::line(&status.world, Language::En));
    for environment in &status.environments {
        let title = Line::new().value(Role::Heading, environment.environment.as_str());
        page.section(title, vec![Block::Facts(rows(environment, command))]);
    }
    text::document(&page, style)
}

fn named(release: &ReleaseRef) -> String {
    format!("{} ({})", release.id, short(&release.digest))
}

fn rows(status: &EnvironmentStatus, command: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut row = |label: &str, body: Line| rows.push(Row { label: label.to_owned(), body });
    let at = |at: &jiff::Timestamp| time::jst(&at.to_string());
    row("release", release(status));
    match &status.last_apply {
        Some(apply) => row(
            "last apply",
            Line::dotted([
                Line::new().value(Role::Plain, at(&apply.at)),
                Line::new().value(Role::Plain, format!("plan {}", short(&apply.plan))),
                Line::new().value(Role::Plain, &apply.by),
            ]),
        ),
        None => row("last apply", Line::new().prose(Role::Muted, "none is recorded")),
    }
    match (&status.last_proven, &status.open_since) {
        (_, Some(open)) => row(
            "proven clean",
            Line::new().prose(Role::Warn, format!("no: the apply that began {} runs, or left something to do", at(open))),
        ),
        (Some(proven), None) => row("proven clean", Line::new().value(Role::Ok, at(&proven.at))),
        (None, None) => row("proven clean", Line::new().prose(Role::Muted, "never")),
    }
    if let Some(proven) = &status.last_proven {
        let line = if proven.violations.is_empty() {
            Line::new().prose(Role::Ok, "all of those that a plan shows were kept")
        } else {
            Line::new().value(Role::Error, "not kept:").join(Line::listed(Role::Error, proven.violations.iter().cloned()))
        };
        row("promises", line);
    }
    row("drift", drift(&status.drift));
    match (&status.watch_problem, &status.watch) {
        (Some(problem), _) => row("watched", Line::new().prose(Role::Error, format!("unknown: {problem}"))),
        (None, None) => row("watched", Line::new().prose(Role::Muted, "never")),
        (None, Some(watch)) => {
            row("watched", watched(watch));
            if let Some(line) = gaps(watch) {
                row("gaps", line);
            }
        }
    }
    for held in &status.holds {
        row(
            "held",
            Line::new().prose(Role::Warn, format!("{} since {}: {} ({})", held.release.id, at(&held.at), held.reason, held.by)),
        );
    }
    if let Some(next) = &status.next {
        row("onward", onward(next, command));
    }
    for waiting in &status.waiting {
        row("waiting", self::waiting(waiting, command));
    }
    for open in &status.emergencies {
        let text = format!("{}: {} ({}, {})", open.id, open.reason, open.by, at(&open.at));
        let next = format!("not reviewed yet; next: {command} review {} --key FILE", open.id);
        row("emergency", Line::dotted([Line::new().prose(Role::Error, text), Line::new().prose(Role::Warn, next)]));
    }
    rows
}

/// `plan 4f1c0ffee123: 1 of 2 approvals (bob); asked: carol`
fn waiting(waiting: &Waiting, command: &str) -> Line {
    let plan = short(&waiting.plan);
    let count = format!("plan {plan}: {} of {} approvals", waiting.approved.len(), waiting.required);
    let until = Line::new().value(Role::Muted, format!("until {}", time::jst(&waiting.expires_at)));
    let who = Line::listed(Role::Plain, waiting.approved.iter().cloned());
    let then = if waiting.complete {
        Line::new().prose(Role::Ok, format!("next: {command} apply {plan}"))
    } else {
        Line::new().prose(Role::Warn, format!("may approve: {}", waiting.able.join(", ")))
    };
    Line::dotted([Line::new().prose(Role::Plain, count), who, until, then])
}

/// `clean since 2026-11-05 10:32 JST · last look …`
fn watched(watch: &Watched) -> Line {
    let at = |at: &jiff::Timestamp| time::jst(&at.to_string());
    let first = watch.open.iter().map(|still| still.since).min();
    let open = first.map(|first| format!("{} open since {}", counted(watch.open.len(), "thing", "things"), at(&first)));
    let mut parts = Vec::new();
    if let Some(ahead) = &watch.ahead {
        let words = format!("unknown since when: a look is recorded at {}, which is still to come; a clock was ahead", at(ahead));
        parts.push(Line::new().prose(Role::Error, words));
    }
    if let Some(blind) = &watch.blind {
        parts.push(Line::new().prose(Role::Error, format!("blind since {}: {}: {}", at(&blind.since), blind.class, blind.words)));
    }
    if let Some(since) = &watch.clean_since {
        parts.push(Line::new().prose(Role::Ok, format!("clean since {}", at(since))));
    }
    parts.extend(open.map(|open| Line::new().prose(Role::Warn, open)));
    parts.push(Line::new().prose(Role::Plain, format!("last look {}", at(&watch.last_look))));
    Line::dotted(parts)
}

/// `2 in the last 7 days, 5h 10m together · the longest 4h from … to …`; nothing without one.
fn gaps(watch: &Watched) -> Option<Line> {
    let at = |at: &jiff::Timestamp| time::jst(&at.to_string());
    let longest = watch.gaps.iter().max_by_key(|gap| gap.seconds())?;
    let all = format!("{} in the last 7 days, {} together", watch.gaps.len(), time::lasting(watch.gap_seconds));
    let span = format!("{} to {}", at(&longest.from), at(&longest.until));
    let longest = format!("the longest {}, {span}", time::lasting(longest.seconds()));
    Some(Line::dotted([Line::new().prose(Role::Warn, all), Line::new().prose(Role::Plain, longest)]))
}

fn release(status: &EnvironmentStatus) -> Line {
    let applied = status.applied.as_ref();
    match (&status.problem, &status.pinned) {
        (Some(problem), _) => Line::new().prose(Role::Error, format!("unknown: {problem}")),
        (None, None) => {
            let line = Line::new().prose(Role::Plain, "the tree");
            match applied {
                Some(applied) => line.dot().prose(Role::Warn, format!("applied last: {}", named(applied))),
                None => line,
            }
        }
        (None, Some(pinned)) => {
            let line = Line::new().value(Role::Plain, named(pinned)).dot();
            match applied {
                Some(applied) if applied.digest == pinned.digest => line.value(Role::Ok, "applied"),
                Some(applied) => line.prose(Role::Warn, format!("not applied yet; applied last: {}", named(applied))),
                None if status.last_apply.is_none() => line.prose(Role::Warn, "not applied yet"),
                None if status.environment == Environment::Dev => {
                    line.prose(Role::Warn, "not applied yet; applied last: the tree")
                }
                None => line.prose(Role::Warn, "not applied by promotion; what was applied last came another way"),
            }
        }
    }
}

fn drift(drift: &Drift) -> Line {
    match drift {
        Drift::NotRead => Line::new().prose(Role::Muted, "unknown: not read"),
        Drift::Read { observed_at, drifted: 0, missing: 0, unreadable: 0 } => {
            Line::new().value(Role::Ok, "none").dot().value(Role::Plain, time::jst(observed_at))
        }
        Drift::Read { observed_at, drifted, missing, unreadable } => {
            let parts = [(*drifted, "changed"), (*missing, "missing")];
            let mut words: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
            if *unreadable > 0 {
                words.push(format!("{} failed", counted(*unreadable, "read", "reads")));
            }
            Line::new().prose(Role::Warn, words.join(", ")).dot().value(Role::Plain, time::jst(observed_at))
        }
    }
}

/// `2026.11.0 may go to production in 3h 12m`
fn onward(next: &Next, command: &str) -> Line {
    let id = &next.release.id;
    match next.refusals.as_slice() {
        [] => Line::new().prose(Role::Ok, format!("{id} may go to {} now", next.to)),
        [Refusal::Soaking { left_seconds, ends, .. }] => Line::new().prose(
            Role::Plain,
            format!("{id} may go to {} in {}, at {}", next.to, time::lasting(*left_seconds), time::jst(&ends.to_string())),
        ),
        refusals => {
            let asked = Asked { command, release: &next.release, to: next.to };
            let why: Vec<String> = refusals.iter().map(|refusal| refusal.told(&asked).why.to_string()).collect();
            Line::new().prose(Role::Warn, format!("{id} may not go to {}: {}", next.to, why.join("; ")))
        }
    }
}
