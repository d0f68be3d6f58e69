//! Whether a packet passes between two tenants (ADR 0032).
//!
//! In: [`Facts`]: networks, walls, ways and hosts, as plain data. Out: a [`Proof`]: leaks with a packet, pairs that stay undecided
//! with what was not read, and what the Internet can send beyond what is allowed. Every other pair is isolated.
//!
//! ```text
//! facts ─ atlas ─ candidates: whom rules let send to whom ─ classes: equal tenants ─ prove: walk │ nodes │ routers ─ proof
//!                                                                                    internet
//! ```
//!
//! Must not import: anything but `model`. No promise, no kind, no clock, no call.

mod atlas;
mod candidates;
mod classes;
mod facts;
mod internet;
mod nodes;
mod outside;
mod packets;
mod proof;
mod prove;
mod routers;
mod trail;
mod walk;
mod witness;

pub use facts::*;
pub use proof::*;
pub use prove::{prove, prove_each};
