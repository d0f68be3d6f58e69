//! Whether a packet passes between two tenants (ADR 0032).
//!
//! In: [`Facts`]: networks, walls, ways and hosts, as plain data. Out: a [`Proof`]: leaks with a packet, pairs that stay undecided
//! with what was not read, and what the Internet can send beyond what is allowed. Every other pair is isolated.
//!
//! Must not import: anything but `model`. No promise, no kind, no clock, no call.

mod facts;
mod packets;
mod proof;

pub use facts::*;
pub use proof::*;
