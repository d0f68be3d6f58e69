//! The store in a folder. Each environment has a folder with one numbered file for each record, which is never rewritten, with
//! `lease.json`, and with `watch/`, which has a folder for each day.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use sha2::{Digest, Sha256};
use tempfile::{Builder, NamedTempFile};

use crate::file;
use crate::kinds::bucket::LEASE;
use crate::model::digest::hex;
use crate::model::reason::{Deed, Trouble};
use crate::model::{Environment, WatchKey, WatchRecord};
use crate::world::Clock as _;
use crate::world::clock::SystemClock;

use super::lease::{LeaseRecord, Seen, Swap, Version, host};
use super::{Contested, Entry, Record, Store, StoreError, WatchStore, first_missing, record_name, record_number, written};

/// The store in a folder, such as `.tokaido/`.
#[derive(Debug)]
pub struct DirectoryStore {
    root: PathBuf,
    /// A locked file for each lease that is held through this store, by run.
    alive: Mutex<BTreeMap<String, File>>,
    /// The number after the last record that was written through this store, which the next record probably gets.
    next: Mutex<BTreeMap<Environment, u64>>,
    /// What the last reading of the records found.
    seen: Mutex<BTreeMap<Environment, Known>>,
}

/// The emergencies among the records up to this number.
#[derive(Debug, Clone, Default)]
struct Known {
    last: u64,
    emergencies: Vec<Record>,
}

impl Known {
    fn add(&mut self, number: u64, entry: &Entry) {
        self.last = number;
        self.emergencies.extend(Some(&entry.record).filter(|record| super::record::is_emergency(record)).cloned());
    }
}

impl DirectoryStore {
    /// The store below this folder, which need not exist yet.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), alive: Mutex::default(), next: Mutex::default(), seen: Mutex::default() }
    }

    fn folder(&self, environment: Environment) -> PathBuf {
        self.root.join(environment.as_str())
    }

    fn watched(&self, environment: Environment) -> PathBuf {
        self.folder(environment).join("watch")
    }

    /// The record files, without a gap. A folder that is written to while it is listed may show a later file and not an earlier
    /// one: a file that is there after all is no gap.
    fn whole(&self, environment: Environment) -> Result<Vec<(u64, PathBuf)>, StoreError> {
        for _ in 0..1000 {
            let files = self.files(environment)?;
            let Some(number) = first_missing(files.iter().map(|(number, _)| *number)) else { return Ok(files) };
            let path = self.folder(environment).join(record_name(number));
            if !path.exists() {
                return Err(StoreError::Missing { path: path.display().to_string() });
            }
        }
        Err(StoreError::Contested { what: Contested::Records, place: self.folder(environment).display().to_string() })
    }

    /// The number after the last record.
    fn free(&self, environment: Environment) -> Result<u64, StoreError> {
        Ok(self.files(environment)?.last().map_or(1, |(number, _)| number + 1))
    }

    /// The same without listing the folder, which holds two records for each step of every apply. `None` when the neighbouring
    /// files say that another process wrote a record, or that a record was removed.
    fn expected(&self, environment: Environment) -> Option<u64> {
        let number = self.next().get(&environment).copied()?;
        let there = |number: u64| self.folder(environment).join(record_name(number)).exists();
        (there(number - 1) && !there(number + 1)).then_some(number)
    }

    fn next(&self) -> MutexGuard<'_, BTreeMap<Environment, u64>> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn seen(&self) -> MutexGuard<'_, BTreeMap<Environment, Known>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The record files in order. A file whose name is no number is ignored.
    fn files(&self, environment: Environment) -> Result<Vec<(u64, PathBuf)>, StoreError> {
        let folder = self.folder(environment);
        let mut files: Vec<(u64, PathBuf)> =
            names(&folder)?.iter().filter_map(|name| Some((record_number(name)?, folder.join(name)))).collect();
        files.sort();
        Ok(files)
    }
}

#[async_trait]
impl Store for DirectoryStore {
    fn place(&self) -> String {
        self.root.display().to_string()
    }

    async fn append_entry(&self, environment: Environment, entry: &Entry) -> Result<(), StoreError> {
        let folder = self.folder(environment);
        let mut waiting = aside(&folder, entry)?;
        let mut number = match self.expected(environment) {
            Some(number) => number,
            None => self.free(environment)?,
        };
        while let Some(taken) = placed(waiting, &folder.join(record_name(number)))? {
            waiting = taken;
            number = self.free(environment)?.max(number + 1);
        }
        self.next().insert(environment, number + 1);
        sync(&folder)
    }

    async fn entries(&self, environment: Environment) -> Result<Vec<Entry>, StoreError> {
        let mut entries = Vec::new();
        self.each_entry(environment, &mut |entry| entries.push(entry)).await?;
        Ok(entries)
    }

    async fn each_entry(&self, environment: Environment, take: &mut (dyn FnMut(Entry) + Send)) -> Result<(), StoreError> {
        let mut seen = Known::default();
        for (number, path) in self.whole(environment)? {
            let entry = record(&path)?;
            seen.add(number, &entry);
            take(entry);
        }
        self.seen().insert(environment, seen);
        Ok(())
    }

