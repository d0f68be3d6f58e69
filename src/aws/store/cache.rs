//! Records that were read before: they never change, so a copy on this machine saves a call each. Losing or damaging the
//! copies costs calls and nothing else, for each says what it must add up to.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::model::digest::hex;

#[derive(Debug)]
pub(super) struct Cache {
    folder: PathBuf,
}

impl Cache {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// The body of this object in exactly this state, if it is here and whole.
    pub(super) fn get(&self, key: &str, etag: &str) -> Option<Vec<u8>> {
        let text = fs::read(self.file(key, etag)).ok()?;
        let end = text.iter().position(|byte| *byte == b'\n')?;
        let (digest, body) = (&text[..end], &text[end + 1..]);
        (digest == hex(&Sha256::digest(body)).as_bytes()).then(|| body.to_vec())
    }

    /// A copy that cannot be kept is read again the next time.
    pub(super) fn put(&self, key: &str, etag: &str, body: &[u8]) {
        let file = self.file(key, etag);
        let aside = file.with_extension(format!("{}.part", std::process::id()));
        let text = [hex(&Sha256::digest(body)).as_bytes(), b"\n", body].concat();
        let kept = file.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&aside, text));
        if kept.and_then(|()| fs::rename(&aside, &file)).is_err() {
            let _ = fs::remove_file(&aside);
        }
    }

    fn file(&self, key: &str, etag: &str) -> PathBuf {
        let plain = |text: &str| text.replace(|c: char| !c.is_ascii_alphanumeric() && c != '-', "_");
        self.folder.join(format!("{}-{}", plain(key), plain(etag.trim_matches('"'))))
    }
}
