//! A file as a tree in which every value knows its place.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::model::{Said, Source};

/// A clone shares the nodes below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub value: NodeValue,
    /// A scalar begins where it is written, a map or list under a key begins at that key.
    pub source: Source,
    /// The value in the extended file that this one replaced.
    pub overrode: Option<Overrode>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeValue {
    Scalar(Scalar),
    List(Arc<Vec<Node>>),
    Map(Arc<Vec<MapEntry>>),
}

/// `plain`: the text has no quotes. Only then does YAML read numbers, yes/no values and null.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    pub text: String,
    pub plain: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapEntry {
    pub key: String,
    pub key_source: Source,
    pub node: Node,
}

impl Node {
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// Empty unless this is a map.
    #[must_use]
    pub fn entries(&self) -> &[MapEntry] {
        if let NodeValue::Map(entries) = &self.value { entries } else { &[] }
    }

    /// Empty unless this is a list.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        if let NodeValue::List(items) = &self.value { items } else { &[] }
    }

    #[must_use]
    pub const fn scalar(&self) -> Option<&Scalar> {
        if let NodeValue::Scalar(scalar) = &self.value { Some(scalar) } else { None }
    }

    /// The key has no value, or the value is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.scalar().is_some_and(|scalar| scalar.plain && matches!(scalar.text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// The text of a scalar; `None` for null.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.scalar().filter(|_| !self.is_null()).map(|scalar| scalar.text.as_str())
    }

    /// The scalar as YAML's core schema reads it, where JSON has such a value; `None` for lists and maps.
    #[must_use]
    pub fn json(&self) -> Option<Json> {
        let scalar = self.scalar()?;
        if !scalar.plain {
            return Some(Json::from(scalar.text.as_str()));
        }
        Some(match scalar.text.as_str() {
            _ if self.is_null() => Json::Null,
            "true" => Json::from(true),
            "false" => Json::from(false),
            word => word.parse::<i64>().map_or_else(|_| Json::from(word), Json::from),
        })
    }

    /// The number of values in this node.
    pub(super) fn size(&self) -> usize {
        1 + match &self.value {
            NodeValue::Scalar(_) => 0,
            NodeValue::List(items) => items.iter().map(Self::size).sum(),
            NodeValue::Map(entries) => entries.iter().map(|entry| entry.node.size()).sum(),
        }
    }

    /// How deep the values are nested.
    pub(super) fn depth(&self) -> usize {
        1 + match &self.value {
            NodeValue::Scalar(_) => 0,
            NodeValue::List(items) => items.iter().map(Self::depth).max().unwrap_or(0),
            NodeValue::Map(entries) => entries.iter().map(|entry| entry.node.depth()).max().unwrap_or(0),
        }
    }
}

/// A value that was replaced, in words, and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overrode {
    pub words: Said,
    pub source: Source,
}
