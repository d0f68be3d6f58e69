//! Names of attributes with their types, until the rows of the kinds have them.

use std::marker::PhantomData;

pub type Name = &'static str;

/// The name of an attribute whose values are of this type.
pub struct Attr<T>(Name, PhantomData<fn() -> T>);

impl<T> Clone for Attr<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Attr<T> {}

impl<T> Attr<T> {
    #[must_use]
    pub const fn row(name: Name) -> Self {
        Self(name, PhantomData)
    }

    #[must_use]
    pub const fn name(self) -> Name {
        self.0
    }
}

/// What is known of one attribute of a live object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading<T> {
    Value(T),
    Absent,
}
