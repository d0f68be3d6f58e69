//! The names that the file of a kind is written with.

pub use schemars::JsonSchema;
pub use tokaido_derive::{Kind, Typed};

pub use super::kit::Spec as _;
pub use super::operations::Operations;
pub use super::{Kind, Wait, tagging};
pub use crate::model::schema::{Case, Comparison, Mutability, NameRule};
pub use crate::model::value::Link;
pub use crate::model::{
    Attributes, Explained, Hazard, Impact, KindSchema, Name, Region, Risk, Status, Trigger, Typed as _, Value, engine_version,
    slug,
};
pub use crate::world::ErrorClass;
pub use crate::world::behaviour::{ApiRefusal, Behaviour, BlockCodes, Given, Identity, LinkCheck, Neighbours, fold};
