//! The policies that an earlier run checked without finding mistakes: their keys, in one small file of the project's folder. An
//! unreadable file, or a failed write, costs a check and nothing else (docs/adr/0019).

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;
use std::{fmt, fs, io};

use tempfile::NamedTempFile;

use crate::file;
use crate::policy::Memory;

/// A key is a SHA-256 in hex.
const DIGITS: usize = 64;
/// How many keys are kept, more than a project and its releases have policies. The oldest are dropped.
const MOST: usize = 512;

/// The file of the keys: one key on each line, the newest last.
pub struct CheckedPolicies {
    file: PathBuf,
    /// Whether the keys in the file count.
    trusts: bool,
}

impl CheckedPolicies {
    /// Uses the keys in the file, and adds more.
    #[must_use]
    pub const fn remembered(file: PathBuf) -> Self {
        Self { file, trusts: true }
    }

    /// Ignores the keys in the file, so that every policy is checked, and adds keys.
    #[must_use]
    pub const fn afresh(file: PathBuf) -> Self {
        Self { file, trusts: false }
    }

    fn lines(&self) -> io::Result<Vec<String>> {
        let mut text = String::new();
        // At most twice what this program writes is read, however large the file is.
        file::open(&self.file, fs::OpenOptions::new().read(true))?
            .take((2 * MOST * (DIGITS + 1)) as u64)
            .read_to_string(&mut text)?;
        let key = |line: &&str| line.len() == DIGITS && line.bytes().all(|byte| byte.is_ascii_hexdigit());
        Ok(text.lines().filter(key).map(str::to_owned).collect())
    }

    /// Two runs at the same time may each lose the keys that the other adds.
    fn write(&self, keys: &[String]) -> io::Result<()> {
        let mut lines = self.lines().unwrap_or_default();
        lines.retain(|line| !keys.contains(line));
        lines.extend(keys.iter().cloned());
        let begin = lines.len().saturating_sub(MOST);
        let folder = self.file.parent().ok_or(io::ErrorKind::InvalidInput)?;
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        // Readable by its owner alone, whatever the umask says.
        let mut file = NamedTempFile::new_in(folder)?;
        for line in &lines[begin..] {
            writeln!(file, "{line}")?;
        }
        file.persist(&self.file).map_err(|error| error.error)?;
        Ok(())
    }
}

impl fmt::Debug for CheckedPolicies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())
    }
}

impl Memory for CheckedPolicies {
    fn known(&self) -> BTreeSet<String> {
        if !self.trusts {
            return BTreeSet::new();
        }
        self.lines().unwrap_or_default().into_iter().collect()
    }

    fn add(&self, keys: &[String]) {
        // A failed write is no mistake of the policies.
        _ = self.write(keys);
    }
}
