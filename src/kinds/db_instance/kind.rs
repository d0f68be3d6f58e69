//! The kind's entry: its schema, how AWS behaves, its operations, its example.

use super::super::prelude::*;
use super::{CALLS, SCHEMA, Spec, sim};

/// This kind's entry in [`crate::kinds::ALL`]: both regions, a read every 20 seconds for at most 80 minutes.
pub static KIND: Kind =
    Kind { wait: Wait { poll: 20, limit: 80 * 60 }, ..Kind::of::<Spec>(&SCHEMA, &sim::SIM, CALLS, include_str!("example.yaml")) };
