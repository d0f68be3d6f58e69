//! Differences as rows: an attribute per label, an element per row, by the identity in the difference's path.

use std::collections::BTreeSet;

use crate::model::path::Path;
use crate::model::schema;
use crate::model::value::Map;
use crate::model::{AttributeSchema, Class, Comparison, Diff, Explained, Impact, KindSchema, Language, Mutability, Value};

use super::rows::{Line, Role, Row};
use super::{values, words};

/// Marks of a row besides before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tails {
    /// `[restart]`, `[next window]`, `[one-way]`: for a change that will be made, not for one that happened.
    pub effect: bool,
    /// AWS applies the change at once, whatever the rows of the kind say.
    pub at_once: bool,
    /// `[drifted]`: when the differences of one resource are not all of one class.
    pub class: bool,
    pub language: Language,
}

/// The rows of one resource. An attribute with several elements has its label once.
pub fn rows(diffs: &[Diff], schema: Option<&KindSchema>, tails: Tails) -> Vec<Row> {
    let mut found: Vec<Row> = Vec::new();
    let mut current = None;
    for diff in diffs {
        let path = schema::parts(&diff.path, schema);
        let attribute = schema.and_then(|schema| schema.attribute(path.attribute));
        for body in bodies(diff, &path, attribute) {
            let body = body.join(tail(diff, attribute, tails));
            let label = if current == Some(path.attribute) { String::new() } else { path.attribute.to_owned() };
            current = Some(path.attribute);
            found.push(Row { label, body });
        }
    }
    found
}

/// Whether the differences are of more than one class: then each row says its own.
pub fn mixed(diffs: &[Diff]) -> bool {
    diffs.iter().map(|diff| diff.class).collect::<BTreeSet<_>>().len() > 1
}

/// A class in words, unless it is the usual one, a change of the files.
pub const fn class(class: Class) -> Option<Explained> {
    match class {
        Class::Change => None,
        Class::Drift => Some(words::DRIFTED_COUNT),
        Class::Unknown => Some(words::CAUSE_UNKNOWN),
        Class::Pending => Some(words::PENDING_CLASS),
        Class::ServiceManaged => Some(words::MANAGED_CLASS),
    }
}

fn tail(diff: &Diff, attribute: Option<&AttributeSchema>, tails: Tails) -> Line {
    let mut line = Line::new();
    if tails.effect
        && let Some(attribute) = attribute
    {
        let (mutability, impact) = attribute.effect(&diff.before, &diff.after);
        line = match mutability {
            Mutability::Reboot => line.value(Role::Interruption, words::RESTART.say(tails.language)),
            Mutability::Window if !tails.at_once => line.value(Role::Interruption, words::NEXT_WINDOW.say(tails.language)),
            Mutability::Forbidden(_) => line.value(Role::Error, words::CANNOT_CHANGE.say(tails.language)),
            Mutability::Window | Mutability::InPlace | Mutability::Staged(_) => line,
        };
        if attribute.no_way_back(diff).is_some() || impact == Impact::Irreversible {
            line = line.value(Role::Irreversible, words::ONE_WAY_TAIL.say(tails.language));
        }
    }
    if tails.class
        && let Some(word) = class(diff.class)
    {
        line = line.value(Role::Muted, format!("[{}]", word.say(tails.language)));
    }
    line
}

fn bodies(diff: &Diff, path: &Path<'_>, attribute: Option<&AttributeSchema>) -> Vec<Line> {
    let policy = attribute.is_some_and(|attribute| matches!(attribute.comparison, Comparison::Policy | Comparison::Policies));
    match (path.element, path.field) {
        (Some(element), Some(field)) if path.item.is_some() => {
            let way = if diff.before.is_null() { Sign::Add } else { Sign::Remove };
            vec![sign(way, &format!("{element} {field}: {}", path.item.unwrap_or_default()))]
        }
        (Some(element), Some(field)) => {
            vec![sign(Sign::Change, &format!("{element} {field}:")).join(arrow(&diff.before, &diff.after, None))]
        }
        (Some(element), None) => vec![element_row(element, diff, values::key_of(attribute), policy)],
        (None, _) if policy => documents(diff),
        (None, _) => vec![arrow(&diff.before, &diff.after, attribute.and_then(|attribute| attribute.unit))],
    }
}

#[derive(Clone, Copy)]
pub enum Sign {
    Add,
    Change,
    Remove,
}

