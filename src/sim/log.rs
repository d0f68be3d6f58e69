//! Where the log is kept: in memory, or in a file that several processes share.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use tokaido_derive::Reason;

use super::entry::LogEntry;
use super::state::State;
use crate::file;
use crate::model::Said;
use crate::model::reason::{Deed, Trouble};

const VERSION: u32 = 1;

#[derive(Debug, Reason)]
pub enum LogError {
    #[en("cannot {deed} the sandbox file {path}: {source}")]
    #[ja("サンドボックスのファイル {path} の{deed}に失敗しました: {source}")]
    Io { deed: Deed, path: String, source: Trouble },
    #[en("the sandbox file {path} is damaged at line {line}: {reason}; `tokaido sandbox reset` starts a new one")]
    #[ja(
        "サンドボックスのファイル {path} の {line} 行目が壊れています（{reason}）。`tokaido sandbox reset` で新しく作り直せます"
    )]
    Damaged { path: String, line: usize, reason: String },
    #[en("{path} is no sandbox file: it does not begin as one. Nothing was changed; name another file in `--world sandbox:FILE`")]
    #[ja(
        "{path} は先頭の内容が異なり、サンドボックスのファイルではありません。何も変更していません。`--world sandbox:FILE` で別のファイルを指定してください"
    )]
    Foreign { path: String },
}

impl std::error::Error for LogError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Self::Io { source, .. } = self { Some(&source.0) } else { None }
    }
}

/// How every sandbox file begins.
const START: &[u8] = br#"{"entry":"start""#;

/// Whether this is a sandbox file, whole or broken, or an empty or absent one. Any other file is never written to and never
/// removed.
pub fn is_sandbox(path: &Path) -> io::Result<bool> {
    let mut head = Vec::new();
    match file::open(path, OpenOptions::new().read(true)) {
        Ok(file) => file.take(START.len() as u64).read_to_end(&mut head)?,
        Err(_) if path.exists() && !path.is_file() => return Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(error),
    };
    Ok(START.starts_with(&head))
}

/// The replayed state and how far the file was read.
#[derive(Debug)]
struct Cache {
    state: State,
    offset: u64,
    lines: usize,
}

#[derive(Debug)]
pub struct Log {
    file: Option<PathBuf>,
    described: Said,
    cache: Mutex<Cache>,
}

/// Not a secret: time, process and a counter distinguish two simulated worlds.
fn name(start: Timestamp) -> String {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    format!("{:x}-{:x}-{count:x}", start.as_nanosecond(), std::process::id())
}

impl Log {
    #[must_use]
    pub fn in_memory(start: Timestamp) -> Self {
        Self::nowhere(Said::new("in memory", "メモリ上"), start)
    }

    /// For commands that only read: an absent file is an empty world, and stays absent.
    #[must_use]
    pub fn absent(path: &Path, start: Timestamp) -> Self {
        let path = path.display();
        let described = Said::new(
            format!("{path} does not exist, so it is empty; `tokaido sandbox reset` or the first `apply` makes it"),
            format!("{path} がまだないため空です。`tokaido sandbox reset` か最初の `apply` で作成されます"),
        );
        Self::nowhere(described, start)
    }

    fn nowhere(described: Said, start: Timestamp) -> Self {
        let state = State { name: name(start), ..State::new(start) };
        Self { file: None, described, cache: Mutex::new(Cache { state, offset: 0, lines: 0 }) }
    }

