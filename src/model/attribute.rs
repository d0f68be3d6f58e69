//! Typed names of attributes, and how a Rust type is written as a [`Value`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;

use super::link::{Link, Reference};
use super::name::Name;
use super::value::Value;

/// The name of an attribute together with its type, from a row of a kind. Code that misspells a name, or reads a number as a
/// text, does not compile.
pub struct Attr<T>(Name, PhantomData<fn() -> T>);

impl<T> Attr<T> {
    /// The name of a row whose value has the type `T`.
    #[must_use]
    pub const fn row(name: &'static &'static str) -> Self {
        Self(Name::row(name), PhantomData)
    }

    /// The name without the type.
    #[must_use]
    pub const fn name(self) -> Name {
        self.0
    }
}

impl<T> From<Attr<T>> for Name {
    fn from(attr: Attr<T>) -> Self {
        attr.name()
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
        fmt::Debug::fmt(&self.0, f)
    }
}

impl<T> fmt::Display for Attr<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The Rust type of an attribute, or of a part of one. `from_value` reads what `into_value` writes.
pub trait Typed: Sized {
    /// The value in the uniform form.
    fn into_value(self) -> Value;

    /// Reads the value.
    ///
    /// # Errors
    /// `value` has another type. The message says what was expected and what was found: `expected a number, found text`.
    fn from_value(value: &Value) -> Result<Self, String>;

    /// Whether the attribute may be left out. Of the types here only an `Option` may.
    const OPTIONAL: bool = false;

    /// The value where a file of an older version does not write the attribute; `None` where a value is required.
    #[must_use]
    fn absent() -> Option<Self> {
        None
    }
}

fn expected<T>(what: &str, found: &Value) -> Result<T, String> {
    Err(format!("expected {what}, found {}", found.what()))
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

impl Typed for String {
    fn into_value(self) -> Value {
        Value::from(self)
    }

    fn from_value(value: &Value) -> Result<Self, String> {
        value.as_text().map_or_else(|| expected("text", value), |text| Ok(text.to_owned()))
    }
}

impl Typed for bool {
    fn into_value(self) -> Value {
        Value::Bool(self)
    }

    fn from_value(value: &Value) -> Result<Self, String> {
        if let Value::Bool(switch) = value { Ok(*switch) } else { expected("true or false", value) }
    }
}

impl Typed for i64 {
    fn into_value(self) -> Value {
        Value::Int(self)
    }

    fn from_value(value: &Value) -> Result<Self, String> {
        value.as_int().map_or_else(|| expected("a number", value), Ok)
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
            Value::Ref(reference) => Ok(Self::Ref(Reference::clone(reference))),
            Value::Text(text) => Ok(Self::Physical(text.to_string())),
            other => expected("a reference or text", other),
        }
    }
}

/// `None` is `null`. Where an attribute may be left out, [`super::Attributes::typed`] tells whether it is there.
impl<T: Typed> Typed for Option<T> {
    const OPTIONAL: bool = true;

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

fn items<T: Typed, L: FromIterator<T>>(value: &Value) -> Result<L, String> {
    let Some(items) = value.as_list() else { return expected("a list", value) };
    let item = |(index, item): (usize, &Value)| T::from_value(item).map_err(|error| format!("item {}: {error}", index + 1));
    items.iter().enumerate().map(item).collect()
}

impl<T: Typed> Typed for Vec<T> {
    fn into_value(self) -> Value {
        Value::list(self.into_iter().map(T::into_value))
    }

