//! Promotions: the reasons against one, in words with the next step, and what a granted one says.

use crate::desired::Override;
use crate::govern::promotion::{Allowed, Refusal};
use crate::model::{Environment, ReleaseRef};

use super::plan::short;
use super::rows::{Block, Document, Line, Role, Row};
use super::text::{self, Style};
use super::{time, twin};
use crate::govern::twin::Twin;

/// What a refusal is about.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// `tokaido --world sandbox`
    pub command: &'a str,
    pub release: &'a ReleaseRef,
    pub to: Environment,
}

/// Why, and what to do, in words.
#[must_use]
pub fn words(refusal: &Refusal, asked: &Asked<'_>) -> (String, String) {
    let (id, to, tokaido) = (&asked.release.id, asked.to, asked.command);
    let at = |at: &jiff::Timestamp| time::jst(&at.to_string());
    match refusal {
        Refusal::OtherTool { cut_with, now } => (
            format!("{id} was cut with tokaido {cut_with} and this is {now}, which may compile the same files otherwise"),
            format!("use tokaido {cut_with}, or cut a new release and let it take the whole way"),
        ),
        Refusal::NotApplied { environment } => (
            format!("{id} was never applied in {environment}, and no environment is skipped"),
            format!("{tokaido} promote {id} --to {environment}, then {tokaido} apply {environment}"),
        ),
        Refusal::OtherContent { environment, there } => (
            format!(
                "{environment} had a {id} of other content: its digest was {} and this one is {}",
                short(there),
                short(&asked.release.digest)
            ),
            "take the release back from version control as it was cut, or cut a new one".to_owned(),
        ),
        Refusal::NotProven { environment, begun } => (
            format!("the apply of {id} in {environment} that began {} has not ended with nothing left to do", at(begun)),
            format!("{tokaido} plan {environment}, then {tokaido} apply {environment} until nothing is left"),
        ),
        Refusal::MovedOn { environment, on, at: since } => (
            match on {
                Some(on) => format!("{environment} is on {} since {}, no longer on {id}", on.id, at(since)),
                None => format!("{environment} has the tree since {}, no longer {id}", at(since)),
            },
            match on {
                Some(on) => format!("promote {} instead, or bring {id} back: {tokaido} promote {id} --to {environment}", on.id),
                None => format!("{tokaido} promote {id} --to {environment}, then {tokaido} apply {environment}"),
            },
        ),
        Refusal::Unkept { environment, at: seen, promises } => (
            format!(
                "not all promises were kept in {environment} when it was last looked at ({}): {}",
                at(seen),
                promises.join(", ")
            ),
            format!("let it be kept again, then {tokaido} apply {environment}, which looks again"),
        ),
        Refusal::SeenOpen { environment, at: seen, open } => (
            format!("a watcher saw in {environment} at {}, after its last apply: {}", at(seen), listed(open)),
            format!(
                "{tokaido} apply {environment}, or, when all is as declared again, {tokaido} watch {environment} --once, which sees it"
            ),
        ),
        Refusal::Unseen { environment, at: Some(seen), why } => (
            format!("a watcher could see nothing of {environment} at {}, after its last apply: {why}", at(seen)),
            format!("{tokaido} watch {environment} --once, until it sees again"),
        ),
        Refusal::Unseen { environment, at: None, why } => (
            format!("what watchers saw of {environment} is unknown: {why}"),
            "make that readable, then the same command".to_owned(),
        ),
        Refusal::Soaking { environment, since, ends, left_seconds } => (
            format!(
                "{id} is proven in {environment} since {}; its soak ends {}, in {}",
                at(since),
                at(ends),
                time::lasting(*left_seconds)
            ),
            format!("the same command after that; `change.soak` of {to} says how long"),
        ),
        Refusal::HeldBefore { environment, at: since, by, reason } => (
            format!("{id} is held in {environment} since {}: {reason} ({by})", at(since)),
            format!("{tokaido} promote {id} --to {environment} --lift-hold --reason TEXT, when that is over"),
        ),
        Refusal::Held { at: since, by, reason } => (
            format!("{to} went back from {id} on {}: {reason} ({by})", at(since)),
            format!("{tokaido} promote {id} --to {to} --lift-hold --reason TEXT, when that is over"),
        ),
        Refusal::IsBack { left } => (
            format!("{id} was in {to} before, until {}: this is going back", at(left)),
            format!("{tokaido} promote {id} --to {to} --back --reason TEXT"),
        ),
        Refusal::NeverHere => (
            format!("{id} was never applied in {to}, so this is not going back"),
            format!("{tokaido} promote {id} --to {to}, without --back"),
        ),
        Refusal::NeverProvenHere => (
            format!("{id} was applied in {to}, and that never ended with nothing left to do: it is no safe place to go back to"),
            format!("{tokaido} release list, and go back to one that worked"),
        ),
        Refusal::NotHeld => {
            (format!("{id} is not held in {to}"), format!("{tokaido} promote {id} --to {to}, without --lift-hold"))
        }
    }
}

