//! The values of attributes, the same for all kinds. A clone copies no text, no list and no map.
//!
//! ```text
//! typed spec of a kind ──Typed──► Value ◄──JSON── plans, records, the sandbox, policies' documents
//! ```

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};

pub use super::link::{Link, Reference};
use super::map::SortedMap;
use super::repeated::{self, Alike, Lately, address};
use super::shared::{Shared, recent};

/// The entries of a map, sorted by key.
pub type Map = SortedMap<Value>;

// The doc comment stays short: it is the description of this type in the committed JSON Schemas. The order of the variants is the
// order of values of different types.
/// The value of an attribute, or of a part of one.
#[derive(Debug, Clone, Default, Eq, PartialOrd, Ord, Hash, JsonSchema)]
#[expect(
    clippy::derived_hash_with_manual_eq,
    reason = "what is shared is equal, and everything else is compared as a derive would"
)]
#[schemars(untagged)]
pub enum Value {
    /// Nothing: `null`.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number of 64 bits. Units are in the schema of the attribute.
    Int(i64),
    /// A text.
    Text(#[schemars(with = "String")] Arc<str>),
    /// A list; whether its order matters is in the schema of the attribute.
    List(#[schemars(with = "Vec<Value>")] Arc<[Value]>),
    /// A reference to an output of another resource.
    Ref(#[schemars(with = "Reference")] Arc<Reference>),
    /// A map from text to values, sorted by key.
    Map(#[schemars(with = "BTreeMap<String, Value>")] Arc<Map>),
}

thread_local! {
    static LISTS: Lately<[Value]> = const { RefCell::new(Vec::new()) };
    static MAPS: Lately<Map> = const { RefCell::new(Vec::new()) };
}

impl Alike for Value {
    fn identity(&self) -> u64 {
        match self {
            Self::Null => 0,
            Self::Bool(value) => 1 + u64::from(*value),
            Self::Int(number) => number.cast_unsigned().rotate_left(7) ^ 3,
            Self::Text(text) => address(Arc::as_ptr(text)),
            Self::List(items) => address(Arc::as_ptr(items)),
            Self::Ref(reference) => address(Arc::as_ptr(reference)),
            Self::Map(map) => address(Arc::as_ptr(map)),
        }
    }

    fn is_alike(&self, other: &Self) -> bool {
        self.is_shared_with(other)
    }
}

impl PartialEq for Value {
    /// What is shared is not read: most of what is compared comes from one declaration.
    fn eq(&self, other: &Self) -> bool {
        self.is_shared_with(other)
            || match (self, other) {
                (Self::Text(one), Self::Text(two)) => one == two,
                (Self::List(one), Self::List(two)) => one == two,
                (Self::Ref(one), Self::Ref(two)) => one == two,
                (Self::Map(one), Self::Map(two)) => one == two,
                _ => false,
            }
    }
}

impl Value {
    /// Whether the two hold nothing of their own: what they hold is one, or lies in them. Where they do, they may still be equal.
    pub(super) fn is_shared_with(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(two)) => Arc::ptr_eq(one, two),
            (Self::List(one), Self::List(two)) => Arc::ptr_eq(one, two),
            (Self::Ref(one), Self::Ref(two)) => Arc::ptr_eq(one, two),
            (Self::Map(one), Self::Map(two)) => Arc::ptr_eq(one, two),
            (Self::Null, Self::Null) => true,
            (Self::Bool(one), Self::Bool(two)) => one == two,
            (Self::Int(one), Self::Int(two)) => one == two,
            _ => false,
        }
    }

    fn listed(items: Vec<Self>) -> Self {
        Self::List(LISTS.with(|lately| repeated::list(lately, items)))
    }

    /// A list of these items, in this order.
    #[must_use]
    pub fn list<T: Into<Self>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::listed(items.into_iter().map(Into::into).collect())
    }

    /// A map of these entries. The last value of a key counts.
    #[must_use]
    pub fn map<K: Into<Shared>, T: Into<Self>>(entries: impl IntoIterator<Item = (K, T)>) -> Self {
        let map: Map = entries.into_iter().map(|(key, item)| (key.into().into(), item.into())).collect();
        Self::from(map)
    }

    /// The text; `None` for a value of another type.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The number; `None` for a value of another type.
    #[must_use]
    pub const fn as_int(&self) -> Option<i64> {
        if let Self::Int(number) = self { Some(*number) } else { None }
    }

    /// The items; `None` for a value that is no list.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(items) = self { Some(items) } else { None }
    }

    /// The entries; `None` for a value that is no map.
    #[must_use]
    pub fn as_map(&self) -> Option<&Map> {
        if let Self::Map(map) = self { Some(map) } else { None }
    }

