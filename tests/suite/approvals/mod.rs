//! Who lets a change of production pass: the roles file, signed statements, the decision, the command, and the recipe for
//! continuous integration.

mod command;
mod emergency;
mod keys;
mod paper;
mod recipe;
mod roles;
mod statements;

use crate::support::office::{Keys, PEOPLE, governed, planned, ssh_keygen, verifies};
