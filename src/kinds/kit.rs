//! What the derives of a kind call, and what a kind's rows give to the other modules (docs/adr/0017-rows-of-a-kind.md).
//!
//! In: a `Spec` whose fields are the rows of the kind's attributes. Out: [`Spec::ROWS`] for the planner, `explain` and the
//! documentation; `at::<field>`, the typed names; `lower` and `raise` between the typed form and the uniform one.

use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::model::{AttributeSchema, Attributes, Explained, Mutability, Name, Typed, Value};

/// The typed form of a kind's attributes. `#[derive(Kind)]` writes the implementation.
pub trait Spec: Sized + JsonSchema {
    /// Every attribute in the order of the fields, and the tags last.
    const ROWS: &'static [AttributeSchema];

    /// The uniform form. A field that is `None` is left out: an absent attribute is never compared.
    fn lower(self) -> Attributes;

    /// Whether a value is of this attribute's type.
    ///
    /// # Errors
    /// The value is of another type: the text says what was expected and what was found. Or the kind has no such attribute.
    fn fits(name: Name, value: &Value) -> Result<(), String>;

    /// The typed form. An attribute that the kind does not know is passed over.
    ///
    /// # Errors
    /// An attribute is missing or of another type: the text begins with its name.
    fn raise(attributes: &Attributes) -> Result<Self, String>;
}

/// The rule of an attribute of an observed kind that AWS decides when it makes the object: a person cannot change it either.
pub const GIVEN: Mutability = Mutability::Forbidden(Explained::new(
    "AWS decides it when the object is made: make another object",
    "オブジェクトの作成時に AWS が決めます。変えるには別のオブジェクトを作ります",
));

/// The rule for a block of addresses that a network or a subnet does not have.
pub const NO_MORE_BLOCKS: Mutability = Mutability::Forbidden(Explained::new(
    "tokaido adds no block of addresses to what exists: declare another network",
    "tokaido は既にあるものへアドレスブロックを追加しません。別のネットワークを宣言します",
));

/// For [`super::Kind::typed`].
pub(super) fn typed<S: Spec>(attributes: &Attributes) -> Result<Attributes, String> {
    S::raise(attributes).map(S::lower)
}

/// For [`super::Kind::shape`].
pub(super) fn shape<S: Spec>(generator: &mut SchemaGenerator) -> Schema {
    S::json_schema(generator)
}

/// Lowers a spec: its attributes are those of its fields that are not `None`.
#[must_use]
pub fn lowered<const N: usize>(fields: [(Name, Value); N]) -> Attributes {
    fields.into_iter().filter(|(_, value)| !value.is_null()).collect()
}

/// Raises one attribute of a spec.
///
/// # Errors
/// The attribute is missing, or of another type: the text names it and says what was expected and what was found.
pub fn raise<T: Typed>(attributes: &Attributes, name: Name) -> Result<T, String> {
    given(attributes.get(name), name.as_str())
}

/// Raises one attribute that a record from before the attribute existed does not have: it then has its type's absent value.
///
/// # Errors
/// As those of [`raise`].
pub fn raise_or_default<T: Typed>(attributes: &Attributes, name: Name) -> Result<T, String> {
    let absent = if attributes.contains(name) { None } else { T::absent() };
    absent.map_or_else(|| raise(attributes, name), Ok)
}

/// The fields of a struct as a map. A field that is marked with `true` is left out while it is `None` or an empty list.
#[must_use]
pub fn fields<const N: usize>(fields: [(&'static str, Value, bool); N]) -> Value {
    let empty = |value: &Value| value.is_null() || value.as_list().is_some_and(<[Value]>::is_empty);
    let kept = fields.into_iter().filter(|(_, value, omit)| !(*omit && empty(value)));
    Value::map(kept.map(|(name, value, _)| (name, value)))
}

/// Whether the value is a map.
///
/// # Errors
/// The value is no map: the text says what was found.
pub fn is_map(value: &Value) -> Result<(), String> {
    value.as_map().map(drop).ok_or_else(|| format!("expected a map, found {value}"))
}

/// One field of a map. A field that may be left out (`omitted`) and is not there has its type's absent value.
///
/// # Errors
/// The field is missing, or of another type: the text names it and says what was expected and what was found.
pub fn field<T: Typed>(value: &Value, name: &str, omitted: bool) -> Result<T, String> {
    let found = value.as_map().and_then(|map| map.get(name));
    let absent = if omitted && found.is_none() { T::absent() } else { None };
    absent.map_or_else(|| given(found, name), Ok)
}

/// An optional type takes an absent value as `Null`.
fn given<T: Typed>(found: Option<&Value>, name: &str) -> Result<T, String> {
    match found {
        None if !T::OPTIONAL => Err(format!("{name}: is missing")),
        value => T::from_value(value.unwrap_or(&Value::Null)).map_err(|error| format!("{name}: {error}")),
    }
}

/// Whether a value is of an attribute's type.
///
/// # Errors
/// The value is of another type: the text says what was expected and what was found, without the attribute's name.
pub fn fits<T: Typed>(value: &Value) -> Result<(), String> {
    T::from_value(value).map(drop)
}