    /// Whether the value is `null`.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The type of the value in words: `a number`. Messages about a wrong type use it.
    #[must_use]
    pub const fn what(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "true or false",
            Self::Int(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Ref(_) => "a reference",
            Self::Map(_) => "a map",
        }
    }

    /// Calls `f` for every reference inside this value, at any depth.
    pub fn visit_references<'a>(&'a self, f: &mut impl FnMut(&'a Reference)) {
        match self {
            Self::Ref(reference) => f(reference),
            Self::List(items) => items.iter().for_each(|item| item.visit_references(f)),
            Self::Map(map) => map.values().for_each(|item| item.visit_references(f)),
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::Text(_) => {}
        }
    }

    /// Calls `f` for every text inside this value, at any depth.
    pub fn visit_texts<'a>(&'a self, f: &mut impl FnMut(&'a str)) {
        match self {
            Self::Text(text) => f(text),
            Self::List(items) => items.iter().for_each(|item| item.visit_texts(f)),
            Self::Map(map) => map.values().for_each(|item| item.visit_texts(f)),
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::Ref(_) => {}
        }
    }

    /// A copy in which `f` replaces values. `f` is asked for this value first and then for the items of lists and maps; what it
    /// returns replaces the value, `None` keeps it. A copy in which nothing is replaced shares everything with the original.
    #[must_use]
    pub fn map_leaves(&self, f: &mut impl FnMut(&Self) -> Option<Self>) -> Self {
        self.replaced(f).unwrap_or_else(|| self.clone())
    }

    /// As [`Self::map_leaves`], with `None` where `f` replaces nothing.
    pub fn replaced(&self, f: &mut impl FnMut(&Self) -> Option<Self>) -> Option<Self> {
        if let Some(replacement) = f(self) {
            return Some(replacement);
        }
        match self {
            Self::List(items) => {
                let mut copy: Option<Vec<Self>> = None;
                for (place, item) in items.iter().enumerate() {
                    match (item.replaced(f), &mut copy) {
                        (Some(new), Some(copy)) => copy.push(new),
                        (Some(new), none) => {
                            let mut begun = Vec::with_capacity(items.len());
                            begun.extend_from_slice(&items[..place]);
                            begun.push(new);
                            *none = Some(begun);
                        }
                        (None, Some(copy)) => copy.push(item.clone()),
                        (None, None) => {}
                    }
                }
                copy.map(Self::listed)
            }
            Self::Map(map) => {
                let new: Vec<(&Arc<str>, Self)> = map.iter().filter_map(|(key, item)| Some((key, item.replaced(f)?))).collect();
                if new.is_empty() {
                    return None;
                }
                let mut map = Map::clone(map);
                map.extend(new.into_iter().map(|(key, item)| (key.clone(), item)));
                Some(Self::from(map))
            }
            _ => None,
        }
    }
}

/// One line, for the keys of elements and for rows on a terminal. A text stands without quotes, a reference as its id, a list in
/// brackets, and a map as its keys and values.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("(none)"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Text(value) => f.write_str(value),
            Self::Ref(reference) => write!(f, "{}", reference.to),
            Self::List(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{item}")?;
                }
                f.write_str("]")
            }
            Self::Map(map) => {
                for (index, (key, item)) in map.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{key} {item}")?;
                }
                Ok(())
            }
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(recent(text))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(recent(&text))
    }
}

impl From<Arc<str>> for Value {
    fn from(text: Arc<str>) -> Self {
        Self::Text(text)
    }
}

