//! The only place of `desired` that reads files. Each file is read and parsed once. Imports `model` and `promises`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::secrets;
use super::yaml::{self, Node};
use crate::model::{Finding, Source};
use crate::promises::digest;

/// Bytes. A thousand tenants are about 300 KB.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

pub(super) struct Files {
    root: PathBuf,
    read: BTreeMap<String, Read>,
}

struct Read {
    bytes: Vec<u8>,
    tree: Option<Node>,
    findings: Vec<Finding>,
}

impl Files {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), read: BTreeMap::new() }
    }

    pub(super) fn exists(&self, file: &str) -> bool {
        self.root.join(file).is_file()
    }

    /// The tree of `file` (relative to the project, forward slashes). `asked` is the place that names the file.
    /// Findings of a file come with every use; the caller removes repetitions.
    pub(super) fn tree(&mut self, file: &str, asked: Option<&Source>, findings: &mut Vec<Finding>) -> Option<Node> {
        if !self.read.contains_key(file) {
            let read = self.open(file);
            self.read.insert(file.to_owned(), read);
        }
        let read = self.read.get(file)?;
        findings.extend(read.findings.iter().cloned().map(|mut finding| {
            // A file that is not there has no place of its own: the mistake is where it is named.
            if finding.code == "missing-file" && asked.is_some() {
                finding.source = asked.cloned();
            }
            finding
        }));
        read.tree.clone()
    }

    fn open(&self, file: &str) -> Read {
        let whole = Source { file: file.to_owned(), line: 1, column: 1 };
        let failed = |finding: Finding| Read { bytes: Vec::new(), tree: None, findings: vec![finding] };
        let path = self.root.join(file);
        if let Ok(metadata) = std::fs::metadata(&path)
            && metadata.len() > MAX_BYTES
        {
            let message = format!("`{file}` has {} bytes", metadata.len());
            return failed(
                Finding::error("too-large", Some(&whole), message).expected(format!("at most {MAX_BYTES} bytes in a file")),
            );
        }
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let finding = Finding::error("missing-file", Some(&whole), format!("there is no file `{file}`"));
                return failed(finding.expected(
                    "a file of this name; `--project DIR` names the folder with environments/ and policies/, `tokaido init` writes one",
                ));
            }
            Err(error) => {
                return failed(Finding::error("unreadable-file", Some(&whole), format!("`{file}` cannot be read: {error}")));
            }
        };
        let text = match std::str::from_utf8(&bytes) {
            Ok(text) => text,
            Err(error) => {
                let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
                let line = good.matches('\n').count() + 1;
                let column = good.rsplit('\n').next().map_or(0, |tail| tail.chars().count()) + 1;
                let source = Source { file: file.to_owned(), line, column };
                return failed(
                    Finding::error("not-utf8", Some(&source), "this is not UTF-8 text").expected("a file saved as UTF-8"),
                );
            }
        };
        let mut findings = Vec::new();
        let tree = yaml::parse(file, text, &mut findings);
        if let Some(tree) = &tree {
            secrets::scan(tree, &mut findings);
        }
        Read { bytes, tree, findings }
    }

    /// SHA-256 over the names and bytes of these files, hex.
    pub(super) fn digest(&self, used: &BTreeSet<String>) -> String {
        let used = self.read.iter().filter(|(name, _)| used.contains(*name));
        digest(used.flat_map(|(name, read)| [name.as_bytes(), &read.bytes]))
    }
}
