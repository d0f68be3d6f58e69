//! Objects of others whose own policy keeps them from this role. They need one line, and not one each.

use std::collections::{BTreeMap, BTreeSet};

use tokaido_derive::Reason;

use crate::model::observed::ForeignEntry;
use crate::model::{Language, Reason as _, Said, Schemas};
use crate::world::PolicyOf;

use super::rows::{Block, Line, Role};

/// So many are named. The JSON names all of them.
const NAMED: usize = 5;

/// All of one kind in one sentence.
#[derive(Debug, Reason)]
enum Closed {
    #[en("1 {kind} of others is closed to this role: {names}; only its owner can open it: {policy} has to allow {operations}")]
    #[ja(
        "ほかの{kind} 1 件は、このロールからは読み取れません: {names}。読み取れるようにするには、所有者が{policy}で {operations} を許可する必要があります"
    )]
    One { kind: Said, names: Said, policy: PolicyOf, operations: Vec<String> },
    #[en(
        "{count} {kind}s of others are closed to this role: {names}; only their owners can open them: {policy} has to allow {operations}"
    )]
    #[ja(
        "ほかの{kind} {count} 件は、このロールからは読み取れません: {names}。読み取れるようにするには、それぞれの所有者が{policy}で {operations} を許可する必要があります"
    )]
    Several { count: usize, kind: Said, names: Said, policy: PolicyOf, operations: Vec<String> },
}

/// The policy that closes the object to this role; `None` when none does.
pub fn policy(entry: &ForeignEntry) -> Option<PolicyOf> {
    PolicyOf::resource(entry.denied.as_deref()?)
}

/// A line for each kind of which objects are closed.
pub fn lines(foreign: &[ForeignEntry], schemas: &Schemas, language: Language) -> Vec<Block> {
    let mut of_kind: BTreeMap<&str, Vec<&ForeignEntry>> = BTreeMap::new();
    for entry in foreign.iter().filter(|entry| policy(entry).is_some()) {
        of_kind.entry(&entry.kind).or_default().push(entry);
    }
    of_kind.into_iter().filter_map(|(kind, closed)| Some(Block::Line(line(kind, &closed, schemas, language)?))).collect()
}

fn line(kind: &str, closed: &[&ForeignEntry], schemas: &Schemas, language: Language) -> Option<Line> {
    let policy = policy(closed.first()?)?;
    let titled = schemas.get(kind).map(|schema| schema.titled());
    let kind = Said::new(titled.map_or(kind, |words| words.en), titled.map_or(kind, |words| words.ja));
    let operations: BTreeSet<&str> = closed.iter().filter_map(|entry| entry.denied.as_deref()).collect();
    let operations = operations.into_iter().map(str::to_owned).collect();
    let (names, count) = (names(closed), closed.len());
    let sentence = match count {
        1 => Closed::One { kind, names, policy, operations },
        _ => Closed::Several { count, kind, names, policy, operations },
    };
    Some(Line::new().prose(Role::Muted, sentence.say(language)))
}

/// `key-9 (alias/payments) in tokyo, key-10 in osaka and 3 more`
fn names(closed: &[&ForeignEntry]) -> Said {
    let hint = |entry: &ForeignEntry| entry.hint.as_ref().filter(|hint| **hint != entry.physical).cloned();
    let named = |of: &dyn Fn(&ForeignEntry, Option<String>) -> String, between: &str| {
        closed.iter().take(NAMED).map(|entry| of(entry, hint(entry))).collect::<Vec<_>>().join(between)
    };
    let en = named(
        &|entry, hint| match hint {
            Some(hint) => format!("{} ({hint}) in {}", entry.physical, entry.region),
            None => format!("{} in {}", entry.physical, entry.region),
        },
        ", ",
    );
    let ja = named(
        &|entry, hint| match hint {
            Some(hint) => format!("{} の {} ({hint})", entry.region, entry.physical),
            None => format!("{} の {}", entry.region, entry.physical),
        },
        "、",
    );
    match closed.len().checked_sub(NAMED).filter(|more| *more > 0) {
        Some(more) => Said::new(format!("{en} and {more} more"), format!("{ja}、ほか {more} 件")),
        None => Said::new(en, ja),
    }
}
