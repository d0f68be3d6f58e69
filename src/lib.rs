//! tokaido: a deployment controller for AWS in Tokyo and Osaka. `docs/architecture.md` draws the pipeline.
//!
//! The modules are levels; one imports only lower ones (`tests/suite/levels.rs` checks it).

// The derives of `tokaido-derive` name this crate as others do.
extern crate self as tokaido;

pub mod apply;
#[cfg(feature = "aws")]
pub mod aws;
pub mod cli;
pub mod desired;
pub mod doctor;
pub mod govern;
pub mod kinds;
pub mod model;
pub mod observe;
pub mod pipeline;
pub mod plan;
pub mod policy;
pub mod promises;
pub mod render;
pub mod sim;
pub mod store;
pub mod world;
