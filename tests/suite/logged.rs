//! What a command did, for whoever has to find out later: `--log`, `TOKAIDO_LOG`, `-v`, `-q`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::binary::{Product, Ran, apply, ran};

/// The lines of a log; each is an object.
fn lines(log: &Path) -> Vec<Value> {
    let text = fs::read_to_string(log).expect("a log");
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")));
    lines.inspect(|line: &Value| assert!(line.is_object(), "{line}")).collect()
}

fn of<'a>(lines: &'a [Value], target: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["target"] == target).collect()
}

/// A log beside the project, so that the project's files stay comparable.
struct Logged {
    product: Product,
    folder: tempfile::TempDir,
}

impl Logged {
    fn new() -> Self {
        Self { product: Product::new(), folder: tempfile::tempdir().expect("a folder") }
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("commands.jsonl")
    }

    fn run(&self, code: i32, words: &[&str]) -> Ran {
        let log = self.log().display().to_string();
        self.product.expect(code, &[words, &["--log", &log]].concat())
    }
}

/// `calls in all: 12; mutating calls: 0`
fn calls(ran: &Ran) -> usize {
    let rest = ran.err.split_once("calls in all: ").unwrap_or_else(|| panic!("{ran:#?}")).1;
    rest.split(';').next().expect("a number").parse().expect("a number")
}

#[test]
fn a_log_begins_with_the_command_ends_with_its_exit_code_and_has_every_call() {
    let logged = Logged::new();
    let ran = logged.run(2, &["plan", "production", "--detailed-exitcode", "--stats"]);
    let lines = lines(&logged.log());
    let first = lines.first().expect("a line");
    assert_eq!((&first["target"], &first["message"]), (&"tokaido::command".into(), &"begin".into()));
    assert_eq!((&first["command"], &first["version"]), (&"plan".into(), &env!("CARGO_PKG_VERSION").into()));
    assert!(first["world"].as_str().is_some_and(|world| world.starts_with("sandbox:")), "{first}");
    let last = lines.last().expect("a line");
    assert_eq!((&last["target"], &last["message"], &last["exit"]), (&"tokaido::command".into(), &"end".into(), &2.into()));
    let called = of(&lines, "tokaido::call");
    assert_eq!(called.len(), calls(&ran), "one line for each call that is counted");
    assert!(called.len() > 10, "{}", called.len());
    for call in called {
        assert!(call["operation"].as_str().is_some_and(|operation| operation.starts_with("sim:")), "{call}");
        assert_eq!((&call["answer"], &call["attempt"]), (&"ok".into(), &1.into()), "{call}");
        assert!(call["took_ms"].is_u64() && call["region"].is_string() && call["request_id"].is_string(), "{call}");
        assert!(call["timestamp"].as_str().is_some_and(|at| at.parse::<jiff::Timestamp>().is_ok()), "{call}");
    }
}

#[test]
fn a_refused_call_has_its_class_and_its_code() {
    let logged = Logged::new();
    logged.product.expect(0, &["sandbox", "fail", "list kms-key@osaka", "access-denied"]);
    logged.run(8, &["plan", "production"]);
    let lines = lines(&logged.log());
    let refused = of(&lines, "tokaido::refused");
    assert!(!refused.is_empty());
    for line in refused {
        assert_eq!(line["class"], "access-denied", "{line}");
        assert!(line["code"].as_str().is_some_and(|code| !code.is_empty()), "{line}");
        assert_eq!(line["changed"], "No", "{line}");
    }
    assert!(of(&lines, "tokaido::call").iter().any(|call| call["answer"] == "error"));
}

#[test]
fn an_apply_logs_its_steps_and_its_lease_and_appends_to_what_is_there() {
    let logged = Logged::new();
    logged.run(0, &["plan", "dev"]);
    let before = fs::read(logged.log()).expect("a log");
    let applied = logged.run(0, &[&apply("dev")[..], &["--stats"]].concat());
    let after = fs::read(logged.log()).expect("a log");
    assert!(after.len() > before.len() && after.starts_with(&before), "what was there stays");
    assert_eq!(fs::metadata(logged.log()).expect("a log").permissions().mode() & 0o777, 0o600);
    let lines = lines(&logged.log());
    let begins = lines.iter().filter(|line| line["message"] == "begin").map(|line| line["command"].clone());
    assert_eq!(begins.collect::<Vec<_>>(), ["plan", "apply"]);
    let own = lines.iter().rposition(|line| line["message"] == "begin").expect("a line");
    assert_eq!(of(&lines[own..], "tokaido::call").len(), calls(&applied), "one line for each call that is counted");
    let steps = of(&lines, "tokaido::step");
    let count = |message: &str| steps.iter().filter(|step| step["message"] == message).count();
    assert_eq!(count("step begins"), count("step ends"));
    assert!(count("step ends") > 10, "{}", count("step ends"));
    for step in steps {
        assert!(step["id"].is_string() && step["operation"].is_string() && step["step"].is_u64(), "{step}");
        assert!(step["message"] == "step begins" || step["outcome"] == "done", "{step}");
    }
    let lease: Vec<_> = of(&lines, "tokaido::lease").iter().map(|line| line["event"].clone()).collect();
    assert_eq!((lease.first(), lease.last()), (Some(&"taken".into()), Some(&"given back".into())), "{lease:?}");
}

