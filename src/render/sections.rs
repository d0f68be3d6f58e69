//! Sections of both a plan and a drift report: everything that is not as declared and is not a change of this plan.

use crate::model::desired::Divergence;
use crate::model::observed::{CopyEntry, ForeignEntry};
use crate::model::plan::{Note, Orphan, SpentTombstone};
use crate::model::reason::Spoken;
use crate::model::reason::plan::{BlockedReason, NextStep, OneWayReason};
use crate::model::{Blocked, Explained, KindSchema, Language, Reason, Schemas, Stated, Unconfirmed, Unreadable, WayBack};

use crate::world::unread;

use super::changes::{place, resource};
use super::closed;
use super::diffs::{self, Tails};
use super::rows::{Block, Document, Entry, Fold, Line, Mark, Role, Section, title};
use super::words;

/// How a list of notes is headed and marked.
pub struct Heading {
    key: &'static str,
    role: Role,
    word: Explained,
    meaning: Explained,
    /// The meaning of the two sides of an arrow, where it is not live → desired.
    sides: Option<Explained>,
    glyph: &'static str,
    mark: Explained,
    fold: Fold,
}

pub const DRIFTED: Heading = Heading {
    key: "drifted",
    role: Role::Warn,
    word: words::DRIFTED,
    meaning: words::DRIFTED_MEANS,
    sides: Some(words::DRIFTED_SIDES),
    glyph: "!",
    mark: words::DRIFTED_COUNT,
    fold: Fold::WhenLong,
};
pub const DIFFERENT: Heading = Heading { meaning: words::DIFFERENT_MEANS, sides: Some(words::DIFFERENT_SIDES), ..DRIFTED };
pub const PENDING: Heading = Heading {
    key: "pending",
    role: Role::Heading,
    word: words::PENDING,
    meaning: words::PENDING_MEANS,
    sides: None,
    glyph: "…",
    mark: words::PENDING_COUNT,
    fold: Fold::WhenLong,
};
pub const SERVICE_MANAGED: Heading = Heading {
    key: "service-managed",
    role: Role::Heading,
    word: words::MANAGED,
    meaning: words::MANAGED_MEANS,
    sides: None,
    glyph: "·",
    mark: words::MANAGED_MARK,
    fold: Fold::Count,
};

fn part(page: &mut Document, key: &'static str, fold: Fold, title: Line, blocks: Vec<Block>) {
    page.part(Section { key, title, fold, blocks });
}

pub fn notes(page: &mut Document, heading: &Heading, notes: &[Note], schemas: &Schemas, language: Language) {
    // A reason that all of them share is printed once, in the heading.
    let common = notes.first().and_then(|note| note.reason.as_ref());
    let common = common.filter(|reason| notes.iter().all(|note| note.reason.as_ref() == Some(*reason)));
    let entries = notes.iter().map(|note| {
        let schema = schemas.get(note.id.kind.as_str()).copied();
        let tails = Tails { effect: false, at_once: false, class: diffs::mixed(&note.diffs), language };
        Block::Entry(Entry {
            mark: Some(sign(heading.role, heading.glyph, heading.mark.say(language))),
            head: resource(&note.id.to_string(), &note.id.kind, schemas, language),
            about: if common.is_some() { Vec::new() } else { note.reason.iter().map(|reason| prose(reason, language)).collect() },
            rows: diffs::rows(&note.diffs, schema, tails),
            ..Entry::default()
        })
    });
    let meaning = common.map_or_else(|| heading.meaning.say(language).to_owned(), |reason| reason.say(language));
    let words = title(heading.role, heading.word.say(language), notes.len(), &meaning);
    let sides = heading.sides.map_or_else(Line::new, |sides| Line::new().prose(Role::Muted, sides.say(language)));
    part(page, heading.key, heading.fold, Line::dotted([words, sides]), entries.collect());
}

fn prose<R: Reason>(reason: &Stated<R>, language: Language) -> Line {
    Line::new().prose(Role::Plain, reason.say(language))
}

fn sign(role: Role, glyph: &'static str, word: &str) -> Mark {
    Mark { role, glyph, word: word.to_owned() }
}

pub fn blocked(page: &mut Document, blocked: &[Blocked], schemas: &Schemas, language: Language) {
    let entries = blocked.iter().map(|wish| {
        let source = wish.source.as_ref().map_or_else(Line::new, |source| Line::new().value(Role::Muted, place(source)));
        let schema = schemas.get(wish.id.kind.as_str()).copied();
        Block::Entry(Entry {
            mark: Some(Mark { role: Role::Error, glyph: "×", word: words::BLOCKED_COUNT.say(language).to_owned() }),
            head: resource(&wish.id.to_string(), &wish.id.kind, schemas, language),
            about: vec![Line::dotted([
                Line::new().value(Role::Error, wish.code.as_str()),
                Line::new().prose(Role::Plain, blocks(&wish.reason, schema, language)),
                source,
            ])],
            rows: diffs::rows(&wish.diffs, schema, Tails { effect: false, at_once: false, class: false, language }),
            notes: next(&wish.next, language),
            ..Entry::default()
        })
    });
    let title = title(Role::Error, words::BLOCKED.say(language), blocked.len(), words::BLOCKED_MEANS.say(language));
    part(page, "blocked", Fold::Never, title, entries.collect());
}

