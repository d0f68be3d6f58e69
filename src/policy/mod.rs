//! An organisation's own rules over a plan, written in Rego (ADR 0013).
//!
//! In: the texts of `policies/*.rego` and of their cases; a plan, the live and the planned state. Out: checked [`Policies`],
//! their mistakes as findings, and a verdict of each policy.
//! Must not import: anything but `model`, `yaml`, `kinds` and `promises` (slugs and days). The crate `rego-check` does everything
//! about Rego and knows nothing of tokaido.
//!
//! [`compile`] and [`check`] find every mistake that can be found without a plan. `check` skips texts that this program found
//! without mistakes before. [`judge`] evaluates the policies over one plan and checks nothing.
//!
//! Guarantees: a policy can only refuse or warn; the same plan and the same files give the same answer. A policy that exceeds its
//! time limit is an error, not an answer. No I/O: files come in as text, and the memory of checked texts is handed in.
//!
//! Without the feature `policy` there is no engine, and tokaido refuses a project that has policies.

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
pub use schema::{input_schema, printed_schema};
