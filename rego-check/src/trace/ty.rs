//! What a value of a policy can be, as far as the input is concerned.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::Pointer;

/// Any of these.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ty(pub(super) BTreeSet<Alt>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Alt {
    /// A part of the input, by its place in the schema.
    Input(Pointer),
    /// A part of the input of which the schema says nothing.
    Free,
    /// This text, written in the policy.
    Word(String),
    /// The name of a field of this place.
    KeyOf(Pointer),
    /// A number, written in the policy.
    Number,
    /// `true` or `false`, written in the policy.
    Bool,
    /// `null`, written in the policy.
    Null,
    /// A single value that the policy made.
    Plain,
    List(Ty),
    Set(Ty),
    /// Fields by name, and others with the type of their keys.
    Object(BTreeMap<String, Ty>, Option<Box<(Ty, Ty)>>),
}

impl Ty {
    pub(super) fn one(alt: Alt) -> Self {
        Self([alt].into())
    }

    pub(super) fn plain() -> Self {
        Self::one(Alt::Plain)
    }

    pub(super) fn input(places: BTreeSet<Pointer>) -> Self {
        Self(places.into_iter().map(Alt::Input).collect())
    }

    pub(super) fn or(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// How many parts it has, at any depth.
    pub(super) fn size(&self) -> usize {
        let inner = |alt: &Alt| match alt {
            Alt::List(of) | Alt::Set(of) => of.size(),
            Alt::Object(fields, rest) => {
                let rest = rest.as_ref().map_or(0, |rest| rest.0.size() + rest.1.size());
                fields.values().map(Self::size).sum::<usize>() + rest
            }
            _ => 0,
        };
        1 + self.0.iter().map(|alt| 1 + inner(alt)).sum::<usize>()
    }

    pub(super) fn any(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().fold(Self::default(), Self::or)
    }
}
