//! The kind as the program knows it: its schema, how AWS behaves, its calls, its example.

use super::super::prelude::*;
use super::{CALLS, SCHEMA, Spec, sim};

pub static KIND: Kind = Kind {
    // Names are unique in all of AWS and one listing shows every region's: one place, and one lease, are enough.
    regions: &[Region::Tokyo],
    ..Kind::of::<Spec>(&SCHEMA, &sim::SIM, CALLS, include_str!("example.yaml"))
};
