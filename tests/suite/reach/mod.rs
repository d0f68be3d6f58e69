//! `tokaido::reach` against a second opinion (ADR 0032).

pub mod compare;
pub mod estate;
pub mod generate;
mod leaks;
pub mod minimise;
pub mod oracle;
mod witness;
