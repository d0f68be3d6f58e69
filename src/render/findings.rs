//! Mistakes in the files, one block each, in the form from which editors jump: `path:line:col: error[code]: message`.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::model::finding::introduced;
use crate::model::{Explained, Finding, Language, Quote, Severity, Source};

use super::excerpt;
use super::rows::{Block, Document, Entry, Line, Role, counted};
use super::text::{self, Style};

const ERROR: Explained = Explained::new("error", "エラー");
const WARNING: Explained = Explained::new("warning", "警告");
const EXPECTED: Explained = Explained::new("expected:", "修正案:");
const PROMISE: Explained = Explained::new("promise:", "約束:");
const INHERITED: Explained = Explained::new("inherited by:", "継承する環境:");

/// A promise in the words of the white paper, as the caller looked it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PromiseText {
    pub slug: String,
    /// The clause of the white paper.
    pub clause: String,
    pub title_en: String,
    pub title_ja: String,
}

/// Where what a finding names is looked up.
pub struct Lookup<'a> {
    pub promise: &'a dyn Fn(&str) -> Option<PromiseText>,
    /// The line at a place; `None` where there is none to show.
    pub quote: &'a dyn Fn(&Source) -> Option<Quote>,
    pub language: Language,
}

/// Every finding with its line, and how many there are.
#[must_use]
pub fn text(findings: &[Finding], lookup: &Lookup<'_>, style: &Style) -> String {
    let mut out = String::new();
    let written = |entry: Entry| text::document(&Document { blocks: vec![Block::Entry(entry)] }, style);
    let mut tall = false;
    for finding in sorted(findings) {
        let excerpt = finding.source.as_ref().and_then(|source| {
            let quote = (lookup.quote)(source)?;
            Some(excerpt::text(source, &quote, finding.severity, style))
        });
        let entry = entry(finding, lookup);
        let high = excerpt.is_some() || !entry.notes.is_empty();
        // What takes more than a line is set apart.
        if !out.is_empty() && (high || tall) {
            out.push('\n');
        }
        tall = high;
        let head = written(Entry { notes: Vec::new(), ..entry.clone() });
        let whole = written(entry);
        out.push_str(&head);
        out.push_str(&excerpt.unwrap_or_default());
        out.push_str(whole.strip_prefix(&head).unwrap_or_default());
    }
    if tall {
        out.push('\n');
    }
    let mut end = Document::default();
    end.line(count(findings, lookup.language));
    out + &text::document(&end, style)
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

fn entry(finding: &Finding, lookup: &Lookup<'_>) -> Entry {
    let language = lookup.language;
    let say = |words: Explained| words.say(language);
    let (role, word) = match finding.severity {
        Severity::Error => (Role::Error, say(ERROR)),
        Severity::Warning => (Role::Warn, say(WARNING)),
    };
    let mut head = Line::new();
    if let Some(source) = &finding.source {
        head = head.value(Role::Id, source.to_string()).glued(Role::Plain, ":");
    }
    head = head
        .value(role, format!("{word}[{}]", finding.code))
        .glued(Role::Plain, ":")
        .prose(Role::Plain, finding.message.say(language));
    let mut notes = Vec::new();
    if let Some(expected) = &finding.expected {
        notes.push(Line::new().value(Role::Muted, say(EXPECTED)).prose(Role::Plain, expected.say(language)));
    }
    if let Some(slug) = finding.promise {
        let line = Line::new().value(Role::Muted, say(PROMISE));
        notes.push(match (lookup.promise)(slug) {
            Some(known) => line
                .value(Role::Plain, format!("{} {}", known.clause, known.slug))
                .glued(Role::Plain, ":")
                .prose(Role::Plain, if language == Language::Ja { known.title_ja } else { known.title_en }),
            None => line.value(Role::Plain, slug),
        });
    }
    for (word, source) in &finding.related {
        let word = match language {
            Language::En => introduced(word),
            Language::Ja => format!("{}:", word.say(language)),
        };
        notes.push(Line::new().prose(Role::Muted, word).value(Role::Plain, source.to_string()));
    }
    if !finding.inherited_by.is_empty() {
        let names = finding.inherited_by.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        notes.push(Line::new().value(Role::Muted, say(INHERITED)).prose(Role::Plain, names));
    }
    Entry { head, notes, ..Entry::default() }
}

/// `3 errors, 1 warning in 2 files`
fn count(findings: &[Finding], language: Language) -> Line {
    let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
    let files: BTreeSet<&str> =
        findings.iter().filter_map(|finding| finding.source.as_ref()).map(|source| source.file.as_str()).collect();
    let role = if errors > 0 {
        Role::Error
    } else if warnings > 0 {
        Role::Warn
    } else {
        Role::Ok
    };
    if language == Language::Ja {
        let warned = if warnings > 0 { format!("、警告 {warnings} 件") } else { String::new() };
        let whence = if files.is_empty() { String::new() } else { format!("（ファイル {} 件）", files.len()) };
        return Line::new().prose(role, format!("エラー {errors} 件{warned}{whence}"));
    }
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
    Line::new().prose(role, words)
}
