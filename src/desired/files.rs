//! The only file of `desired` that reads files. It reads and parses each once. Imports `model` and `promises`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use crate::model::digest::digest;
use crate::model::reason::FileReason;
use crate::model::{Finding, Source};
use crate::yaml::{self, Node, Origin, Rules};

use super::layout::ENVIRONMENTS;
use super::said::{FileFault, Right};

/// Bytes. A thousand tenants are about 300 KB.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

pub struct Files {
    root: PathBuf,
    /// The time of the command, which decides whether a time in a file is still to come.
    now: Timestamp,
    /// The bytes of files, as read or as an edit would make them.
    contents: BTreeMap<String, Content>,
    read: BTreeMap<String, Read>,
}

/// The digest and the tree come from one reading, so a file that changes meanwhile cannot make them differ.
#[derive(Debug, Clone)]
pub enum Content {
    Bytes(Arc<[u8]>),
    TooLarge(u64),
    Missing,
    Failed(FileReason),
}

struct Read {
    tree: Option<Node>,
    findings: Vec<Finding>,
}

impl Files {
    pub fn new(root: &Path, now: Timestamp) -> Self {
        Self { root: root.to_owned(), now, contents: BTreeMap::new(), read: BTreeMap::new() }
    }

    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// The same bytes without trees. `edits` replace the files of these names.
    #[must_use]
    pub fn edited(&self, edits: &BTreeMap<String, Vec<u8>>) -> Self {
        let mut contents = self.contents.clone();
        contents.extend(edits.iter().map(|(file, bytes)| (file.clone(), Content::Bytes(bytes.as_slice().into()))));
        Self { root: self.root.clone(), now: self.now, contents, read: BTreeMap::new() }
    }

    /// A guess where the project is, from a folder that is none.
    fn where_it_would_be(root: &Path) -> Right {
        if !root.is_dir() {
            return Right::FolderThere { folder: root.display().to_string() };
        }
        let whole = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let above = whole.ancestors().skip(1).find(|folder| folder.join(ENVIRONMENTS).is_dir());
        match above.filter(|_| !root.join(ENVIRONMENTS).is_dir()) {
            Some(above) => Right::ProjectAbove { folder: above.display().to_string() },
            None => Right::FileOfThisName,
        }
    }

    /// Whether anything has this name. What is no file is not absent: reading it says what is wrong.
    pub fn exists(&self, file: &str) -> bool {
        std::fs::symlink_metadata(self.root.join(file)).is_ok()
    }

    /// The bytes of a file, read once.
    pub fn content(&mut self, file: &str) -> &Content {
        let (root, path) = (&self.root, self.root.join(file));
        self.contents.entry(file.to_owned()).or_insert_with(|| content(root, &path))
    }

    /// The bytes of a file that was read already.
    #[must_use]
    pub fn known(&self, file: &str) -> Option<Arc<[u8]>> {
        match self.contents.get(file)? {
            Content::Bytes(bytes) => Some(Arc::clone(bytes)),
            _ => None,
        }
    }

    /// Every file below `folder`, relative to it, sorted. Empty when there is no such folder.
    pub fn below(&self, folder: &str) -> std::io::Result<Vec<String>> {
        let (mut open, mut found) = (vec![String::new()], Vec::new());
        while let Some(inner) = open.pop() {
            let entries = match std::fs::read_dir(self.root.join(folder).join(&inner)) {
                Ok(entries) => entries,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound && inner.is_empty() => return Ok(found),
                Err(error) => return Err(error),
            };
            for entry in entries {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let path = if inner.is_empty() { name } else { format!("{inner}/{name}") };
                if entry.file_type()?.is_dir() {
                    open.push(path);
                } else {
                    found.push(path);
                }
            }
        }
        found.sort();
        Ok(found)
    }

