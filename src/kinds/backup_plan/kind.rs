//! The kind's entry: its schema, how AWS behaves, its operations, its example.

use super::super::prelude::*;
use super::{CALLS, SCHEMA, Spec, sim};

/// This kind's entry in [`crate::kinds::ALL`]: both regions, a wait of at most 5 minutes.
pub static KIND: Kind = Kind::of::<Spec>(&SCHEMA, &sim::SIM, CALLS, include_str!("example.yaml"));