    /// Opens the file, or creates it with `start` as its time.
    pub fn open(path: &Path, start: Timestamp) -> Result<Self, LogError> {
        let described = Said::new(path.display().to_string(), path.display().to_string());
        let log = Self {
            file: Some(path.to_owned()),
            described,
            cache: Mutex::new(Cache { state: State::new(start), offset: 0, lines: 0 }),
        };
        if !is_sandbox(path).map_err(|source| log.io(Deed::Read, source))? {
            return Err(LogError::Foreign { path: log.described.en.clone() });
        }
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|source| log.io(Deed::CreateFolder, source))?;
        }
        let first = || LogEntry::Start { version: VERSION, at: start, name: name(start) };
        log.commit(|state| if state.serial == 0 { (vec![first()], ()) } else { (Vec::new(), ()) })?;
        Ok(log)
    }

    #[must_use]
    pub fn describe(&self) -> &Said {
        &self.described
    }

    /// Reads the newest state.
    pub fn read<T>(&self, look: impl FnOnce(&State) -> T) -> Result<T, LogError> {
        self.commit(|state| (Vec::new(), look(state)))
    }

    /// Reads what other processes appended, decides, appends, and makes it durable before it returns.
    pub fn commit<T>(&self, decide: impl FnOnce(&State) -> (Vec<LogEntry>, T)) -> Result<T, LogError> {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(path) = &self.file else {
            let (entries, answer) = decide(&cache.state);
            for entry in entries {
                cache.state.replay(entry);
            }
            return Ok(answer);
        };
        let mut file = file::open(path, OpenOptions::new().read(true).append(true).create(true))
            .map_err(|source| self.io(Deed::Open, source))?;
        // Dropping the handle releases the lock on every path.
        file.lock().map_err(|source| self.io(Deed::Lock, source))?;
        self.catch_up(&mut file, &mut cache)?;
        let (entries, answer) = decide(&cache.state);
        if !entries.is_empty() {
            self.append(&mut file, &mut cache, entries)?;
        }
        Ok(answer)
    }

    fn catch_up(&self, file: &mut File, cache: &mut Cache) -> Result<(), LogError> {
        let length = file.metadata().map_err(|source| self.io(Deed::Read, source))?.len();
        if length < cache.offset {
            // Another process reset the world meanwhile.
            *cache = Cache { state: State::new(cache.state.now), offset: 0, lines: 0 };
        }
        if length == cache.offset {
            return Ok(());
        }
        file.seek(SeekFrom::Start(cache.offset)).map_err(|source| self.io(Deed::Read, source))?;
        let mut reader = BufReader::new(file.take(length - cache.offset));
        let mut line = String::new();
        loop {
            line.clear();
            let read = reader.read_line(&mut line).map_err(|source| self.io(Deed::Read, source))?;
            if read == 0 {
                return Ok(());
            }
            if !line.ends_with('\n') {
                // A line that a crash cut off was never answered: the next append overwrites it.
                return self.truncate(cache.offset);
            }
            let entry = LogEntry::read(&line).map_err(|error| LogError::Damaged {
                path: self.described.en.clone(),
                line: cache.lines + 1,
                reason: error.to_string(),
            })?;
            if let LogEntry::Start { version, .. } = &entry
                && *version != VERSION
            {
                return Err(LogError::Damaged {
                    path: self.described.en.clone(),
                    line: 1,
                    reason: format!("version {version} is not {VERSION}"),
                });
            }
            cache.state.replay(entry);
            cache.offset += read as u64;
            cache.lines += 1;
        }
    }

    fn truncate(&self, length: u64) -> Result<(), LogError> {
        let Some(path) = &self.file else { return Ok(()) };
        let file = file::open(path, OpenOptions::new().write(true)).map_err(|source| self.io(Deed::Open, source))?;
        file.set_len(length).map_err(|source| self.io(Deed::Repair, source))
    }

    fn append(&self, file: &mut File, cache: &mut Cache, entries: Vec<LogEntry>) -> Result<(), LogError> {
        let mut text = String::new();
        for entry in &entries {
            let line = serde_json::to_string(entry).map_err(|error| self.io(Deed::Write, io::Error::other(error)))?;
            text.push_str(&line);
            text.push('\n');
        }
        file.write_all(text.as_bytes()).and_then(|()| file.sync_data()).map_err(|source| self.io(Deed::Write, source))?;
        cache.offset += text.len() as u64;
        cache.lines += entries.len();
        for entry in entries {
            cache.state.replay(entry);
        }
        Ok(())
    }

    fn io(&self, deed: Deed, source: io::Error) -> LogError {
        LogError::Io { deed, path: self.described.en.clone(), source: Trouble(source) }
    }
}
