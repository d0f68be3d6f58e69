//! What mistakes in files say, in both languages: what is wrong ([`FileFault`], [`ValueFault`], [`RuleFault`]), what would be right
//! ([`Right`]), and how another place is introduced ([`Place`]). Imports `model`.

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