    /// The names of the folders in `folder`, sorted, without hidden ones.
    pub fn folders(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.root.join(folder)).into_iter().flatten().flatten();
        let folders = entries.filter(|entry| entry.path().is_dir());
        let names = folders.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut names: Vec<_> = names.filter(|name| !name.starts_with('.')).collect();
        names.sort();
        names
    }

    /// The tree of `file` (relative to the project, forward slashes). `asked` is the place that names the file. Each use repeats
    /// the findings of the file; the caller removes repetitions.
    pub fn tree(&mut self, file: &str, asked: Option<&Source>, findings: &mut Vec<Finding>) -> Option<Node> {
        if !self.read.contains_key(file) {
            let read = self.open(file);
            self.read.insert(file.to_owned(), read);
        }
        let read = self.read.get(file)?;
        findings.extend(read.findings.iter().cloned().map(|mut finding| {
            // An absent file has no place of its own: the finding points at the place that names it.
            if finding.code == "missing-file" && asked.is_some() {
                finding.source = asked.cloned();
            }
            finding
        }));
        read.tree.clone()
    }

    /// The tree of `file` is not needed any more; its bytes may be.
    pub fn forget(&mut self, file: &str) {
        self.read.remove(file);
    }

    fn open(&mut self, file: &str) -> Read {
        let text = match self.text(file) {
            Ok(text) => text,
            Err(finding) => return Read { tree: None, findings: vec![*finding] },
        };
        let mut findings = Vec::new();
        let tree = yaml::parse(Origin::of(file), text, Rules::OF_A_PROJECT, &mut findings);
        if let Some(tree) = &tree {
            yaml::scan(tree, &mut findings);
        }
        Read { tree, findings }
    }

    /// The whole text of a file, or why it cannot be read.
    pub fn text(&mut self, file: &str) -> Result<&str, Box<Finding>> {
        let whole = Source { file: file.into(), line: 1, column: 1 };
        let failed = |finding: Finding| Err(Box::new(finding));
        let root = self.root.clone();
        let bytes = match self.content(file) {
            Content::Bytes(bytes) => bytes,
            Content::TooLarge(length) => {
                let message = FileFault::TooLarge { file: file.to_owned(), length: *length };
                return failed(Finding::error("too-large", Some(&whole), message).expected(Right::Bytes { most: MAX_BYTES }));
            }
            Content::Missing => {
                let finding = Finding::error("missing-file", Some(&whole), FileFault::NoFile { file: file.to_owned() });
                return failed(finding.expected(Self::where_it_would_be(&root)));
            }
            Content::Failed(why) => {
                return failed(Finding::error(
                    "unreadable-file",
                    Some(&whole),
                    FileFault::Unreadable { file: file.to_owned(), why: why.clone() },
                ));
            }
        };
        std::str::from_utf8(bytes).map_err(|error| {
            let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
            let line = good.matches('\n').count() + 1;
            let column = good.rsplit('\n').next().map_or(0, |tail| tail.chars().count()) + 1;
            let source = Source { file: file.into(), line, column };
            Box::new(Finding::error("not-utf8", Some(&source), FileFault::NotUtf8).expected(Right::Utf8))
        })
    }

    /// SHA-256 over the names and bytes of these files, hex.
    pub fn digest(&self, used: &BTreeSet<String>) -> String {
        let used = self.contents.iter().filter(|(name, _)| used.contains(*name));
        let parts = used.filter_map(|(name, content)| match content {
            Content::Bytes(bytes) => Some([name.as_bytes(), &**bytes]),
            _ => None,
        });
        digest(parts.flatten())
    }
}

/// A link that leads out of the project is not followed: whoever checks the files of others would print files of their own.
fn content(root: &Path, path: &Path) -> Content {
    if let (Ok(root), Ok(whole)) = (root.canonicalize(), path.canonicalize())
        && !whole.starts_with(root)
    {
        return Content::Failed(FileReason::Outside);
    }
    if let Ok(metadata) = std::fs::metadata(path) {
        // Reading a pipe or a device would block.
        if !metadata.is_file() {
            return Content::Failed(FileReason::NotRegular);
        }
        if metadata.len() > MAX_BYTES {
            return Content::TooLarge(metadata.len());
        }
    }
    match crate::file::read(path) {
        Ok(bytes) => Content::Bytes(bytes.into()),
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Content::Failed(error.into()),
        Err(_) if std::fs::symlink_metadata(path).is_ok() => Content::Failed(FileReason::Nowhere),
        Err(_) => Content::Missing,
    }
}
