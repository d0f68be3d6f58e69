//! `tokaido::reach` against a second opinion (ADR 0032): an enumerator of packets, a program in Python, and estates of which the
//! answer is known.

#[path = "../../../benches/engine/clean.rs"]
mod clean;
mod compare;
mod costs;
mod dark;
mod estate;
mod generate;
mod leaks;
mod minimise;
mod oracle;
mod permute;
mod properties;
mod python;
mod witness;