#[test]
fn a_log_that_cannot_be_opened_ends_the_command_before_it_begins() {
    let product = Product::new();
    let folder = product.path().display().to_string();
    let before = product.bytes();
    let ran = product.expect(1, &["plan", "dev", "--save", "--log", &folder]);
    assert!(ran.err.contains("cannot be opened") && ran.err.contains("nothing was done"), "{}", ran.err);
    assert_eq!(ran.out, "");
    assert_eq!(before, product.bytes());
}

#[test]
fn a_log_that_cannot_be_written_changes_no_exit_code_and_no_result() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let product = Product::new();
    let plain = product.expect(3, &["drift", "dev"]);
    let ran = product.expect(3, &["drift", "dev", "--log", "/dev/full"]);
    assert_eq!(ran.out, plain.out);
    assert_eq!(ran.err.matches("the log could not be written").count(), 1, "{}", ran.err);
}

#[test]
fn nothing_secret_and_no_reason_is_in_a_log() {
    let logged = Logged::new();
    let secret = |command: &mut std::process::Command| {
        command
            .env("AWS_ACCESS_KEY_ID", "AKIAKEEPTHISOUT")
            .env("AWS_SECRET_ACCESS_KEY", "keep-this-key-out")
            .env("AWS_SESSION_TOKEN", "keep-this-token-out")
            .env("TOKAIDO_LOG", logged.log());
    };
    let release = logged.product.expect(0, &["release", "cut", "2026.11.0"]);
    assert!(release.out.contains("2026.11.0"));
    for (code, words) in [
        (0, &["apply", "dev", "--yes", "--emergency", "keep this reason out of it"][..]),
        (0, &["apply", "production", "--yes", "--emergency", "keep this reason out of it"]),
        (5, &["promote", "2026.11.0", "--to", "staging", "--back", "--reason", "keep this reason out of it"]),
    ] {
        let mut command = logged.product.command(words);
        secret(&mut command);
        let ran = ran(command);
        assert_eq!(ran.code, code, "{words:?}: {ran:#?}");
    }
    let text = fs::read_to_string(logged.log()).expect("a log");
    assert_eq!(lines(&logged.log()).iter().filter(|line| line["message"] == "end").count(), 3, "TOKAIDO_LOG is heard");
    for secret in ["AKIAKEEPTHISOUT", "keep-this-key-out", "keep-this-token-out", "keep this reason"] {
        assert!(!text.contains(secret), "{secret} is in the log");
    }
}

#[test]
fn verbose_speaks_on_standard_error_alone_and_quiet_only_of_results_and_problems() {
    let logged = Logged::new();
    let (product, words) = (&logged.product, ["drift", "dev", "--format", "json"]);
    let plain = product.expect(3, &words);
    let verbose = product.expect(3, &[&words[..], &["-v", "--stats"]].concat());
    let shown = verbose.err.lines().filter(|line| line.trim_start().starts_with("call ") || line.contains("sim:list ")).count();
    assert!(shown >= calls(&verbose) && shown > 10, "{shown}: {}", verbose.err);
    let quiet = product.expect(3, &[&words[..], &["-q"]].concat());
    assert_eq!(quiet.err, "");
    let logging = logged.run(3, &words);
    for other in [&verbose, &quiet, &logging] {
        assert_eq!(other.out, plain.out, "the document is the same");
    }
    let problem = product.expect(1, &["explain", "no-such-word", "-q"]);
    assert!(problem.err.starts_with("tokaido: nothing is called"), "{}", problem.err);
    let both = product.expect(64, &["drift", "dev", "-q", "-v"]);
    assert!(both.err.contains("cannot be used with"), "{}", both.err);
}

#[test]
fn twice_verbose_also_shows_the_lease_and_the_steps() {
    let product = Product::new();
    let once = product.expect(0, &[&apply("dev")[..], &["-v"]].concat());
    let product = Product::new();
    let twice = product.expect(0, &[&apply("dev")[..], &["-vv"]].concat());
    assert!(!once.err.contains("given back") && twice.err.contains("given back"), "{}", twice.err);
    assert!(!once.err.contains("step ends") && twice.err.contains("step ends"), "{}", twice.err);
}

