//! The names that the file of a driver is written with.

pub use async_trait::async_trait;
pub use futures::try_join;

pub use super::call::{Answer, Place};
pub use super::generic::{Calls, Change, Entries, New, Parts, Steps, Suspect, chunks};
pub use super::read::{flag, link, links, narrow, one, page, sorted, text};
pub use super::{date, document, read, tags};
pub use crate::kinds::kit::Spec as _;
pub use crate::model::tags::Tags;
pub use crate::model::value::Link;
pub use crate::model::{Attributes, Live, Name, Reading, Readings, Status, Value};
pub use crate::world::{ErrorClass, ProviderError, Told};
