//! The schema of the input as something to walk through.

use std::collections::BTreeSet;

use serde_json::Value as Json;

/// A place in the schema that is no reference and no choice: a JSON pointer into it.
pub type Pointer = String;

/// What is behind a field, or why nothing is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Behind {
    /// One of these.
    Places(BTreeSet<Pointer>),
    /// The schema says nothing of what is there.
    Anything,
    /// There is no such field.
    Nothing,
}

/// A JSON Schema of the input. It is closed: an object that lists its `properties` has no others unless
/// `additionalProperties` allows them. Understood are `properties`, `additionalProperties`, `items`, `required`, `type`,
/// `enum` and `const` of texts, `anyOf`, `oneOf`, and `$ref` within the document; `title` is what messages call a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema(Json);

impl Schema {
    /// The schema of this document.
    #[must_use]
    pub const fn new(document: Json) -> Self {
        Self(document)
    }

    /// The whole input.
    #[must_use]
    pub fn root() -> BTreeSet<Pointer> {
        [String::new()].into()
    }

    fn at(&self, place: &str) -> &Json {
        self.0.pointer(place).unwrap_or(&Json::Null)
    }

    /// References and choices resolved.
    fn concrete(&self, place: String, found: &mut BTreeSet<Pointer>) {
        let node = self.at(&place);
        if let Some(target) = node["$ref"].as_str() {
            return self.concrete(target.trim_start_matches('#').to_owned(), found);
        }
        let mut chosen = false;
        for choice in ["anyOf", "oneOf"] {
            for index in 0..node[choice].as_array().map_or(0, Vec::len) {
                chosen = true;
                self.concrete(format!("{place}/{choice}/{index}"), found);
            }
        }
        if !chosen {
            found.insert(place);
        }
    }

    fn places(&self, place: String) -> Behind {
        match self.at(&place) {
            Json::Bool(true) => Behind::Anything,
            Json::Object(map) if map.is_empty() => Behind::Anything,
            _ => {
                let mut found = BTreeSet::new();
                self.concrete(place, &mut found);
                Behind::Places(found)
            }
        }
    }

    fn is(&self, place: &str, word: &str) -> bool {
        let kind = &self.at(place)["type"];
        kind == word || kind.as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == word))
    }

    /// The field of this name.
    #[must_use]
    pub fn field(&self, place: &str, name: &str) -> Behind {
        let node = self.at(place);
        if node["properties"].get(name).is_some() {
            let name = name.replace('~', "~0").replace('/', "~1");
            return self.places(format!("{place}/properties/{name}"));
        }
        self.rest(place)
    }

    /// Whatever has a name that the schema does not list.
    fn rest(&self, place: &str) -> Behind {
        let node = self.at(place);
        match &node["additionalProperties"] {
            Json::Bool(true) => Behind::Anything,
            Json::Object(_) => self.places(format!("{place}/additionalProperties")),
            // An object of which nothing is said at all.
            Json::Null if self.is(place, "object") && node.get("properties").is_none() => Behind::Anything,
            _ => Behind::Nothing,
        }
    }

    /// An element of a list.
    #[must_use]
    pub fn item(&self, place: &str) -> Behind {
        match self.at(place).get("items") {
            Some(_) => self.places(format!("{place}/items")),
            None if self.is(place, "array") => Behind::Anything,
            None => Behind::Nothing,
        }
    }

    /// Every field, and what else may be in it.
    #[must_use]
    pub fn everything(&self, place: &str) -> Behind {
        let mut found = BTreeSet::new();
        let all = self.names(place).into_iter().map(|name| self.field(place, &name)).chain([self.item(place), self.rest(place)]);
        for behind in all {
            match behind {
                Behind::Anything => return Behind::Anything,
                Behind::Places(places) => found.extend(places),
                Behind::Nothing => {}
            }
        }
        if found.is_empty() { Behind::Nothing } else { Behind::Places(found) }
    }

    /// The fields that are known by name.
    #[must_use]
    pub fn names(&self, place: &str) -> Vec<String> {
        self.at(place)["properties"].as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default()
    }

    /// Whether its fields are known by name, and there are no others.
    #[must_use]
    pub fn is_closed(&self, place: &str) -> bool {
        self.at(place).get("properties").is_some() && self.rest(place) == Behind::Nothing
    }

    /// Whether a list may stand here.
    #[must_use]
    pub fn is_list(&self, place: &str) -> bool {
        self.is(place, "array")
    }

    /// Whether an object may stand here.
    #[must_use]
    pub fn is_map(&self, place: &str) -> bool {
        self.is(place, "object")
    }

    /// The words that may stand here; `None` where any text may, or something else than text.
    #[must_use]
    pub fn words(&self, place: &str) -> Option<Vec<String>> {
        let node = self.at(place);
        if let Some(word) = node["const"].as_str() {
            return Some(vec![word.to_owned()]);
        }
        let words = node["enum"].as_array()?;
        words.iter().map(|word| word.as_str().map(str::to_owned)).collect()
    }

    /// Whether the field is there in every document.
    #[must_use]
    pub fn always(&self, place: &str, name: &str) -> bool {
        let node = self.at(place);
        let required = node["required"].as_array().is_some_and(|names| names.iter().any(|required| required == name));
        required && node["properties"].get(name).is_some()
    }

    /// Whether a value of this JSON type may stand here.
    #[must_use]
    pub fn may_be(&self, place: &str, kind: &str) -> bool {
        let node = self.at(place);
        if node.get("type").is_some() {
            return self.is(place, kind);
        }
        match self.words(place) {
            Some(_) => kind == "string",
            None => node.get("properties").is_none() || kind == "object",
        }
    }

    /// Whether text may stand here at all.
    #[must_use]
    pub fn takes_text(&self, place: &str) -> bool {
        let node = self.at(place);
        node.get("type").is_none_or(|_| self.is(place, "string"))
    }

    /// Whether this JSON scalar may stand here.
    #[must_use]
    pub fn takes(&self, place: &str, scalar: &Json) -> bool {
        let node = self.at(place);
        if let Json::String(text) = scalar {
            return self.takes_text(place) && self.words(place).is_none_or(|words| words.contains(text));
        }
        let kind = match scalar {
            Json::Null => "null",
            Json::Bool(_) => "boolean",
            _ => "integer",
        };
        node.get("type").is_none_or(|_| self.is(place, kind))
    }

    /// What it is, in words: `db-instance attributes`, `change`.
    #[must_use]
    pub fn called(&self, place: &str) -> String {
        let node = self.at(place);
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
}
