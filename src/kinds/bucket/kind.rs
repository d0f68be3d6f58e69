//! The kind's entry: its schema, how AWS behaves, its operations, its example.

use super::super::prelude::*;
use super::{CALLS, SCHEMA, Spec, sim};

/// This kind's entry in [`crate::kinds::ALL`]: Tokyo only, a wait of at most 5 minutes.
pub static KIND: Kind = Kind {
    // Names are unique in all of AWS, one listing shows the buckets of every region, and one bucket holds the lease.
    regions: &[Region::Tokyo],
    ..Kind::of::<Spec>(&SCHEMA, &sim::SIM, CALLS, include_str!("example.yaml"))
};
