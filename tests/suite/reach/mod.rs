//! `tokaido::reach` against a second opinion (ADR 0032).

pub mod compare;
pub mod generate;
pub mod minimise;
pub mod oracle;
