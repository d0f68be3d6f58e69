//! The parts that a plan and a drift report share: what is not as declared and is not a change of this plan.

use crate::model::desired::Divergence;
use crate::model::observed::{CopyEntry, ForeignEntry};
use crate::model::plan::{Note, Orphan, SpentTombstone};
use crate::model::{Blocked, Schemas, Unreadable, WayBack};

use super::changes::{place, resource};
use super::diffs::{self, Tails};
use super::rows::{Block, Document, Entry, Line, Mark, Role, counted, title};

/// How a list of notes is headed and marked.
pub struct Heading {
    role: Role,
    word: &'static str,
    meaning: &'static str,
    /// What stands on the two sides of an arrow, where it is not live → desired.
    sides: &'static str,
    glyph: &'static str,
    mark: &'static str,
}

pub const DRIFTED: Heading = Heading {
    role: Role::Warn,
    word: "Drifted",
    meaning: "changed outside tokaido",
    sides: "last applied → live",
    glyph: "!",
    mark: "drifted",
};
pub const DIFFERENT: Heading = Heading {
    role: Role::Warn,
    word: "Drifted",
    meaning: "cause unknown, no apply was recorded",
    sides: "declared → live",
    glyph: "!",
    mark: "drifted",
};
pub const PENDING: Heading = Heading {
    role: Role::Heading,
    word: "Pending",
    meaning: "AWS has accepted the value and will apply it later",
    sides: "",
    glyph: "…",
    mark: "pending",
};
pub const SERVICE_MANAGED: Heading = Heading {
    role: Role::Heading,
    word: "Service-managed",
    meaning: "more than declared, and accepted",
    sides: "",
    glyph: "·",
    mark: "managed",
};

pub fn notes(page: &mut Document, heading: &Heading, notes: &[Note], schemas: &Schemas) {
    // What all of them say is said once, in the heading.
    let common = notes.first().map(|note| note.explanation.as_str()).filter(|said| !said.is_empty());
    let common = common.filter(|said| notes.iter().all(|note| note.explanation == *said));
    let entries = notes.iter().map(|note| {
        let schema = schemas.get(note.id.kind.as_str()).copied();
        let tails = Tails { effect: false, class: diffs::mixed(&note.diffs) };
        Block::Entry(Entry {
            mark: Some(sign(heading.role, heading.glyph, heading.mark)),
            head: resource(&note.id.to_string(), &note.id.kind, schemas),
            about: if common.is_some() { Vec::new() } else { said(&note.explanation) },
            rows: diffs::rows(&note.diffs, schema, tails),
            ..Entry::default()
        })
    });
    let words = title(heading.role, heading.word, notes.len(), common.unwrap_or(heading.meaning));
    page.section(Line::dotted([words, Line::new().prose(Role::Muted, heading.sides)]), entries.collect());
}

fn said(text: &str) -> Vec<Line> {
    if text.is_empty() { Vec::new() } else { vec![Line::new().prose(Role::Plain, text)] }
}

fn sign(role: Role, glyph: &'static str, word: &str) -> Mark {
    Mark { role, glyph, word: word.to_owned() }
}

pub fn blocked(page: &mut Document, blocked: &[Blocked], schemas: &Schemas) {
    let entries = blocked.iter().map(|wish| {
        let source = wish.source.as_ref().map_or_else(Line::new, |source| Line::new().value(Role::Muted, place(source)));
        let schema = schemas.get(wish.id.kind.as_str()).copied();
        Block::Entry(Entry {
            mark: Some(Mark { role: Role::Error, glyph: "×", word: "blocked".to_owned() }),
            head: resource(&wish.id.to_string(), &wish.id.kind, schemas),
            about: vec![Line::dotted([
                Line::new().value(Role::Error, wish.code.as_str()),
                Line::new().prose(Role::Plain, &wish.reason),
                source,
            ])],
            rows: diffs::rows(&wish.diffs, schema, Tails { effect: false, class: false }),
            notes: vec![Line::new().value(Role::Heading, "next:").prose(Role::Plain, &wish.next)],
            ..Entry::default()
        })
    });
    page.section(
        title(Role::Error, "Blocked", blocked.len(), "declared, and refused by this plan; nothing is tried"),
        entries.collect(),
    );
}

pub fn orphans(page: &mut Document, orphans: &[Orphan], schemas: &Schemas) {
    let entries = orphans.iter().map(|orphan| {
        let head = resource(&orphan.id.to_string(), &orphan.id.kind, schemas).dot().value(Role::Plain, &orphan.physical);
        let (note, paste) = match &orphan.tombstone {
            Some(line) => ("to delete it, paste under `retire:`", vec![line.clone()]),
            None => ("holds data: no plan deletes it", Vec::new()),
        };
        Block::Entry(Entry {
            mark: Some(sign(Role::Warn, "?", "orphan")),
            head,
            notes: vec![Line::new().prose(Role::Plain, note)],
            paste,
            ..Entry::default()
        })
    });
    page.section(
        title(Role::Heading, "Orphans", orphans.len(), "carry our tag, are not declared any more; left alone"),
        entries.collect(),
    );
}