/// What a person does. A line to copy stands by itself and is not broken.
fn next(next: &Stated<NextStep>, language: Language) -> Vec<Line> {
    let said = next.say(language);
    let (sentence, line) = match next.ours().and_then(NextStep::to_copy) {
        Some(line) => (said.strip_suffix(line).unwrap_or(&said).trim_end(), Some(line)),
        None => (said.as_str(), None),
    };
    let first = Line::new().value(Role::Heading, words::NEXT_STEP.say(language)).prose(Role::Plain, sentence);
    std::iter::once(first).chain(line.map(|line| Line::new().whole(Role::Id, line))).collect()
}

/// The error and the kind inside the reason are English in the plan.
fn blocks(reason: &Stated<BlockedReason>, schema: Option<&KindSchema>, language: Language) -> String {
    match reason.ours() {
        Some(BlockedReason::HoldsData { title }) => {
            let title = schema.map_or(title.as_str(), |schema| schema.titled().say(language)).to_owned();
            BlockedReason::HoldsData { title }.say(language)
        }
        Some(BlockedReason::Unreadable { operation, error }) => {
            let error = unread(operation, error, language);
            BlockedReason::Unreadable { operation: operation.clone(), error }.say(language)
        }
        _ => reason.say(language),
    }
}

/// Why an orphan is not to be deleted yet.
fn used(users: &[String], language: Language) -> String {
    let users = users.join(", ");
    match language {
        Language::En => format!("still needed by {users}: it is not deleted before that ends"),
        Language::Ja => format!("まだ {users} に必要です。不要になるまで削除できません"),
    }
}

pub fn orphans(page: &mut Document, orphans: &[Orphan], schemas: &Schemas, language: Language) {
    let entries = orphans.iter().map(|orphan| {
        let head =
            resource(&orphan.id.to_string(), &orphan.id.kind, schemas, language).dot().value(Role::Plain, &orphan.physical);
        let users: Vec<String> = orphan.used_by.iter().map(ToString::to_string).collect();
        let (note, paste) = match &orphan.tombstone {
            Some(line) => (words::ORPHAN_DELETE.say(language).to_owned(), vec![line.clone()]),
            None if users.is_empty() => (words::ORPHAN_STAYS.say(language).to_owned(), Vec::new()),
            None => (used(&users, language), Vec::new()),
        };
        Block::Entry(Entry {
            mark: Some(sign(Role::Warn, "?", words::ORPHAN.say(language))),
            head,
            notes: vec![Line::new().prose(Role::Plain, note)],
            paste,
            ..Entry::default()
        })
    });
    let title = title(Role::Heading, words::ORPHANS.say(language), orphans.len(), words::ORPHANS_MEANS.say(language));
    part(page, "orphans", Fold::WhenLong, title, entries.collect());
}

pub fn foreign(page: &mut Document, foreign: &[ForeignEntry], schemas: &Schemas, language: Language) {
    let closed = closed::lines(foreign, schemas, language);
    let lines = foreign.iter().filter(|entry| closed::policy(entry).is_none()).map(|entry| {
        let kind = schemas.get(entry.kind.as_str()).map_or(entry.kind.as_str(), |schema| schema.titled().say(language));
        let hint = entry.hint.as_ref().map_or_else(Line::new, |hint| Line::new().prose(Role::Plain, hint));
        let head = Line::new()
            .value(Role::Id, &entry.physical)
            .dot()
            .prose(Role::Muted, format!("{kind} {} {}", words::IN_REGION.say(language), entry.region));
        Block::Line(Line::dotted([head, hint]))
    });
    let title = title(Role::Heading, words::FOREIGN.say(language), foreign.len(), words::FOREIGN_MEANS.say(language));
    part(page, "foreign", Fold::Count, title, lines.chain(closed).collect());
}

pub fn copies(page: &mut Document, copies: &[CopyEntry], language: Language) {
    let lines = copies.iter().map(|copy| {
        Block::Line(
            Line::new()
                .value(Role::Id, &copy.physical)
                .prose(Role::Muted, words::COPY_OF.say(language))
                .value(Role::Plain, copy.of.to_string()),
        )
    });
    let title = title(Role::Heading, words::COPIES.say(language), copies.len(), words::COPIES_MEANS.say(language));
    part(page, "copies", Fold::Count, title, lines.collect());
}

pub fn unreadable(page: &mut Document, unreadable: &[Unreadable], language: Language) {
    let lines = unreadable.iter().map(|gap| {
        let what = match (&gap.id, &gap.physical) {
            (Some(id), _) => id.to_string(),
            (None, Some(physical)) => format!("{} {physical}@{}", gap.kind, gap.region),
            (None, None) => format!("{} {}@{}", words::EVERY.say(language), gap.kind, gap.region),
        };
        let error = gap
            .unanswered
            .as_ref()
            .map_or_else(|| unread(&gap.operation, &gap.error, language), |sent| sent.spoken(language).to_string());
        Block::Line(Line::dotted([
            Line::new().value(Role::Id, what),
            Line::new().value(Role::Plain, &gap.operation),
            Line::new().prose(Role::Warn, error),
        ]))
    });
    let title = title(Role::Warn, words::UNREADABLE.say(language), unreadable.len(), words::UNREADABLE_MEANS.say(language));
    part(page, "unreadable", Fold::Never, title, lines.collect());
}

