//! The kind as the program knows it: its schema, how AWS behaves, its calls, its example.

use super::super::prelude::*;
use super::{CALLS, SCHEMA, Spec, sim};

pub static KIND: Kind = Kind::of::<Spec>(&SCHEMA, &sim::SIM, CALLS, include_str!("example.yaml"));
