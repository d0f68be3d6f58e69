//! Decides what may move to which environment, and which plan may run. Every decision is a pure function.
//!
//! ```text
//! manifests ───────────────────► release::{next_id, differences, written}
//! histories of two environments ► promotion::decide ─► allowed, or every reason against it
//! plan + executed steps ────────► upstream::compare ─► the upstream comparison: the same change as before, except …
//! histories, pins, clock ───────► status::summary
//! roles + statements + plan ────► approval::standing ─┐
//! promotion · policies::refusals ─────────────────────┼─► permit::permit ─► Permit, or every reason why not
//! an emergency override ────────────────────────────────┘
//! last recorded sighting + this one ► watch::decide ─► transition, heartbeat, gap: what is recorded and reported
//! ```
//!
//! In: plans, roles, signed statements, records and releases as values, and the time.
//!
//! Out: decisions. A decision that refuses is a value that says what is missing and until when, with all reasons at once.
//!
//! Must not import: any module but `model`, `desired` and `compile`. `govern` reads no clock, no file and no world.
//!
//! Guarantee: only this module makes a [`permit::Permit`], and the executor runs no plan without one.

#![deny(missing_docs)]

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

pub use parts::{Breaks, FirstOf, Short, Told};