    /// Records never change, so those that were read once are not read again.
    async fn emergencies(&self, environment: Environment) -> Result<Vec<Record>, StoreError> {
        let files = self.whole(environment)?;
        let known = self.seen().get(&environment).filter(|seen| files.len() as u64 >= seen.last).cloned();
        let mut seen = known.unwrap_or_default();
        for (number, path) in files.into_iter().filter(|(number, _)| *number > seen.last).collect::<Vec<_>>() {
            seen.add(number, &record(&path)?);
        }
        Ok(seen.emergencies)
    }

    fn watch(&self) -> &dyn WatchStore {
        self
    }

    async fn read_lease(&self, environment: Environment) -> Result<Option<Seen>, StoreError> {
        let path = self.folder(environment).join(LEASE);
        let Some(text) = read(&path)? else { return Ok(None) };
        let record: LeaseRecord = serde_json::from_slice(&text).map_err(|error| damaged(&path, &error))?;
        // The locks and the clock of another machine are unknown here.
        let here = record.owner.host == host();
        let dead = here && !record.released && !self.is_alive(environment, &record.owner.run);
        Ok(Some(Seen { version: version(&text), age: if here { age(&path) } else { None }, dead, record }))
    }

    /// This lock is held only during the swap. Another lock, on a file of its own, tells that a holder lives: the operating
    /// system releases it when the process ends.
    async fn write_lease(
        &self,
        environment: Environment,
        lease: &LeaseRecord,
        expected: Option<&Version>,
    ) -> Result<Swap, StoreError> {
        let folder = self.folder(environment);
        fs::create_dir_all(&folder).map_err(|source| failed(Deed::Create, &folder, source))?;
        let run = &lease.owner.run;
        if !lease.released {
            self.live(environment, run)?;
        }
        let guard = folder.join("lease.lock");
        let Some(_held) = locked(&guard).await? else {
            return Err(StoreError::Contested { what: Contested::Lease, place: guard.display().to_string() });
        };
        let path = folder.join(LEASE);
        let before = read(&path)?;
        let earlier = before.as_ref().and_then(|text| serde_json::from_slice::<LeaseRecord>(text).ok());
        let earlier = earlier.map(|earlier| earlier.owner.run);
        if before.as_deref().map(version).as_ref() != expected {
            if earlier.as_ref() != Some(run) {
                self.forget(&folder, run);
            }
            return Ok(Swap::Conflict);
        }
        let mut text = serde_json::to_vec(lease).map_err(|error| failed(Deed::Write, &path, io::Error::other(error)))?;
        text.push(b'\n');
        let aside = folder.join(".lease.part");
        write_durably(&aside, &text).map_err(|source| failed(Deed::Write, &aside, source))?;
        fs::rename(&aside, &path).map_err(|source| failed(Deed::Write, &path, source))?;
        sync(&folder)?;
        // The lock file of a holder that died, or of this one after a release, is needed no more.
        if let Some(over) = earlier.filter(|over| lease.released || over != run) {
            self.forget(&folder, &over);
        }
        Ok(Swap::Done(version(&text)))
    }
}

/// A sighting is `watch/<day>/<number>.json`, written as records are.
#[async_trait]
impl WatchStore for DirectoryStore {
    async fn add_sighting(&self, environment: Environment, key: WatchKey, record: &WatchRecord) -> Result<bool, StoreError> {
        let folder = self.watched(environment).join(key.day.to_string());
        let aside = aside(&folder, record)?;
        let added = placed(aside, &folder.join(record_name(u64::from(key.number))))?.is_none();
        sync(&folder)?;
        // The day itself may be new.
        sync(&self.watched(environment))?;
        Ok(added)
    }

    async fn sighting_keys(&self, environment: Environment, from: Option<Date>) -> Result<Vec<WatchKey>, StoreError> {
        let folder = self.watched(environment);
        let days = names(&folder)?.into_iter().filter_map(|name| name.parse::<Date>().ok());
        let mut keys = Vec::new();
        for day in days.filter(|day| from.is_none_or(|from| *day >= from)) {
            let names = names(&folder.join(day.to_string()))?;
            let key = |name: &String| format!("{day}/{}", name.strip_suffix(".json")?).parse::<WatchKey>().ok();
            keys.extend(names.iter().filter_map(key));
        }
        keys.sort();
        Ok(keys)
    }

    async fn sighting(&self, environment: Environment, key: WatchKey) -> Result<Option<WatchRecord>, StoreError> {
        let path = self.watched(environment).join(format!("{key}.json"));
        read(&path)?.map(|text| serde_json::from_slice(&text).map_err(|error| damaged(&path, &error))).transpose()
    }
}

fn record(path: &Path) -> Result<Entry, StoreError> {
    let text = file::read(path).map_err(|source| failed(Deed::Read, path, source))?;
    written::read(&text).map_err(|error| damaged(path, &error))
}

