//! Level 5: who lets a change pass, as pure decisions. Files, clocks and records are inputs; nothing here reads one.
//!
//! ```text
//! roles + statements + plan ─► approval::standing ─┐
//! promotion ───────────────────────────────────────┼─► permit::permit ─► Permit, or every reason why not
//! a typed emergency ───────────────────────────────┘
//! ```
//!
//! Imports `model`.

pub mod approval;
pub mod permit;
pub mod roles;
pub mod statement;
