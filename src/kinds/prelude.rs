//! The names that the file of a kind is written with.

pub use schemars::JsonSchema;
pub use tokaido_derive::{Kind, Typed};

pub use super::kit::{GIVEN, NO_MORE_BLOCKS, Spec as _};
pub use crate::model::equality::{Spelling, parameter};
pub use crate::model::risk::{elements, has, leads};
pub use crate::model::schema::{Comparison, Mutability, NameRule, adds, turned_off, turned_on};
pub use crate::model::value::Link;
pub use crate::model::{
    Attributes, Explained, Home, Identity, Impact, Name, OfferRule, Region, Remedy, Risk, Trigger, Typed as _, Value,
    engine_version, slug,
};
pub use crate::world::ErrorClass;
pub use crate::world::behaviour::{
    ApiRefusal, Associates, Behaviour, Given, LinkCheck, MadeWith, Modification, Neighbours, Taken,
};
pub use crate::world::demand::{Demand, Measure};
pub use crate::world::states::States;