    fn from_value(value: &Value) -> Result<Self, String> {
        items(value)
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

impl<T: Typed + Ord> Typed for BTreeSet<T> {
    fn into_value(self) -> Value {
        Value::list(self.into_iter().map(T::into_value))
    }

    fn from_value(value: &Value) -> Result<Self, String> {
        items(value)
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

impl<T: Typed> Typed for BTreeMap<String, T> {
    fn into_value(self) -> Value {
        Value::map(self.into_iter().map(|(key, item)| (key, item.into_value())))
    }

    fn from_value(value: &Value) -> Result<Self, String> {
        let Some(map) = value.as_map() else { return expected("a map", value) };
        let entry = |(key, item): (&std::sync::Arc<str>, &Value)| match T::from_value(item) {
            Ok(item) => Ok((key.to_string(), item)),
            Err(error) => Err(format!("{key}: {error}")),
        };
        map.iter().map(entry).collect()
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

#[cfg(test)]
mod tests {
    use super::super::id::{Region, ResourceId};
    use super::*;

    fn both_ways<T: Typed + Clone + PartialEq + fmt::Debug>(typed: T, value: &Value) {
        assert_eq!(&typed.clone().into_value(), value);
        assert_eq!(T::from_value(value), Ok(typed));
    }

    fn key() -> ResourceId {
        ResourceId::new("kms-key", "main", Region::Tokyo)
    }

    #[test]
    fn every_type_goes_both_ways() {
        both_ways("10.0.0.0/16".to_owned(), &Value::from("10.0.0.0/16"));
        both_ways(true, &Value::Bool(true));
        both_ways(i64::MIN, &Value::Int(i64::MIN));
        both_ways(Link::to(&key(), "arn"), &Value::from(Reference::new(&key(), "arn")));
        both_ways(Link::Physical("vpc-1".to_owned()), &Value::from("vpc-1"));
        both_ways(None::<i64>, &Value::Null);
        both_ways(Some(7), &Value::Int(7));
        both_ways(vec!["b".to_owned(), "a".to_owned()], &Value::list(["b", "a"]));
        both_ways(BTreeSet::from([2, 1]), &Value::list([1, 2]));
        both_ways(BTreeMap::from([("a".to_owned(), vec![true])]), &Value::map([("a", Value::list([true]))]));
        both_ways(Value::Null, &Value::Null);
    }

    #[test]
    fn an_error_says_what_was_expected_and_what_was_found() {
        let error = |found: Result<i64, String>| found.expect_err("another type");
        assert_eq!(error(i64::from_value(&Value::from("7"))), "expected a number, found text");
        assert_eq!(error(i64::from_value(&Value::Null)), "expected a number, found nothing");
        assert_eq!(String::from_value(&Value::Int(7)), Err("expected text, found a number".to_owned()));
        assert_eq!(bool::from_value(&Value::list([true])), Err("expected true or false, found a list".to_owned()));
        assert_eq!(Option::<bool>::from_value(&Value::Int(0)), Err("expected true or false, found a number".to_owned()));
        let map = Value::map([("a", true)]);
        assert_eq!(Link::from_value(&map), Err("expected a reference or text, found a map".to_owned()));
        let reference = Value::from(Reference::new(&key(), "arn"));
        assert_eq!(Vec::<i64>::from_value(&reference), Err("expected a list, found a reference".to_owned()));
        assert_eq!(BTreeSet::<i64>::from_value(&Value::Bool(true)), Err("expected a list, found true or false".to_owned()));
    }

    #[test]
    fn an_error_says_where_it_is() {
        let list = Value::list([Value::Int(1), Value::from("two")]);
        assert_eq!(Vec::<i64>::from_value(&list), Err("item 2: expected a number, found text".to_owned()));
        let map = Value::map([("days", list)]);
        let error = BTreeMap::<String, Vec<i64>>::from_value(&map);
        assert_eq!(error, Err("days: item 2: expected a number, found text".to_owned()));
    }

    #[test]
    fn a_typed_name_is_its_name() {
        const VPC: Attr<Link> = Attr::row(&"vpc");
        assert_eq!(VPC.name(), Name::row(&"vpc"));
        assert_eq!(Name::from(VPC), VPC.name());
        assert_eq!(format!("{VPC} {VPC:?}"), "vpc \"vpc\"");
    }
}
