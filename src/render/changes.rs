//! One change of a plan as an entry: what, why, when, its line in the file, before and after.

use crate::model::reason::plan::{ChangeReason, Timing};
use crate::model::{Action, Change, Class, Impact, Language, Schemas, Source, Stated};
use crate::plan::remedy;

use super::creates::{self, How};
use super::diffs::{self, Tails};
use super::options::{Detail, PlanOptions};
use super::rows::{Entry, Line, Mark, Role};
use super::words;

/// When and why, printed once for a group of creates instead of forty times.
pub type Shared<'a> = (&'a [Stated<Timing>], &'a Stated<ChangeReason>);

/// `Some` when all of several changes happen at the same time for the same reason.
pub fn shared<'a>(changes: &[&'a Change]) -> Option<Shared<'a>> {
    let (first, others) = changes.split_first().filter(|(_, others)| !others.is_empty())?;
    let same = others.iter().all(|change| change.when == first.when && change.reason == first.reason);
    same.then_some((first.when.as_slice(), &first.reason))
}

pub fn entry(change: &Change, schemas: &Schemas, options: PlanOptions, shared: Option<Shared<'_>>) -> Entry {
    let PlanOptions { detail, language, .. } = options;
    let schema = schemas.get(change.kind.as_str()).copied();
    // A destructive change is never folded, whatever the options say.
    let detail = if change.impact == Impact::Destructive && detail == Detail::Names { Detail::Changed } else { detail };
    let mut entry = Entry {
        mark: Some(mark(change.action, language)),
        head: resource(&change.id.to_string(), &change.kind, schemas, language),
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
    let at_once = remedy::state(change).is_some();
    Tails { effect: change.action == Action::Update, at_once, class: diffs::mixed(&change.diffs), language }
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
pub fn resource(id: &str, kind: &str, schemas: &Schemas, language: Language) -> Line {
    let title = schemas.get(kind).map_or(kind, |schema| schema.titled().say(language));
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
    let class = change.diffs.first().filter(|diff| !diffs::mixed(&change.diffs) && !says(&change.reason, diff.class));
    let class = class.and_then(|diff| diffs::class(diff.class));
    Line::dotted([
        impact,
        Line::new().prose(Role::Plain, when(&change.when, language)),
        Line::new().prose(Role::Plain, change.reason.say(language)),
        class.map_or_else(Line::new, |word| Line::new().value(Role::Muted, word.say(language))),
        authored(change),
    ])
}

/// `now; multi_az in the next maintenance window`
pub fn when(parts: &[Stated<Timing>], language: Language) -> String {
    let separator = if language == Language::En { "; " } else { "、" };
    parts.iter().map(|part| part.say(language)).collect::<Vec<_>>().join(separator)
}

/// Whether the reason names the class of the differences already.
fn says(reason: &Stated<ChangeReason>, class: Class) -> bool {
    use ChangeReason::{Drifted, DriftedAndDeclared, DriftedInPart};
    class == Class::Drift && matches!(reason.ours(), Some(Drifted | DriftedAndDeclared | DriftedInPart))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::reason::plan::{At, Of};

    /// Two times in one line: each is said in the reader's language.
    #[test]
    fn several_times_are_said_one_after_the_other() {
        let multi_az = Of(vec![crate::kinds::db_instance::at::multi_az.name()]);
        let parts = [Timing::Now.into(), Timing::Window { of: multi_az, at: At(Some("Sun 05:00".to_owned())) }.into()];
        assert_eq!(when(&parts, Language::En), "now; multi_az in the next maintenance window (Sun 05:00)");
        assert_eq!(when(&parts, Language::Ja), "すぐに反映、multi_az は次のメンテナンス時間帯に反映 (Sun 05:00)");
    }
}
