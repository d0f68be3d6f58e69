//! One change of a plan as an entry: what, why, when, from which line of the file, before and after.

use crate::model::{Action, Change, Impact, Schemas, Source};

use super::creates;
use super::diffs::{self, Tails};
use super::plan::Detail;
use super::rows::{Entry, Line, Mark, Role};

/// When and why, said once for a group of creates instead of forty times.
pub type Shared<'a> = (&'a str, &'a str);

/// `Some` when all of several changes happen at the same time for the same reason.
pub fn shared<'a>(changes: &[&'a Change]) -> Option<Shared<'a>> {
    let (first, others) = changes.split_first().filter(|(_, others)| !others.is_empty())?;
    let same = others.iter().all(|change| change.when == first.when && change.reason == first.reason);
    same.then_some((first.when.as_str(), first.reason.as_str()))
}

pub fn entry(change: &Change, schemas: &Schemas, detail: Detail, shared: Option<Shared<'_>>) -> Entry {
    let schema = schemas.get(change.kind.as_str()).copied();
    // What disappears is never folded, whatever was asked for.
    let detail = if change.impact == Impact::Destructive && detail == Detail::Names { Detail::Changed } else { detail };
    let mut entry =
        Entry { mark: Some(mark(change.action)), head: head(change, schemas).join(risks(change)), ..Entry::default() };
    if shared.is_some() {
        entry.head = Line::dotted([head(change, schemas), authored(change)]).join(risks(change));
    } else {
        entry.about.push(about(change));
    }
    match (change.action, detail) {
        (Action::Create, Detail::Names) => {}
        (Action::Create, _) => creates::fill(&mut entry, change, schema, detail == Detail::Full),
        (_, Detail::Names) => entry.about.push(names(change)),
        _ => entry.rows = diffs::rows(&change.diffs, schema, tails(change)),
    }
    if change.unchanged > 0 {
        entry.notes.push(Line::new().prose(Role::Muted, format!("({} unchanged)", change.unchanged)));
    }
    entry.about.retain(|line| !line.is_empty());
    entry
}

fn tails(change: &Change) -> Tails {
    Tails { effect: change.action == Action::Update, class: diffs::mixed(&change.diffs) }
}

fn names(change: &Change) -> Line {
    let mut names: Vec<String> = change.diffs.iter().map(|diff| diff.attribute().to_owned()).collect();
    names.dedup();
    if names.is_empty() { Line::new() } else { Line::new().value(Role::Muted, "changes").join(Line::listed(Role::Path, names)) }
}

pub fn mark(action: Action) -> Mark {
    let (glyph, role) = match action {
        Action::Create => ("+", Role::Create),
        Action::Update => ("~", Role::Update),
        Action::Delete => ("-", Role::Destroy),
        Action::Replace => ("±", Role::Replace),
        Action::Adopt => ("=", Role::Adopt),
    };
    Mark { role, glyph, word: action.as_str().to_owned() }
}

/// `[AV201 IR401]`: `tokaido explain` says what each means.
fn risks(change: &Change) -> Line {
    let codes: Vec<_> = change.risks.iter().map(|risk| risk.code()).collect();
    if codes.is_empty() { Line::new() } else { Line::new().whole(Role::Warn, format!("[{}]", codes.join(" "))) }
}

fn head(change: &Change, schemas: &Schemas) -> Line {
    resource(&change.id.to_string(), &change.kind, schemas)
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

fn about(change: &Change) -> Line {
    let impact = match change.impact {
        // The mark already says it.
        Impact::Create | Impact::Adopt => Line::new(),
        impact => Line::new().value(impact_role(impact), impact.as_str()),
    };
    let class = change.diffs.first().filter(|_| !diffs::mixed(&change.diffs)).and_then(|diff| diffs::class(diff.class));
    // Usually the reason says it already.
    let class = class.filter(|word| !change.reason.contains(word));
    Line::dotted([
        impact,
        Line::new().prose(Role::Plain, &change.when),
        Line::new().prose(Role::Plain, &change.reason),
        class.map_or_else(Line::new, |word| Line::new().value(Role::Muted, word)),
        authored(change),
    ])
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