impl From<Shared> for Value {
    fn from(text: Shared) -> Self {
        Self::Text(text.into())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<Reference> for Value {
    fn from(reference: Reference) -> Self {
        Self::Ref(super::link::recent(reference))
    }
}

impl<T: Into<Self>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::list(items)
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self::Map(MAPS.with(|lately| repeated::map(lately, map)))
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items.iter()),
            Self::Ref(reference) => reference.serialize(serializer),
            Self::Map(map) => serializer.collect_map(map.iter().map(|(key, item)| (&**key, item))),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

/// Reads a value by the type that the document has. A derived `untagged` would copy the document first, try every variant in
/// turn, and report of a mistake only that no variant fits.
struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("null, true or false, an integer of 64 bits, text, a list or a map")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Int(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        i64::try_from(number).map(Value::Int).map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::from(text))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Value, E> {
        Ok(Value::from(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items: Vec<Value> = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::from(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some((key, item)) = entries.next_entry::<Shared, Value>()? {
            all.push((key.into(), item));
        }
        let read = all.len();
        let map: Map = all.into_iter().collect();
        // A document with a repeated key stays a map: a reference never has one.
        let reference = if read == 2 { reference(&map) } else { None };
        Ok(reference.map_or_else(|| Value::from(map), Value::from))
    }
}

/// The reference in a map that has exactly the keys `$ref` and `output` and an id as its `$ref`.
fn reference(map: &Map) -> Option<Reference> {
    let (to, output) = (map.get("$ref")?.as_text()?, map.get("output")?.as_text()?);
    Some(Reference::new(&to.parse().ok()?, output))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the derived reader makes of a document: the form that plans and records were written in from the beginning.
    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    #[serde(untagged)]
    enum Derived {
        Null,
        Bool(bool),
        Int(i64),
        Text(String),
        List(Vec<Derived>),
        Ref(Reference),
        Map(BTreeMap<String, Derived>),
    }

    impl From<Derived> for Value {
        fn from(derived: Derived) -> Self {
            match derived {
                Derived::Null => Self::Null,
                Derived::Bool(value) => Self::Bool(value),
                Derived::Int(value) => Self::Int(value),
                Derived::Text(text) => Self::from(text),
                Derived::List(items) => Self::list(items),
                Derived::Ref(reference) => Self::from(reference),
                Derived::Map(map) => Self::map(map),
            }
        }
    }

    #[test]
    fn a_document_is_read_and_written_as_ever() {
        let id = "\"kms-key.main@tokyo\"";
        let texts = [
            "null".to_owned(),
            "[true, -1, 9223372036854775807, \"text\", [], {}, null]".to_owned(),
            format!("{{\"$ref\": {id}, \"output\": \"arn\"}}"),
            format!("{{\"output\": \"arn\", \"$ref\": {id}}}"),
            format!("{{\"a\": [{{\"$ref\": {id}, \"output\": \"\"}}]}}"),
            // None of these is a reference.
            format!("{{\"$ref\": {id}}}"),
            format!("{{\"$ref\": {id}, \"output\": 1}}"),
            format!("{{\"$ref\": {id}, \"output\": null}}"),
            format!("{{\"$ref\": {id}, \"output\": \"arn\", \"more\": 1}}"),
            format!("{{\"$ref\": {id}, \"output\": \"arn\", \"$ref\": {id}}}"),
            format!("{{\"$ref\": {id}, \"$ref\": {id}}}"),
            "{\"$ref\": \"no id\", \"output\": \"arn\"}".to_owned(),
            "{\"$ref\": \"kms-key.main@mars\", \"output\": \"arn\"}".to_owned(),
            format!("[{id}, \"arn\"]"),
            "{\"a\": 1, \"a\": 2}".to_owned(),
        ];
        for text in texts {
            let derived: Derived = serde_json::from_str(&text).expect("a document");
            let written = serde_json::to_string(&derived).expect("plain data");
            let value: Value = serde_json::from_str(&text).expect("a document");
            assert_eq!(serde_json::to_string(&value).expect("plain data"), written, "{text}");
            assert_eq!(value, Value::from(derived), "{text}");
            // Through a tree, where a key that was there twice is there once.
            let tree: serde_json::Value = serde_json::from_str(&text).expect("a document");
            let derived: Derived = serde_json::from_value(tree.clone()).expect("a document");
            assert_eq!(serde_json::from_value::<Value>(tree).expect("a document"), Value::from(derived), "{text}");
        }
    }

    #[test]
    fn what_has_no_place_is_refused_in_words() {
        for (text, words) in [
            ("{\"a\": 1.5}", "invalid type: floating point `1.5`, expected null, true or false, an integer of 64 bits"),
            ("[9223372036854775808]", "invalid value: integer `9223372036854775808`, expected null"),
            ("-1e400", "number out of range"),
        ] {
            let error = serde_json::from_str::<Value>(text).expect_err("refused").to_string();
            assert!(error.contains(words) && error.contains("line 1"), "{text}: {error}");
            assert!(serde_json::from_str::<Derived>(text).is_err(), "{text} was refused before");
        }
    }

    #[test]
    fn a_clone_shares_and_so_does_a_copy_without_replacements() {
        let value = Value::map([("list", Value::list(["a", "b"])), ("number", Value::Int(1))]);
        let (copy, Value::Map(map)) = (value.map_leaves(&mut |_| None), &value) else { panic!("a map") };
        assert!(matches!(&copy, Value::Map(other) if Arc::ptr_eq(map, other)));
        let replace = |leaf: &Value| (leaf.as_text() == Some("b")).then(|| Value::from("c"));
        let copy = value.map_leaves(&mut { replace });
        assert_eq!(copy, Value::map([("list", Value::list(["a", "c"])), ("number", Value::Int(1))]));
        assert_eq!(value.to_string(), "list [a, b], number 1", "the original stays");
    }

    #[test]
    fn a_value_is_small() {
        assert!(size_of::<Value>() <= 3 * size_of::<usize>());
    }
}
