//! An organisation's own rules over a plan, written in Rego (ADR 0013).
//!
//! [`compile`] and [`check`] find every mistake that can be found without a plan, so that it is reported like any other mistake
//! in a file; `check` passes over texts that this program found without mistakes before. [`judge`] answers what the policies
//! say of one plan, and checks nothing. Rego itself is the business of the crate `rego-check`, which knows no
//! tokaido. A policy can only refuse or warn. Pure: files come in as text, and the only clock is the limit after which a policy
//! that does not end is an error. Imports `model`, `kinds`.
//!
//! Without the feature `policy` there is no engine, and a project that has policies is refused.

mod about;
#[cfg(feature = "policy")]
mod checker;
mod compile;
#[cfg(feature = "policy")]
mod document;
mod error;
mod input;
mod judge;
mod memory;
#[cfg(feature = "policy")]
mod metadata;
mod paper;
mod policies;
mod question;
#[cfg(feature = "policy")]
mod said;
mod schema;
#[cfg(feature = "policy")]
pub mod testing;

pub use about::About;
pub use compile::{check, compile};
pub use error::PolicyError;
pub use input::input;
pub use judge::judge;
pub use memory::{Memory, Nothing};
pub use policies::{FOLDER, Policies, Policy, digest};
pub use question::PolicyInput;
pub use schema::input_schema;
