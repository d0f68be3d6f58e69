//! One change of a plan as an entry: what, why, when, from which line of the file, before and after.

use crate::model::{Action, Change, Impact, Language, Schemas, Source};

use super::creates::{self, How};
use super::diffs::{self, Tails};
use super::plan::{Detail, PlanOptions};
use super::rows::{Entry, Line, Mark, Role};
use super::{phrases, words};

/// When and why, said once for a group of creates instead of forty times.
pub type Shared<'a> = (&'a str, &'a str);

/// `Some` when all of several changes happen at the same time for the same reason.
pub fn shared<'a>(changes: &[&'a Change]) -> Option<Shared<'a>> {
    let (first, others) = changes.split_first().filter(|(_, others)| !others.is_empty())?;
    let same = others.iter().all(|change| change.when == first.when && change.reason == first.reason);
    same.then_some((first.when.as_str(), first.reason.as_str()))
}

pub fn entry(change: &Change, schemas: &Schemas, options: PlanOptions, shared: Option<Shared<'_>>) -> Entry {
    let PlanOptions { detail, language, .. } = options;
    let schema = schemas.get(change.kind.as_str()).copied();
    // What disappears is never folded, whatever was asked for.
    let detail = if change.impact == Impact::Destructive && detail == Detail::Names { Detail::Changed } else { detail };
    let mut entry = Entry {
        mark: Some(mark(change.action, language)),
        head: resource(&change.id.to_string(), &change.kind, schemas),
        codes: change.risks.iter().map(|risk| risk.code()).collect(),
        ..Entry::default()
    };
    if shared.is_some() {
        entry.head = Line::dotted([entry.head, authored(change)]);
    } else {
        entry.about.push(about(change, language));
    }
    match (change.action, detail) {
        (Action::Create, Detail::Names) => {}
        (Action::Create, _) => creates::fill(&mut entry, change, schema, How { full: detail == Detail::Full, language }),
        (_, Detail::Names) => entry.about.push(names(change, language)),
        _ => entry.rows = diffs::rows(&change.diffs, schema, tails(change, language)),
    }
    if change.unchanged > 0 {
        entry.notes.push(Line::new().prose(Role::Muted, format!("({})", words::UNCHANGED.count(change.unchanged, language))));
    }
    entry.about.retain(|line| !line.is_empty());
    entry
}

fn tails(change: &Change, language: Language) -> Tails {
    Tails { effect: change.action == Action::Update, class: diffs::mixed(&change.diffs), language }
}

fn names(change: &Change, language: Language) -> Line {
    let mut names: Vec<String> = change.diffs.iter().map(|diff| diff.attribute().to_owned()).collect();
    names.dedup();
    if names.is_empty() {
        return Line::new();
    }
    Line::new().value(Role::Muted, words::CHANGES_NAMES.say(language)).join(Line::listed(Role::Path, names))
}

pub fn mark(action: Action, language: Language) -> Mark {
    let (glyph, role) = match action {
        Action::Create => ("+", Role::Create),
        Action::Update => ("~", Role::Update),
        Action::Delete => ("-", Role::Destroy),
        Action::Replace => ("±", Role::Replace),
        Action::Adopt => ("=", Role::Adopt),
    };
    Mark { role, glyph, word: words::action(action).say(language).to_owned() }
}

/// An id and what kind of thing it is.
pub fn resource(id: &str, kind: &str, schemas: &Schemas) -> Line {
    let title = schemas.get(kind).map_or(kind, |schema| schema.title);
    Line::new().value(Role::Id, id).dot().prose(Role::Muted, title)
}

/// `environments/production.yaml:41`
pub fn place(source: &Source) -> String {
    format!("{}:{}", source.file, source.line)
}

fn about(change: &Change, language: Language) -> Line {
    let impact = match change.impact {
        // The mark already says it.
        Impact::Create | Impact::Adopt => Line::new(),
        impact => Line::new().value(impact_role(impact), words::impact(impact).say(language)),
    };
    let class = change.diffs.first().filter(|_| !diffs::mixed(&change.diffs)).and_then(|diff| diffs::class(diff.class));
    // Usually the reason says it already.
    let class = class.filter(|word| !change.reason.contains(word.en));
    Line::dotted([
        impact,
        Line::new().prose(Role::Plain, phrases::say(&change.when, language)),
        Line::new().prose(Role::Plain, reason(change, language)),
        class.map_or_else(Line::new, |word| Line::new().value(Role::Muted, word.say(language))),
        authored(change),
    ])
}

/// A tombstone's reason is what somebody wrote; all others are words of plans.
pub fn reason(change: &Change, language: Language) -> String {
    match change.action {
        Action::Delete => change.reason.clone(),
        _ => phrases::say(&change.reason, language),
    }
}

fn authored(change: &Change) -> Line {
    change.source.as_ref().map_or_else(Line::new, |source| Line::new().value(Role::Muted, place(source)))
}

pub const fn impact_role(impact: Impact) -> Role {
    match impact {
        Impact::Destructive => Role::Destroy,
        Impact::Interruption => Role::Interruption,
        Impact::Exposure => Role::Exposure,
        Impact::Irreversible => Role::Irreversible,
        Impact::InPlace => Role::Update,
        Impact::Create => Role::Create,
        Impact::Adopt => Role::Adopt,
        Impact::TagsOnly => Role::Muted,
    }
}
