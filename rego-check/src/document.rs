//! What policies are asked about, in the form in which the engine reads it.

use std::sync::Arc;

use regorus::Value;
use serde_json::Value as Json;

/// A JSON document, or a part of one. A copy shares everything with the original, so that many policies can be asked about
/// one document, and a name or a text that stands in many places is kept once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Document(pub(crate) Value);

impl Document {
    /// How many items it has down to the third level: of `{"planned": {"vpc": [..], "subnet": [..]}}` all the networks and
    /// subnets.
    pub(crate) fn items(&self) -> usize {
        fn below(value: &Value, levels: usize) -> usize {
            match value {
                Value::Array(items) if levels > 0 => {
                    items.len() + items.iter().map(|item| below(item, levels - 1)).sum::<usize>()
                }
                Value::Object(fields) if levels > 0 => {
                    fields.len() + fields.values().map(|field| below(field, levels - 1)).sum::<usize>()
                }
                _ => 0,
            }
        }
        below(&self.0, 3)
    }

    /// `null`.
    pub const NULL: Self = Self(Value::Null);

    /// A list, in this order.
    #[must_use]
    pub fn list(items: impl IntoIterator<Item = Self>) -> Self {
        Self(Value::from(items.into_iter().map(|item| item.0).collect::<Vec<_>>()))
    }

    /// An object. Names are texts; of two fields of one name the later counts.
    #[must_use]
    pub fn object(fields: impl IntoIterator<Item = (Self, Self)>) -> Self {
        Self(Value::from(fields.into_iter().map(|(name, value)| (name.0, value.0)).collect::<std::collections::BTreeMap<_, _>>()))
    }
}

impl From<Arc<str>> for Document {
    fn from(text: Arc<str>) -> Self {
        Self(Value::String(text))
    }
}

impl From<&str> for Document {
    fn from(text: &str) -> Self {
        Self(Value::from(text))
    }
}

impl From<bool> for Document {
    fn from(value: bool) -> Self {
        Self(Value::Bool(value))
    }
}

impl From<i64> for Document {
    fn from(number: i64) -> Self {
        Self(Value::from(number))
    }
}

impl From<&Json> for Document {
    fn from(json: &Json) -> Self {
        match json {
            Json::Null => Self::NULL,
            Json::Bool(value) => Self::from(*value),
            Json::Number(number) => match number.as_i64() {
                Some(number) => Self::from(number),
                None => Self(Value::from(json.clone())),
            },
            Json::String(text) => Self::from(text.as_str()),
            Json::Array(items) => Self::list(items.iter().map(Self::from)),
            Json::Object(fields) => {
                Self::object(fields.iter().map(|(name, value)| (Self::from(name.as_str()), Self::from(value))))
            }
        }
    }
}
