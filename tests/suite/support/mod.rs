//! What the engine's tests share: YAML without types, a laboratory with a simulated world and a store in memory, and
//! projects in temporary folders.

pub mod binary;
pub mod faulty_store;
pub mod generate;
pub mod hand;
pub mod lab;
pub mod memory;
pub mod office;
pub mod people;
pub mod project;
pub mod reasons;
pub mod soak;
pub mod yaml;

pub use lab::{Lab, desired, id};

/// The name of an attribute as a person writes it: tests speak of kinds in words, the product by typed names.
pub fn attr(text: &str) -> tokaido::model::Name {
    tokaido::model::Name::interned(text)
}
