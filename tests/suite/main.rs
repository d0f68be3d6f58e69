//! The one integration-test binary. `levels.rs` checks that no file here is forgotten.

mod approvals;
#[cfg(feature = "aws")]
mod aws_connect;
#[cfg(feature = "aws")]
mod aws_drivers;
#[cfg(feature = "aws")]
mod aws_errors;
#[cfg(feature = "aws")]
mod aws_replay;
mod bad_input;
mod bad_values;
mod bad_world;
mod cli;
mod concurrent;
mod data_stays;
mod desired;
mod doctor;
mod explain;
mod faults;
mod kinds;
mod levels;
mod moves;
mod permissions;
mod plan;
mod project;
mod promises;
mod properties;
mod render;
mod risk;
mod slips;
mod start;
mod support;
mod table;
mod unsound;
