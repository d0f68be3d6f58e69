//! What lies beside a saved plan: `plans/<environment>/<id>.approvals/<person>-<n>.txt` and the signature `.txt.sig`.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::govern::statement::Signed;
use crate::model::{Environment, Plan};
use crate::pipeline::Papers;

/// A statement has a few hundred bytes, a signature of a long RSA key less than two thousand.
const MAX_BYTES: u64 = 16 * 1024;

pub fn folder(project: &Path, environment: Environment, plan: &str) -> PathBuf {
    project.join("plans").join(environment.as_str()).join(format!("{}.approvals", plan.get(..12).unwrap_or(plan)))
}

/// Read anew at every call. Releases and promotion come from elsewhere.
pub fn papers(project: &Path, plan: &Plan) -> Result<Papers, String> {
    Ok(Papers { statements: statements(project, plan)?, ..Papers::default() })
}

/// Sorted by name. A statement without its signature is kept, and found void.
pub fn statements(project: &Path, plan: &Plan) -> Result<Vec<Signed>, String> {
    let folder = folder(project, plan.body.environment, &plan.id);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(format!("{}: {error}", folder.display())),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| format!("{}: {error}", folder.display()))?.path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            files.push(path);
        }
    }
    files.sort();
    let read = files.into_iter().map(|path| {
        let file = path.strip_prefix(project).unwrap_or(&path).display().to_string();
        Ok(Signed { file, text: small(&path)?, signature: small(&signature_of(&path)).unwrap_or_default() })
    });
    read.collect()
}

fn signature_of(path: &Path) -> PathBuf {
    path.with_extension("txt.sig")
}

fn small(path: &Path) -> Result<String, String> {
    let failed = |why: String| format!("{}: {why}", path.display());
    let size = fs::metadata(path).map_err(|error| failed(error.to_string()))?.len();
    if size > MAX_BYTES {
        return Err(failed(format!("{size} bytes are no statement")));
    }
    let bytes = fs::read(path).map_err(|error| failed(error.to_string()))?;
    // What is not text is no statement; it is found void when it is read.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Writes a statement and its signature under the person's next number. Both are there, or none.
pub fn keep(project: &Path, plan: &Plan, person: &str, text: &str, signature: &str) -> io::Result<PathBuf> {
    let folder = folder(project, plan.body.environment, &plan.id);
    fs::create_dir_all(&folder)?;
    let mut number = 1_u32;
    loop {
        let path = folder.join(format!("{person}-{number}.txt"));
        let create = |path: &Path, text: &str| {
            OpenOptions::new().write(true).create_new(true).open(path).and_then(|mut file| file.write_all(text.as_bytes()))
        };
        if path.exists() {
            number += 1;
            continue;
        }
        // The signature first: a statement without one would be found void.
        match create(&signature_of(&path), signature) {
            Ok(()) => {
                if let Err(error) = create(&path, text) {
                    let _ = fs::remove_file(signature_of(&path));
                    return Err(error);
                }
                return Ok(path.strip_prefix(project).unwrap_or(&path).to_owned());
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(error),
        }
    }
}
