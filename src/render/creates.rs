//! What a new resource is made of: short attributes in one paragraph, elements one by one, long values folded.

use crate::model::value::Map;
use crate::model::{AttributeSchema, Attributes, Change, Comparison, Impact, KindSchema, Language, Name, Value};

use super::diffs::{Sign, keyed_row, sign};
use super::rows::{Entry, Line, Role, Row};
use super::{values, words};

/// Longer texts and lists are folded unless the full detail was requested.
const LONG_TEXT: usize = 72;
const LONG_LIST: usize = 8;

/// How much is shown, and in which language.
#[derive(Debug, Clone, Copy)]
pub struct How {
    pub full: bool,
    pub language: Language,
}

/// How one attribute is shown.
enum Shape {
    /// In the paragraph.
    Short(Line),
    /// Under its label, one row each.
    Rows(Vec<Line>),
}

pub fn fill(entry: &mut Entry, change: &Change, schema: Option<&KindSchema>, how: How) {
    let How { full, language } = how;
    let (attributes, tags) = change.created();
    let mut short = Vec::new();
    for (name, value) in ordered(&attributes, schema) {
        match shape(value, schema.and_then(|schema| schema.attribute(name)), how) {
            Shape::Short(line) => short.push(Line::new().value(Role::Path, format!("{name}:")).join(line.clinging())),
            Shape::Rows(lines) => label_once(entry, name.as_str(), lines),
        }
    }
    if full {
        let tags = tags.iter().map(|(key, value)| assigned(key, &Value::from(value.as_str())));
        label_once(entry, "tags", tags.collect());
    } else if !tags.is_empty() {
        short.push(Line::new().value(Role::Muted, words::TAGS.count(tags.len(), language)));
    }
    if !short.is_empty() {
        entry.about.push(Line::dotted(short));
    }
}

/// In the order of the schema, which is the usual reading order; then attributes that no schema knows.
fn ordered<'a>(attributes: &'a Attributes, schema: Option<&KindSchema>) -> Vec<(Name, &'a Value)> {
    let place = |name: Name| {
        schema.and_then(|schema| schema.attributes.iter().position(|known| known.name == name)).unwrap_or(usize::MAX)
    };
    let mut all: Vec<_> = attributes.iter().collect();
    all.sort_by_key(|(name, _)| place(*name));
    all
}

fn shape(value: &Value, attribute: Option<&AttributeSchema>, how: How) -> Shape {
    let How { full, language } = how;
    // Rules of access are never folded; of a policy document the number of statements is shown.
    let open = full || attribute.is_some_and(|attribute| attribute.impact == Impact::Exposure);
    let fits = |count: usize| open || count <= LONG_LIST;
    let statements = match attribute {
        Some(AttributeSchema { comparison: Comparison::Policy, .. }) => values::statements(value),
        Some(AttributeSchema { comparison: Comparison::Policies, .. }) => values::named_statements(value),
        _ => Vec::new(),
    };
    if !statements.is_empty() {
        if !full {
            return Shape::Short(Line::new().value(Role::Plain, words::STATEMENTS.count(statements.len(), language)));
        }
        let rows = statements
            .into_iter()
            .map(|(sid, map)| sign(Sign::Add, &format!("{sid}:")).join(values::statement(map, Role::Plain)));
        return Shape::Rows(rows.collect());
    }
    match value {
        Value::List(items) if !fits(items.len()) => {
            Shape::Short(Line::new().value(Role::Plain, words::ELEMENTS.count(items.len(), language)))
        }
        Value::Map(map) if !fits(map.len()) => {
            Shape::Short(Line::new().value(Role::Plain, words::ENTRIES.count(map.len(), language)))
        }
        Value::Map(map) if !map.is_empty() => Shape::Rows(map.iter().map(|(key, value)| assigned(key, value)).collect()),
        Value::Text(text) if !full && text.chars().count() > LONG_TEXT => {
            Shape::Short(Line::new().value(Role::Plain, words::CHARACTERS.count(text.chars().count(), language)))
        }
        _ => match keyed(value) {
            Some(maps) => {
                let key = values::key_of(attribute);
                Shape::Rows(maps.into_iter().map(|map| keyed_row(Sign::Add, map, key)).collect())
            }
            None => scalar(value, attribute, full),
        },
    }
}

fn scalar(value: &Value, attribute: Option<&AttributeSchema>, full: bool) -> Shape {
    let line = values::cells(value, Role::Plain, attribute.and_then(|attribute| attribute.unit));
    if full { Shape::Rows(vec![line]) } else { Shape::Short(line) }
}

fn assigned(key: &str, value: &Value) -> Line {
    sign(Sign::Add, key).value(Role::Muted, "=").join(values::cells(value, Role::Plain, None).clinging())
}

fn keyed(value: &Value) -> Option<Vec<&Map>> {
    let items = value.as_list().filter(|items| !items.is_empty())?;
    items.iter().map(Value::as_map).collect()
}

fn label_once(entry: &mut Entry, name: &str, lines: Vec<Line>) {
    for (index, body) in lines.into_iter().enumerate() {
        let label = if index == 0 { name.to_owned() } else { String::new() };
        entry.rows.push(Row { label, body });
    }
}