/// The sign stays with the name of the element.
pub fn sign(sign: Sign, name: &str) -> Line {
    let (glyph, role) = match sign {
        Sign::Add => ("+", Role::Create),
        Sign::Change => ("~", Role::Update),
        Sign::Remove => ("-", Role::Destroy),
    };
    Line::new().value(role, format!("{glyph} {name}"))
}

fn element_row(element: &str, diff: &Diff, key: &[&str], policy: bool) -> Line {
    match (&diff.before, &diff.after) {
        (Value::Null, after) => whole(Sign::Add, element, after, key, policy),
        (before, Value::Null) => whole(Sign::Remove, element, before, key, policy),
        (Value::Map(before), Value::Map(after)) => sign(Sign::Change, &format!("{element}:")).join(moved(before, after)),
        (before, after) => sign(Sign::Change, &format!("{element}:")).join(arrow(before, after, None)),
    }
}

/// An added or removed element: its identity, and its other fields.
fn whole(way: Sign, element: &str, value: &Value, key: &[&str], policy: bool) -> Line {
    match value {
        Value::Map(map) if policy => sign(way, &format!("{element}:")).join(values::statement(map, Role::Plain)),
        Value::Map(map) => Line::dotted([sign(way, element), values::fields(map, key, Role::Plain)]),
        other if other.to_string() == element => sign(way, element),
        other => sign(way, element).value(Role::Muted, "=").join(values::cells(other, Role::Plain, None).clinging()),
    }
}

/// The same, when there is no difference to take the identity from.
pub fn keyed_row(way: Sign, map: &Map, key: &[&str]) -> Line {
    Line::dotted([sign(way, &values::identity(map, key)), values::fields(map, key, Role::Plain)])
}

/// Only the fields that differ, at any depth: `Principal.AWS: a → b`.
fn moved(before: &Map, after: &Map) -> Line {
    let mut found = Vec::new();
    descend("", before, after, &mut found);
    Line::dotted(found)
}

fn descend(prefix: &str, before: &Map, after: &Map, found: &mut Vec<Line>) {
    let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    for name in names {
        let path = format!("{prefix}{name}");
        let (old, new) = (before.get(name).unwrap_or(&Value::Null), after.get(name).unwrap_or(&Value::Null));
        match (old, new) {
            (Value::Map(old), Value::Map(new)) => descend(&format!("{path}."), old, new, found),
            _ if old == new => {}
            _ => found.push(Line::new().value(Role::Plain, format!("{path}:")).join(arrow(old, new, None).clinging())),
        }
    }
}

/// Two whole policy documents, by statement.
fn documents(diff: &Diff) -> Vec<Line> {
    let (before, after) = (values::statements(&diff.before), values::statements(&diff.after));
    if before.is_empty() && after.is_empty() {
        return vec![arrow(&diff.before, &diff.after, None)];
    }
    let mut lines = Vec::new();
    for (sid, old) in &before {
        match after.iter().find(|(other, _)| other == sid) {
            Some((_, new)) if new != old => lines.push(sign(Sign::Change, &format!("{sid}:")).join(moved(old, new))),
            Some(_) => {}
            None => lines.push(sign(Sign::Remove, &format!("{sid}:")).join(values::statement(old, Role::Plain))),
        }
    }
    for (sid, new) in after.iter().filter(|(sid, _)| !before.iter().any(|(other, _)| other == sid)) {
        lines.push(sign(Sign::Add, &format!("{sid}:")).join(values::statement(new, Role::Plain)));
    }
    if lines.is_empty() { vec![arrow(&diff.before, &diff.after, None)] } else { lines }
}

/// `7 → 35 days (+28)`, whole when it fits on a line. Between lists it breaks by element; the arrow leads what follows.
fn arrow(before: &Value, after: &Value, unit: Option<&str>) -> Line {
    let both = matches!((before, after), (Value::Int(_), Value::Int(_)));
    let left = values::cells(before, Role::Before, unit.filter(|_| !both));
    let right = values::cells(after, Role::After, unit).clinging();
    let line =
        if left.0.len() == 1 && right.0.len() == 1 { left.glued(Role::Plain, " →") } else { left.value(Role::Plain, "→") };
    match (before, after) {
        (Value::Int(before), Value::Int(after)) => {
            line.join(right).glued(Role::Muted, format!(" ({:+})", i128::from(*after) - i128::from(*before)))
        }
        _ => line.join(right),
    }
}
