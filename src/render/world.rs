//! The world of an output: a person who reads "no drift" must see whether AWS was asked.

use crate::model::Language;

use super::rows::{Document, Line, Role};
use super::text::{self, Style};
use super::words;

/// The line for an output that has no other place for it.
#[must_use]
pub fn text(world: &str, style: &Style, language: Language) -> String {
    let mut page = Document::default();
    page.line(line(world, language));
    text::document(&page, style)
}

/// How an output names a world: in a line of any language, or as a field of a document.
const NAMED: [&str; 5] = ["world aws", "world sandbox", "実行先 aws", "実行先 sandbox", "\"world\":"];

/// Whether an output names the world that was read.
#[must_use]
pub fn is_named(output: &str) -> bool {
    // The option `--world` in a command to type next names no world that was read.
    let is_option = |at: usize| output[..at].ends_with('-');
    NAMED.iter().any(|named| output.match_indices(named).any(|(at, _)| !is_option(at)))
}

/// `world aws`, `world sandbox 187f-1-0 (world.jsonl)`
pub(super) fn line(world: &str, language: Language) -> Line {
    let line = Line::new().value(Role::Muted, words::WORLD.say(language)).value(Role::Plain, world);
    if is_simulated(world) { line.dot().prose(Role::Warn, words::REHEARSAL.say(language)) } else { line }
}

/// The first word of a world's name is its kind.
pub(super) fn is_simulated(world: &str) -> bool {
    !world.starts_with("aws")
}
