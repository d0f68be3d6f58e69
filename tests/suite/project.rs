//! A copy of this repository's own environments in a folder of its own, to be edited and loaded.

#![allow(clippy::unwrap_used, reason = "a test says what it expects")]

use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use tempfile::TempDir;
use tokaido::model::finding::introduced;
use tokaido::model::{Finding, Severity, Source};
use tokaido::project::{Loaded, load};

/// Marks, in a replacement, the place that a finding must name.
pub const MARK: char = '‸';

pub const FILES: [&str; 5] = [
    "environments/base.yaml",
    "environments/dev.yaml",
    "environments/staging.yaml",
    "environments/production.yaml",
    "policies/promises.yaml",
];

pub fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every test of the loader lives on this day.
pub fn today() -> Date {
    date(2026, 11, 1)
}

pub struct Project {
    folder: TempDir,
    pub marked: Option<Source>,
}

impl Project {
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        for file in FILES {
            let to = folder.path().join(file);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(repository().join(file), to).unwrap();
        }
        Self { folder, marked: None }
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.root().join(file)).unwrap()
    }

    /// Writes a file, and notes the place of the mark in it.
    pub fn write(&mut self, file: &str, text: &str) {
        if let Some(at) = text.find(MARK) {
            let before = &text[..at];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
            self.marked = Some(Source { file: file.into(), line, column });
        }
        let to = self.root().join(file);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, text.replace(MARK, "")).unwrap();
    }

    /// Replaces the first `find`; with an empty one, the whole file.
    pub fn edit(&mut self, file: &str, find: &str, replace: &str) {
        if find.is_empty() {
            return self.write(file, replace);
        }
        let text = self.read(file);
        assert!(text.contains(find), "{file} has no `{find}`");
        self.write(file, &text.replacen(find, replace, 1));
    }

    pub fn load(&self) -> Loaded {
        load(self.root(), &[], today())
    }
}

/// As the command line prints it.
pub fn rendered(finding: &Finding) -> String {
    let place = finding.source.as_ref().map(ToString::to_string).unwrap_or_default();
    let word = if finding.severity == Severity::Error { "error" } else { "warning" };
    let mut lines = vec![format!("{place}: {word}[{}]: {}\n", finding.code, finding.message)];
    lines.extend(finding.expected.iter().map(|expected| format!("  expected: {expected}\n")));
    lines.extend(finding.promise.iter().map(|promise| format!("  promise: {promise}\n")));
    lines.extend(finding.related.iter().map(|(word, source)| format!("  {} {source}\n", introduced(word))));
    let inherited = finding.inherited_by.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    lines.extend((!inherited.is_empty()).then(|| format!("  inherited by: {inherited}\n")));
    lines.concat()
}

pub fn all_rendered(loaded: &Loaded) -> String {
    loaded.findings.iter().map(rendered).collect()
}
