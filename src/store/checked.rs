//! What an earlier run found without mistakes: the keys of checked policies, in one small file of the project's own folder.
//! Whatever is wrong with the file, or with writing it, costs a check and nothing else (docs/adr/0019).

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::{fmt, fs, io};

use tempfile::NamedTempFile;

use crate::policy::Memory;

/// A key is a SHA-256 in hex.
const DIGITS: usize = 64;
/// More than the policies of a project and of its releases; the oldest are forgotten.
const MOST: usize = 512;

/// One key a line, the newest last.
pub struct CheckedPolicies {
    file: PathBuf,
    /// Whether what stands in the file counts.
    trusts: bool,
}

impl CheckedPolicies {
    /// What is remembered counts, and more is remembered.
    #[must_use]
    pub const fn remembered(file: PathBuf) -> Self {
        Self { file, trusts: true }
    }

    /// Everything is checked, and then remembered.
    #[must_use]
    pub const fn afresh(file: PathBuf) -> Self {
        Self { file, trusts: false }
    }

    fn lines(&self) -> io::Result<Vec<String>> {
        // A pipe or a device would be waited for.
        if !fs::metadata(&self.file)?.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let mut text = String::new();
        // Twice what this program writes: a file of any size is not read.
        fs::File::open(&self.file)?.take((2 * MOST * (DIGITS + 1)) as u64).read_to_string(&mut text)?;
        let key = |line: &&str| line.len() == DIGITS && line.bytes().all(|byte| byte.is_ascii_hexdigit());
        Ok(text.lines().filter(key).map(str::to_owned).collect())
    }

    /// Two runs at a time may each forget what the other adds.
    fn write(&self, keys: &[String]) -> io::Result<()> {
        let mut lines = self.lines().unwrap_or_default();
        lines.retain(|line| !keys.contains(line));
        lines.extend(keys.iter().cloned());
        let begin = lines.len().saturating_sub(MOST);
        let folder = self.file.parent().ok_or(io::ErrorKind::InvalidInput)?;
        fs::create_dir_all(folder)?;
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
        // A folder that cannot be written is no mistake of the policies.
        _ = self.write(keys);
    }
}
