//! A project as one command reads it: every file once.
//!
//! In: a folder and a day. Out: [`Loaded`]: a [`DesiredState`](crate::model::DesiredState) for each environment without a
//! mistake, and every mistake with its place.
//! Must not import: `plan`, `store` or anything below `project` in `lib.rs`.
//!
//! ```text
//! folder ─ desired ─► spec ─ compile ─► resources ─ state ─► DesiredState ┐
//!        └ promises, roles, policies, releases ──────────────────────────┴─► Loaded
//! ```
//!
//! Guarantees: one run reports all errors of all files; a state is present only if its environment has no error; the same files
//! and the same day give the same result (ADR 0020).

mod loaded;
mod quote;
mod reading;
pub mod releases;
mod state;

pub use loaded::Loaded;
pub use quote::Quotes;
pub use reading::{Project, Reading, load, load_as};
