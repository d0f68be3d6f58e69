//! Where a command may write a file that an option names: nowhere in what tokaido reads or keeps, and over no file but an earlier
//! one of the same option. A mistyped name must not spoil anything.

use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::FileTypeExt as _;
use std::path::{Path, PathBuf};

use tempfile::Builder;

use super::args::Cli;
use super::context;
use super::exit::{Exit, Failure};
use super::words::{self, general::General};
use crate::file;
use crate::model::Reason as _;
use crate::model::reason::NotRegular;

/// Folders of a project whose files tokaido reads or keeps.
const OF_A_PROJECT: [&str; 8] = ["environments", "policies", "releases", "plans", "templates", "schemas", ".tokaido", ".git"];

/// Why nothing may be written to this file; `None` when it may. `start`: how a file begins that the same option wrote before, and
/// `other`: the words for one that begins otherwise.
pub fn refusal(cli: &Cli, path: &Path, start: &[u8], other: General) -> io::Result<Option<General>> {
    let whole = match path.canonicalize() {
        Ok(whole) => whole,
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Err(_) if fs::symlink_metadata(path).is_ok() => return Ok(Some(General::LogLeadsNowhere)),
        Err(error) => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
            folder.canonicalize()?.join(path.file_name().ok_or(error)?)
        }
    };
    let inside = |folder: &Path| folder.canonicalize().is_ok_and(|folder| whole.starts_with(folder));
    if let Some(folder) = OF_A_PROJECT.iter().find(|folder| inside(&cli.project.join(folder))) {
        return Ok(Some(General::LogInProject { folder: format!("{folder}/") }));
    }
    if whole.is_file() {
        let mut head = Vec::new();
        file::open(&whole, OpenOptions::new().read(true))?.take(start.len() as u64).read_to_end(&mut head)?;
        if !start.starts_with(&head) {
            return Ok(Some(other));
        }
    }
    // A sandbox that the command line names is anywhere, and may not have been started.
    let kept: [PathBuf; 2] = [context::sandbox_file(cli), context::sandbox_store(cli)];
    let is = |kept: &&PathBuf| inside(kept) || whole == **kept || absolute(kept).is_some_and(|kept| whole.starts_with(kept));
    Ok(kept.iter().find(is).map(|kept| General::LogInProject { folder: words::path(kept) }))
}

/// Where a file or folder that is not there yet would be.
fn absolute(path: &Path) -> Option<PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    Some(folder.canonicalize().ok()?.join(path.file_name()?))
}

/// Whether an option may write this file.
///
/// # Errors
/// It may not, and nothing was written.
pub fn permitted(cli: &Cli, path: &Path, start: &str) -> Result<(), Failure> {
    let refused = refusal(cli, path, start.as_bytes(), General::NoFileOfOurs);
    match refused.map_err(|error| not_written(path, &error))? {
        Some(why) => Err(Failure::new(Exit::Usage, General::FileRefused { path: words::path(path), why: why.said() })),
        None => Ok(()),
    }
}

/// Writes the file that an option names, if it may be written.
///
/// # Errors
/// It may not, or it cannot.
pub fn write(cli: &Cli, path: &Path, start: &str, text: &str) -> Result<(), Failure> {
    permitted(cli, path, start)?;
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let written = match fs::metadata(&whole) {
        Ok(about) if about.file_type().is_char_device() => to_device(&whole, text),
        // A pipe without a reader would stop the command.
        Ok(about) if !about.is_file() => Err(NotRegular::of(&about)),
        _ => replace(&whole, text),
    };
    written.map_err(|error| not_written(path, &error))
}

fn not_written(path: &Path, error: &io::Error) -> Failure {
    Failure::error(General::NotWritten { path: words::path(path), error: error.into() })
}

/// A terminal, or `/dev/null`.
fn to_device(path: &Path, text: &str) -> io::Result<()> {
    OpenOptions::new().write(true).open(path)?.write_all(text.as_bytes())
}

/// Replaces a file in one step, so that a reader sees the old one or the new one. It keeps the permissions of the old one. No link in
/// its place is followed.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    // The umask of the process decides, because others read the file too.
    let shared = fs::Permissions::from_mode(0o666);
    let name = path.file_name().unwrap_or_else(|| OsStr::new("file"));
    let prefix = format!(".{}.", name.to_string_lossy());
    let mut aside = Builder::new().prefix(&prefix).suffix(".part").permissions(shared).tempfile_in(folder)?;
    aside.write_all(text.as_bytes())?;
    if let Ok(old) = fs::symlink_metadata(path)
        && old.is_file()
    {
        aside.as_file().set_permissions(old.permissions())?;
    }
    aside.persist(path).map_err(|error| error.error)?;
    Ok(())
}
