//! A refusal by AWS, with everything that an operator needs to act on it or to ask AWS about it.

use crate::world::{Changed, ProviderError};

use super::rows::{Block, Document, Entry, Line, Role, Row};
use super::text::{self, Style};

#[must_use]
pub fn text(error: &ProviderError, style: &Style) -> String {
    text::document(&document(error), style)
}

#[must_use]
pub fn document(error: &ProviderError) -> Document {
    let head = Line::new().value(Role::Error, "error").glued(Role::Plain, ":").value(Role::Id, &error.operation);
    let head = head.prose(Role::Plain, "failed").glued(Role::Plain, ":").value(Role::Error, error.class.as_str());
    let changed = match error.changed {
        Changed::No => Line::new().prose(Role::Ok, "nothing was changed"),
        Changed::Maybe => Line::new().prose(Role::Warn, "not known: the request left and no answer says what came of it"),
        Changed::Partly => Line::new().prose(Role::Warn, "a part of it was done before this call failed"),
    };
    let known = |text: &Option<String>| text.as_deref().unwrap_or("not known").to_owned();
    let row = |label: &str, body: Line| Row { label: label.to_owned(), body };
    let plain = |text: String| Line::new().value(Role::Plain, text);
    let rows = vec![
        row("resource", plain(error.resource.clone())),
        row("called as", plain(known(&error.principal))),
        row("request id", plain(known(&error.request_id))),
        row("code", plain(known(&error.code))),
        row("AWS says", Line::new().prose(Role::Plain, &error.message)),
        row("changed", changed),
        row("next", Line::new().prose(Role::Plain, error.next().to_string())),
    ];
    Document { blocks: vec![Block::Entry(Entry { head, rows, ..Entry::default() })] }
}
