//! tokaido: a deployment controller for AWS in Tokyo and Osaka. `docs/architecture.md` draws the pipeline.
//!
//! The modules are levels; one imports only lower ones (`tests/suite/levels.rs` checks it).

#[cfg(feature = "aws")]
pub mod aws;
pub mod kinds;
pub mod model;
pub mod world;