/// Writes a record to a temporary file and makes it durable. The caller then moves the file to a free number, so that a reader
/// sees a whole record or none. The file's name is random: in containers processes have equal numbers, and the folder may be
/// shared. The file is removed when it is dropped.
fn aside(folder: &Path, record: &impl Serialize) -> Result<NamedTempFile, StoreError> {
    fs::create_dir_all(folder).map_err(|source| failed(Deed::Create, folder, source))?;
    let mut text = serde_json::to_vec(record).map_err(|error| failed(Deed::Write, folder, io::Error::other(error)))?;
    text.push(b'\n');
    // The umask of the process decides, because other users read records too.
    let shared = fs::Permissions::from_mode(0o666);
    let made = Builder::new().prefix(".").suffix(".part").permissions(shared).tempfile_in(folder);
    let mut aside = made.map_err(|source| failed(Deed::Create, folder, source))?;
    let written = aside.write_all(&text).and_then(|()| aside.as_file().sync_data());
    written.map_err(|source| failed(Deed::Write, aside.path(), source))?;
    Ok(aside)
}

/// Moves the file in one step, so that a killed process leaves no second name of a record. Returns the file when the path is
/// taken.
fn placed(aside: NamedTempFile, path: &Path) -> Result<Option<NamedTempFile>, StoreError> {
    match aside.persist_noclobber(path) {
        Ok(_) => Ok(None),
        Err(taken) if taken.error.kind() == io::ErrorKind::AlreadyExists => Ok(Some(taken.file)),
        Err(refused) => Err(failed(Deed::Write, path, refused.error)),
    }
}

/// The names in a folder; none when the folder is not there.
fn names(folder: &Path) -> Result<Vec<String>, StoreError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(failed(Deed::Read, folder, source)),
    };
    let named = |entry: io::Result<fs::DirEntry>| entry.map(|entry| entry.file_name().into_string().ok()).transpose();
    let names: Result<_, _> = entries.filter_map(named).collect();
    names.map_err(|source| failed(Deed::Read, folder, source))
}

impl DirectoryStore {
    fn alive(&self) -> MutexGuard<'_, BTreeMap<String, File>> {
        self.alive.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Locks the file that says that this run lives, unless it is locked already.
    fn live(&self, environment: Environment, run: &str) -> Result<(), StoreError> {
        let path = alive_file(&self.folder(environment), run);
        if let Slot::Vacant(place) = self.alive().entry(run.to_owned()) {
            let file = open_lock(&path).map_err(|source| failed(Deed::Open, &path, source))?;
            file.lock().map_err(|source| failed(Deed::Lock, &path, source))?;
            place.insert(file);
        }
        Ok(())
    }

    /// Removes the lock file of a run whose lease is over.
    fn forget(&self, folder: &Path, run: &str) {
        self.alive().remove(run);
        let _ = fs::remove_file(alive_file(folder, run));
    }

    /// Whether a process holds the lock of this run. When this cannot be found out, the run counts as alive.
    fn is_alive(&self, environment: Environment, run: &str) -> bool {
        match file::open(&alive_file(&self.folder(environment), run), OpenOptions::new().read(true)) {
            Ok(file) => file.try_lock().is_err(),
            Err(error) => error.kind() != io::ErrorKind::NotFound,
        }
    }
}

/// The lock file of a run. tokaido names a run by hexadecimal digits; other characters of the lease file are dropped.
fn alive_file(folder: &Path, run: &str) -> PathBuf {
    let run: String = run.chars().filter(char::is_ascii_alphanumeric).collect();
    folder.join(format!("alive-{run}.lock"))
}

/// Takes the lock of a swap; `None` when another process has kept it for five seconds.
async fn locked(path: &Path) -> Result<Option<File>, StoreError> {
    let file = open_lock(path).map_err(|source| failed(Deed::Open, path, source))?;
    for _ in 0..500 {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(fs::TryLockError::WouldBlock) => tokio::time::sleep(Duration::from_millis(10)).await,
            Err(fs::TryLockError::Error(source)) => return Err(failed(Deed::Lock, path, source)),
        }
    }
    Ok(None)
}

fn open_lock(path: &Path) -> io::Result<File> {
    file::open(path, OpenOptions::new().write(true).create(true).truncate(false))
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match file::read(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(failed(Deed::Read, path, source)),
    }
}

fn version(text: &[u8]) -> Version {
    Version(hex(&Sha256::digest(text)))
}

/// The age of a file by this machine's clock, which dated it.
fn age(path: &Path) -> Option<Duration> {
    let modified = Timestamp::try_from(fs::metadata(path).ok()?.modified().ok()?).ok()?;
    Duration::try_from(SystemClock.now().duration_since(modified)).ok()
}

fn sync(folder: &Path) -> Result<(), StoreError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|source| failed(Deed::Write, folder, source))
}

fn damaged(path: &Path, error: &serde_json::Error) -> StoreError {
    StoreError::Damaged { path: path.display().to_string(), reason: error.to_string() }
}

fn write_durably(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = file::open(path, OpenOptions::new().write(true).create(true).truncate(true))?;
    file.write_all(text)?;
    file.sync_data()
}

fn failed(deed: Deed, path: &Path, source: io::Error) -> StoreError {
    StoreError::Io { deed, path: path.display().to_string(), source: Trouble(source) }
}
