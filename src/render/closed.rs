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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::{self, db_parameter_group, kms_key};
    use crate::model::Region;

    fn said(count: usize, denied: Option<&str>, language: Language) -> Vec<String> {
        let entry = |index: usize| ForeignEntry {
            kind: "kms-key".to_owned(),
            region: Region::Tokyo,
            physical: format!("key-{index}"),
            hint: Some(format!("alias/{index}")),
            denied: denied.map(str::to_owned),
        };
        let entries: Vec<ForeignEntry> = (1..=count).map(entry).collect();
        let of_kind: Vec<&ForeignEntry> = entries.iter().filter(|entry| policy(entry).is_some()).collect();
        let line = line("kms-key", &of_kind, &kinds::schemas(), language);
        line.map(|line| format!("{line:?}")).into_iter().collect()
    }

    #[test]
    fn all_of_a_kind_are_one_sentence_in_both_languages() {
        let one = said(1, Some(kms_key::KIND.calls.look), Language::En).concat();
        assert!(one.contains("1 KMS key of others is closed to this role: key-1 (alias/1) in tokyo; only its owner"), "{one}");
        let many = said(7, Some(kms_key::KIND.calls.look), Language::En).concat();
        assert!(many.contains("7 KMS keys of others are closed to this role") && many.contains("and 2 more; only"), "{many}");
        let allow = format!("the key's policy has to allow {}", kms_key::KIND.calls.look);
        assert!(many.contains(&allow), "{many}");
        let japanese = said(7, Some(kms_key::KIND.calls.look), Language::Ja).concat();
        assert!(japanese.contains("7 件") && japanese.contains("ほか 2 件") && japanese.contains("キーポリシー"), "{japanese}");
    }

    /// RDS has no policies of single objects.
    #[test]
    fn what_no_policy_of_an_object_closes_is_listed_as_ever() {
        assert!(said(2, Some(db_parameter_group::calls::PARAMETERS), Language::En).is_empty());
        assert!(said(2, None, Language::En).is_empty());
    }
}
