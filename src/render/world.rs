//! The world of an output: a person who reads "no drift" must see whether AWS was asked.

use crate::model::Language;

use super::rows::{Line, Role};
use super::words;

/// `world aws`, `world sandbox 187f-1-0 (world.jsonl)`
pub(super) fn line(world: &str, language: Language) -> Line {
    let line = Line::new().value(Role::Muted, words::WORLD.say(language)).value(Role::Plain, world);
    if is_simulated(world) { line.dot().prose(Role::Warn, words::REHEARSAL.say(language)) } else { line }
}

/// The first word of a world's name is its kind.
pub(super) fn is_simulated(world: &str) -> bool {
    !world.starts_with("aws")
}
