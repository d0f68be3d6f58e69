//! The upstream comparison in words: what was never executed comes first; what is the same is only counted.

use crate::govern::upstream::{Likeness, Row, UpstreamComparison, resources};
use crate::model::{Action, Operation};

use super::rows::{Block, Document, Entry, Line, Mark, Role, Row as Shown, counted};
use super::values;

/// `The same change as in staging except 3 of 41 values`
pub fn section(page: &mut Document, upstream: &UpstreamComparison) {
    if upstream.rows.is_empty() {
        return;
    }
    let (with, all) = (upstream.with, counted(upstream.rows.len(), "value", "values"));
    let exceptions = upstream.exceptions();
    if exceptions.is_empty() {
        page.line(
            Line::new().value(Role::Ok, format!("The same change as in {with}")).glued(Role::Muted, format!(": all {all}")),
        );
        return;
    }
    let title = Line::new()
        .value(Role::Heading, format!("The same change as in {with} except"))
        .prose(Role::Heading, format!("{} of {all}", exceptions.len()));
    page.section(title, resources(exceptions).into_iter().map(|id| entry(upstream, id)).map(Block::Entry).collect());
}

fn entry(upstream: &UpstreamComparison, id: &crate::model::ResourceId) -> Entry {
    let own = || upstream.rows.iter().filter(|row| row.id == *id);
    let same = own().filter(|row| row.likeness == Likeness::Same).count();
    let unlike: Vec<&Row> = own().filter(|row| row.likeness != Likeness::Same).collect();
    let never = unlike.iter().any(|row| row.likeness == Likeness::Never);
    let mark = if never {
        Mark { role: Role::Warn, glyph: "!", word: "never".to_owned() }
    } else {
        Mark { role: Role::Plain, glyph: "≈", word: "other".to_owned() }
    };
    let mut rows = elsewhere(&unlike, own().count());
    rows.extend(
        unlike.iter().filter(|row| !matches!(row.likeness, Likeness::OtherResource { .. })).map(|row| line(upstream, row)),
    );
    let notes = if same > 0 { vec![Line::new().prose(Role::Muted, format!("({same} the same)"))] } else { Vec::new() };
    let action = unlike.first().map_or("", |row| row.action.as_str());
    let head = Line::new().value(Role::Id, id.to_string()).dot().value(Role::Plain, action);
    Entry { mark: Some(mark), head, rows, notes, ..Entry::default() }
}

/// What another resource did there, one row for each. `all` is the number of values that the resource has here.
fn elsewhere(rows: &[&Row], all: usize) -> Vec<Shown> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for row in rows {
        let Likeness::OtherResource { resource: id } = &row.likeness else { continue };
        let (id, path) = (id.to_string(), row.path.clone().unwrap_or_else(|| "deleted".to_owned()));
        match found.iter_mut().find(|(known, _)| *known == id) {
            Some((_, paths)) => paths.push(path),
            None => found.push((id, vec![path])),
        }
    }
    let shown = |(id, paths): (String, Vec<String>)| Shown {
        label: format!("done there on {id}"),
        body: if paths.len() == all && all > 1 {
            Line::new().prose(Role::Plain, format!("all {all} values"))
        } else {
            Line::listed(Role::Plain, paths)
        },
    };
    found.into_iter().map(shown).collect()
}

fn line(upstream: &UpstreamComparison, row: &Row) -> Shown {
    let with = upstream.with;
    let after =
        Line::new().value(Role::After, if row.after.is_null() { "(absent)".to_owned() } else { values::plain(&row.after) });
    let body = match &row.likeness {
        Likeness::Never if row.action == Action::Delete => {
            Line::new().prose(Role::Warn, format!("nothing of this kind was deleted in {with}"))
        }
        Likeness::Never => after.prose(Role::Warn, format!("never executed in {with}")),
        Likeness::OtherValue { there: Some(there) } => {
            after.glued(Role::Muted, format!(", in {with}")).value(Role::Before, values::plain(there))
        }
        Likeness::OtherValue { there: None } => after.prose(Role::Muted, format!("other elements of it were executed in {with}")),
        Likeness::OtherOperation { operation } => after.prose(
            Role::Warn,
            if *operation == Operation::Create {
                format!("only made with it in {with}, never changed to it")
            } else {
                format!("only changed to it in {with}, never made with it")
            },
        ),
        Likeness::OtherResource { .. } | Likeness::Same => after,
    };
    Shown { label: row.path.clone().unwrap_or_else(|| "deleted".to_owned()), body }
}
