//! The real binary in the simulated world: `apply` from nothing, then `plan`, `drift` and `audit` of what it made.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::estate;
use super::measure::{Figures, MEBIBYTE, Usage, median, progress, run};

/// How often each command runs. An apply begins from an empty world each time.
struct Runs {
    apply: usize,
    reads: usize,
}

const fn runs(size: usize) -> Runs {
    if size > 1_000 { Runs { apply: 1, reads: 3 } } else { Runs { apply: 3, reads: 5 } }
}

/// What each command answers about a world that was just applied: nothing is left to do, nothing drifted, no promise is broken.
const READS: [(&str, &[&str]); 3] =
    [("plan", &["plan", "dev", "--detailed-exitcode"]), ("drift", &["drift", "dev"]), ("audit", &["audit", "dev"])];

/// Measures at one size.
///
/// # Panics
/// When a command answers anything else than it must.
pub fn measure(size: usize, figures: &mut Figures) {
    let folder = TempDir::new().expect("a folder");
    estate::write(&folder.path().join("project"), estate::tenants(size)).expect("an estate");
    let sandbox = Sandbox(folder.path());
    let Runs { apply, reads } = runs(size);
    let applied: Vec<Usage> = (0..apply)
        .map(|round| {
            progress(&format!("apply of {size}, {} of {apply}", round + 1));
            sandbox.forget();
            sandbox.run(&["apply", "dev", "--yes"])
        })
        .collect();
    say(figures, "apply", size, &applied);
    for (name, arguments) in READS {
        progress(&format!("{name} of {size}, {reads} times"));
        let used: Vec<Usage> = (0..reads).map(|_| sandbox.run(arguments)).collect();
        say(figures, name, size, &used);
    }
}

fn say(figures: &mut Figures, name: &str, size: usize, used: &[Usage]) {
    figures.say(format!("sandbox/{name}/{size}"), median(used.iter().map(|usage| usage.cpu)), "cpu-s");
    figures.say(format!("sandbox/{name}-peak/{size}"), median(used.iter().map(|usage| usage.bytes)) / MEBIBYTE, "MiB");
}

/// A project and a world beside it.
struct Sandbox<'a>(&'a Path);

impl Sandbox<'_> {
    fn forget(&self) {
        let _ = fs::remove_file(self.0.join("world.jsonl"));
        let _ = fs::remove_dir_all(self.0.join("world.jsonl.store"));
    }

    fn run(&self, arguments: &[&str]) -> Usage {
        let project = self.0.join("project").display().to_string();
        let world = format!("sandbox:{}", self.0.join("world.jsonl").display());
        let begin = ["--project", project.as_str(), "--world", world.as_str()];
        let log = self.0.join("log");
        let usage = run(Path::new(env!("CARGO_BIN_EXE_tokaido")), &[&begin, arguments].concat(), &log);
        let said = || fs::read_to_string(&log).unwrap_or_default();
        assert_eq!(usage.exit, 0, "{}: {}", arguments.join(" "), said().lines().take(40).collect::<Vec<_>>().join("\n"));
        usage
    }
}