#[test]
fn a_line_that_was_cut_off_spoils_no_other_line() {
    let logged = Logged::new();
    fs::write(logged.log(), "{\"timestamp\":\"2026-").expect("a log");
    logged.run(0, &["validate"]);
    let text = fs::read_to_string(logged.log()).expect("a log");
    let (cut, rest) = text.split_once('\n').expect("lines");
    assert_eq!(cut, "{\"timestamp\":\"2026-");
    assert!(rest.lines().count() >= 2, "{text}");
    assert!(rest.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{text}");
}

/// A mistyped `--log` spoils no file: what is no log is not appended to, and nothing is made among the files of a project.
#[test]
fn only_a_log_is_appended_to() {
    let logged = Logged::new();
    let (product, outside) = (&logged.product, logged.folder.path());
    let root = product.path();
    fs::create_dir(root.join("plans")).unwrap_or_default();
    fs::write(outside.join("notes.txt"), "mine\n").expect("a file");
    fs::write(outside.join("other.jsonl"), "{\"level\":\"INFO\"}\n").expect("a file");
    fs::write(outside.join("empty"), "").expect("a file");
    std::os::unix::fs::symlink(root.join("environments/dev.yaml"), outside.join("link.jsonl")).expect("a link");
    std::os::unix::fs::symlink(outside.join("nothing"), outside.join("dangling.jsonl")).expect("a link");
    let before = product.bytes();
    for (log, why) in [
        (root.join("environments/production.yaml"), "`environments/` belongs to the project"),
        (root.join("environments/new.jsonl"), "`environments/` belongs to the project"),
        (root.join("policies/log.jsonl"), "`policies/` belongs to the project"),
        (root.join("plans/dev.jsonl"), "`plans/` belongs to the project"),
        (outside.join("link.jsonl"), "`environments/` belongs to the project"),
        (outside.join("dangling.jsonl"), "does not exist"),
        (outside.join("notes.txt"), "is no log of tokaido"),
        (outside.join("other.jsonl"), "is no log of tokaido"),
        (product.world(), "is no log of tokaido"),
    ] {
        let log = log.display().to_string();
        for words in [&["validate", "--log", &log][..], &["plan", "dev", "--log", &log]] {
            let ran = product.expect(64, words);
            assert!(ran.err.contains(why) && ran.err.contains("nothing was done") && ran.out.is_empty(), "{log}: {ran:#?}");
        }
        let mut command = product.command(&["validate", "--lang", "ja"]);
        command.env("TOKAIDO_LOG", &log);
        let ran = ran(command);
        assert!(ran.code == 64 && ran.err.contains("何も実行していません"), "{log}: {ran:#?}");
    }
    assert_eq!(product.bytes(), before);
    assert_eq!(fs::read_to_string(outside.join("notes.txt")).expect("a file"), "mine\n");
    // A log of its own, an empty file, a new file beside the files of the project.
    for log in [logged.log(), logged.log(), outside.join("empty"), root.join("log.jsonl")] {
        product.expect(0, &["validate", "--log", &log.display().to_string()]);
        assert!(lines(&log).len() >= 2);
    }
}

/// Many a script empties a variable that it cannot remove.
#[test]
fn an_empty_variable_is_one_that_is_not_set() {
    let product = Product::new();
    let names: Vec<String> = variables().into_iter().collect();
    assert!(names.len() >= 4, "{names:?}");
    for words in [&["validate"][..], &["plan", "dev"], &["watch", "dev", "--once"], &["drift", "dev"]] {
        let with = |value: Option<&str>| {
            let mut command = product.command(words);
            for name in value.into_iter().flat_map(|_| &names) {
                command.env(name, value.unwrap_or_default());
            }
            let ran = ran(command);
            (ran.code, ran.out, ran.err)
        };
        if words[0] == "watch" {
            assert_eq!(with(Some("")).0, with(None).0, "{words:?}");
        } else {
            assert_eq!(with(Some("")), with(None), "{words:?}");
        }
    }
    // The world too: without it, it is AWS.
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tokaido"));
    command.env_clear().env("TOKAIDO_WORLD", "").env("TOKAIDO_LANG", "").arg("validate").arg("--project").arg(product.path());
    assert_eq!(ran(command).code, 0);
    // A variable that is set to nonsense is still wrong.
    let mut command = product.command(&["validate"]);
    command.env("TOKAIDO_LANG", " ");
    assert_eq!(ran(command).code, 64);
}

/// Every variable that the sources name.
fn variables() -> std::collections::BTreeSet<String> {
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli")];
    let mut found = std::collections::BTreeSet::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").path()));
            continue;
        }
        let text = fs::read_to_string(path).expect("a source");
        let names = text.split('"').filter(|part| part.starts_with("TOKAIDO_"));
        found.extend(names.filter(|name| name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')).map(str::to_owned));
    }
    found
}

#[test]
fn a_pipe_is_no_log() {
    let logged = Logged::new();
    assert!(std::process::Command::new("mkfifo").arg(logged.log()).status().expect("mkfifo").success());
    let ran = logged.run(1, &["validate"]);
    assert!(ran.err.contains("it is a pipe") && ran.out.is_empty(), "{ran:#?}");
}

#[test]
fn quiet_keeps_where_a_plan_was_saved_and_what_was_asked_for() {
    let product = Product::new();
    let ran = product.expect(0, &["plan", "dev", "--save", "--stats", "-q"]);
    assert!(ran.err.contains("saved ") && ran.err.contains("plans/dev/"), "{ran:#?}");
    assert!(ran.err.contains("calls in all: "), "{ran:#?}");
}
