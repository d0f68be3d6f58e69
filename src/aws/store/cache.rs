//! Copies of records that were read before. Records never change, so each copy saves a call. A lost or damaged copy costs a call
//! and nothing else, because each copy begins with the digest of its content.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use crate::model::digest::hex;

#[derive(Debug)]
pub(super) struct Cache {
    folder: PathBuf,
}

impl Cache {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// The body of this object in this version, if there is an undamaged copy.
    pub(super) fn get(&self, key: &str, etag: &str) -> Option<Vec<u8>> {
        let text = crate::file::read(&self.file(key, etag)).ok()?;
        let end = text.iter().position(|byte| *byte == b'\n')?;
        let (digest, body) = (&text[..end], &text[end + 1..]);
        (digest == hex(&Sha256::digest(body)).as_bytes()).then(|| body.to_vec())
    }

    /// Keeps a copy. When that fails, the object is read from S3 the next time.
    pub(super) fn put(&self, key: &str, etag: &str, body: &[u8]) {
        let file = self.file(key, etag);
        let text = [hex(&Sha256::digest(body)).as_bytes(), b"\n", body].concat();
        let _ = self.kept(&file, &text);
    }

    /// Readable by its owner alone, whatever the umask says: a record names people, accounts and resources.
    fn kept(&self, file: &Path, text: &[u8]) -> io::Result<()> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        let mut aside = NamedTempFile::new_in(&self.folder)?;
        aside.write_all(text)?;
        aside.persist(file).map(drop).map_err(|error| error.error)
    }

    fn file(&self, key: &str, etag: &str) -> PathBuf {
        let plain = |text: &str| text.replace(|c: char| !c.is_ascii_alphanumeric() && c != '-', "_");
        self.folder.join(format!("{}-{}", plain(key), plain(etag.trim_matches('"'))))
    }
}
