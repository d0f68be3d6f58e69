//! The one way to open a file of a project: a regular file, and one of bounded size where it is read as a whole. Opening a pipe
//! waits for whoever is at its other end, and a device has no end.
//!
//! In: a path. Out: the open file, its bytes or its text.
//! Must not import: anything but `model`.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

use crate::model::reason::NotRegular;

/// The most bytes of a file that is read as a whole: more than any record or plan has.
pub const MOST: u64 = 512 << 20;

/// Opens a regular file so. Where the options say so, it is made.
///
/// # Errors
/// It cannot be opened, or it is there and is no regular file: then it was not opened.
pub fn open(path: &Path, options: &OpenOptions) -> io::Result<File> {
    let regular = |about: fs::Metadata| if about.is_file() { Ok(()) } else { Err(NotRegular::of(&about)) };
    match fs::metadata(path) {
        Ok(about) => regular(about)?,
        // What the options cannot make, opening says.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let file = options.open(path)?;
    regular(file.metadata()?)?;
    Ok(file)
}

/// The bytes of a regular file.
///
/// # Errors
/// As [`open`]; and the file is too large.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let file = open(path, OpenOptions::new().read(true))?;
    let length = file.metadata()?.len();
    if length > MOST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    file.take(MOST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The text of a regular file.
///
/// # Errors
/// As [`read`]; and it is no UTF-8.
pub fn text(path: &Path) -> io::Result<String> {
    String::from_utf8(read(path)?).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_regular_file_is_opened() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), "text").expect("written");
        std::os::unix::fs::symlink(at("file"), at("link")).expect("a link");
        std::os::unix::fs::symlink(at("nothing"), at("dangling")).expect("a link");
        let made = std::process::Command::new("mkfifo").arg(at("pipe")).status().expect("mkfifo");
        assert!(made.success());
        let opened = |name: &str| read(&at(name)).map_err(|error| error.to_string());
        assert_eq!(opened("file"), Ok(b"text".to_vec()));
        assert_eq!(opened("link"), Ok(b"text".to_vec()));
        for (name, write) in [("pipe", false), ("pipe", true), (".", false), ("/dev/zero", false)] {
            let error = open(&at(name), OpenOptions::new().read(!write).write(write)).expect_err(name);
            assert_eq!(error.to_string(), if name == "." { "it is a folder" } else { "it is not a regular file" });
        }
        for name in ["dangling", "nothing"] {
            assert_eq!(read(&at(name)).expect_err(name).kind(), io::ErrorKind::NotFound);
        }
    }
}
