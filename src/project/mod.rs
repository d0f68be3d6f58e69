//! A project as one command reads it: every file once. In: a folder and a day. Out: [`Loaded`], a [`DesiredState`]
//! (crate::model::DesiredState) for each environment without a mistake, and every mistake with its place.
//!
//! ```text
//! folder ─ desired ─► spec ─ compile ─► resources ─ state ─► DesiredState ┐
//!        └ promises, roles, policies, releases ──────────────────────────┴─► Loaded
//! ```
//!
//! Guarantees: all errors of all files are reported in one run; a state is present only if its environment has no error;
//! same files and same day, same result (ADR 0020). Imports `desired`, `compile` and lower; must not import `plan`, `store` or
//! anything above.

mod loaded;
mod quote;
mod reading;
pub mod releases;
mod state;

pub use loaded::Loaded;
pub use quote::Quotes;
pub use reading::{Project, Reading, load, load_as};