pub fn foreign(page: &mut Document, foreign: &[ForeignEntry], schemas: &Schemas) {
    let lines = foreign.iter().map(|entry| {
        let kind = schemas.get(entry.kind.as_str()).map_or(entry.kind.as_str(), |schema| schema.title);
        let hint = entry.hint.as_ref().map_or_else(Line::new, |hint| Line::new().prose(Role::Plain, hint));
        let head = Line::new().value(Role::Id, &entry.physical).dot().prose(Role::Muted, format!("{kind} in {}", entry.region));
        Block::Line(Line::dotted([head, hint]))
    });
    page.section(title(Role::Heading, "Foreign", foreign.len(), "without our tag; reported, never touched"), lines.collect());
}

pub fn copies(page: &mut Document, copies: &[CopyEntry]) {
    let lines = copies.iter().map(|copy| {
        Block::Line(
            Line::new()
                .value(Role::Id, &copy.physical)
                .prose(Role::Muted, "carries the tags of")
                .value(Role::Plain, copy.of.to_string()),
        )
    });
    page.section(
        title(Role::Heading, "Copies", copies.len(), "carry our tags under another name; never owned, never deleted"),
        lines.collect(),
    );
}

pub fn unreadable(page: &mut Document, unreadable: &[Unreadable]) {
    let lines = unreadable.iter().map(|gap| {
        let what = match (&gap.id, &gap.physical) {
            (Some(id), _) => id.to_string(),
            (None, Some(physical)) => format!("{} {physical}@{}", gap.kind, gap.region),
            (None, None) => format!("every {}@{}", gap.kind, gap.region),
        };
        Block::Line(Line::dotted([
            Line::new().value(Role::Id, what),
            Line::new().value(Role::Plain, &gap.operation),
            Line::new().prose(Role::Warn, &gap.error),
        ]))
    });
    page.section(title(Role::Warn, "Unreadable", unreadable.len(), "not known, so not ok"), lines.collect());
}

pub fn spent_tombstones(page: &mut Document, spent: &[SpentTombstone]) {
    let lines = spent.iter().map(|tombstone| {
        let id = Line::new().value(Role::Id, tombstone.id.to_string());
        let why = match &tombstone.held_by {
            Some(holder) => Line::new().prose(
                Role::Warn,
                format!("{holder} holds its name without our tags, so it is not deleted: put the tags back, or remove the line"),
            ),
            None => Line::new().prose(Role::Plain, "the line can go"),
        };
        Block::Line(Line::dotted([id, why, Line::new().value(Role::Muted, place(&tombstone.source))]))
    });
    page.section(title(Role::Heading, "Spent tombstones", spent.len(), "no live resource carries their tags"), lines.collect());
}

pub fn divergences(page: &mut Document, divergences: &[Divergence]) {
    let lines = divergences.iter().map(|divergence| {
        Block::Line(Line::dotted([
            Line::new().value(Role::Id, format!("{}:", divergence.promise)).value(Role::Warn, &divergence.value),
            Line::new().prose(Role::Plain, &divergence.reason),
            Line::new().prose(Role::Muted, "owner").value(Role::Plain, &divergence.owner),
            Line::new().prose(Role::Muted, "until").value(Role::Plain, &divergence.until),
            Line::new().value(Role::Muted, place(&divergence.source)),
        ]))
    });
    page.section(
        title(Role::Heading, "Divergences", divergences.len(), "promises kept less strictly here, as declared"),
        lines.collect(),
    );
}

/// What the inverse of the plan would do, and what has none.
pub fn way_back(page: &mut Document, back: &WayBack) {
    let counts = [("update back", back.update), ("retire", back.delete), ("make again", back.create)];
    let counts = counts.into_iter().filter(|(_, count)| *count > 0);
    let counts = Line::dotted(counts.map(|(word, count)| Line::new().value(Role::Plain, format!("{word} {count}"))));
    let mut blocks: Vec<Block> = if counts.is_empty() { Vec::new() } else { vec![Block::Line(counts)] };
    // Forty new databases say the same thing once.
    let mut reasons: Vec<(&str, Vec<String>)> = Vec::new();
    for one in &back.one_way {
        let what = one.path.as_ref().map_or_else(|| one.id.to_string(), |path| format!("{} {path}", one.id));
        match reasons.iter_mut().find(|(why, _)| *why == one.why) {
            Some((_, names)) => names.push(what),
            None => reasons.push((&one.why, vec![what])),
        }
    }
    blocks.extend(reasons.into_iter().map(|(why, names)| {
        Block::Entry(Entry {
            mark: Some(sign(Role::Irreversible, "!", "one-way")),
            head: Line::listed(Role::Id, names),
            about: said(why),
            ..Entry::default()
        })
    }));
    let heading = match back.one_way.len() {
        0 => Line::new().prose(Role::Plain, "everything can be taken back"),
        count => Line::new().prose(Role::Plain, format!("{} no way back", counted(count, "change has", "changes have"))),
    };
    page.section(Line::new().value(Role::Heading, "Way back").glued(Role::Heading, ":").join(heading), blocks);
}
