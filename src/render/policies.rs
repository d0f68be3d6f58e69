//! The answers of the organisation's policies: refusals first, then warnings; kept policies are counted.

use crate::model::{Effect, Language, PolicyVerdict};

use super::changes::place;
use super::rows::{Block, Document, Entry, Fold, Line, Mark, Role, Section};
use super::words;

/// The label of [`counts`].
pub const fn label(language: Language) -> &'static str {
    match language {
        Language::En => "policies",
        Language::Ja => "ポリシー",
    }
}

/// `5 policies · 1 refuses · 1 warns · 3 kept`; empty where there is none.
pub fn counts(verdicts: &[PolicyVerdict], language: Language) -> Line {
    if verdicts.is_empty() {
        return Line::new();
    }
    let all = Line::new().value(Role::Plain, words::POLICY_COUNT.count(verdicts.len(), language));
    Line::dotted([all, parts(verdicts, language)])
}

/// Only counts above zero.
fn parts(verdicts: &[PolicyVerdict], language: Language) -> Line {
    let count = |holds: fn(&PolicyVerdict) -> bool| verdicts.iter().filter(|verdict| holds(verdict)).count();
    let counts = [
        (count(PolicyVerdict::refuses), words::REFUSING, Role::Error),
        (count(warns), words::WARNING, Role::Warn),
        (count(PolicyVerdict::is_kept), words::POLICIES_KEPT, Role::Ok),
    ];
    let counts = counts.into_iter().filter(|(count, ..)| *count > 0);
    Line::dotted(counts.map(|(count, noun, role)| Line::new().value(role, noun.count(count, language))))
}

fn warns(verdict: &PolicyVerdict) -> bool {
    verdict.effect == Effect::Warn && !verdict.is_kept()
}

/// Nothing is ever folded here, and nothing is printed when all are kept.
pub fn section(page: &mut Document, verdicts: &[PolicyVerdict], language: Language) {
    let mut shown: Vec<&PolicyVerdict> = verdicts.iter().filter(|verdict| !verdict.is_kept()).collect();
    // Codes stay in order within each group.
    shown.sort_by_key(|verdict| verdict.effect);
    let refuses = shown.first().is_some_and(|verdict| verdict.refuses());
    let blocks = shown.iter().map(|verdict| Block::Entry(entry(verdict, language)));
    let title = Line::new()
        .value(if refuses { Role::Error } else { Role::Warn }, format!("{} ({})", words::POLICIES.say(language), shown.len()))
        .glued(Role::Plain, ":")
        .join(parts(verdicts, language));
    page.part(Section { key: "policies", title, fold: Fold::Never, blocks: blocks.collect() });
}

fn entry(verdict: &PolicyVerdict, language: Language) -> Entry {
    let (role, glyph, word) =
        if verdict.refuses() { (Role::Error, "×", words::REFUSES) } else { (Role::Warn, "!", words::WARNS) };
    let mut notes: Vec<Line> = verdict
        .broken
        .iter()
        .map(|one| Line::new().value(Role::Id, &one.id).glued(Role::Plain, ":").prose(Role::Plain, one.said.say(language)))
        .collect();
    if !verdict.unjudged.is_empty() {
        let silent = Line::new().prose(role, words::UNJUDGED.say(language)).glued(role, ":");
        notes.push(silent.join(Line::listed(Role::Id, verdict.unjudged.iter().cloned())));
    }
    for why in &verdict.unread {
        notes.push(Line::new().prose(role, words::UNASKED.say(language)).glued(role, ":").prose(Role::Plain, why));
    }
    let looked = if verdict.unread.is_empty() {
        Line::new().prose(Role::Muted, words::LOOKED_AT.count(verdict.checked, language))
    } else {
        Line::new()
    };
    Entry {
        mark: Some(Mark { role, glyph, word: word.say(language).to_owned() }),
        head: Line::new().value(Role::Id, &verdict.policy).dot().prose(Role::Plain, verdict.title.say(language)),
        about: vec![Line::dotted([Line::new().value(Role::Muted, place(&verdict.source)), looked])],
        notes,
        ..Entry::default()
    }
}
