//! The sentences about mistakes in files, in both languages.
//!
//! In: codes of mistakes with their values. Out: what is wrong ([`FileFault`], [`ValueFault`], [`RuleFault`]), what would be
//! right ([`Right`]), and the introduction of another place ([`Place`]).
//! Must not import: anything but `model`.

mod files;
mod place;
mod right;
mod rules;
mod values;

pub(crate) use files::FileFault;
pub(crate) use place::Place;
pub use right::Right;
pub(crate) use rules::RuleFault;
pub use values::ValueFault;
