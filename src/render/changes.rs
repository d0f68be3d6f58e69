//! One change of a plan as an entry: what, why, when, from which line of the file, before and after.

use std::collections::BTreeMap;

use crate::model::tags::Tags;
use crate::model::{Action, Attributes, Change, Comparison, Impact, KindSchema, Schemas, Source, Value};

use super::diffs::{self, Sign, Tails, sign};
use super::plan::Detail;
use super::rows::{Entry, Line, Mark, Role, Row, counted};
use super::values;

/// Longer texts and lists of a new resource are folded unless everything is asked for.
const LONG_TEXT: usize = 72;
const LONG_LIST: usize = 8;

pub fn entry(change: &Change, schemas: &Schemas, detail: Detail) -> Entry {
    let schema = schemas.get(change.kind.as_str()).copied();
    // What disappears is never folded, whatever was asked for.
    let detail = if change.impact == Impact::Destructive && detail == Detail::Names { Detail::Changed } else { detail };
    let mut entry =
        Entry { mark: Some(mark(change.action)), head: head(change, schemas), about: vec![about(change)], ..Entry::default() };
    match (change.action, detail) {
        (Action::Create, Detail::Names) => {
            entry.notes.push(folded(&format!("({})", counted(change.created().0.len(), "attribute", "attributes"))));
        }
        (Action::Create, _) => {
            let (attributes, tags) = change.created();
            fill_create(&mut entry, &attributes, &tags, schema, detail);
        }
        (_, Detail::Names) => entry.about.push(names(change)),
        _ => entry.rows = diffs::rows(&change.diffs, schema, tails(change)),
    }
    if change.unchanged > 0 {
        entry.notes.push(folded(&format!("({} unchanged)", change.unchanged)));
    }
    entry.about.retain(|line| !line.is_empty());
    entry
}

fn tails(change: &Change) -> Tails {
    Tails { effect: change.action == Action::Update, class: diffs::mixed(&change.diffs) }
}

fn folded(text: &str) -> Line {
    Line::new().prose(Role::Muted, text)
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
    Line::dotted([
        impact,
        Line::new().prose(Role::Plain, &change.when),
        Line::new().prose(Role::Plain, &change.reason),
        class.map_or_else(Line::new, |word| Line::new().value(Role::Muted, word)),
        change.source.as_ref().map_or_else(Line::new, |source| Line::new().value(Role::Muted, place(source))),
    ])
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

/// Short attributes in one paragraph, lists by element, long ones folded with their size.
fn fill_create(entry: &mut Entry, attributes: &Attributes, tags: &Tags, schema: Option<&KindSchema>, detail: Detail) {
    let full = detail == Detail::Full;
    let mut short = Vec::new();
    for (name, value) in ordered(attributes, schema) {
        let attribute = schema.and_then(|schema| schema.attribute(name));
        let unit = attribute.and_then(|attribute| attribute.unit);
        let policy = attribute.is_some_and(|attribute| attribute.comparison == Comparison::Policy);
        let exposed = attribute.is_some_and(|attribute| attribute.impact == Impact::Exposure);
        if policy {
            let statements = values::statements(value);
            if full {
                let lines = statements
                    .iter()
                    .map(|(sid, map)| sign(Sign::Add, &format!("{sid}:")).join(values::statement(map, Role::Plain)));
                label_once(entry, name, lines.collect());
            } else {
                short.push(named(name, Line::new().value(Role::Plain, counted(statements.len(), "statement", "statements"))));
            }
        } else if let Some(maps) = keyed(value) {
            if full || exposed || maps.len() <= LONG_LIST {
                let key = values::key_of(attribute);
                let lines = maps.into_iter().map(|map| diffs::keyed_row(Sign::Add, map, key));
                label_once(entry, name, lines.collect());
            } else {
                short.push(named(name, Line::new().value(Role::Plain, format!("{} elements", maps.len()))));
            }
        } else if full {
            entry.rows.push(Row { label: name.clone(), body: values::cells(value, Role::Plain, unit) });
        } else {
            short.push(named(name, fold(value, unit)));
        }
    }
    if full {
        let tags = tags.iter().map(|(key, value)| {
            sign(Sign::Add, key)
                .value(Role::Muted, "=")
                .glued(Role::Plain, format!(" {}", values::plain(&Value::from(value.as_str()))))
        });
        label_once(entry, "tags", tags.collect());
    } else if !tags.is_empty() {
        short.push(Line::new().value(Role::Muted, counted(tags.len(), "tag", "tags")));
    }
    if !short.is_empty() {
        entry.about.push(Line::dotted(short));
    }
}

/// In the order of the schema, which is the order in which people think of them; then what no schema knows.
fn ordered<'a>(attributes: &'a Attributes, schema: Option<&KindSchema>) -> Vec<(&'a String, &'a Value)> {
    let place = |name: &str| {
        schema.and_then(|schema| schema.attributes.iter().position(|known| known.name == name)).unwrap_or(usize::MAX)
    };
    let mut all: Vec<_> = attributes.iter().collect();
    all.sort_by_key(|(name, _)| place(name));
    all
}

fn label_once(entry: &mut Entry, name: &str, lines: Vec<Line>) {
    for (index, body) in lines.into_iter().enumerate() {
        let label = if index == 0 { name.to_owned() } else { String::new() };
        entry.rows.push(Row { label, body });
    }
}

/// `multi_az: true`, the name staying with its value.
fn named(name: &str, value: Line) -> Line {
    Line::new().value(Role::Path, format!("{name}:")).join(value.clinging())
}

fn keyed(value: &Value) -> Option<Vec<&BTreeMap<String, Value>>> {
    let items = value.as_list().filter(|items| !items.is_empty())?;
    items.iter().map(Value::as_map).collect()
}

fn fold(value: &Value, unit: Option<&str>) -> Line {
    match value {
        Value::Text(text) if text.chars().count() > LONG_TEXT => {
            Line::new().value(Role::Plain, counted(text.chars().count(), "character", "characters"))
        }
        Value::List(items) if items.len() > LONG_LIST => Line::new().value(Role::Plain, format!("{} elements", items.len())),
        Value::Map(map) if map.len() > LONG_LIST => Line::new().value(Role::Plain, format!("{} entries", map.len())),
        value => values::cells(value, Role::Plain, unit),
    }
}
