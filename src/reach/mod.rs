//! Whether a packet passes between two tenants (ADR 0032).
//!
//! In: [`Facts`]: networks, walls, ways and hosts, as plain data. Out: a [`Proof`]: leaks with a packet, pairs that stay undecided
//! with what was not read, and what the Internet can send beyond what is allowed. Every other pair is isolated.
//!
//! ```text
//! facts ─ atlas ─ classes: equal tenants ─ prove: each pair ─► proof
//!                                            ├ candidates: whom rules let send to whom ─ walk: one flow
//!                                            ├ nodes: chains by what sends under its own address
//!                                            │   ├ routers: flows, and chains that keep the source ─ walk
//!                                            │   └ outside: to and from places that are not read ─ walk
//!                                            └ internet: what any host of it may send ─ walk
//! ```
//!
//! `witness` puts what a `walk` found into words: its `trail` as packets and hops.
//!
//! Must not import: anything but `model`. No promise, no kind, no clock, no call.

mod atlas;
mod candidates;
mod classes;
mod facts;
mod internet;
mod lists;
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
