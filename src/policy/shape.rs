//! The schema of the input as something to walk through. A place is a JSON pointer into the schema. Imports nothing.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value as Json;

use super::schema::input_schema;

static SCHEMA: LazyLock<Json> = LazyLock::new(input_schema);

/// A place in the schema that is no reference and no choice.
pub(super) type Place = String;

/// What is behind a field, or why nothing is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Behind {
    Places(BTreeSet<Place>),
    /// Nobody knows what is there: a policy document, a value of any attribute.
    Anything,
    Nothing,
}

pub(super) fn root() -> BTreeSet<Place> {
    [String::new()].into()
}

fn at(place: &str) -> &'static Json {
    SCHEMA.pointer(place).unwrap_or(&Json::Null)
}

/// References and choices resolved.
fn concrete(place: String, found: &mut BTreeSet<Place>) {
    let node = at(&place);
    if let Some(target) = node["$ref"].as_str() {
        return concrete(target.trim_start_matches('#').to_owned(), found);
    }
    let mut chosen = false;
    for choice in ["anyOf", "oneOf"] {
        for index in 0..node[choice].as_array().map_or(0, Vec::len) {
            chosen = true;
            concrete(format!("{place}/{choice}/{index}"), found);
        }
    }
    if !chosen {
        found.insert(place);
    }
}

fn places(place: String) -> Behind {
    match at(&place) {
        Json::Bool(true) => Behind::Anything,
        Json::Object(map) if map.is_empty() => Behind::Anything,
        _ => {
            let mut found = BTreeSet::new();
            concrete(place, &mut found);
            Behind::Places(found)
        }
    }
}

fn is(place: &str, word: &str) -> bool {
    let kind = &at(place)["type"];
    kind == word || kind.as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == word))
}

/// The field of this name.
pub(super) fn field(place: &str, name: &str) -> Behind {
    let node = at(place);
    if node["properties"].get(name).is_some() {
        let name = name.replace('~', "~0").replace('/', "~1");
        return places(format!("{place}/properties/{name}"));
    }
    rest(place)
}

/// Whatever has a name that the schema does not list.
fn rest(place: &str) -> Behind {
    let node = at(place);
    match &node["additionalProperties"] {
        Json::Bool(true) => Behind::Anything,
        Json::Object(_) => places(format!("{place}/additionalProperties")),
        // An object of which nothing is said at all.
        Json::Null if is(place, "object") && node.get("properties").is_none() => Behind::Anything,
        _ => Behind::Nothing,
    }
}

/// An element of a list.
pub(super) fn item(place: &str) -> Behind {
    match at(place).get("items") {
        Some(_) => places(format!("{place}/items")),
        None if is(place, "array") => Behind::Anything,
        None => Behind::Nothing,
    }
}

/// Every field, and what else may be in it.
pub(super) fn everything(place: &str) -> Behind {
    let mut found = BTreeSet::new();
    let all = names(place).into_iter().map(|name| field(place, &name)).chain([item(place), rest(place)]);
    for behind in all {
        match behind {
            Behind::Anything => return Behind::Anything,
            Behind::Places(places) => found.extend(places),
            Behind::Nothing => {}
        }
    }
    if found.is_empty() { Behind::Nothing } else { Behind::Places(found) }
}

pub(super) fn names(place: &str) -> Vec<String> {
    at(place)["properties"].as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default()
}

/// Whether its fields are known by name, and there are no others.
pub(super) fn is_closed(place: &str) -> bool {
    at(place).get("properties").is_some() && rest(place) == Behind::Nothing
}

pub(super) fn is_list(place: &str) -> bool {
    is(place, "array")
}

pub(super) fn is_map(place: &str) -> bool {
    is(place, "object")
}

/// The words that may stand here; `None` where any text may, or something else than text.
pub(super) fn words(place: &str) -> Option<Vec<String>> {
    let node = at(place);
    if let Some(word) = node["const"].as_str() {
        return Some(vec![word.to_owned()]);
    }
    let words = node["enum"].as_array()?;
    words.iter().map(|word| word.as_str().map(str::to_owned)).collect()
}

/// Whether the field is there in every document.
pub(super) fn always(place: &str, name: &str) -> bool {
    let node = at(place);
    let required = node["required"].as_array().is_some_and(|names| names.iter().any(|required| required == name));
    required && node["properties"].get(name).is_some()
}

/// Whether a value of this JSON type may stand here.
pub(super) fn may_be(place: &str, kind: &str) -> bool {
    let node = at(place);
    if node.get("type").is_some() {
        return is(place, kind);
    }
    match words(place) {
        Some(_) => kind == "string",
        None => node.get("properties").is_none() || kind == "object",
    }
}

/// Whether text may stand here at all.
pub(super) fn takes_text(place: &str) -> bool {
    let node = at(place);
    node.get("type").is_none_or(|_| is(place, "string"))
}

/// Whether this JSON scalar may stand here.
pub(super) fn takes(place: &str, scalar: &Json) -> bool {
    let node = at(place);
    if let Json::String(text) = scalar {
        return takes_text(place) && words(place).is_none_or(|words| words.contains(text));
    }
    let kind = match scalar {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        _ => "integer",
    };
    node.get("type").is_none_or(|_| is(place, kind))
}

/// What it is, in words: `db-instance attributes`, `change`.
pub(super) fn called(place: &str) -> String {
    let node = at(place);
    if let Some(title) = node["title"].as_str() {
        return title.to_owned();
    }
    // The nearest name on the way: a definition, or the field that it is behind.
    let parts: Vec<&str> = place.split('/').collect();
    let mut name = String::new();
    for pair in parts.windows(2) {
        if ["properties", "$defs"].contains(&pair[0]) {
            pair[1].clone_into(&mut name);
        }
    }
    let mut words = String::new();
    for letter in name.chars().filter(|letter| !letter.is_ascii_digit()) {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    format!("`{words}`")
}
