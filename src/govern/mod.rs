//! Who may take what where, and who lets it pass, as pure decisions.
//!
//! ```text
//! manifests ───────────────────► release::{next_id, differences, written}
//! histories of two environments ► promotion::decide ─► allowed, or every reason against it
//! plan + what was executed ─────► upstream::compare ─────► the same change as before, except …
//! histories, pins, clock ───────► status::summary
//! roles + statements + plan ────► approval::standing ─┐
//! promotion · policies::refusals ─────────────────────┼─► permit::permit ─► Permit, or every reason why not
//! a typed emergency ──────────────────────────────────┘
//! last recorded sighting + this one ► watch::decide ─► transition, heartbeat, gap: what is recorded and said
//! ```
//!
//! Guarantees: no clock, no files, no world; every refusal is a value that says what and until when; all reasons at once.
//! Imports `model`, `desired` and `promises`.

pub mod approval;
pub mod flaw;
pub mod history;
mod parts;
pub mod permit;
pub mod policies;
pub mod promotion;
pub mod refusal;
pub mod release;
pub mod roles;
pub mod statement;
pub mod status;
pub mod upstream;
pub mod watch;

pub use parts::{Breaks, FirstOf, Short};
