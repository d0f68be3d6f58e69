//! Mistakes in the files, one block each, in the form from which editors jump: `path:line:col: error[code]: message`.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::model::finding::introduced;
use crate::model::{Finding, Severity};

use super::rows::{Block, Document, Entry, Line, Role, counted};
use super::text::{self, Style};

/// A promise in the words of the white paper, as the caller looked it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PromiseText {
    pub slug: String,
    /// The clause of the white paper.
    pub clause: String,
    pub title_en: String,
    pub title_ja: String,
}

#[must_use]
pub fn text(findings: &[Finding], promise: &dyn Fn(&str) -> Option<PromiseText>, style: &Style) -> String {
    text::document(&document(findings, promise), style)
}

#[must_use]
pub fn document(findings: &[Finding], promise: &dyn Fn(&str) -> Option<PromiseText>) -> Document {
    let mut page = Document::default();
    for finding in sorted(findings) {
        page.blocks.push(Block::Entry(entry(finding, promise)));
    }
    page.line(count(findings));
    page
}

/// By file and line; mistakes without a place come last.
pub(super) fn sorted(findings: &[Finding]) -> Vec<&Finding> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by(|a, b| {
        (a.source.is_none(), &a.source, a.severity, a.code, &a.message).cmp(&(
            b.source.is_none(),
            &b.source,
            b.severity,
            b.code,
            &b.message,
        ))
    });
    sorted
}

fn entry(finding: &Finding, promise: &dyn Fn(&str) -> Option<PromiseText>) -> Entry {
    let (role, word) = match finding.severity {
        Severity::Error => (Role::Error, "error"),
        Severity::Warning => (Role::Warn, "warning"),
    };
    let mut head = Line::new();
    if let Some(source) = &finding.source {
        head = head.value(Role::Id, source.to_string()).glued(Role::Plain, ":");
    }
    head = head.value(role, format!("{word}[{}]", finding.code)).glued(Role::Plain, ":").prose(Role::Plain, &finding.message);
    let mut notes = Vec::new();
    if let Some(expected) = &finding.expected {
        notes.push(Line::new().value(Role::Muted, "expected:").prose(Role::Plain, expected));
    }
    if let Some(slug) = finding.promise {
        let line = Line::new().value(Role::Muted, "promise:");
        notes.push(match promise(slug) {
            Some(known) => line
                .value(Role::Plain, format!("{} {}", known.clause, known.slug))
                .glued(Role::Plain, ":")
                .prose(Role::Plain, known.title_en),
            None => line.value(Role::Plain, slug),
        });
    }
    for (word, source) in &finding.related {
        notes.push(Line::new().prose(Role::Muted, introduced(word)).value(Role::Plain, source.to_string()));
    }
    if !finding.inherited_by.is_empty() {
        let names = finding.inherited_by.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        notes.push(Line::new().value(Role::Muted, "inherited by:").prose(Role::Plain, names));
    }
    Entry { head, notes, ..Entry::default() }
}

/// `3 errors, 1 warning in 2 files`
fn count(findings: &[Finding]) -> Line {
    let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
    let files: BTreeSet<&str> =
        findings.iter().filter_map(|finding| finding.source.as_ref()).map(|source| source.file.as_str()).collect();
    let mut parts = Vec::new();
    if errors > 0 || warnings == 0 {
        parts.push(counted(errors, "error", "errors"));
    }
    if warnings > 0 {
        parts.push(counted(warnings, "warning", "warnings"));
    }
    let mut words = parts.join(", ");
    if !files.is_empty() {
        words = format!("{words} in {}", counted(files.len(), "file", "files"));
    }
    let role = if errors > 0 {
        Role::Error
    } else if warnings > 0 {
        Role::Warn
    } else {
        Role::Ok
    };
    Line::new().prose(role, words)
}
