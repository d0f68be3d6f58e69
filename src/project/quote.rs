//! The line of a file to which a mistake points, without the secrets in it.
//! In: files that were read already, and places. Out: [`Quote`]s for the renderer, and findings that repeat no secret of those
//! files. Opens no file. Imports `model`, `yaml` and `desired`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::desired::findings::hide;
use crate::model::{Finding, Quote, Source};
use crate::yaml::Redacted;

use super::reading::Project;

/// Quotes files as the command read them.
pub struct Quotes<'p> {
    project: Option<&'p Project>,
    /// By file; `None` when the file was not read.
    texts: RefCell<BTreeMap<String, Option<Arc<Redacted>>>>,
}

impl<'p> Quotes<'p> {
    #[must_use]
    pub const fn of(project: &'p Project) -> Self {
        Self { project: Some(project), texts: RefCell::new(BTreeMap::new()) }
    }

    /// Adds the text of a file that the project did not read, or that differs from what the project read.
    #[must_use]
    pub fn with(self, file: &str, text: &str) -> Self {
        self.texts.borrow_mut().insert(file.to_owned(), Some(Arc::new(Redacted::of(file, text))));
        self
    }

    /// `None` when the file was not read, or is empty.
    #[must_use]
    pub fn quote(&self, place: &Source) -> Option<Quote> {
        let lines = self.redacted(place)?;
        if lines.is_blank() {
            return None;
        }
        let whole = lines.line(place.line).unwrap_or_default();
        if whole.trim().is_empty() {
            // At the end of a file there is no line: the line above shows the place.
            let above = place.line.min(lines.lines() + 1).checked_sub(1).filter(|above| *above > 0)?;
            let before = lines.line(above).filter(|line| !line.trim().is_empty());
            return Some(Quote { line: String::new(), above: before.map(str::to_owned) });
        }
        Some(Quote { line: whole.to_owned(), above: None })
    }

    /// The same findings, which repeat nothing that the lines of their files hide.
    #[must_use]
    pub fn without_secrets(&self, mut findings: Vec<Finding>) -> Vec<Finding> {
        hide(&mut findings, &mut |place| self.redacted(place));
        findings
    }

    fn redacted(&self, place: &Source) -> Option<Arc<Redacted>> {
        let read = || {
            let bytes = self.project?.bytes(&place.file)?;
            Some(Arc::new(Redacted::of(&place.file, &String::from_utf8_lossy(&bytes))))
        };
        self.texts.borrow_mut().entry(place.file.to_string()).or_insert_with(read).clone()
    }
}
