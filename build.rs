//! Gives the program the digest of its own sources, so that what one build remembers of a policy means nothing to another.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;
use std::{env, fs, io};

/// What decides what a check of a policy finds: the checks, the kinds and the plan behind the schema of the input, and the
/// versions of all dependencies.
const SOURCES: [&str; 5] = ["src", "rego-check/src", "rego-check/Cargo.toml", "Cargo.toml", "Cargo.lock"];

fn main() -> io::Result<()> {
    let root = env::var_os("CARGO_MANIFEST_DIR").ok_or_else(|| io::Error::other("cargo says where the sources are"))?;
    let mut digest = DefaultHasher::new();
    for source in SOURCES {
        println!("cargo:rerun-if-changed={source}");
        add(Path::new(&root), source, &mut digest)?;
    }
    println!("cargo:rustc-env=TOKAIDO_SOURCES={:016x}", digest.finish());
    Ok(())
}

fn add(root: &Path, name: &str, digest: &mut DefaultHasher) -> io::Result<()> {
    let path = root.join(name);
    if !path.is_dir() {
        (name, fs::read(path)?).hash(digest);
        return Ok(());
    }
    let mut inner =
        fs::read_dir(path)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect::<io::Result<Vec<_>>>()?;
    inner.sort();
    inner.iter().try_for_each(|inner| add(root, &format!("{name}/{inner}"), digest))
}
