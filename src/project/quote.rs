//! The line of a file to which a mistake points, without the secrets in it.
//! In: files that were read already, and places. Out: [`Quote`]s for the renderer. Opens no file. Imports `model`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::model::{Quote, Source};
use crate::yaml::{secret_key, secret_value};

use super::reading::Project;

/// A private key that begins at most this many lines above is hidden whole.
const KEY_LINES: usize = 200;

const HIDDEN: &str = "(hidden)";

/// Quotes files as the command read them.
pub struct Quotes<'p> {
    project: Option<&'p Project>,
    /// By file; `None` when the file was not read.
    texts: RefCell<BTreeMap<String, Option<Arc<Lines>>>>,
}

impl<'p> Quotes<'p> {
    #[must_use]
    pub const fn of(project: &'p Project) -> Self {
        Self { project: Some(project), texts: RefCell::new(BTreeMap::new()) }
    }

    /// Adds the text of a file that the project did not read, or that differs from what the project read.
    #[must_use]
    pub fn with(self, file: &str, text: &str) -> Self {
        self.texts.borrow_mut().insert(file.to_owned(), Some(Arc::new(Lines::of(file, text))));
        self
    }

    /// `None` when the file was not read, or is empty.
    #[must_use]
    pub fn quote(&self, place: &Source) -> Option<Quote> {
        let read = || {
            let bytes = self.project?.bytes(&place.file)?;
            Some(Arc::new(Lines::of(&place.file, &String::from_utf8_lossy(&bytes))))
        };
        let lines = self.texts.borrow_mut().entry(place.file.to_string()).or_insert_with(read).clone()?;
        lines.quote(place)
    }
}

/// A text, split into lines as the reader of this kind of file splits it.
struct Lines {
    text: String,
    /// The first and the last byte of each line, without the line end.
    spans: Vec<(usize, usize)>,
    yaml: bool,
}

impl Lines {
    fn of(file: &str, text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).to_owned();
        let yaml = Path::new(file).extension().is_none_or(|extension| extension != "rego");
        let (mut spans, mut begin) = (Vec::new(), 0);
        let bytes = text.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            let pair = *byte == b'\r' && bytes.get(at + 1) == Some(&b'\n');
            if *byte == b'\n' || (yaml && *byte == b'\r' && !pair) {
                let end = if *byte == b'\n' && at > begin && bytes[at - 1] == b'\r' { at - 1 } else { at };
                spans.push((begin, end));
                begin = at + 1;
            }
        }
        spans.push((begin, text.len()));
        Self { text, spans, yaml }
    }

    /// From 1.
    fn line(&self, number: usize) -> Option<&str> {
        let (begin, end) = *self.spans.get(number.checked_sub(1)?)?;
        self.text.get(begin..end)
    }

    fn quote(&self, place: &Source) -> Option<Quote> {
        if self.text.trim().is_empty() {
            return None;
        }
        let whole = self.line(place.line).unwrap_or_default();
        if whole.trim().is_empty() {
            // At the end of a file there is no line: the line above shows the place.
            let above = place.line.min(self.spans.len() + 1).checked_sub(1).filter(|above| *above > 0)?;
            let before = self.line(above).filter(|line| !line.trim().is_empty());
            return Some(Quote { line: String::new(), above: before.map(|line| self.safe(above, line)) });
        }
        Some(Quote { line: self.safe(place.line, whole), above: None })
    }

    /// The line, without what may be a secret: of two readings of a broken file, the one that shows less.
    fn safe(&self, number: usize, line: &str) -> String {
        if self.in_private_key(number, line) || (self.yaml && self.under_secret_key(number)) {
            return HIDDEN.to_owned();
        }
        if secret_value(line) || (self.yaml && (secret_key(line) || self.follows_secret_key(number))) {
            // The key of the mistake stays, when everything before the colon is a key.
            let name =
                |key: &&str| key.trim_start_matches([' ', '-']).chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
            let key = line.split_once(':').map(|(key, _)| key).filter(name).filter(|key| !secret_value(key));
            return key.map_or_else(|| HIDDEN.to_owned(), |key| format!("{key}: {HIDDEN}"));
        }
        line.to_owned()
    }

    fn in_private_key(&self, number: usize, line: &str) -> bool {
        if line.contains("-----") {
            return line.contains("-----BEGIN") || line.contains("-----END");
        }
        let above = (number.saturating_sub(KEY_LINES).max(1)..number).rev();
        above
            .filter_map(|number| self.line(number))
            .find(|line| line.contains("-----BEGIN") || line.contains("-----END"))
            .is_some_and(|line| line.contains("-----BEGIN"))
    }

    /// Whether a key that holds a secret stands above this line, with a smaller indent.
    fn under_secret_key(&self, number: usize) -> bool {
        let mut inner = self.line(number).map_or(0, indent);
        for above in (1..number).rev().filter_map(|number| self.line(number)).filter(|line| !line.trim().is_empty()) {
            if inner == 0 {
                return false;
            }
            if indent(above) < inner {
                inner = indent(above);
                if above.contains(':') && secret_key(above) {
                    return true;
                }
            }
        }
        false
    }

    /// Whether the line right above begins a secret that may continue here: a quote that is never closed has no end.
    fn follows_secret_key(&self, number: usize) -> bool {
        let above = number.checked_sub(1).and_then(|above| self.line(above));
        above.and_then(|above| above.split_once(':')).is_some_and(|(key, value)| {
            let value = value.trim();
            let open = |quote: char| value.starts_with(quote) && !(value.len() > 1 && value.ends_with(quote));
            secret_key(key) && (value.is_empty() || value.starts_with(['|', '>']) || open('"') || open('\''))
        })
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '-']).len()
}
