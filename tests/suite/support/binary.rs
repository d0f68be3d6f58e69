//! The binary as a user runs it, in a project and a simulated world of its own.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::project;

/// What one run said.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}

/// How the tests of everything else reach an environment that asks for release and approvals.
pub const EMERGENCY: [&str; 2] = ["--emergency", "the engine is under test"];

/// `apply TARGET --yes`, past promotion and approvals.
pub fn apply(target: &str) -> Vec<&str> {
    [&["apply", target, "--yes"][..], &EMERGENCY].concat()
}

/// A copy of the repository's project and an empty world, at a fixed time.
pub struct Product {
    pub folder: TempDir,
}

impl Product {
    pub fn new() -> Self {
        let product = Self { folder: project::copy() };
        product.expect(0, &["sandbox", "reset", "--at", "2026-11-01T00:00:00Z"]);
        product
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn world(&self) -> PathBuf {
        self.path().join("world.jsonl")
    }

    /// Not started yet: for other environment variables, pipes and signals.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tokaido"));
        command.arg("--project").arg(self.path()).arg("--world").arg(format!("sandbox:{}", self.world().display())).args(words);
        command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, words: &[&str]) -> Ran {
        ran(self.command(words))
    }

    /// Runs and demands this exit code.
    pub fn expect(&self, code: i32, words: &[&str]) -> Ran {
        let ran = self.run(words);
        assert_eq!(ran.code, code, "{words:?}: {ran:#?}");
        ran
    }

    /// Runs what only reads: world, records and project are the same bytes afterwards.
    pub fn reads_only(&self, code: i32, words: &[&str]) -> Ran {
        let before = self.bytes();
        let ran = self.expect(code, words);
        assert_eq!(changed(&before, &self.bytes()), Vec::<PathBuf>::new(), "{words:?} changed files");
        if words.contains(&"--stats") {
            assert!(ran.err.contains("mutating calls: 0"), "{words:?}: {}", ran.err);
        }
        ran
    }

    /// Every file of the project, the world and its records among them; not what tokaido keeps only to be quicker, which whoever
    /// reads may write (ADR 0019).
    pub fn bytes(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let (mut open, mut found) = (vec![self.path().to_owned()], Vec::new());
        while let Some(folder) = open.pop() {
            for path in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
                if path.ends_with(".tokaido/cache") {
                    continue;
                }
                if path.is_dir() {
                    open.push(path);
                } else {
                    let bytes = fs::read(&path).expect("a file");
                    found.push((path, bytes));
                }
            }
        }
        found.sort();
        found
    }

    pub fn applied(environment: &str) -> Self {
        let product = Self::new();
        product.expect(0, &apply(environment));
        product
    }

    /// Saves a plan and answers with its path.
    pub fn saved(&self, environment: &str) -> PathBuf {
        self.expect(0, &["plan", environment, "--save"]);
        let folder = self.path().join("plans").join(environment);
        let mut found: Vec<_> = fs::read_dir(folder).expect("plans").map(|entry| entry.expect("a plan").path()).collect();
        found.retain(|path| path.is_file());
        assert_eq!(found.len(), 1);
        found.remove(0)
    }

    /// Edits a file of the project.
    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.path().join(file);
        let text = fs::read_to_string(&path).expect("a file");
        assert!(text.contains(from), "{file} does not say {from}");
        fs::write(path, text.replacen(from, to, 1)).expect("a file");
    }
}

/// Files that are new, gone or different.
pub fn changed(before: &[(PathBuf, Vec<u8>)], after: &[(PathBuf, Vec<u8>)]) -> Vec<PathBuf> {
    let only = |these: &[(PathBuf, Vec<u8>)], those: &[(PathBuf, Vec<u8>)]| -> Vec<PathBuf> {
        these.iter().filter(|file| !those.contains(file)).map(|(path, _)| path.clone()).collect()
    };
    [only(before, after), only(after, before)].concat()
}

pub fn ran(mut command: Command) -> Ran {
    let output = command.output().expect("the binary starts");
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// Waits for a child that was started with pipes.
pub fn ended(mut child: Child) -> Ran {
    let (mut out, mut err) = (String::new(), String::new());
    let mut stderr = child.stderr.take().expect("a pipe");
    let reader = std::thread::spawn(move || {
        let _ = stderr.read_to_string(&mut err);
        err
    });
    let _ = child.stdout.take().expect("a pipe").read_to_string(&mut out);
    let code = child.wait().expect("a child").code().unwrap_or(-1);
    Ran { code, out, err: reader.join().expect("a reader") }
}