pub fn unconfirmed(page: &mut Document, unconfirmed: &[Unconfirmed], language: Language) {
    let lines = unconfirmed.iter().map(|one| {
        let id = Line::new().value(Role::Id, one.id.to_string());
        Block::Line(match (&one.operation, &one.error) {
            (Some(operation), Some(error)) => Line::dotted([
                id,
                Line::new().value(Role::Plain, operation),
                Line::new().prose(Role::Warn, unread(operation, error, language)),
            ]),
            _ => Line::dotted([id, Line::new().prose(Role::Warn, words::NO_OFFER.say(language))]),
        })
    });
    let means = words::UNCONFIRMED_MEANS.say(language);
    let title = title(Role::Warn, words::UNCONFIRMED.say(language), unconfirmed.len(), means);
    part(page, "unconfirmed", Fold::WhenLong, title, lines.collect());
}

pub fn spent_tombstones(page: &mut Document, spent: &[SpentTombstone], language: Language) {
    let lines = spent.iter().map(|tombstone| {
        let id = Line::new().value(Role::Id, tombstone.id.to_string());
        let why = match &tombstone.held_by {
            Some(holder) => Line::new().value(Role::Warn, holder).prose(Role::Warn, words::SPENT_HELD.say(language)),
            None => Line::new().prose(Role::Plain, words::SPENT_LINE.say(language)),
        };
        Block::Line(Line::dotted([id, why, Line::new().value(Role::Muted, place(&tombstone.source))]))
    });
    let held = spent.iter().any(|tombstone| tombstone.held_by.is_some());
    let fold = if held { Fold::WhenLong } else { Fold::Count };
    let title = title(Role::Heading, words::SPENT.say(language), spent.len(), words::SPENT_MEANS.say(language));
    part(page, "spent", fold, title, lines.collect());
}

pub fn divergences(page: &mut Document, divergences: &[Divergence], language: Language) {
    let lines = divergences.iter().map(|divergence| {
        Block::Line(Line::dotted([
            Line::new().value(Role::Id, format!("{}:", divergence.promise)).value(Role::Warn, &divergence.value),
            Line::new().prose(Role::Plain, &divergence.reason),
            Line::new().prose(Role::Muted, words::OWNER.say(language)).value(Role::Plain, &divergence.owner),
            Line::new().prose(Role::Muted, words::UNTIL.say(language)).value(Role::Plain, &divergence.until),
            Line::new().value(Role::Muted, place(&divergence.source)),
        ]))
    });
    let title = title(Role::Heading, words::DIVERGENCES.say(language), divergences.len(), words::DIVERGENCES_MEANS.say(language));
    part(page, "divergences", Fold::WhenLong, title, lines.collect());
}

/// What the inverse of the plan would do, and which changes have none.
pub fn way_back(page: &mut Document, back: &WayBack, language: Language) {
    let counts = way_back_counts(back, language);
    let mut blocks: Vec<Block> = if counts.is_empty() { Vec::new() } else { vec![Block::Line(counts)] };
    // Forty new databases with one reason are printed once.
    let mut reasons: Vec<(&Stated<OneWayReason>, Vec<String>)> = Vec::new();
    for one in &back.one_way {
        let what = one.path.as_ref().map_or_else(|| one.id.to_string(), |path| format!("{} {path}", one.id));
        match reasons.iter_mut().find(|(reason, _)| **reason == one.reason) {
            Some((_, names)) => names.push(what),
            None => reasons.push((&one.reason, vec![what])),
        }
    }
    blocks.extend(reasons.into_iter().map(|(reason, names)| {
        Block::Entry(Entry {
            mark: Some(sign(Role::Irreversible, "!", words::ONE_WAY.say(language))),
            head: Line::listed(Role::Id, names),
            about: vec![prose(reason, language)],
            ..Entry::default()
        })
    }));
    let heading = match back.one_way.len() {
        0 => Line::new().prose(Role::Plain, words::WAY_BACK_ALL.say(language)),
        count => Line::new().prose(Role::Plain, words::NO_WAY_BACK.count(count, language)),
    };
    let title = Line::new().value(Role::Heading, words::WAY_BACK.say(language)).glued(Role::Heading, ":").join(heading);
    part(page, "way-back", Fold::Never, title, blocks);
}

/// What the inverse would do, by count; counts of zero are left out.
pub fn way_back_counts(back: &WayBack, language: Language) -> Line {
    let counts = [(words::UPDATE_BACK, back.update), (words::RETIRE, back.delete), (words::MAKE_AGAIN, back.create)];
    let counts = counts.into_iter().filter(|(_, count)| *count > 0);
    Line::dotted(counts.map(|(word, count)| Line::new().value(Role::Plain, format!("{} {count}", word.say(language)))))
}
