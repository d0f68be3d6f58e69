//! Level 5: who may take what where, as pure decisions.
//!
//! ```text
//! manifests ───────────────────► release::{next_id, differences, written}
//! histories of two environments ► promotion::decide ─► allowed, or every reason against it
//! plan + what was executed ─────► twin::compare ─────► the same change as before, except …
//! histories, pins, clock ───────► status::summary
//! ```
//!
//! Guarantees: no clock, no files, no world; every refusal is a value that says what and until when; all reasons at once.
//! Imports `model`, `desired` and `promises`.

pub mod history;
pub mod promotion;
pub mod release;
pub mod status;
pub mod twin;
