//! Typed names of attributes, and what their Rust types are as values.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;

use super::value::{Link, Value};

/// The name of an attribute whose values are of type `T`. Only a kind's rows make one: who misspells a name, or takes a
/// number for a text, does not compile.
pub struct Attr<T> {
    name: &'static str,
    of: PhantomData<fn() -> T>,
}

impl<T> Attr<T> {
    /// For the rows of a kind alone; `#[derive(Kind)]` writes it.
    #[must_use]
    pub const fn row(name: &'static str) -> Self {
        Self { name, of: PhantomData }
    }

    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }
}

impl<T> Clone for Attr<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Attr<T> {}

impl<T> fmt::Debug for Attr<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// A type that an attribute, or something inside one, can have.
pub trait Typed: Sized {
    fn into_value(self) -> Value;

    /// # Errors
    /// Says what was expected and what was found.
    fn from_value(value: &Value) -> Result<Self, String>;

    /// What it is when it is not there; `None` where it must be there.
    #[must_use]
    fn absent() -> Option<Self> {
        None
    }
}

fn expected(what: &str, found: &Value) -> String {
    let kind = match found {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Int(_) => "a number",
        Value::Text(_) => "a text",
        Value::List(_) => "a list",
        Value::Ref(_) => "a reference",
        Value::Map(_) => "a map",
    };
    format!("expected {what}, found {kind}")
}

impl Typed for String {
    fn into_value(self) -> Value {
        Value::from(self)
    }

    fn from_value(value: &Value) -> Result<Self, String> {
        value.as_text().map(str::to_owned).ok_or_else(|| expected("a text", value))
    }
}

impl Typed for bool {
    fn into_value(self) -> Value {
        Value::Bool(self)
    }

    fn from_value(value: &Value) -> Result<Self, String> {
        if let Value::Bool(on) = value { Ok(*on) } else { Err(expected("true or false", value)) }
    }
}

impl Typed for i64 {
    fn into_value(self) -> Value {
        Value::Int(self)
    }

    fn from_value(value: &Value) -> Result<Self, String> {
        value.as_int().ok_or_else(|| expected("a number", value))
    }
}

impl Typed for Value {
    fn into_value(self) -> Value {
        self
    }

    fn from_value(value: &Value) -> Result<Self, String> {
        Ok(value.clone())
    }

    fn absent() -> Option<Self> {
        Some(Self::Null)
    }
}

impl Typed for Link {
    fn into_value(self) -> Value {
        match self {
            Self::Ref(reference) => Value::from(reference),
            Self::Physical(text) => Value::from(text),
        }
    }

    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Ref(reference) => Ok(Self::Ref(reference.clone())),
            Value::Text(text) => Ok(Self::Physical(text.clone())),
            other => Err(expected("a reference or an identifier", other)),
        }
    }
}

impl<T: Typed> Typed for Option<T> {
    fn into_value(self) -> Value {
        self.map_or(Value::Null, T::into_value)
    }

    fn from_value(value: &Value) -> Result<Self, String> {
        if value.is_null() { Ok(None) } else { T::from_value(value).map(Some) }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Typed> Typed for Vec<T> {
    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(T::into_value).collect())
    }

    fn from_value(value: &Value) -> Result<Self, String> {
        let items = value.as_list().ok_or_else(|| expected("a list", value))?;
        items.iter().enumerate().map(|(index, item)| T::from_value(item).map_err(|error| format!("[{index}]: {error}"))).collect()
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

impl<T: Typed + Ord> Typed for BTreeSet<T> {
    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(T::into_value).collect())
    }

    fn from_value(value: &Value) -> Result<Self, String> {
        Vec::from_value(value).map(|items| items.into_iter().collect())
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

impl<T: Typed> Typed for BTreeMap<String, T> {
    fn into_value(self) -> Value {
        Value::Map(self.into_iter().map(|(key, item)| (key, item.into_value())).collect())
    }

    fn from_value(value: &Value) -> Result<Self, String> {
        let map = value.as_map().ok_or_else(|| expected("a map", value))?;
        map.iter()
            .map(|(key, item)| Ok((key.to_string(), T::from_value(item).map_err(|error| format!("{key}: {error}"))?)))
            .collect()
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}
