//! The uniform middle: what a resource's attributes are made of, and how one resource refers to another.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Deref, DerefMut};

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::id::ResourceId;

/// An output of another resource: `{"$ref": "kms-key.main@tokyo", "output": "arn"}` in JSON.
///
/// Plans hold references, never physical identifiers, so the same input gives the same bytes before and after a
/// resource exists. The executor lowers them to identifiers; the observer lifts identifiers to references.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    #[serde(rename = "$ref")]
    pub to: ResourceId,
    /// `id`, `arn` or `name`.
    pub output: String,
}

impl Reference {
    #[must_use]
    pub fn new(to: &ResourceId, output: &str) -> Self {
        Self { to: to.clone(), output: output.to_owned() }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    List(Vec<Value>),
    Ref(Reference),
    Map(BTreeMap<String, Value>),
}

impl Value {
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    #[must_use]
    pub const fn as_int(&self) -> Option<i64> {
        if let Self::Int(number) = self { Some(*number) } else { None }
    }

    #[must_use]
    pub fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(items) = self { Some(items) } else { None }
    }

    #[must_use]
    pub const fn as_map(&self) -> Option<&BTreeMap<String, Self>> {
        if let Self::Map(map) = self { Some(map) } else { None }
    }

    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Calls `f` on every reference inside, at any depth.
    pub fn visit_references<'a>(&'a self, f: &mut impl FnMut(&'a Reference)) {
        match self {
            Self::Ref(reference) => f(reference),
            Self::List(items) => items.iter().for_each(|item| item.visit_references(f)),
            Self::Map(map) => map.values().for_each(|item| item.visit_references(f)),
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::Text(_) => {}
        }
    }

    /// A copy in which every leaf that `f` answers for is replaced by the answer.
    #[must_use]
    pub fn map_leaves(&self, f: &mut impl FnMut(&Self) -> Option<Self>) -> Self {
        if let Some(replacement) = f(self) {
            return replacement;
        }
        match self {
            Self::List(items) => Self::List(items.iter().map(|item| item.map_leaves(f)).collect()),
            Self::Map(map) => Self::Map(map.iter().map(|(key, item)| (key.clone(), item.map_leaves(f))).collect()),
            leaf => leaf.clone(),
        }
    }
}

/// One line, for element keys and terminal rows: text bare, references by id, the rest as compact JSON.
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
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
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
        Self::Ref(reference)
    }
}

impl<T: Into<Self>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

/// The attributes of one resource, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Attributes(pub BTreeMap<String, Value>);

impl Attributes {
    /// Lowers a kind's typed spec. A field that is `None` is left out: an absent attribute is never compared.
    ///
    /// # Panics
    /// Never for the specs of this crate: each is a plain struct of JSON-representable fields, which the conformance
    /// suite lowers and raises again.
    #[must_use]
    pub fn lower<T: Serialize>(spec: &T) -> Self {
        let json = serde_json::to_value(spec).expect("a spec is plain data");
        let mut attributes: Self = serde_json::from_value(json).expect("a spec is an object");
        attributes.0.retain(|_, value| !value.is_null());
        attributes
    }

    /// Raises attributes to a kind's typed spec.
    ///
    /// # Errors
    /// Says which field is missing or of another type.
    pub fn raise<T: DeserializeOwned>(&self) -> Result<T, String> {
        let json = serde_json::to_value(self).map_err(|error| error.to_string())?;
        serde_json::from_value(json).map_err(|error| error.to_string())
    }

    /// Raises one attribute alone; an absent one is empty.
    ///
    /// # Errors
    /// Says what is of another type.
    pub fn part<T: DeserializeOwned + Default>(&self, name: &str) -> Result<T, String> {
        let Some(value) = self.0.get(name) else { return Ok(T::default()) };
        let json = serde_json::to_value(value).map_err(|error| error.to_string())?;
        serde_json::from_value(json).map_err(|error| format!("{name}: {error}"))
    }

    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_text)
    }

    #[must_use]
    pub fn int(&self, name: &str) -> Option<i64> {
        self.0.get(name).and_then(Value::as_int)
    }

    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }
}

impl Deref for Attributes {
    type Target = BTreeMap<String, Value>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Attributes {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

/// A link in a kind's typed spec: a reference in desired state, a physical identifier in live state.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Link {
    Ref(Reference),
    Physical(String),
}

impl Link {
    #[must_use]
    pub fn to(id: &ResourceId, output: &str) -> Self {
        Self::Ref(Reference::new(id, output))
    }

    /// The physical identifier, once lowered.
    ///
    /// # Errors
    /// A reference that was not lowered is a bug of the caller; the message names it.
    pub fn physical(&self) -> Result<&str, String> {
        match self {
            Self::Physical(text) => Ok(text),
            Self::Ref(reference) => Err(format!("reference to {} was not resolved", reference.to)),
        }
    }
}