/// The first few; `status` and a look say the rest.
fn listed(open: &[String]) -> String {
    const SHOWN: usize = 6;
    let more = open.len().saturating_sub(SHOWN);
    let first = open.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("; ");
    if more == 0 { first } else { format!("{first}; and {more} more") }
}

/// All reasons, one below the other.
#[must_use]
pub fn refused(refusals: &[Refusal], asked: &Asked<'_>) -> String {
    let mut lines = vec![format!("refused: {} may not go to {} now; nothing was changed", asked.release.id, asked.to)];
    for refusal in refusals {
        let (why, next) = words(refusal, asked);
        lines.push(format!("  - {why}"));
        lines.push(format!("    next: {next}"));
    }
    lines.join("\n")
}

/// A granted promotion, without its plan.
#[derive(Debug, Clone, Copy)]
pub struct Granted<'a> {
    pub release: &'a ReleaseRef,
    pub to: Environment,
    /// What was pinned until now.
    pub was: Option<&'a str>,
    pub allowed: &'a Allowed,
    pub overrides: &'a [Override],
    pub twin: Option<&'a Twin>,
}

/// What changed in the file. Stands above the plan.
#[must_use]
pub fn head(granted: &Granted<'_>, style: &Style) -> String {
    let mut page = Document::default();
    let release = format!("{} ({})", granted.release.id, short(&granted.release.digest));
    let was = granted.was.map_or_else(|| "before: the tree".to_owned(), |was| format!("before: {was}"));
    page.line(Line::dotted([
        Line::new().value(Role::Ok, "promoted:").prose(Role::Plain, format!("{} is pinned to release {release}", granted.to)),
        Line::new().value(Role::Muted, was),
    ]));
    let way = match granted.allowed {
        Allowed::Forward => None,
        Allowed::Withdrawal => Some(format!(
            "{} is what was applied in {} last: the promotion to another one is taken back",
            granted.release.id, granted.to
        )),
        Allowed::Back { leaves: Some(left) } => Some(format!("going back: {} is held until somebody lifts it", left.id)),
        Allowed::Back { leaves: None } => Some("going back from the tree".to_owned()),
        Allowed::HoldLifted => Some(format!("the hold on {} is lifted", granted.release.id)),
    };
    if let Some(way) = way {
        page.line(Line::new().prose(Role::Warn, way));
    }
    format!("{}\n", text::document(&page, style))
}

/// What a reviewer reads after the plan.
#[must_use]
pub fn tail(granted: &Granted<'_>, style: &Style, next: &[String]) -> String {
    let mut page = Document::default();
    if let Some(compared) = granted.twin {
        twin::section(&mut page, compared);
    }
    page.section(
        Line::new()
            .value(Role::Heading, "Declared differences")
            .glued(Role::Muted, ": where this environment is not as the release"),
        overrides(granted.overrides),
    );
    page.next(next);
    format!("\n{}", text::document(&page, style))
}

/// A row for each value that an environment says differently.
pub(super) fn overrides(overrides: &[Override]) -> Vec<Block> {
    let row = |found: &Override| Row {
        label: found.path.clone(),
        body: Line::new()
            .value(Role::Before, found.base.clone().unwrap_or_else(|| "(nothing)".to_owned()))
            .value(Role::Muted, "→")
            .value(Role::After, &found.here)
            .value(Role::Muted, found.source.to_string()),
    };
    if overrides.is_empty() { Vec::new() } else { vec![Block::Facts(overrides.iter().map(row).collect())] }
}
