//! The embedded store: one folder per environment, one numbered file per record, never rewritten.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use async_trait::async_trait;

use crate::model::Environment;

use super::{Hold, Record, Store, StoreError};

#[derive(Debug)]
pub struct DirectoryStore {
    root: PathBuf,
}

impl DirectoryStore {
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    fn folder(&self, environment: Environment) -> PathBuf {
        self.root.join(environment.as_str())
    }

    /// The record files in order. Their names are numbers, so a foreign file is ignored.
    fn files(&self, environment: Environment) -> Result<Vec<(u64, PathBuf)>, StoreError> {
        let folder = self.folder(environment);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(failed("read", &folder, source)),
        };
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.map_err(|source| failed("read", &folder, source))?.path();
            let number = path
                .file_name()
                .and_then(|name| name.to_str())
                .and_then(|name| name.strip_suffix(".json"))
                .and_then(|name| name.parse().ok());
            files.extend(number.map(|number| (number, path)));
        }
        files.sort();
        Ok(files)
    }
}

#[async_trait]
impl Store for DirectoryStore {
    /// A lock on a file of the folder: the operating system takes it back from a process that dies.
    async fn hold(&self, environment: Environment) -> Result<Hold, StoreError> {
        let folder = self.folder(environment);
        fs::create_dir_all(&folder).map_err(|source| failed("create", &folder, source))?;
        let path = folder.join("apply.lock");
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
        let file = file.map_err(|source| failed("open", &path, source))?;
        match file.try_lock() {
            Ok(()) => Ok(Hold(Some(file))),
            Err(fs::TryLockError::WouldBlock) => Err(StoreError::Held { lock: path.display().to_string() }),
            Err(fs::TryLockError::Error(source)) => Err(failed("lock", &path, source)),
        }
    }

    async fn append(&self, environment: Environment, record: &Record) -> Result<(), StoreError> {
        let folder = self.folder(environment);
        fs::create_dir_all(&folder).map_err(|source| failed("create", &folder, source))?;
        let mut text = serde_json::to_vec(record).map_err(|error| failed("write", &folder, io::Error::other(error)))?;
        text.push(b'\n');
        let mut number = self.files(environment)?.last().map_or(1, |(number, _)| number + 1);
        // Written aside, made durable, then linked under the next free number: a reader sees a whole record or none.
        let aside = folder.join(format!(".{}.part", std::process::id()));
        write_durably(&aside, &text).map_err(|source| failed("write", &aside, source))?;
        loop {
            let path = folder.join(format!("{number:08}.json"));
            match fs::hard_link(&aside, &path) {
                Ok(()) => break,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                Err(source) => return Err(failed("write", &path, source)),
            }
        }
        fs::remove_file(&aside).map_err(|source| failed("remove", &aside, source))?;
        File::open(&folder).and_then(|folder| folder.sync_all()).map_err(|source| failed("write", &folder, source))
    }

    async fn records(&self, environment: Environment) -> Result<Vec<Record>, StoreError> {
        let mut records = Vec::new();
        for (_, path) in self.files(environment)? {
            let text = fs::read(&path).map_err(|source| failed("read", &path, source))?;
            let record = serde_json::from_slice(&text)
                .map_err(|error| StoreError::Damaged { path: path.display().to_string(), reason: error.to_string() })?;
            records.push(record);
        }
        Ok(records)
    }
}

fn write_durably(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(path)?;
    file.write_all(text)?;
    file.sync_data()
}

fn failed(verb: &'static str, path: &Path, source: io::Error) -> StoreError {
    StoreError::Io { verb, path: path.display().to_string(), source }
}
