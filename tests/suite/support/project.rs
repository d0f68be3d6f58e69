//! A project in a temporary folder, with the repository's own base file and promises.

use std::fs;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use tempfile::TempDir;
use tokaido::model::{DesiredState, Environment};
use tokaido::project;

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A day on which the repository's own divergences still hold.
pub const fn today() -> jiff::civil::Date {
    jiff::civil::date(2026, 11, 1)
}

/// The repository's own environments in a folder where a test may do what it likes.
pub fn copy() -> TempDir {
    let folder = empty();
    for name in ["dev.yaml", "staging.yaml", "production.yaml"] {
        fs::copy(root().join("environments").join(name), folder.path().join("environments").join(name)).expect("a file");
    }
    folder
}

/// `base.yaml` and the promises, no environment.
pub fn empty() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for file in ["environments/base.yaml", "policies/promises.yaml"] {
        let target = folder.path().join(file);
        fs::create_dir_all(target.parent().expect("a folder")).expect("a folder");
        fs::copy(root().join(file), target).expect("a file");
    }
    folder
}

/// One environment of a project. The repository's own files stay as they are while tests run, so each is compiled once.
pub fn load(folder: &Path, environment: Environment) -> DesiredState {
    static OWN: [OnceLock<DesiredState>; Environment::ALL.len()] = [const { OnceLock::new() }; Environment::ALL.len()];
    if folder != root() {
        return compiled(folder, environment);
    }
    let at = Environment::ALL.iter().position(|each| *each == environment).expect("an environment");
    OWN[at].get_or_init(|| compiled(folder, environment)).clone()
}

/// The files as they are now.
pub fn files(folder: &Path) -> project::Project {
    project::Project::open(folder, today(), Arc::new(tokaido::policy::Nothing))
}

fn compiled(folder: &Path, environment: Environment) -> DesiredState {
    let mut loaded = project::load(folder, &[environment], today());
    let state = loaded.states.remove(&environment).unwrap_or_else(|| panic!("{:#?}", loaded.findings));
    Arc::unwrap_or_clone(state)
}
