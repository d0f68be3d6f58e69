//! The upstream comparison in words: what was never executed comes first; what is the same is only counted.

use crate::govern::upstream::{Likeness, Row, UpstreamComparison, resources};
use crate::model::{Action, Language, Operation};

use super::rows::{Block, Document, Entry, Line, Mark, Role, Row as Shown, counted};
use super::values;
use super::words::{self, either};

/// `The same change as in staging except 3 of 41 values`
pub fn section(page: &mut Document, upstream: &UpstreamComparison, language: Language) {
    if upstream.rows.is_empty() {
        return;
    }
    let (with, count) = (upstream.with, upstream.rows.len());
    let all = counted(count, "value", "values");
    let exceptions = upstream.exceptions();
    if exceptions.is_empty() {
        let same = either(language, format!("The same change as in {with}"), format!("{with} と同じ変更です"));
        let all = either(language, format!(": all {all}"), format!(": 値 {count} 個すべて"));
        page.line(Line::new().value(Role::Ok, same).glued(Role::Muted, all));
        return;
    }
    let title = match language {
        Language::En => Line::new()
            .value(Role::Heading, format!("The same change as in {with} except"))
            .prose(Role::Heading, format!("{} of {all}", exceptions.len())),
        Language::Ja => {
            let words = format!("{with} と同じ変更です（値 {count} 個のうち {} 個を除く）", exceptions.len());
            Line::new().prose(Role::Heading, words)
        }
    };
    let entries = resources(exceptions).into_iter().map(|id| entry(upstream, id, language));
    page.section(title, entries.map(Block::Entry).collect());
}

fn entry(upstream: &UpstreamComparison, id: &crate::model::ResourceId, language: Language) -> Entry {
    let own = || upstream.rows.iter().filter(|row| row.id == *id);
    let same = own().filter(|row| row.likeness == Likeness::Same).count();
    let unlike: Vec<&Row> = own().filter(|row| row.likeness != Likeness::Same).collect();
    let never = unlike.iter().any(|row| row.likeness == Likeness::Never);
    let mark = if never {
        Mark { role: Role::Warn, glyph: "!", word: either(language, "never", "未実施") }
    } else {
        Mark { role: Role::Plain, glyph: "≈", word: either(language, "other", "別の値") }
    };
    let mut rows = elsewhere(&unlike, own().count(), language);
    rows.extend(
        unlike
            .iter()
            .filter(|row| !matches!(row.likeness, Likeness::OtherResource { .. }))
            .map(|row| line(upstream, row, language)),
    );
    let notes = if same > 0 {
        vec![Line::new().prose(Role::Muted, either(language, format!("({same} the same)"), format!("（同じ値 {same} 個）")))]
    } else {
        Vec::new()
    };
    let action = unlike.first().map_or("", |row| words::action(row.action).say(language));
    let head = Line::new().value(Role::Id, id.to_string()).dot().value(Role::Plain, action);
    Entry { mark: Some(mark), head, rows, notes, ..Entry::default() }
}

/// What another resource did there, one row for each. `all` is the number of values that the resource has here.
fn elsewhere(rows: &[&Row], all: usize, language: Language) -> Vec<Shown> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for row in rows {
        let Likeness::OtherResource { resource: id } = &row.likeness else { continue };
        let (id, path) = (id.to_string(), row.path.clone().unwrap_or_else(|| deleted(language)));
        match found.iter_mut().find(|(known, _)| *known == id) {
            Some((_, paths)) => paths.push(path),
            None => found.push((id, vec![path])),
        }
    }
    let shown = |(id, paths): (String, Vec<String>)| Shown {
        label: either(language, format!("done there on {id}"), format!("別のリソースで実施: {id}")),
        body: if paths.len() == all && all > 1 {
            Line::new().prose(Role::Plain, either(language, format!("all {all} values"), format!("値 {all} 個すべて")))
        } else {
            Line::listed(Role::Plain, paths)
        },
    };
    found.into_iter().map(shown).collect()
}

fn deleted(language: Language) -> String {
    either(language, "deleted", "削除")
}

fn line(upstream: &UpstreamComparison, row: &Row, language: Language) -> Shown {
    let with = upstream.with;
    let absent = || either(language, "(absent)", "(なし)");
    let after = Line::new().value(Role::After, if row.after.is_null() { absent() } else { values::plain(&row.after) });
    let body = match &row.likeness {
        Likeness::Never if row.action == Action::Delete => {
            let never = either(
                language,
                format!("nothing of this kind was deleted in {with}"),
                format!("この種類のリソースを {with} で削除したことはありません"),
            );
            Line::new().prose(Role::Warn, never)
        }
        Likeness::Never => {
            let never = either(language, format!("never executed in {with}"), format!("{with} で未実施"));
            after.prose(Role::Warn, never)
        }
        Likeness::OtherValue { there: Some(there) } => after
            .glued(Role::Muted, either(language, format!(", in {with}"), format!("、{with} では")))
            .value(Role::Before, values::plain(there)),
        Likeness::OtherValue { there: None } => {
            let other = either(
                language,
                format!("other elements of it were executed in {with}"),
                format!("{with} ではほかの要素だけを変更しました"),
            );
            after.prose(Role::Muted, other)
        }
        Likeness::OtherOperation { operation: Operation::Create } => {
            let made = either(
                language,
                format!("only made with it in {with}, never changed to it"),
                format!("{with} ではこの値で作成しましたが、この値への変更は未実施です"),
            );
            after.prose(Role::Warn, made)
        }
        Likeness::OtherOperation { .. } => {
            let changed = either(
                language,
                format!("only changed to it in {with}, never made with it"),
                format!("{with} ではこの値に変更しましたが、この値での作成は未実施です"),
            );
            after.prose(Role::Warn, changed)
        }
        Likeness::OtherResource { .. } | Likeness::Same => after,
    };
    Shown { label: row.path.clone().unwrap_or_else(|| deleted(language)), body }
}
